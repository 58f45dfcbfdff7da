"""Needs answered: rows with their day, their asked values and the groups they stand in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from kpicli.definitions.shape import Did, Segment
from kpicli.engine.attributes import Attributes, is_dated
from kpicli.engine.cache import Cache
from kpicli.engine.currencies import own_columns
from kpicli.engine.dating import day_columns
from kpicli.engine.days import day_of_column
from kpicli.engine.deeds import Deedbook, daily_deeds, deeds_of, with_deeds
from kpicli.engine.dotted import parted
from kpicli.engine.groupnames import segment_value, split_group
from kpicli.engine.opened import FILE, ROW, Opened, as_text
from kpicli.engine.periods import period_ends
from kpicli.engine.routes import Routes
from kpicli.engine.shared import Shared
from kpicli.engine.standing import OWN_PERIOD, leaves_by_period, standing_rows
from kpicli.engine.unknowns import Reasons, is_absent
from kpicli.engine.versions import FOREVER, OWN_DAY
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import by_column
from kpicli.kinds.base import Answer
from kpicli.needs import ASKED_FOR, ENTITY, Asked, Need, Rows, lack_of
from kpicli.words.agreement import result_type
from kpicli.words.calendar import Calendar, day_number
from kpicli.words.expressions import Expression, Name
from kpicli.words.translation import translate
from kpicli.words.types import ColumnType
from kpicli.words.untold import untold

Split = tuple[str, ...]
Fold = Mapping[Split, Sequence[str]]


@dataclass(frozen=True)
class Desk:
    """Where needs are answered: the opened sources, how they refer to each other, the segments.

    cache has tables by the files they are of, held those of this run.
    """

    opened: Mapping[str, Opened]
    routes: Routes
    segments: Mapping[str, Segment]
    calendar: Calendar
    cache: Cache = field(default_factory=Cache)
    held: Cache = field(default_factory=Cache)
    shared: Shared = field(default_factory=Shared)
    read_to: date | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The project's zone."""
        return self.calendar.zone

    def since(self, need: Need, day: int) -> "Desk":
        """The desk without files that have no moment of the need from this day on."""
        source = self.opened[need.source]
        happened = need.time or source.source.happened
        if need.history != "none" or need.shape != "moment" or not source.pieces:
            return self
        late = [one.opened.frame for one in source.pieces if one.reaches(happened, day)]
        frame = pl.concat(late) if late else source.frame.head(0)
        return replace(self, opened={**self.opened, need.source: replace(source, frame=frame)})

    def answer(
        self,
        need: Need,
        splits: Sequence[Split],
        only: Mapping[str, str],
        also: Expression | None,
        fold: Fold,
        days: Days | None = None,
        *,
        counting: bool | None = None,
    ) -> Answer:
        """The rows of a need; SourceError where its expressions and the columns disagree.

        One row per row of the source that satisfies the condition, or of which that cannot be
        told; columns as in kpicli.needs, and one text column per split. only keeps the rows of
        segment values, also is one more condition, fold names the values of a split to keep,
        the others become (other). counting True keeps the rows that count alone, False the others.
        Where what a segment or a condition says of an entity, or of something that lasts, changes
        from period to period, there is a row for each period of days, with the column period.
        """
        expressions = [*need.expressions(), *([also] if also else [])]
        grouped = [name for split in splits for name in split] + list(only)
        expressions += [told for name in grouped for told in self._told_by(name)]
        columns = [name for name in grouped if name not in self.segments]
        names = (*(name for told in expressions for name in told.names), *columns)
        deeds = deeds_of(need, grouped, self.segments, self.routes)
        moves = bool(deeds) or self.moves(need, names)
        # A moment has a day of its own; an entity, or what lasts, is told anew in each period.
        each = days if moves and need.shape != "moment" else None
        ends = period_ends(each, self.read_to) if each else None
        owners = tuple(name for _, doers in deeds.values() for name in doers.own.names)
        beside = self._attributes()
        frame, types = standing_rows(need, beside, ends, self._last_day)
        frame, types = beside.beside(need.source, frame, (*names, *owners), types)
        need = _as_written(need, types)
        if deeds and days:
            frame = with_deeds(
                frame,
                types,
                deeds,
                days,
                ends,
                Deedbook(self.opened, self.calendar, self._done, self.read_to),
            )
        rows = nw.from_native(frame)
        rows = self._filtered(rows, need, also, types, sure=counting is True)
        reasons = Reasons(need, self.opened, types, self.zone, also)
        if counting is not None:
            holds = reasons.counts()
            rows = rows.filter(holds if counting else ~holds)
        groups = {
            by_column(place): split_group(split, self.segments, types, self.zone, fold.get(split))
            for place, split in enumerate(splits, start=1)
        }
        wanted = [
            segment_value(name, self.segments, types, self.zone) == value
            for name, value in only.items()
        ]
        if wanted and not need.whole:
            rows = rows.filter(*wanted)
        values = {asked.name: self._asked(asked, types) for asked in need.asked}
        values |= {lack_of(one.name): reasons.lack(one) for one in need.asked if one.may_lack}
        left_out = nw.lit(None, dtype=nw.String) if counting else reasons.left_out()
        if need.whole:
            groups[ASKED_FOR] = nw.all_horizontal(nw.lit(value=True), *wanted, ignore_nulls=True)
        groups |= {"period": nw.col(OWN_PERIOD)} if ends is not None else {}
        places = (*day_columns(need), *own_columns(need), FILE, ROW)
        kept = rows.select(*places, left_out=left_out, **values, **groups)
        told = {
            asked.name: result_type(asked.expression, types)
            for asked in need.asked
            if not is_absent(asked, types)
        }
        return Answer(kept, told, self.dated(need))

    def moves(self, need: Need, names: Sequence[str]) -> bool:
        """Whether what is said of the rows of a need changes, or whether they count."""
        return leaves_by_period(need, self.opened[need.source]) or is_dated(
            need.source, names, self.opened, self.routes
        )

    def dated(self, need: Need) -> ColumnType | None:
        """The type of the column that dates the rows of a need; None for a list without time."""
        column = need.time or self.opened[need.source].source.happened
        table, name = parted(column or "", self.opened)
        return self.opened[table or need.source].types[name] if column else None

    def _told_by(self, name: str) -> Iterator[Expression]:
        segment = self.segments.get(name)
        if segment is not None:
            yield from (told for told in (segment.of, segment.where) if told)

    def segment_values(self, source: str, name: str) -> tuple[str, ...]:
        """The values that a segment or column has among a source's rows; computes them."""
        told = [column for one in self._told_by(name) for column in one.names]
        frame, types = self.with_attributes(source, told or [name], every=True)
        value = segment_value(name, self.segments, types, self.zone)
        values = nw.from_native(frame).select(value.alias(name)).unique()
        return tuple(sorted(values.collect()[name].to_list()))

    def with_attributes(
        self, source: str, names: Sequence[str], *, day: pl.Expr | None = None, every: bool = False
    ) -> tuple[pl.LazyFrame, dict[str, ColumnType]]:
        """The source's rows with the attributes of other tables beside them, under dotted names.

        day: as of which day a dated table is read, else the row's own; every: with all its
        versions.
        """
        opened = self.opened[source]
        happened = opened.source.happened
        if day is None and happened in opened.types and happened:
            day = day_of_column(happened, opened.types[happened], self.calendar.zone_name)
        elif day is None:
            day = pl.lit(self._last_day, dtype=pl.Int32)
        rows = opened.frame.with_columns(day.alias(OWN_DAY))
        return self._attributes(every=every).beside(source, rows, names)

    def dated_rows(
        self, need: Need, names: Sequence[str]
    ) -> tuple[pl.LazyFrame, dict[str, ColumnType]]:
        """The rows of a need with the attributes as of the day by which it dates each of them."""
        beside = self._attributes()
        frame, types = standing_rows(need, beside, None, self._last_day)
        found, told = beside.beside(need.source, frame, names, types)
        return found, dict(told)

    def _attributes(self, *, every: bool = False) -> Attributes:
        return Attributes(self.opened, self.routes, self.calendar.zone_name, every)

    @property
    def _last_day(self) -> int:
        """The last day that is read; a day after all where nothing says which."""
        return day_number(self.read_to) - 1 if self.read_to else FOREVER - 1

    def _done(self, did: Did, who: Expression) -> pl.LazyFrame:
        """How often everybody did something on each day; told once in a run."""

        def make() -> pl.DataFrame:
            asked = (Asked(ENTITY, who, "text"),)
            rows = self.answer(Rows(did.source, asked, did.where), (), {}, None, {}, counting=True)
            return daily_deeds(rows.frame.to_native()).collect(engine="streaming")

        where = did.where.tree if did.where else None
        return self.held.table(f"deeds of {did.source}: {who.text}, {where}", make).lazy()

    def _filtered(
        self,
        rows: Lazy,
        need: Need,
        also: Expression | None,
        types: Mapping[str, ColumnType],
        *,
        sure: bool,
    ) -> Lazy:
        """Rows that satisfy the conditions; unless sure, also those of which that is unknown."""
        for told in (need.where, also):
            if told:
                holds = translate(told, types, self.zone)
                rows = rows.filter(holds if sure else holds | untold(told, types, self.zone))
        return rows

    def _asked(self, asked: Asked, types: Mapping[str, ColumnType]) -> nw.Expr:
        if is_absent(asked, types):
            return nw.lit(asked.empty)
        told = translate(asked.expression, types, self.zone)
        told = told.cast(nw.String) if asked.want == "text" else told
        return told if asked.empty is None else told.fill_null(asked.empty)


def _as_written(need: Need, types: Mapping[str, ColumnType]) -> Need:
    """The need, with columns that are asked for as texts read as their cells are written.

    Another KPI may ask for the same column as a number.
    """
    asked = tuple(_written(one, types) for one in need.asked)
    return need if asked == need.asked else replace(need, asked=asked)


def _written(asked: Asked, types: Mapping[str, ColumnType]) -> Asked:
    if asked.want != "text" or not isinstance(asked.expression.tree, Name):
        return asked
    cell = as_text(asked.expression.tree.name)
    return replace(asked, expression=Expression(cell, Name(cell))) if cell in types else asked
