"""A value that is 0 because nothing happened has 0 for its numerator, as any other has its own."""

from pathlib import Path

from hunting import outcome_of, records

DEFINITIONS = """
version: 1
sources: {sales: {path: sales.csv, time: day}}
kpis:
  number: {kind: count, source: sales, grain: month}
  won: {kind: sum, source: sales, of: v, grain: month}
  mean: {kind: average, source: sales, of: v, grain: month}
"""
FILES = {"sales.csv": "day,v\n2025-01-01,1\n2025-03-31,3\n"}


def test_an_empty_month(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=4)
    told = {kpi: records(outcome, kpi)["2025-02"] for kpi in ("number", "won", "mean")}
    assert [(one.value, one.numerator) for one in told.values()] == [(0, 0), (0, 0), (None, None)]
    assert records(outcome, "won")["2024-12"].numerator is None
