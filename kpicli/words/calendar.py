"""The project's local calendar: days cut into periods."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from kpicli.words.durations import Duration

Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = get_args(Grain)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SNAPSHOT = "snapshot"

# How many periods a report shows unless told otherwise.
USUAL_PERIODS: dict[str, int] = {"day": 28, "week": 13, "month": 13, "quarter": 8, "year": 5}

_EPOCH = date(1970, 1, 1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LABELS = {
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"(\d{4})-(\d\d)"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


def day_number(day: date) -> int:
    """Days since 1970-01-01: how frames hold a local date."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


def add_months(day: date, months: int) -> date:
    """So many calendar months later; 31 January and one month is the last of February."""
    ordinal = day.year * 12 + day.month - 1 + months
    year, month = divmod(ordinal, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift(day: date, step: Duration, times: int = 1) -> date:
    """A date moved by calendar steps; the duration's unit is d, w, mo, q or y."""
    amount = step.amount * times
    match step.unit:
        case "d":
            return day + timedelta(days=amount)
        case "w":
            return day + timedelta(weeks=amount)
        case "mo":
            return add_months(day, amount)
        case "q":
            return add_months(day, 3 * amount)
        case "y":
            return add_months(day, 12 * amount)
        case _:
            raise ValueError(f"{step} is elapsed time, not a calendar step")


@dataclass(frozen=True, order=True)
class Period:
    """Half-open days [start, end); index counts periods of the grain, so previous is index − 1."""

    index: int
    grain: Grain
    start: date
    end: date
    label: str

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Where days, weeks, months, quarters and years are cut; week_start 0 is Monday."""

    zone_name: str = "UTC"
    week_start: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The project's time zone."""
        return ZoneInfo(self.zone_name)

    def period_of(self, grain: Grain, day: date) -> Period:
        """The period a day belongs to."""
        return self.period(grain, self._index(grain, day))

    def period(self, grain: Grain, index: int) -> Period:
        """The period at a position."""
        start, end = self._start(grain, index), self._start(grain, index + 1)
        return Period(index, grain, start, end, self._label(grain, start))

    def complete(self, grain: Grain, as_of: date, count: int) -> tuple[Period, ...]:
        """The newest periods that have ended by the reading date, oldest first."""
        running = self._index(grain, as_of)
        return tuple(self.period(grain, running - back) for back in range(count, 0, -1))

    def back(self, word: str, period: Period) -> Period:
        """The period that `compare: [previous, year]` means; a year of weeks is 52 weeks."""
        if word == "previous":
            return self.period(period.grain, period.index - 1)
        if period.grain == "week":
            return self.period("week", period.index - 52)
        return self.period_of(period.grain, add_months(period.start, -12))

    def named(self, label: str) -> Period:
        """The period with this label, such as 2025-W38; ValueError where there is none."""
        for grain, pattern in _LABELS.items():
            found = pattern.fullmatch(label.removesuffix("/7d"))
            if found:
                wanted = "week" if label.endswith("/7d") else grain
                return self._checked(label, wanted, [int(part) for part in found.groups()])
        raise ValueError(f"{label} is not a period")

    def instant(self, day: date) -> datetime:
        """The first instant of a local day, in UTC."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return local.astimezone(UTC)

    def day_at(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(self.zone).date()

    def _checked(self, label: str, grain: str, parts: list[int]) -> Period:
        match grain:
            case "week" if len(parts) == 2:
                period = self.period_of("week", date.fromisocalendar(parts[0], parts[1], 1))
            case "week" | "day":
                wanted: Grain = "week" if grain == "week" else "day"
                period = self.period_of(wanted, date(parts[0], parts[1], parts[2]))
            case "month":
                period = self.period_of("month", date(parts[0], parts[1], 1))
            case "quarter":
                period = self.period_of("quarter", date(parts[0], parts[1] * 3, 1))
            case _:
                period = self.period_of("year", date(parts[0], 1, 1))
        if period.label != label:
            raise ValueError(f"{label} is not a period of this calendar; {period.label} is")
        return period

    def _index(self, grain: Grain, day: date) -> int:
        match grain:
            case "day":
                return day_number(day)
            case "week":
                # 1970-01-01 was a Thursday: day number −3 is a Monday.
                return (day_number(day) + 3 - self.week_start) // 7
            case _:
                return (day.year * 12 + day.month - 1) // _MONTHS[grain]

    def _start(self, grain: Grain, index: int) -> date:
        match grain:
            case "day":
                return day_of(index)
            case "week":
                return day_of(index * 7 - 3 + self.week_start)
            case _:
                year, month = divmod(index * _MONTHS[grain], 12)
                return date(year, month + 1, 1)

    def _label(self, grain: Grain, start: date) -> str:
        match grain:
            case "day":
                return start.isoformat()
            case "week" if self.week_start == 0:
                year, week, _ = start.isocalendar()
                return f"{year}-W{week:02}"
            case "week":
                return f"{start.isoformat()}/7d"
            case "month":
                return f"{start:%Y-%m}"
            case "quarter":
                return f"{start.year}-Q{(start.month + 2) // 3}"
            case _:
                return str(start.year)
