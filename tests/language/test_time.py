"""Time: periods on the local calendar, what is complete, what is not known."""

from datetime import date
from typing import Any

import pytest

from language.folder import Folder, Told

COUNT = "kpis: {{rows: {{kind: count, source: rows, grain: {grain}{keys}}}}}\n"


def tell(
    folder: Folder, days: str, grain: str = "month", source: str = "", top: str = "", **request: Any
) -> Told:
    """A count of rows whose times are given one a line."""
    lines = [f"{at},{number}\n" for number, at in enumerate(days.split("\n"))]
    folder.put({"rows.csv": "at,id\n" + "".join(lines)})
    return folder.tell(
        f"{top}sources: {{rows: {{path: rows.csv, time: at{source}}}}}\n"
        + COUNT.format(grain=grain, keys=""),
        **request,
    )


GRAINS = [
    ("day", "2025-01-01", date(2025, 1, 1), date(2025, 1, 2)),
    ("week", "2025-W01", date(2024, 12, 30), date(2025, 1, 6)),
    ("month", "2025-01", date(2025, 1, 1), date(2025, 2, 1)),
    ("quarter", "2025-Q1", date(2025, 1, 1), date(2025, 4, 1)),
    ("year", "2025", date(2025, 1, 1), date(2026, 1, 1)),
]


@pytest.mark.parametrize(("grain", "label", "start", "end"), GRAINS)
def test_periods_are_half_open(
    folder: Folder, grain: str, label: str, start: date, end: date
) -> None:
    before, last = date.fromordinal(start.toordinal() - 1), date.fromordinal(end.toordinal() - 1)
    days = "\n".join(str(day) for day in (before, start, last, end))
    told = tell(folder, days, grain, as_of=end)
    record = told.record("rows", label)
    assert (record.start, record.end, record.complete) == (start, end, True)
    assert record.value == 2


def test_the_first_instant_belongs_and_the_last_does_not(folder: Folder) -> None:
    times = "2025-01-31 23:59:59\n2025-02-01 00:00:00\n2025-02-28 23:59:59\n2025-03-01 00:00:00"
    told = tell(folder, times, as_of=date(2025, 3, 1))
    assert told.value("rows", "2025-02") == 2


CLOCKS = [
    # On 30 March 2025 Berlin has 23 hours, on 26 October 25.
    ("2025-03-30", "2025-03-29T23:00:00Z", "2025-03-30T21:59:59Z", "2025-03-30T22:00:00Z"),
    ("2025-10-26", "2025-10-25T22:00:00Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"),
]


@pytest.mark.parametrize(("day", "first", "last", "next_day"), CLOCKS)
def test_days_are_23_to_25_hours_where_the_clock_changes(
    folder: Folder, day: str, first: str, last: str, next_day: str
) -> None:
    told = tell(
        folder, f"{first}\n{last}\n{next_day}", "day", top="timezone: Europe/Berlin\n",
        as_of=date.fromisoformat(day).replace(day=date.fromisoformat(day).day + 1),
    )  # fmt: skip
    assert told.value("rows", day) == 2


def test_weeks_are_iso_weeks(folder: Folder) -> None:
    told = tell(folder, "2025-12-28\n2025-12-29\n2026-01-04\n2026-01-05", "week")
    assert told.value("rows", "2026-W01") == 2


def test_unless_told_otherwise(folder: Folder) -> None:
    told = tell(
        folder,
        "2025-09-20\n2025-09-21\n2025-09-27\n2025-09-28",
        "week",
        top="week_starts: sunday\n",
    )
    record = told.record("rows", "2025-09-21/7d")
    assert (record.start, record.end, record.value) == (date(2025, 9, 21), date(2025, 9, 28), 2)


def test_as_of_is_the_first_instant_of_a_date(folder: Folder) -> None:
    told = tell(folder, "2017-12-31\n2018-01-01\n2018-01-31", as_of=date(2018, 1, 1))
    assert [one.label for one in told.outcome.results][-1] == "2017-12"
    assert told.value("rows", "2017-12") == 1
    assert told.outcome.meta.as_of == date(2018, 1, 1)
    assert "data to 31 Dec 2017" in told.written()


def test_latest_is_the_end_of_the_day_of_the_newest_row(folder: Folder) -> None:
    told = tell(folder, "2025-01-02\n2025-01-31 10:00:00")
    assert told.outcome.meta.as_of == date(2025, 2, 1)
    assert told.record("rows", "2025-01").complete
    told = tell(folder, "2025-01-02\n2025-01-30")
    assert [one.label for one in told.outcome.results][-1] == "2024-12"


def test_never_of_an_end_nor_of_an_expected_date(folder: Folder) -> None:
    folder.put({"deals.csv": "opened,closed,close_date\n2025-01-31,2025-02-15,2025-03-31\n"})
    told = folder.tell("""
        sources: {deals: {path: deals.csv, start: opened, end: closed}}
        kpis:
          open: {kind: balance, source: deals, grain: month}
          due: {kind: count, source: deals, time: close_date, grain: month}
        """)
    assert told.outcome.meta.as_of == date(2025, 2, 1)


def test_rows_later_than_now_are_left_out_and_counted(folder: Folder) -> None:
    told = tell(folder, "2025-01-02\n2025-01-31\n2205-01-31\n2025-03-05", today=date(2025, 2, 10))
    assert told.outcome.meta.as_of == date(2025, 2, 1)
    assert told.source("rows").not_read == {"later": 2}
    assert told.value("rows", "2025-01") == 2


def test_rows_after_the_reading_date_do_not_count(folder: Folder) -> None:
    told = tell(
        folder, "2025-01-02\n2025-01-31\n2025-02-03\n2025-02-20", as_of=date(2025, 2, 10),
        include_partial=True,
    )  # fmt: skip
    assert told.value("rows", "2025-01") == 2
    record = told.record("rows", "2025-02")
    assert (record.value, record.complete, record.reason) == (1, False, "running")


def test_every_source_has_its_own_read_to(folder: Folder) -> None:
    folder.put(
        {
            "fast.csv": "day\n2025-01-05\n2025-02-28\n",
            "slow.csv": "day\n2025-01-05\n2025-01-20\n",
        }
    )
    told = folder.tell("""
        sources:
          fast: {path: fast.csv, time: day, quiet: 0d}
          slow: {path: slow.csv, time: day, quiet: 0d}
        kpis:
          fast: {kind: count, source: fast, grain: month}
          slow: {kind: count, source: slow, grain: month, target: 1}
          both: {kind: ratio, grain: month, numerator: {count: fast}, denominator: {count: slow}}
        """)
    assert (told.source("fast").read_to, told.source("slow").read_to) == (
        date(2025, 3, 1), date(2025, 1, 21),
    )  # fmt: skip
    assert told.record("fast", "2025-02").complete
    for kpi in ("slow", "both"):
        record = told.record(kpi, "2025-01")
        assert (record.complete, record.reason, record.status) == (False, "stale_source", None)
    # Nothing of February is known of the slow one: not even that it is nothing.
    assert told.value("slow", "2025-02") is None


def test_nothing_after_a_kpis_own_reading_date_counts(folder: Folder) -> None:
    folder.put(
        {
            "fast.csv": "day\n2025-01-05\n2025-01-25\n2025-01-31\n",
            "slow.csv": "day\n2025-01-05\n2025-01-20\n",
        }
    )
    told = folder.tell("""
        sources:
          fast: {path: fast.csv, time: day, quiet: 0d}
          slow: {path: slow.csv, time: day, quiet: 0d}
        kpis:
          both: {kind: ratio, grain: month, numerator: {count: fast}, denominator: {count: slow}}
        """)
    # Read to 20 January by the slow one: one row of the fast one until then.
    assert told.record("both", "2025-01").numerator == 1


def test_quiet_is_how_long_a_source_may_be_silent(folder: Folder) -> None:
    days, upto = "2025-01-01\n2025-02-01", date(2025, 3, 1)
    told = tell(folder, days, source=", quiet: 1mo", as_of=upto)
    assert (told.source("rows").read_to, told.source("rows").quiet_days) == (date(2025, 2, 2), 28)
    assert told.record("rows", "2025-02").complete
    told = tell(folder, days, source=", quiet: 10d", as_of=upto)
    assert told.record("rows", "2025-02").reason == "stale_source"


def test_the_default_is_taken_from_the_sources_own_gaps_and_printed(folder: Folder) -> None:
    # Working days of January: weekends are silent for two days.
    month = [date(2025, 1, day) for day in range(1, 32)]
    days = "\n".join(str(day) for day in month if day.weekday() < 5)
    told = tell(folder, days, as_of=date(2025, 2, 3), grain="week")
    assert told.source("rows").quiet_days == 2
    # The week ends on Sunday the 2nd; Friday and two silent days reach it.
    assert told.record("rows", "2025-W05").complete
    assert told.problems == ()
    assert tell(folder, "\n".join(map(str, month))).source("rows").quiet_days == 0


def test_a_stale_source_is_grey_not_judged_not_compared_and_a_problem(folder: Folder) -> None:
    days = [date(2025, month, day) for month in (1, 2) for day in range(1, 21)]
    folder.put({"rows.csv": "day\n" + "".join(f"{day}\n" for day in days)})
    told = folder.tell(
        """
        sources: {rows: {path: rows.csv, time: day, quiet: 2d}}
        kpis: {rows: {kind: count, source: rows, grain: month, target: 50}}
        """,
        as_of=date(2025, 3, 1),
    )
    record = told.record("rows", "2025-02")
    assert (record.value, record.complete, record.reason, record.status) == (
        20, False, "stale_source", None,
    )  # fmt: skip
    assert record.compare["previous"].change is None
    [problem] = told.problems
    assert (problem.code, problem.level, problem.source) == ("stale_source", "error", "rows")
    [verdict] = told.outcome.verdicts
    assert (verdict.status, verdict.fails) == (None, True)


def test_inside_a_sources_span_an_empty_period_is_0_and_a_rate_is_null(folder: Folder) -> None:
    folder.put({"rows.csv": "day,ok\n2025-01-31,1\n2025-03-31,1\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis:
          count: {kind: count, source: rows, grain: month}
          sum: {kind: sum, source: rows, of: ok, grain: month}
          share: {kind: share, source: rows, count_if: ok = 1, grain: month}
          mean: {kind: average, source: rows, of: ok, grain: month}
          median: {kind: percentile, source: rows, of: ok, grain: month}
        """)
    assert (told.value("count", "2025-02"), told.value("sum", "2025-02")) == (0, 0)
    for kpi in ("share", "mean", "median"):
        record = told.record(kpi, "2025-02")
        assert (record.value, record.n, record.reason) == (None, 0, "no_rows"), kpi


def test_outside_it_everything_is_null(folder: Folder) -> None:
    told = tell(folder, "2025-02-15\n2025-03-31")
    record = told.record("rows", "2025-01")
    assert (record.value, record.reason) == (None, "no_rows")
    assert told.value("rows", "2025-02") == 1


def test_a_segment_without_rows_in_a_period_counts_0_inside_the_span(folder: Folder) -> None:
    folder.put({"rows.csv": "day,plan\n2025-01-31,a\n2025-02-28,b\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month, by: [plan]}}
        """)
    assert told.split("rows", "2025-01") == {"a": 1, "b": 0}


def test_include_partial_adds_the_running_period_marked(folder: Folder) -> None:
    days = "2025-01-02\n2025-01-31\n2025-02-05"
    told = tell(folder, days)
    assert told.value("rows", "2025-01") == 2
    assert "2025-02" not in [one.label for one in told.outcome.results]
    record = tell(folder, days, include_partial=True).record("rows", "2025-02")
    assert (record.value, record.complete, record.reason) == (1, False, "running")
    assert record.compare["previous"].change is None


def test_compare_with_the_previous_period_and_the_year_before(folder: Folder) -> None:
    folder.put({"rows.csv": "day\n" + "2024-02-10\n" + "2025-01-10\n" * 4 + "2025-02-28\n" * 3})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {rows: {kind: count, source: rows}}
        reports: {monthly: {grain: month, periods: 1, compare: [previous, year], kpis: [rows]}}
        """)
    compare = told.record("rows", "2025-02").compare
    assert (compare["previous"].value, compare["previous"].change) == (4, -1)
    assert compare["previous"].change_ratio == -0.25
    assert (compare["year"].value, compare["year"].change, compare["year"].change_ratio) == (
        1,
        2,
        2,
    )


def test_a_year_is_52_weeks_for_weeks(folder: Folder) -> None:
    # 52 weeks before Monday 6 January 2025 is Monday 8 January 2024.
    folder.put({"rows.csv": "day\n2024-01-01\n2024-01-08\n2024-01-14\n2025-01-12\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {rows: {kind: count, source: rows}}
        reports: {weekly: {grain: week, periods: 1, compare: [year], kpis: [rows]}}
        """)
    record = told.record("rows", "2025-W02")
    assert (record.value, record.compare["year"].value) == (1, 2)


def test_what_was_before_the_first_row_is_nothing_to_compare_with(folder: Folder) -> None:
    told = tell(folder, "2025-01-31", periods=1)
    compare = told.record("rows", "2025-01").compare["previous"]
    assert (compare.value, compare.change, compare.change_ratio) == (None, None, None)


def test_a_list_without_time_has_one_value(folder: Folder) -> None:
    folder.put({"rows.csv": "id\n1\n2\n", "dated.csv": "day\n2025-01-31\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv}, dated: {path: dated.csv, time: day}}
        kpis:
          rows: {kind: count, source: rows, target: 2}
          dated: {kind: count, source: dated}
        reports: {monthly: {grain: month, periods: 3, kpis: [rows, dated]}}
        """)
    [record] = [one for one in told.outcome.results if one.kpi == "rows"]
    assert (record.grain, record.label, record.start, record.end) == (
        "snapshot", "snapshot", None, None,
    )  # fmt: skip
    assert (record.value, record.status, record.complete) == (2, "green", True)
    assert record.compare["previous"].change is None


def test_a_book_of_lists_alone_has_no_reading_date(folder: Folder) -> None:
    folder.put({"rows.csv": "id\n1\n2\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv}}
        kpis: {rows: {kind: count, source: rows}}
        """)
    assert told.outcome.meta.as_of is None
    assert told.value("rows", "snapshot") == 2


def test_time_on_the_kpi_makes_periods_of_a_list(folder: Folder) -> None:
    folder.put({"rows.csv": "id,day\n1,2025-01-02\n2,2025-01-31\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv}}
        kpis: {rows: {kind: count, source: rows, time: day, grain: month}}
        """)
    assert told.value("rows", "2025-01") == 2


def test_rows_without_a_date_are_counted_as_undated(folder: Folder) -> None:
    folder.put({"rows.csv": "day,id\n2025-01-31,1\n,2\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month}}
        """)
    assert told.value("rows", "2025-01") == 1
    assert told.source("rows").not_read == {"undated": 1}


def test_usual_numbers_of_periods(folder: Folder) -> None:
    usual = {"week": 13, "month": 13, "quarter": 8, "year": 5, "day": 28}
    for grain, count in usual.items():
        told = tell(folder, "2015-01-31\n2025-12-31", grain)
        assert len(told.outcome.results) == count, grain
        assert len(tell(folder, "2015-01-31\n2025-12-31", grain, periods=3).outcome.results) == 3


DURATIONS = [
    ("28d", 28), ("2w", 14), ("1mo", 28), ("1q", 89), ("1y", 365), ("0d", 0), ("36h", 1),
    ("72h", 3),
]  # fmt: skip


@pytest.mark.parametrize(("quiet", "days"), DURATIONS)
def test_durations_are_calendar_steps(folder: Folder, quiet: str, days: int) -> None:
    # From 1 February 2025: a month is 28 days, a quarter 28 + 31 + 30.
    told = tell(folder, "2025-01-01\n2025-01-31", source=f", quiet: {quiet}")
    assert told.source("rows").quiet_days == days


def test_m_alone_is_refused(folder: Folder) -> None:
    folder.put({"rows.csv": "at\n2025-01-31\n"})
    problem = folder.one_refusal("""
        sources: {rows: {path: rows.csv, time: at, quiet: 5m}}
        kpis: {a: {kind: count, source: rows}}
        """)
    assert "min or mo?" in problem.message
