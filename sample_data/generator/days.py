"""The two years of the sample as whole days.

A day is its ordinal number, a moment the seconds of local wall time since day 0. Nothing happens
between midnight and six, so the hour that a clock change skips or repeats is never needed.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

DAY = 86_400
HOUR = 3_600
BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = (0.98, 1.08, 1.1, 1.04, 0.84, 0.1, 0.08)


def number(year: int, month: int, day: int) -> int:
    """The ordinal of a date."""
    return date(year, month, day).toordinal()


START = number(2023, 10, 2)
END = number(2025, 9, 29)  # the first day after the sample


def at(day: int, second: int) -> int:
    """The moment of a day, kept inside that day."""
    return day * DAY + min(second, DAY - 1)


def weekday(day: int) -> int:
    """0 is Monday."""
    return (day + 6) % 7


def working(day: int) -> int:
    """The same day, or the Monday after a weekend."""
    return day + (7 - weekday(day) if weekday(day) > 4 else 0)


def anchored(day: int) -> int:
    """The same day, or the first of the next month for days that not every month has."""
    then = date.fromordinal(day)
    return day if then.day <= 28 else months_after(day - then.day + 1, 1)


def months_after(day: int, months: int) -> int:
    """The same day of the month, so many months later."""
    then = date.fromordinal(day)
    years, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    return number(years, month + 1, then.day)


def month_starts(until: int = END) -> list[int]:
    """The first day of every month from October 2023 that begins before until."""
    days = [number(2023, 10, 1)]
    while (following := months_after(days[-1], 1)) < until:
        days.append(following)
    return days


def season(day: int) -> float:
    """How busy a day is for the time of year: 1 in ordinary weeks."""
    then = date.fromordinal(day)
    if then.month == 12 and then.day >= 18:
        return 0.45
    return 0.78 if then.month == 8 else 1.0


def week_season(monday: int) -> float:
    """The season of a week, its days weighted as they are worked."""
    worked = [WEEKDAYS[i] * season(monday + i) for i in range(7)]
    return sum(worked) / sum(WEEKDAYS)


def busyness() -> dict[int, float]:
    """Each day's factor on every habit: weekday, season and a week's own luck."""
    rng, luck, factors = Random("weeks"), 0.0, {}
    for monday in range(START, END, 7):
        luck = 0.5 * luck + rng.normalvariate(0, 0.035)
        for day in range(monday, monday + 7):
            factors[day] = WEEKDAYS[weekday(day)] * season(day) * (1 + luck)
    return factors


def day_text(day: int | None) -> str | None:
    """2025-09-28."""
    return None if day is None else date.fromordinal(day).isoformat()


def german_text(day: int | None) -> str | None:
    """28.09.2025."""
    return None if day is None else f"{date.fromordinal(day):%d.%m.%Y}"


def local_text(moment: int | None) -> str | None:
    """2025-09-28 17:05:00, local wall time."""
    return None if moment is None else wall(moment).isoformat(" ")


def utc_text(moment: int | None) -> str | None:
    """2025-09-28T15:05:00Z."""
    return None if moment is None else f"{utc(moment):%Y-%m-%dT%H:%M:%SZ}"


def utc(moment: int) -> datetime:
    """The moment in UTC, without a zone in its type."""
    return wall(moment) - offset(moment // DAY)


def wall(moment: int) -> datetime:
    """The moment as local wall time."""
    return datetime.fromordinal(moment // DAY) + timedelta(seconds=moment % DAY)


@cache
def offset(day: int) -> timedelta:
    """How far Berlin is ahead of UTC at noon."""
    noon = datetime.fromordinal(day).replace(hour=12, tzinfo=BERLIN)
    return noon.replace(tzinfo=None) - noon.astimezone(UTC).replace(tzinfo=None)
