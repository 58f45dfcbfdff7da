"""Amounts in a currency of many digits add up, and never turn negative."""

from datetime import date
from pathlib import Path

import polars as pl
from hunting import outcome_of, values

DEFINITIONS = """
version: 1
currency: IDR
sources: {loans: {path: loans.parquet, time: day, types: {amount: money}}}
kpis:
  lent: {kind: sum, source: loans, of: amount, grain: month}
  mean: {kind: average, source: loans, of: amount, grain: month}
"""


def test_a_quadrillion(tmp_path: Path) -> None:
    days = [date(2025, 1, 1)] * 12 + [date(2025, 1, 31)]
    loans = pl.DataFrame({"day": days, "amount": [90_000_000_000_000] * 13})
    outcome = outcome_of(tmp_path, DEFINITIONS, {"loans.parquet": loans}, periods=1)
    assert values(outcome, "lent") == {"2025-01": 1_170_000_000_000_000}
    assert values(outcome, "mean") == {"2025-01": 90_000_000_000_000}
