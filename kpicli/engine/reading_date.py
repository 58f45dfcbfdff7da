"""Up to which day the data has been read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.days import day_of_column
from kpicli.engine.opened import Opened
from kpicli.engine.reach import Reach, declared_quiet, usual_quiet
from kpicli.engine.tallies import DAY, ROWS, day_counts, with_days
from kpicli.words.calendar import Calendar, day_number, day_of
from kpicli.words.dates import day_from


def with_reaches(
    opened: Mapping[str, Opened],
    columns: Mapping[str, Iterable[str]],
    calendar: Calendar,
    today: date,
    cache: Cache,
) -> dict[str, Opened]:
    """The sources with the days that their date columns cover; days after today do not count."""
    return {
        name: _with_reach(source, columns.get(name, ()), calendar, today, cache)
        for name, source in opened.items()
    }


def _with_reach(
    source: Opened, columns: Iterable[str], calendar: Calendar, today: date, cache: Cache
) -> Opened:
    names = [name for name in dict.fromkeys(columns) if name in source.types]
    source = _with_days(source, names, calendar, cache)
    days = days_of(source, names, calendar, cache)
    reaches: dict[str, Reach] = {}
    later = 0
    for name, frame in zip(names, days, strict=True):
        known = frame.drop_nulls(DAY).sort(DAY)
        if name == source.source.happened:
            later = int(known.filter(pl.col(DAY) > day_number(today))[ROWS].sum())
        past = known.filter(pl.col(DAY) <= day_number(today))[DAY].to_list()
        if past:
            reaches[name] = _reach(source, past)
    return _recorded(replace(source, reaches=reaches), later)


def _with_days(source: Opened, names: Sequence[str], calendar: Calendar, cache: Cache) -> Opened:
    """The pieces with the days of their columns."""
    pieces = source.pieces
    for name in names:
        pieces = tuple(with_days(piece, name, calendar, cache) for piece in pieces)
    return replace(source, pieces=pieces)


def days_of(
    source: Opened, names: Sequence[str], calendar: Calendar, cache: Cache
) -> list[pl.DataFrame]:
    """How many rows stand on each day, by column."""
    if source.pieces:
        told = [[day_counts(piece, name, calendar, cache) for piece in source.pieces]
                for name in names]  # fmt: skip
        return [pl.concat(each).group_by(DAY).agg(pl.col(ROWS).sum()) for each in told]
    days = {name: day_of_column(name, source.types[name], calendar.zone_name) for name in names}
    rows = source.frame if source.told is None else source.told
    return pl.collect_all(
        [
            rows.select(day.alias(DAY)).group_by(DAY).agg(pl.len().alias(ROWS))
            for day in days.values()
        ],
        engine="streaming",
    )


def _reach(source: Opened, days: list[int]) -> Reach:
    last = day_of(days[-1])
    quiet = source.source.quiet
    allowed = declared_quiet(quiet, last) if quiet else usual_quiet(days)
    starts = source.source.history_starts
    first = day_from(starts) if starts else day_of(days[0])
    return Reach(first, last, allowed, written=quiet is not None)


def _recorded(source: Opened, later: int) -> Opened:
    reach = source.reach
    record = source.record
    if later:
        record = replace(record, not_read={**record.not_read, "later": later})
    if reach is not None:
        record = replace(
            record,
            first=reach.first,
            last=reach.last,
            read_to=reach.read_to,
            quiet_days=reach.quiet,
        )
    return replace(source, record=record)


def latest(sources: Iterable[Opened]) -> date | None:
    """The day after the newest row of any source; None where nothing has a date.

    Where no source says when its rows happened, what the KPIs are dated by tells it.
    """
    listed = list(sources)
    happened = [source.reach.read_to for source in listed if source.reach]
    told = [reach.read_to for source in listed for reach in source.reaches.values()]
    return max(happened or told, default=None)
