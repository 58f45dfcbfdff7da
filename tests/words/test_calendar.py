"""Periods against Python's own calendar, and by hand where two schools differ."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicli.words.calendar import (
    GRAINS,
    Calendar,
    Grain,
    add_months,
    day_number,
    day_of,
    shift,
)
from kpicli.words.durations import parse_duration

BERLIN = Calendar("Europe/Berlin")
SUNDAY = Calendar("Europe/Berlin", week_start=6)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
grains = st.sampled_from(GRAINS)
calendars = st.integers(0, 6).map(lambda start: Calendar("UTC", start))


@given(days, grains, calendars)
def test_a_day_lies_in_its_period_and_periods_follow_each_other(
    day: date, grain: Grain, calendar: Calendar
) -> None:
    period = calendar.period_of(grain, day)
    following = calendar.period(grain, period.index + 1)
    assert period.start <= day < period.end == following.start
    assert period.last_day + timedelta(days=1) == period.end
    assert calendar.period_of(grain, period.last_day) == period
    assert calendar.back("previous", following) == period


@given(days)
def test_weeks_are_those_of_iso(day: date) -> None:
    year, week, weekday = day.isocalendar()
    period = BERLIN.period_of("week", day)
    assert period.label == f"{year}-W{week:02}"
    assert period.start == day - timedelta(days=weekday - 1)


@given(days)
def test_weeks_may_start_on_sunday(day: date) -> None:
    period = SUNDAY.period_of("week", day)
    assert period.start.weekday() == 6
    assert period.label == f"{period.start}/7d"


@given(days, grains, st.sampled_from([BERLIN, SUNDAY]))
def test_a_label_names_its_period(day: date, grain: Grain, calendar: Calendar) -> None:
    period = calendar.period_of(grain, day)
    assert calendar.named(period.label) == period


@pytest.mark.parametrize(
    ("day", "grain", "label", "start", "end"),
    [
        ("2021-01-03", "week", "2020-W53", "2020-12-28", "2021-01-04"),
        ("2024-12-30", "week", "2025-W01", "2024-12-30", "2025-01-06"),
        ("2024-02-29", "month", "2024-02", "2024-02-01", "2024-03-01"),
        ("2025-09-30", "quarter", "2025-Q3", "2025-07-01", "2025-10-01"),
        ("2025-12-31", "year", "2025", "2025-01-01", "2026-01-01"),
        ("2025-03-30", "day", "2025-03-30", "2025-03-30", "2025-03-31"),
    ],
)
def test_periods_by_hand(day: str, grain: Grain, label: str, start: str, end: str) -> None:
    period = BERLIN.period_of(grain, date.fromisoformat(day))
    assert (period.label, str(period.start), str(period.end)) == (label, start, end)


@pytest.mark.parametrize(
    ("label", "year"),
    [
        ("2025-W38", "2024-W38"),
        # 52 weeks before a week 53 lies the first of its year; no week is compared with two.
        ("2020-W53", "2020-W01"),
        ("2021-W53", None),
        ("2024-02-29", "2023-02-28"),
        ("2025-03", "2024-03"),
        ("2025-Q1", "2024-Q1"),
        ("2025", "2024"),
    ],
)
def test_a_year_earlier(label: str, year: str | None) -> None:
    if year is None:
        with pytest.raises(ValueError, match="53"):
            BERLIN.named(label)
        return
    assert BERLIN.back("year", BERLIN.named(label)).label == year


@pytest.mark.parametrize(
    ("as_of", "newest"),
    [
        # Exclusive: as of Monday all of Sunday's week has been read; as of Sunday it has not.
        ("2025-09-22", "2025-W38"),
        ("2025-09-21", "2025-W37"),
        ("2025-09-20", "2025-W37"),
    ],
)
def test_what_has_ended_by_the_reading_date(as_of: str, newest: str) -> None:
    three = BERLIN.complete("week", date.fromisoformat(as_of), 3)
    assert three[-1].label == newest
    assert [period.index for period in three] == [three[0].index + step for step in range(3)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-03-31", -1, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2025-01-15", -13, "2023-12-15"),
    ],
)
def test_months_are_clamped_and_never_overflow(day: str, months: int, expected: str) -> None:
    assert str(add_months(date.fromisoformat(day), months)) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [("3d", "2025-02-03"), ("2w", "2025-02-14"), ("1mo", "2025-02-28"), ("1q", "2025-04-30"),
     ("1y", "2026-01-31")],
)  # fmt: skip
def test_calendar_steps(step: str, expected: str) -> None:
    assert str(shift(date(2025, 1, 31), parse_duration(step))) == expected


def test_elapsed_time_is_no_calendar_step() -> None:
    with pytest.raises(ValueError, match="elapsed"):
        shift(date(2025, 1, 31), parse_duration("36h"))


@given(days)
def test_days_have_numbers(day: date) -> None:
    assert day_of(day_number(day)) == day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-03-29T22:59:59", "2025-03-29"),
        ("2025-03-29T23:00:00", "2025-03-30"),
        ("2025-03-30T21:59:59", "2025-03-30"),
        ("2025-03-30T22:00:00", "2025-03-31"),
        ("2025-10-25T22:00:00", "2025-10-26"),
        ("2025-10-26T22:59:59", "2025-10-26"),
    ],
)
def test_days_are_local_also_when_clocks_change(instant: str, day: str) -> None:
    assert str(BERLIN.day_at(datetime.fromisoformat(instant).replace(tzinfo=UTC))) == day


def test_the_longest_and_the_shortest_day() -> None:
    def hours(day: date) -> float:
        length = BERLIN.instant(day + timedelta(days=1)) - BERLIN.instant(day)
        return length.total_seconds() / 3600

    found = [hours(date(2025, 3, 30)), hours(date(2025, 7, 1)), hours(date(2025, 10, 26))]
    assert found == [23, 24, 25]
