"""Before the first row of all its inputs a formula has no value, whatever coalesce says."""

from pathlib import Path

from hunting import outcome_of, values

DEFINITIONS = """
version: 1
sources:
  old: {path: old.csv, time: day}
  new: {path: new.csv, time: day}
kpis:
  a: {kind: sum, of: v, source: old, grain: month}
  b: {kind: sum, of: v, source: new, grain: month}
  known: {kind: formula, formula: "coalesce(b, 0)"}
  both: {kind: formula, formula: "coalesce(a, 0) + coalesce(b, 0)"}
"""
FILES = {
    "old.csv": "day,v\n2025-02-01,5\n2025-04-30,7\n",
    "new.csv": "day,v\n2025-03-01,1\n2025-04-30,2\n",
}


def test_no_zeros_before_the_data(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=4)
    assert values(outcome, "known") == {
        "2025-01": None,
        "2025-02": None,
        "2025-03": 1,
        "2025-04": 2,
    }
    assert values(outcome, "both") == {"2025-01": None, "2025-02": 5, "2025-03": 1, "2025-04": 9}
