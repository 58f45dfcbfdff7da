"""A time column that is empty so far is no date: hours can be counted as soon as there are some."""

from pathlib import Path

import pytest
from hunting import outcome_of, records

DEFINITIONS = """
version: 1
sources: {tickets: {path: tickets.csv, time: opened}}
kpis:
  wait: {kind: average, source: tickets, of: "hours_between(opened, replied)", unit: hours}
  fast: {kind: share, source: tickets, count_if: "hours_between(opened, replied) < 4"}
  later: {kind: share, source: tickets, count_if: replied > opened}
"""


@pytest.mark.parametrize(
    ("rows", "unknown"),
    [
        ("", {}),
        ("2025-01-01 10:00,\n2025-01-31 11:30,\n", {"unknown": 2}),
    ],
)
def test_nothing_has_been_answered_yet(tmp_path: Path, rows: str, unknown: dict[str, int]) -> None:
    files = {"tickets.csv": f"opened,replied\n{rows}"}
    outcome = outcome_of(tmp_path, DEFINITIONS, files, grain="month", periods=1)
    assert outcome.problems == ()
    for kpi in ("wait", "fast", "later"):
        (told,) = records(outcome, kpi).values()
        assert (told.value, told.reason, dict(told.left_out)) == (None, "no_rows", unknown)


def test_beside_dates_an_empty_column_is_a_date(tmp_path: Path) -> None:
    definitions = """
version: 1
sources: {tickets: {path: tickets.csv, time: opened}}
kpis:
  late: {kind: share, source: tickets, count_if: replied > opened}
  days: {kind: average, source: tickets, of: "days_between(opened, replied)"}
"""
    files = {"tickets.csv": "opened,replied\n2025-01-01,\n2025-01-31,\n"}
    outcome = outcome_of(tmp_path, definitions, files, grain="month", periods=1)
    assert outcome.problems == ()
    assert records(outcome, "late")["2025-01"].left_out == {"unknown": 2}
