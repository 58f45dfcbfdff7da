"""Periods and days as people say them."""

from datetime import date

import pytest

from kpicli.reports.periods import describe_period, name_period, write_both, write_span
from kpicli.results import Result

CASES = [
    ("day 2025-09-21", (2025, 9, 21), (2025, 9, 22), "21 Sep 2025"),
    ("week 2025-W38", (2025, 9, 15), (2025, 9, 22), "week 38, 15–21 Sep 2025"),
    ("week 2025-W01", (2024, 12, 30), (2025, 1, 6), "week 1, 30 Dec 2024 – 5 Jan 2025"),
    ("week 2025-W40", (2025, 9, 29), (2025, 10, 6), "week 40, 29 Sep – 5 Oct 2025"),
    ("week 2025-09-21/7d", (2025, 9, 21), (2025, 9, 28), "week of 21 Sep, 21–27 Sep 2025"),
    ("month 2025-09", (2025, 9, 1), (2025, 10, 1), "Sep 2025"),
    ("quarter 2025-Q3", (2025, 7, 1), (2025, 10, 1), "Q3 2025, 1 Jul – 30 Sep 2025"),
    ("year 2025", (2025, 1, 1), (2026, 1, 1), "2025"),
]


@pytest.mark.parametrize(("period", "start", "end", "described"), CASES)
def test_a_period_has_a_name_and_its_days(period, start, end, described):
    grain, label = period.split()
    result = Result("kpi", grain, label, date(*start), date(*end))
    assert describe_period(result) == described
    assert name_period(result) == described.split(",", maxsplit=1)[0]


def test_a_list_without_time_has_no_period():
    assert describe_period(Result("kpi", "snapshot", None, None, None)) == "as listed"


def test_one_day_is_not_a_span():
    assert write_span(date(2025, 9, 21), date(2025, 9, 21)) == "21 Sep 2025"


def test_years_are_told_only_where_they_differ():
    assert write_both(date(2025, 8, 31), date(2025, 9, 30)) == ("31 Aug", "30 Sep")
    assert write_both(date(2024, 12, 31), date(2025, 1, 31)) == ("31 Dec 2024", "31 Jan 2025")
