"""Rows that an exclusion takes out, and every row that refers to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from kpicli.definitions.shape import Exclusion
from kpicli.engine.answers import Desk
from kpicli.engine.cache import Cache
from kpicli.engine.days import day_of_column
from kpicli.engine.keys import key_text
from kpicli.engine.opened import EXCLUDED, Opened, Piece
from kpicli.engine.routes import Routes
from kpicli.engine.versions import FOREVER, OWN_DAY, VALID_FROM, on_own_day, reasons_of
from kpicli.words.calendar import Calendar
from kpicli.words.translation import translate

_KEY, _REFERENCE, _CARRIED = "excluded key", "excluded reference", "carried reason"


def mark_excluded(
    opened: Mapping[str, Opened],
    exclusions: Sequence[Exclusion],
    routes: Routes,
    calendar: Calendar,
    cache: Cache,
) -> dict[str, Opened]:
    """The sources with the reason beside every row that is excluded, directly or by reference."""
    if not exclusions:
        return dict(opened)
    marker = _Marker(opened, exclusions, routes, calendar, cache, {}, {})
    return {name: marker.marked(name) for name in opened}


def excluded_tables(exclusions: Sequence[Exclusion], routes: Routes) -> frozenset[str]:
    """The sources with rows that may be excluded: those named, and those that refer to one."""
    found = {exclusion.source for exclusion in exclusions}
    while True:
        more = {
            name
            for name in routes.sources
            if name not in found and any(hop.table in found for hop in routes.hops(name))
        }
        if not more:
            return frozenset(found)
        found |= more


@dataclass(frozen=True)
class _Marker:
    """Marks each source once; a table is marked before the rows that refer to it."""

    opened: Mapping[str, Opened]
    exclusions: Sequence[Exclusion]
    routes: Routes
    calendar: Calendar
    cache: Cache
    done: dict[str, Opened]
    keys: dict[str, tuple[pl.DataFrame, ...]]

    def marked(self, name: str, below: tuple[str, ...] = ()) -> Opened:
        """The source with its excluded rows marked; the first reason that holds is kept."""
        if name in self.done:
            return self.done[name]
        opened = self.opened[name]
        carried = tuple(self._carried_keys(opened, (*below, name)))
        mine = tuple(one for one in self.exclusions if one.source == name)
        if mine or carried:
            frame = self._told(opened, mine, carried)
            pieces = tuple(self._marked_piece(piece, mine, carried) for piece in opened.pieces)
            told = replace(opened, frame=frame, pieces=pieces, marked=True)
            opened = _counted(told.settled(), self.cache)
        self.done[name] = opened
        return opened

    def _carried_keys(
        self, opened: Opened, below: tuple[str, ...]
    ) -> Iterator[tuple[str, pl.DataFrame]]:
        """The columns that refer to excluded rows, with the keys of these."""
        for hop in self.routes.hops(opened.name):
            there = hop.table in self.opened and hop.column in opened.types
            if there and hop.table not in below:
                found = self._excluded_keys(hop.table, below)
                yield from ((hop.column, keys) for keys in found if keys.height)

    def _marked_piece(
        self,
        piece: Piece,
        mine: Sequence[Exclusion],
        carried: Sequence[tuple[str, pl.DataFrame]],
    ) -> Piece:
        frame = self._told(piece.opened, mine, carried)
        opened = replace(piece.opened, frame=frame, marked=True)
        named = [name for one in mine for name in one.where.names]
        if any(name not in opened.types for name in named):
            # What another table says of the row is no matter of the file.
            return replace(piece, opened=opened, marks=None)
        own = [(one.where.text, one.reason, one.where.names) for one in mine]
        by = [*named, *(column for column, _ in carried), *_dates(opened, carried)]
        read = {name: piece.read[name] for name in by}
        keys = [(column, sorted(map(str, found.rows()))) for column, found in carried]
        return replace(piece, opened=opened, marks=f"{own} {read} {keys} {self.calendar.zone_name}")

    def _told(
        self,
        opened: Opened,
        mine: Sequence[Exclusion],
        carried: Sequence[tuple[str, pl.DataFrame]],
    ) -> pl.LazyFrame:
        frame = self._own(opened, mine)
        for column, keys in carried:
            reference = key_text(column, opened.types[column])
            if _is_dated(keys):
                frame = self._carried_on_day(opened, frame, reference, keys)
            else:
                frame = _carried(frame, reference, keys)
        return frame

    def _own(self, opened: Opened, mine: Sequence[Exclusion]) -> pl.LazyFrame:
        if not mine:
            return opened.frame
        names = [name for exclusion in mine for name in exclusion.where.names]
        desk = Desk({**self.opened, opened.name: opened}, self.routes, {}, self.calendar)
        frame, types = desk.with_attributes(opened.name, names)
        rows = nw.from_native(frame)
        for exclusion in mine:
            holds = translate(exclusion.where, types, self.calendar.zone)
            told = nw.when(holds).then(nw.lit(exclusion.reason))
            rows = rows.with_columns(nw.coalesce(nw.col(EXCLUDED), told).alias(EXCLUDED))
        native = rows.select(opened.frame.collect_schema().names()).to_native()
        if not isinstance(native, pl.LazyFrame):
            raise TypeError("the engine computes on Polars")
        return native

    def _excluded_keys(self, table: str, below: tuple[str, ...]) -> tuple[pl.DataFrame, ...]:
        """The keys of excluded rows with the reason; of dated ones with the days from and to."""
        if table not in self.keys:
            dated = self.opened[table].source.valid_from
            found = self._keys_by_day(table, below) if dated else self._keys_of_list(table, below)
            self.keys[table] = tuple(pl.collect_all(list(found)))
        return self.keys[table]

    def _keys_by_day(self, table: str, below: tuple[str, ...]) -> Iterator[pl.LazyFrame]:
        marked = self.marked(table, below)
        key = str(marked.source.key)
        text = key_text(key, marked.types[key]).alias(_KEY)
        told = reasons_of(marked, self.calendar.zone_name).with_columns(text).drop(key)
        yield told.filter(pl.col(EXCLUDED).is_not_null().any().over(_KEY))

    def _keys_of_list(self, table: str, below: tuple[str, ...]) -> Iterator[pl.LazyFrame]:
        """The keys excluded for good, then those that another table excludes for some days.

        What refers to a user is excluded on its own day, as what refers to the account would be.
        """
        other = self.opened[table]
        mine = [one for one in self.exclusions if one.source == table]
        carried = list(self._carried_keys(other, (*below, table)))
        has_day = other.source.time is not None
        passing = [one for one in carried if _is_dated(one[1]) and not has_day]
        lasting = [one for one in carried if not _is_dated(one[1]) or has_day]
        key = str(other.source.key)
        text = key_text(key, other.types[key]).alias(_KEY)
        for_good = self._told(other, mine, lasting).filter(pl.col(EXCLUDED).is_not_null())
        yield for_good.select(text, EXCLUDED).drop_nulls().unique(_KEY, keep="any")
        for column, keys in passing:
            refers = key_text(column, other.types[column]).alias(_REFERENCE)
            held = keys.lazy().rename({_KEY: _REFERENCE})
            met = other.frame.select(text, refers).join(held, on=_REFERENCE)
            yield met.drop(_REFERENCE).drop_nulls(_KEY)

    def _carried_on_day(
        self, opened: Opened, frame: pl.LazyFrame, reference: pl.Expr, keys: pl.DataFrame
    ) -> pl.LazyFrame:
        """Rows of a key that was excluded on their day; what has no time is so as it is today."""
        time = opened.source.time
        newest = pl.lit(FOREVER - 1, dtype=pl.Int32)
        known = time is not None and time in opened.types
        zone = self.calendar.zone_name
        day = day_of_column(str(time), opened.types[str(time)], zone) if known else newest
        dated = frame.with_columns(day.alias(OWN_DAY), reference.alias(_REFERENCE))
        held = keys.lazy().rename({EXCLUDED: _CARRIED})
        return _with_reason(on_own_day(dated, held, _REFERENCE, _KEY)).drop(OWN_DAY, _REFERENCE)


def _dates(opened: Opened, carried: Sequence[tuple[str, pl.DataFrame]]) -> Iterator[str]:
    """The column that says as of when a row is excluded, where that changes."""
    time = opened.source.time
    if time in opened.types and any(_is_dated(keys) for _, keys in carried):
        yield str(time)


def _is_dated(keys: pl.DataFrame) -> bool:
    return VALID_FROM in keys.columns


def _counted(opened: Opened, cache: Cache) -> Opened:
    """The source with the number of rows that each exclusion takes out."""
    pieces = opened.pieces or (Piece(opened, "", {}, None),)
    found = pl.concat([_counts(piece, cache) for piece in pieces])
    told = found.group_by(EXCLUDED).agg(pl.col("len").sum()).sort(EXCLUDED)
    return replace(opened, record=replace(opened.record, excluded=dict(told.iter_rows())))


def _counts(piece: Piece, cache: Cache) -> pl.DataFrame:
    told = piece.opened.frame.select(EXCLUDED).drop_nulls().group_by(EXCLUDED).len()
    if piece.marks is None:
        return told.collect(engine="streaming")
    key = f"excluded rows: {piece.files}; {piece.marks}"
    return cache.table(key, lambda: told.collect(engine="streaming"))


def _carried(frame: pl.LazyFrame, reference: pl.Expr, keys: pl.DataFrame) -> pl.LazyFrame:
    """Rows that refer to an excluded key are excluded for its reason."""
    held = keys.lazy().rename({EXCLUDED: _CARRIED})
    joined = frame.with_columns(reference.alias(_KEY)).join(held, on=_KEY, how="left")
    return _with_reason(joined).drop(_KEY)


def _with_reason(joined: pl.LazyFrame) -> pl.LazyFrame:
    reason = pl.coalesce(EXCLUDED, _CARRIED).alias(EXCLUDED)
    return joined.with_columns(reason).drop(_CARRIED)
