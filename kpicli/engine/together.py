"""What several KPIs ask of the same rows, made in one pass over them."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from kpicli.engine.gathering import Gathering, Reduced
from kpicli.engine.reducing import AT, DAY, Done
from kpicli.needs import ENTITY, Activity, Asked, Moments, Rows
from kpicli.words.expressions import Call, Expression

FIRST, LAST, N = "first", "last", "n"


def gather_together(asked: Iterable[tuple[Gathering, Done]]) -> None:
    """Make the tables of needs that ask of the same rows when the same entities did something.

    What stands alone, or asks for more than that, is made when its KPI is told.
    """
    passes: dict[Hashable, dict[str, Reduced]] = {}
    for gathering, need in asked:
        for one in gathering.missing(need):
            if _asks_when(one):
                passes.setdefault(_rows_of(one), {})[one.key] = one
    shared = [_Pass(tuple(tables.values())) for tables in passes.values() if len(tables) > 1]
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(_Pass.make, shared))


def _asks_when(missing: Reduced) -> bool:
    """Whether nothing but the days is asked, of cells that can all be read."""
    wanted, opened = missing.wanted, missing.piece.opened
    need = wanted.need
    single = wanted.depth == "first" or isinstance(need, Activity)
    plain = len(need.asked) == 1 and not (need.whole or wanted.only)
    unsure = {*opened.unreadable, *opened.converted}
    dated = bool(need.time or opened.source.happened)
    return single and plain and dated and not unsure & set(wanted.columns(opened))


def _rows_of(missing: Reduced) -> Hashable:
    need = missing.wanted.need
    who = need.asked[0].expression.tree
    return need.source, missing.piece.files, need.time, who, missing.wanted.depth


@dataclass(frozen=True)
class _Pass:
    """One pass over the rows of a piece: whatever holds of a row is told beside it."""

    tables: tuple[Reduced, ...]

    def make(self) -> None:
        """Put every table where it is looked for."""
        wide = self._wide().collect(engine="streaming").lazy()
        told = [self._table(wide, one) for one in self.tables]
        for one, table in zip(self.tables, pl.collect_all(told), strict=True):
            one.put(table)

    @property
    def _conditions(self) -> tuple[Expression | None, ...]:
        return tuple(dict.fromkeys(one.wanted.need.where for one in self.tables))

    def _wide(self) -> pl.LazyFrame:
        """One row per entity, or entity and day; columns for each condition, by its place."""
        conditions, rows = self._conditions, self._rows().drop_nulls(DAY)
        first = self.tables[0].wanted.depth == "first"
        told = _first_times if first else _sums
        days = rows.group_by(ENTITY, *([] if first else [DAY]))
        return days.agg(
            one
            for place, where in enumerate(conditions)
            for one in told(place, any_row=where is None)
            if self._is_asked(place, one)
        )

    def _is_asked(self, place: int, told: pl.Expr) -> bool:
        """Whether a table takes a column of a condition; instants are for those with a clock."""
        clock = any(
            one.wanted.clock for one in self.tables
            if one.wanted.need.where == self._conditions[place]
        )  # fmt: skip
        return clock or told.meta.output_name() in (f"{DAY} {place}", f"{N} {place}")

    def _rows(self) -> pl.LazyFrame:
        """The rows of entities with what holds of them; what cannot be told does not hold."""
        missing = self.tables[0]
        need = missing.wanted.need
        holds = (
            Asked(f"holds {place}", where, "yes_no", empty=False)
            for place, where in enumerate(self._conditions)
            if where
        )
        rows = Rows(need.source, (need.asked[0], *holds), _any_of(self._conditions), need.time)
        answer = missing.desk.answer(rows, (), {}, missing.wanted.also, {}, counting=True)
        native: pl.LazyFrame = answer.frame.to_native()
        return native

    def _table(self, wide: pl.LazyFrame, missing: Reduced) -> pl.LazyFrame:
        wanted, place = missing.wanted, self._conditions.index(missing.wanted.need.where)
        if wanted.depth == "all":
            done = wide.filter(pl.col(f"{N} {place}") > 0)
            clock = [pl.col(f"{one} {place}").alias(one) for one in (FIRST, LAST) if wanted.clock]
            return done.select(ENTITY, DAY, pl.col(f"{N} {place}").alias(N), *clock)
        done = wide.filter(pl.col(f"{DAY} {place}").is_not_null())
        first, at = pl.col(f"{DAY} {place}").alias(DAY), pl.col(f"{AT} {place}")
        if isinstance(wanted.need, Moments):
            day = self._day(missing).alias(DAY)
            return done.select(ENTITY, at.alias(AT)).select(ENTITY, day, AT)
        clock = [at.alias(one) for one in (FIRST, LAST) if wanted.clock]
        return done.select(ENTITY, first, pl.lit(1, dtype=pl.UInt32).alias(N), *clock)

    def _day(self, missing: Reduced) -> pl.Expr:
        """The local day of an instant."""
        moment = pl.col(AT).cast(pl.Datetime("us", "UTC"))
        return moment.dt.convert_time_zone(missing.desk.calendar.zone_name).dt.date().cast(pl.Int32)


def _any_of(conditions: Sequence[Expression | None]) -> Expression | None:
    """What holds where one of the conditions does; None where one is of any row."""
    told = [where for where in conditions if where]
    if len(told) < len(conditions):
        return None
    if len(told) == 1:
        return told[0]
    text = " or ".join(f"({where.text})" for where in told)
    return Expression(text, Call("or", tuple(where.tree for where in told)))


def _holds(place: int) -> pl.Expr:
    return pl.col(f"holds {place}")


def _sums(place: int, *, any_row: bool) -> Iterator[pl.Expr]:
    holds = _holds(place)
    yield (pl.len() if any_row else holds.sum()).alias(f"{N} {place}")
    at = pl.col(AT) if any_row else pl.when(holds).then(AT)
    yield at.min().alias(f"{FIRST} {place}")
    yield at.max().alias(f"{LAST} {place}")


def _first_times(place: int, *, any_row: bool) -> Iterator[pl.Expr]:
    for name in (DAY, AT):
        told = pl.col(name) if any_row else pl.when(_holds(place)).then(name)
        yield told.min().alias(f"{name} {place}")
