"""Two rates of one currency and day convert alike, whichever stands first."""

from pathlib import Path

import pytest
from hunting import outcome_of, values

DEFINITIONS = """
version: 1
currency: EUR
sources:
  deals:
    path: deals.csv
    time: day
    types: {amount: money}
    currency_column: currency
    rates: {source: rates, on: day}
  rates: {path: rates.csv, time: day}
kpis: {won: {kind: sum, source: deals, of: amount, grain: month}}
"""


@pytest.mark.parametrize("rates", [("0.5", "0.9"), ("0.9", "0.5")])
def test_the_order_of_rows_changes_nothing(tmp_path: Path, rates: tuple[str, str]) -> None:
    rows = "".join(f"2025-01-02,USD,{rate}\n" for rate in rates)
    files = {
        "deals.csv": "day,amount,currency\n2025-01-05,10,USD\n2025-01-31,10,EUR\n",
        "rates.csv": f"day,currency,rate\n{rows}",
    }
    assert values(outcome_of(tmp_path, DEFINITIONS, files, periods=1), "won") == {"2025-01": 19}
