"""How old a source may be."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpicli.flow import open_book, run
from kpicli.planning.request import Request

BOOK = """
version: 1
timezone: Europe/Berlin
sources:
  visits: {path: visits.csv, time: at, zone: UTC, freshness: {warn: 24h, error: 3d}}
kpis:
  visits: {kind: count, source: visits}
"""
# The newest row is of 2025-03-28 12:00 UTC, 13:00 in Berlin; clocks go forward on the 30th, so
# three local days later it is 11:00 UTC.
VISITS = "at\n2025-03-27 08:00:00\n2025-03-28 12:00:00\n"


@pytest.mark.parametrize(
    ("now", "levels"),
    [
        (datetime(2025, 3, 29, 12, 0, tzinfo=UTC), []),
        (datetime(2025, 3, 29, 12, 1, tzinfo=UTC), ["warning"]),
        (datetime(2025, 3, 31, 11, 0, tzinfo=UTC), ["warning"]),
        (datetime(2025, 3, 31, 11, 1, tzinfo=UTC), ["error"]),
        (None, []),
    ],
)
def test_the_newest_row_is_held_against_the_clock(
    tmp_path: Path, now: datetime | None, levels: list[str]
) -> None:
    outcome = _run(tmp_path, Request(now=now))
    assert [one.level for one in outcome.problems if one.code == "freshness"] == levels


def test_a_reading_date_takes_the_place_of_the_clock(tmp_path: Path) -> None:
    late = datetime(2026, 1, 1, tzinfo=UTC)
    outcome = _run(tmp_path, Request(now=late, as_of=date(2025, 3, 29)))
    assert not [one for one in outcome.problems if one.code == "freshness"]


def _run(folder: Path, request: Request):  # type: ignore[no-untyped-def]
    (folder / "kpis.yaml").write_text(BOOK, encoding="utf-8")
    (folder / "visits.csv").write_text(VISITS, encoding="utf-8")
    return run(open_book(folder / "kpis.yaml", {}), request, date(2026, 1, 1))
