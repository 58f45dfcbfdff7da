"""A reading date in the past does not make today's stage that day's."""

from datetime import date
from pathlib import Path

import pytest
from hunting import outcome_of, records

DEFINITIONS = """
version: 1
sources:
  deals: {path: deals.csv, start: created, end: closed}
kpis:
  engaging: {kind: balance, source: deals, where: stage = 'Engaging', grain: month}
  running: {kind: balance, source: deals, grain: month}
"""
# The first deal was open at the end of March; in which stage, nobody knows any more.
FILES = {
    "deals.csv": (
        "created,closed,stage\n2025-01-05,2025-05-10,Won\n2025-01-08,,Engaging\n"
        "2025-06-30,,Engaging\n"
    )
}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (None, ("2025-06", 2, None)),
        (date(2025, 7, 1), ("2025-06", 2, None)),
        (date(2025, 4, 1), ("2025-03", None, "current_state")),
    ],
)
def test_the_stage_is_known_of_the_export_alone(
    tmp_path: Path, as_of: date | None, expected: tuple[str, float | None, str | None]
) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=1, as_of=as_of)
    label, value, reason = expected
    told = records(outcome, "engaging")[label]
    assert (told.value, told.reason) == (value, reason)
    assert records(outcome, "running")[label].value == 2


def test_rows_of_the_reading_day_itself_were_there(tmp_path: Path) -> None:
    outcome = outcome_of(
        tmp_path, DEFINITIONS, FILES, periods=1, as_of=date(2025, 6, 30), grain="day"
    )
    assert records(outcome, "engaging")["2025-06-29"].value == 1
