"""When the rows of a need happened, or from when to when they last."""

from collections.abc import Iterator, Mapping, Sequence

import narwhals as nw
import polars as pl

from kpicli.engine.days import day_of_column, instant_of_column
from kpicli.engine.dotted import parted
from kpicli.engine.offsets import stepped_day
from kpicli.engine.opened import Opened, bad
from kpicli.engine.states import until_next
from kpicli.errors import KpiError, Problem
from kpicli.needs import EVER, POSITION, Need
from kpicli.words.types import ColumnType

Types = Mapping[str, ColumnType]


def with_days(
    frame: pl.LazyFrame, need: Need, source: Opened, types: Types, zone: str
) -> pl.LazyFrame:
    """The rows with the columns of which `day_columns` tells; a list without time has day 0.

    frame: the source's rows with the attributes that the need names, whose types are given.
    """
    if need.shape == "crowd":
        return frame.with_columns(_lives(source, zone))
    if need.shape == "moment":
        column = need.time or source.source.happened
        return frame.with_columns(_moment(column, source, types, zone))
    own = source.source
    start, end = need.start or own.start or own.time, need.end or own.end
    if start is None:
        raise KpiError([Problem("no_start", f"{source.name} has no start")])
    ends = day_of_column(end, types[end], zone) if end else pl.lit(None, dtype=pl.Int32)
    begins = day_of_column(start, types[start], zone).alias(told_day("start_day"))
    rows = frame.with_columns(begins, ends.alias(told_day("end_day")))
    if need.states_of is None:
        return rows
    order = [instant_of_column(start, types[start], zone), *_order(source)]
    return until_next(rows, need.states_of, order, told_day("start_day"), told_day("end_day"))


def day_columns(need: Need) -> Iterator[nw.Expr]:
    """The columns of days, as kpicli.needs tells."""
    names = ("day", "at") if need.shape == "moment" else ("start_day", "end_day")
    return (nw.col(told_day(name)).alias(name) for name in names)


def unread_end(need: Need, opened: Mapping[str, Opened]) -> nw.Expr | None:
    """Whether a row has an end that nobody can read; only an empty one is still open."""
    end = need.end or opened[need.source].source.end
    if need.shape != "span" or end is None:
        return None
    table, column = parted(end, opened)
    unread = column in opened[table or need.source].unreadable
    return nw.col(bad(end)).fill_null(value=False) if unread else None


def unmet_end(need: Need, opened: Mapping[str, Opened]) -> nw.Expr | None:
    """Whether a row has no partner in the table that would tell its end."""
    table = parted(need.end, opened)[0] if need.end else None
    if table is None:
        return None
    return nw.col(f"{table}.{opened[table].source.key}").is_null()


def _moment(column: str | None, source: Opened, types: Types, zone: str) -> Sequence[pl.Expr]:
    if column is None:
        nothing = pl.lit(0, dtype=pl.Int64).alias(told_day("at"))
        return (pl.lit(0, dtype=pl.Int32).alias(told_day("day")), nothing)
    at = instant_of_column(column, types[column], zone).alias(told_day("at"))
    steps = source.steps.get(column)
    day = stepped_day(column, steps) if steps else day_of_column(column, types[column], zone)
    return (day.alias(told_day("day")), at)


def _lives(source: Opened, zone: str) -> Sequence[pl.Expr]:
    """From when to when an entity is there; a list without start has always been."""
    start, end = source.source.start or source.source.time, source.source.end
    begins, ends = pl.lit(EVER, dtype=pl.Int32), pl.lit(None, dtype=pl.Int32)
    if start:
        begins = day_of_column(start, source.types[start], zone)
    if end:
        ends = day_of_column(end, source.types[end], zone)
    return begins.alias(told_day("start_day")), ends.alias(told_day("end_day"))


def _order(source: Opened) -> Iterator[pl.Expr]:
    """Which of two states at one instant is the later; the content tells where nothing else does.

    So no order of rows or files changes it.
    """
    if POSITION in source.types:
        yield pl.col(POSITION)
    yield from (pl.col(name) for name in source.types)


def told_day(name: str) -> str:
    """The name of a day until the columns of the file, which may be called so too, are read."""
    return f"{name} of row"
