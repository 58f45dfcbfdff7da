"""The steps of a zone's offset from UTC, by which days are told faster than row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

# From an instant on (UTC microseconds) local clocks are so many microseconds ahead.
Step = tuple[int, int]
Steps = tuple[Step, ...]
# A clock changes twice a year; beyond so many steps the engine's own conversion is as fast.
MOST = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def offset_steps(first: int, last: int, zone: ZoneInfo) -> Steps | None:
    """The offsets in force from a first to a last instant; None where there are too many.

    The first step holds from the beginning. Between two changes there is at least a day.
    """
    found = tuple(_steps(_at(first), _at(last), zone))
    return found if len(found) <= MOST else None


def stepped_day(column: str, steps: Steps) -> pl.Expr:
    """Days since 1970-01-01 on the local calendar of a time column between those instants."""
    at = pl.col(column).dt.timestamp("us")
    offset = pl.lit(steps[0][1], dtype=pl.Int64)
    for since, ahead in steps[1:]:
        offset = pl.when(at >= since).then(pl.lit(ahead, dtype=pl.Int64)).otherwise(offset)
    return (at + offset).cast(pl.Datetime("us")).dt.date().cast(pl.Int32)


def _steps(first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[Step]:
    ahead = _ahead(first, zone)
    yield _micros(first), _length(ahead)
    here = first
    while here < last:
        later = min(here + _DAY, last)
        if (then := _ahead(later, zone)) != ahead:
            yield _micros(_change(here, later, zone)), _length(then)
            ahead = then
        here = later


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second at which the offset is that of after."""
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        at = datetime.fromtimestamp(middle, UTC)
        if _ahead(at, zone) == _ahead(after, zone):
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def _ahead(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _at(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _micros(at: datetime) -> int:
    return _length(at - _EPOCH)


def _length(time: timedelta) -> int:
    return time // timedelta(microseconds=1)
