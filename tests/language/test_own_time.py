"""How far a KPI with a time of its own reads its source."""

from datetime import date

import pytest

from language.folder import Folder, Told

# Opened daily to 27 January; two that were opened earlier closed on the 30th and the 31st.
DEALS = "id,opened,closed,won\n" + "".join(
    f"{day},2025-01-{day:02},2025-01-{day:02},yes\n" for day in range(1, 28)
)
LATE = DEALS + "28,2025-01-02,2025-01-30,yes\n29,2025-01-03,2025-01-31,no\n"
BOOK = """
sources: {deals: {path: deals.csv, key: id, start: opened, end: closed}}
kpis:
  closed: {kind: count, source: deals, time: closed, grain: month}
  won: {kind: count, source: deals, time: closed, where: won = 'yes', grain: month}
  opened: {kind: count, source: deals, grain: month}
  days: {kind: time_to, entity: id, population: seen, grain: month, dated_by: goal,
         from: {source: deals}, to: {source: deals, time: closed}}
"""
FEBRUARY = date(2025, 2, 1)


def _told(folder: Folder, deals: str, today: date = date(2026, 6, 1)) -> Told:
    return folder.put({"deals.csv": deals}).tell(BOOK, as_of=FEBRUARY, today=today)


def test_a_file_is_read_up_to_the_newest_row_that_a_kpi_counts_by(folder: Folder) -> None:
    """29 deals closed in January; nobody opened one after the 27th, which is silence."""
    told = _told(folder, LATE)
    closed = told.record("closed", "2025-01")
    assert (closed.value, closed.complete) == (29, True)
    # Rows from goal to start in one source: the newest of either.
    assert told.record("days", "2025-01").n == 29
    assert told.record("opened", "2025-01").reason == "stale_source"
    assert told.source("deals").read_to == date(2025, 1, 28)


def test_only_rows_that_count_say_how_far_a_file_was_read(folder: Folder) -> None:
    told = _told(folder, LATE)
    # Won until the 30th: the day after it nobody knows of.
    record = told.record("won", "2025-01")
    assert (record.value, record.complete, record.reason) == (28, False, "stale_source")
    assert "2025-01-30" in next(one.message for one in told.problems if one.kpi == "won")


@pytest.mark.parametrize("today", [date(2025, 2, 1), date(2025, 3, 30)])
def test_dates_to_come_say_nothing_of_how_far_a_file_was_read(folder: Folder, today: date) -> None:
    """An open deal is expected to close on 31 March."""
    told = _told(folder, LATE + "30,2025-01-04,2025-03-31,no\n", today)
    assert told.record("closed", "2025-01").reason == "stale_source"


def test_the_reading_date_stays_that_of_the_sources(folder: Folder) -> None:
    folder.put({"deals.csv": LATE})
    told = folder.tell(BOOK, include_partial=True)
    assert told.outcome.meta.as_of == date(2025, 1, 28)
    assert (told.value("closed", "2025-01"), told.value("opened", "2025-01")) == (27, 29)


def test_a_table_of_versions_dates_no_rows(folder: Folder) -> None:
    folder.put(
        {
            "leads.csv": "id,created,deal_id\n1,2025-01-03,D\n2,2025-01-31,D\n",
            "deals.csv": "deal_id,since,closed\nD,2025-01-01,\nD,2025-01-20,2025-01-25\n",
        }
    )
    problem = folder.one_refusal("""
        sources:
          leads: {path: leads.csv, time: created}
          deals: {path: deals.csv, key: deal_id, valid_from: since}
        kpis: {won: {kind: count, source: leads, time: deals.closed, grain: month}}
        """)
    assert (problem.code, problem.kpi, problem.hint) == (
        "dated_time", "won", "date the rows by a column of leads",
    )  # fmt: skip
