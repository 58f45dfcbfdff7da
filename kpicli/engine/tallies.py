"""How many rows of a piece stand on each day."""

from dataclasses import replace
from typing import cast

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.days import day_of_column
from kpicli.engine.offsets import offset_steps
from kpicli.engine.opened import Piece
from kpicli.words.calendar import Calendar

DAY, ROWS = "day", "rows"
# Clocks change at whole quarters of an hour.
_QUARTER, _MICROS = "quarter", 900_000_000


def day_counts(piece: Piece, column: str, calendar: Calendar, cache: Cache) -> pl.DataFrame:
    """One row per local day of a column and one for rows without: columns day, rows."""
    zone = calendar.zone_name
    key = f"rows by day of {column} in {zone}: {piece.read[column]}; {piece.files}"
    return cache.once(key, lambda: _by_day(piece, column, calendar, cache))


def _by_day(piece: Piece, column: str, calendar: Calendar, cache: Cache) -> pl.DataFrame:
    if piece.opened.types[column] == "date":
        return _counted(piece, column, pl.col(column).cast(pl.Int32), cache, "days")
    quarters = _quarters(piece, column, cache)
    first, last = _local(pl.col(_QUARTER), calendar), _local(pl.col(_QUARTER) + 1, calendar, -1)
    told = quarters.select(pl.col(_QUARTER), ROWS, first.alias(DAY), last.alias("last"))
    if (told[DAY] != told["last"]).any():
        # A midnight lies within a quarter: row by row, then.
        day = day_of_column(column, "time", calendar.zone_name)
        return _counted(piece, column, day, cache, calendar.zone_name)
    return told.group_by(DAY).agg(pl.col(ROWS).sum())


def with_days(piece: Piece, column: str, calendar: Calendar, cache: Cache) -> Piece:
    """The piece with the first and last day of a column, and the steps of the zone between."""
    days = day_counts(piece, column, calendar, cache)[DAY].drop_nulls()
    span = (cast("int", days.min()), cast("int", days.max())) if days.len() else None
    known = replace(piece, days={**piece.days, column: span})
    if span is None or piece.opened.types[column] == "date":
        return known
    quarters = _quarters(piece, column, cache)[_QUARTER]
    first, last = cast("int", quarters.min()), cast("int", quarters.max()) + 1
    steps = offset_steps(first * _MICROS, last * _MICROS, calendar.zone)
    if steps is None:
        return known
    opened = replace(known.opened, steps={**known.opened.steps, column: steps})
    return replace(known, opened=opened)


def _quarters(piece: Piece, column: str, cache: Cache) -> pl.DataFrame:
    quarter = pl.col(column).dt.timestamp("us") // _MICROS
    return _counted(piece, column, quarter, cache, _QUARTER).rename({DAY: _QUARTER})


def _counted(piece: Piece, column: str, by: pl.Expr, cache: Cache, unit: str) -> pl.DataFrame:
    rows = piece.opened.frame.select(by.alias(DAY)).group_by(DAY).agg(pl.len().alias(ROWS))
    key = f"rows by {unit} of {column}: {piece.read[column]}; {piece.files}"
    return cache.table(key, lambda: rows.collect(engine="streaming"))


def _local(quarter: pl.Expr, calendar: Calendar, less: int = 0) -> pl.Expr:
    """The local day of a quarter's first instant, so many microseconds later."""
    at = (quarter * _MICROS + less).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return at.dt.convert_time_zone(calendar.zone_name).dt.date().cast(pl.Int32)
