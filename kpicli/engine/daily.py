"""Rows that count by themselves, added up by day file by file, and kept for other reports."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import narwhals as nw
import polars as pl

from kpicli.definitions.shape import Segment
from kpicli.engine.answers import Desk, Fold
from kpicli.engine.cache import Cache
from kpicli.engine.opened import Opened, Piece
from kpicli.engine.reduction import adds_up, alike_sums, spread_sums
from kpicli.frames.days import Days
from kpicli.kinds.base import Contributions
from kpicli.planning.plan import Step

# The tables of contributions of what a desk has, by a calendar.
Tell = Callable[[Desk, Days], tuple[Contributions, ...]]


@dataclass(frozen=True)
class Daily:
    """A step whose rows count by themselves, told of all rows; fold as Desk.answer takes it."""

    step: Step
    desk: Desk
    calendar: Days
    fold: Fold

    def sums(self, tables: Sequence[Contributions], tell: Tell) -> list[pl.DataFrame] | None:
        """The sums of the tables as reduce_table gives them; None where days do not tell them."""
        source = self._source()
        if source is None or not all(adds_up(one) and not one.aged for one in tables):
            return None
        pieces = [one for one in source.pieces if one.reaches(self._column, self.calendar.since)]
        spans = [one.days.get(self._column) for one in pieces]
        if not pieces or None in spans:
            return None
        by_piece = [self._by_day(piece, len(tables), tell) for piece in pieces]
        splits = len(self.step.by)
        told = [
            spread_sums(table, self._in_periods(pl.concat(days)), splits)
            for table, days in zip(tables, zip(*by_piece, strict=True), strict=True)
        ]
        return pl.collect_all(told, engine="streaming")

    @property
    def _column(self) -> str:
        """What dates the rows."""
        need = next(iter(self.step.kpi.needs.values()))
        return need.time or self.desk.opened[need.source].source.happened or ""

    def _source(self) -> Opened | None:
        """The large source that the rows are of; None where that is not all that has a say."""
        needs = tuple(self.step.kpi.needs.values())
        rows = {(one.source, one.time) for one in needs if one.alone and one.shape == "moment"}
        # What somebody did by the end of a period is no matter of a row's own day.
        deeds = any(one.did for one in self._segments)
        alike = len(rows) == 1 and all(one.alone for one in needs)
        return self.desk.opened[needs[0].source] if alike and not deeds else None

    def _by_day(self, piece: Piece, tables: int, tell: Tell) -> list[pl.DataFrame]:
        """What each table adds up to on each day of a piece."""
        cache, key = self._place(piece)
        made: list[pl.DataFrame] = []

        def make(number: int) -> pl.DataFrame:
            # One pass makes them all.
            made.extend([] if made else self._added_up(piece, tell))
            return made[number]

        return [cache.table(f"{key} {one}", partial(make, one)) for one in range(tables)]

    def _added_up(self, piece: Piece, tell: Tell) -> list[pl.DataFrame]:
        """A day of the piece stands for a period of its own."""
        desk = replace(self.desk, opened={**self.desk.opened, piece.opened.name: piece.opened})
        first, last = piece.days[self._column] or (0, -1)
        numbers = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)
        days = pl.LazyFrame({"day": numbers, "period": numbers})
        tables = tell(desk, replace(self.calendar, days=nw.from_native(days)))
        told = [alike_sums(one, len(self.step.by)) for one in tables]
        return pl.collect_all(told, engine="streaming")

    def _place(self, piece: Piece) -> tuple[Cache, str]:
        """In which cache the sums of a piece are, by which key."""
        kpi, by = self.step.kpi, self.step.by
        what = f"days of {kpi.kind} {kpi.fingerprint} {by} {dict(self.fold)} {self._segments}"
        names = sorted({self._column, *self._names()})
        if piece.marks is None or not all(name in piece.read for name in names):
            return self.desk.held, f"{what} {piece.files}"
        read = [(name, piece.read[name]) for name in names]
        zone = self.desk.calendar.zone_name
        return self.desk.cache, f"{what}: {read} {zone}; {piece.files}; {piece.marks}"

    def _names(self) -> Iterator[str]:
        """Every column that the sums depend on."""
        told = [one for need in self.step.kpi.needs.values() for one in need.expressions()]
        told += [one for segment in self._segments for one in (segment.of, segment.where) if one]
        yield from (name for one in told for name in one.names)
        grouped = [name for split in self.step.by for name in split]
        yield from (name for name in grouped if name not in self.desk.segments)

    @property
    def _segments(self) -> list[Segment]:
        known = self.desk.segments
        return [known[name] for split in self.step.by for name in split if name in known]

    def _in_periods(self, days: pl.DataFrame) -> pl.LazyFrame:
        """The sums of days as those of the periods that they belong to."""
        calendar: pl.LazyFrame = self.calendar.days.to_native()
        return days.lazy().rename({"period": "day"}).join(calendar, on="day").drop("day")
