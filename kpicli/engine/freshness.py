"""Whether a source's newest row is as young as its owner demands."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import polars as pl

from kpicli.engine.opened import Opened
from kpicli.errors import Level, Problem
from kpicli.sources.declaration import Freshness
from kpicli.words.calendar import Calendar, day_number, shift
from kpicli.words.durations import Duration

_MINUTES = {"min": 1, "h": 60}


def freshness_problems(
    sources: Iterable[Opened], reference: datetime, calendar: Calendar
) -> Iterator[Problem]:
    """A warning or an error for each source whose newest row is older than it says.

    reference is the clock, or the reading date where one was given. A day without a time of day
    counts to its end. A source without any row is as old as can be.
    """
    for source in sources:
        fresh = source.source.freshness
        if fresh is not None and source.source.happened is not None:
            newest = _newest(source, calendar)
            level = _level(fresh, newest, reference, calendar)
            if level is not None:
                yield _problem(source, newest, level, fresh)


def _newest(source: Opened, calendar: Calendar) -> datetime | None:
    happened = source.source.happened or ""
    frame = source.frame
    if source.pieces and source.reach:
        last = day_number(source.reach.last)
        frame = pl.concat([one.opened.frame for one in source.pieces
                           if one.reaches(happened, last)])  # fmt: skip
    found = frame.select(pl.col(happened).max()).collect(engine="streaming").item()
    if found is None or isinstance(found, datetime):
        return found
    return calendar.instant(found + timedelta(days=1))


def _level(
    fresh: Freshness, newest: datetime | None, reference: datetime, calendar: Calendar
) -> Level | None:
    levels: tuple[tuple[Level, Duration | None], ...] = (
        ("error", fresh.error),
        ("warning", fresh.warn),
    )
    for level, age in levels:
        if age is not None and (newest is None or _until(newest, age, calendar) < reference):
            return level
    return None


def _until(newest: datetime, age: Duration, calendar: Calendar) -> datetime:
    """Until when a row is young enough; calendar steps keep the clock time of the project."""
    if not age.is_calendar:
        return newest + timedelta(minutes=age.amount * _MINUTES[age.unit])
    local = newest.astimezone(calendar.zone)
    moved = shift(local.date(), age)
    return local.replace(year=moved.year, month=moved.month, day=moved.day)


def _problem(source: Opened, newest: datetime | None, level: Level, fresh: Freshness) -> Problem:
    allowed = fresh.error if level == "error" else fresh.warn
    told = f"its newest row is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "it has no row"
    message = f"{source.name} is older than {allowed}: {told}"
    return Problem("freshness", message, "export it again", level=level, source=source.name)
