"""One piece of a source reduced to what its entities did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Split
from kpicli.engine.opened import FILE, ROW, Opened
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import by_column
from kpicli.needs import ASKED_FOR, ENTITY, Activity, Moments, lack_of
from kpicli.words.expressions import Expression

Done = Activity | Moments
# Everything that was done, or the first time of each entity.
Depth = Literal["all", "first"]
DAY, AT, LEFT_OUT = "day", "at", "left_out"


@dataclass(frozen=True)
class Wanted:
    """What of a source is reduced, by need and the values that stand beside the entity.

    only and also as Desk.answer takes them. counting: the rows that count, or those that do not,
    with the column left_out.
    """

    need: Done
    depth: Depth
    counting: bool
    only: Mapping[str, str]
    also: Expression | None = None
    splits: tuple[Split, ...] = ()

    @property
    def groups(self) -> list[str]:
        """The columns of the splits."""
        return [by_column(place) for place in range(1, len(self.splits) + 1)]

    @property
    def keys(self) -> list[str]:
        """What names a row of the table, but for its day."""
        return [ENTITY, *self.groups, *([] if self.counting else [LEFT_OUT])]

    @property
    def values(self) -> list[str]:
        """The asked values beside the entity; of whole moments also where each row stands."""
        beside = [ASKED_FOR, FILE, ROW] if self.need.whole else []
        beside += [lack_of(one.name) for one in self.need.asked if one.may_lack]
        return [*(one.name for one in self.need.asked if one.name != ENTITY), *beside]

    @property
    def clock(self) -> bool:
        """Whether instants are asked for."""
        return isinstance(self.need, Moments) or self.need.clock

    def columns(self, source: Opened) -> Iterator[str]:
        """Every column that the table depends on."""
        told = [*self.need.expressions(), *([self.also] if self.also else [])]
        yield from (name for one in told for name in one.names)
        yield from (*self.only, *(name for split in self.splits for name in split))
        yield from (one for one in (self.need.time or source.source.happened,) if one)

    def text(self) -> str:
        """What the table is, in words."""
        asked = [
            (one.name, one.expression.tree, one.want, one.empty, one.may_lack)
            for one in self.need.asked
        ]
        told = (self.need.where and self.need.where.tree, self.also and self.also.tree)
        rest = (self.need.time, dict(self.only), self.splits, self.clock, self.depth, self.counting)
        return f"{type(self.need).__name__} {asked} {told} {rest}"


def reduce_piece(desk: Desk, wanted: Wanted) -> pl.LazyFrame:
    """The table of the rows that the desk has, those without a day or an entity left out.

    Columns entity, by 1 (with splits), left_out (where not counting), day; of activity also the
    sums of the asked values, n and with clock first and last; of moments at and the values. A
    table of firsts has one row per entity, a moment's at that of its day.
    """
    answer = desk.answer(
        wanted.need, wanted.splits, wanted.only, wanted.also, {}, counting=wanted.counting
    )
    rows = _native(answer.frame.filter(~nw.col(ENTITY).is_null()))
    if isinstance(wanted.need, Moments):
        moments = rows.select(*wanted.keys, DAY, AT, *wanted.values)
        return _firsts(moments, wanted) if wanted.depth == "first" else moments.drop_nulls(DAY)
    clock = [pl.col(AT).alias("first"), pl.col(AT).alias("last")] if wanted.clock else []
    done = rows.select(*wanted.keys, DAY, *wanted.values, *clock)
    if wanted.depth == "first":
        return _firsts(done, wanted)
    return done.group_by(*wanted.keys, DAY).agg(*_sums(wanted), pl.len().alias("n"),
                                                *_clock(wanted)).drop_nulls(DAY)  # fmt: skip


def merge(table: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    """Rows of the same entity made one, of all that was done those of the same day."""
    if wanted.depth == "first":
        return _firsts(table.lazy(), wanted).collect()
    if isinstance(wanted.need, Moments):
        return table
    days = table.group_by(*wanted.keys, DAY)
    return days.agg(*_sums(wanted), pl.col("n").sum(), *_clock(wanted))


def _firsts(rows: pl.LazyFrame, wanted: Wanted) -> pl.LazyFrame:
    """The first time of each entity; of activity its n is 1."""
    entities = rows.drop_nulls(DAY).group_by(*wanted.keys)
    if isinstance(wanted.need, Moments):
        # Where clocks go back at midnight the first instant need not be on the first day.
        return entities.agg(pl.col(DAY).get(pl.col(AT).arg_min()), pl.col(AT).min())
    once = pl.lit(1, dtype=pl.UInt32).alias("n")
    clock = [pl.col("first").min(), pl.col("first").min().alias("last")] if wanted.clock else []
    first = entities.agg(pl.col(DAY).min(), *clock)
    kept = ["first", "last"] if wanted.clock else []
    return first.select(*wanted.keys, DAY, once, *kept)


def _sums(wanted: Wanted) -> list[pl.Expr]:
    return [pl.col(name).sum() for name in wanted.values]


def _clock(wanted: Wanted) -> list[pl.Expr]:
    return [pl.col("first").min(), pl.col("last").max()] if wanted.clock else []


def _native(frame: Lazy) -> pl.LazyFrame:
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    return native
