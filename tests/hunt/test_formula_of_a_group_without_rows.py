"""A segment that one input of a formula has no rows of counts there as any empty period does."""

from pathlib import Path

import pytest
from hunting import outcome_of, values

DEFINITIONS = """
version: 1
sources:
  starts: {path: starts.csv, time: day}
  stops: {path: stops.csv, time: day}
kpis:
  started: {kind: count, source: starts, grain: month, by: [plan]}
  stopped: {kind: count, source: stops, grain: month, by: [plan]}
  net: {kind: formula, formula: started - stopped, by: [plan]}
  twice: {kind: formula, formula: net * 2, by: [plan]}
  left: {kind: formula, formula: "started - lag(stopped, 1)", by: [plan]}
"""
FILES = {
    "starts.csv": "day,plan\n2025-01-01,x\n2025-01-31,y\n2025-02-28,x\n2025-03-31,y\n",
    "stops.csv": "day,plan\n2025-01-01,x\n2025-02-02,y\n2025-03-31,x\n",
}


# In March y started and x stopped; nobody else did either.
@pytest.mark.parametrize("periods", [1, 2, 3])
def test_a_month_does_not_depend_on_how_many_are_shown(tmp_path: Path, periods: int) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=periods)
    assert values(outcome, "net", plan="x")["2025-03"] == -1
    assert values(outcome, "net", plan="y")["2025-03"] == 1
    assert values(outcome, "twice", plan="x")["2025-03"] == -2


def test_what_happened_before_the_periods_shown_is_not_lost(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=1)
    # y stopped in February, which is not shown.
    assert values(outcome, "left", plan="y") == {"2025-03": 1 - 1}
    assert values(outcome, "left", plan="x") == {"2025-03": 0 - 0}
