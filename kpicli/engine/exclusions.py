"""Rows that an exclusion takes out, and every row that refers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from kpicli.definitions.shape import Exclusion
from kpicli.engine.answers import Desk
from kpicli.engine.keys import key_text
from kpicli.engine.opened import EXCLUDED, Opened
from kpicli.engine.routes import Routes
from kpicli.words.calendar import Calendar
from kpicli.words.translation import translate

_KEY = "excluded key"


def mark_excluded(
    opened: Mapping[str, Opened],
    exclusions: Sequence[Exclusion],
    routes: Routes,
    calendar: Calendar,
) -> dict[str, Opened]:
    """The sources with the reason beside every row that is excluded, directly or by reference."""
    if not exclusions:
        return dict(opened)
    marker = _Marker(opened, exclusions, routes, calendar, {}, {})
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
    done: dict[str, Opened]
    keys: dict[str, pl.DataFrame]

    def marked(self, name: str, below: tuple[str, ...] = ()) -> Opened:
        """The source with its excluded rows marked; the first reason that holds is kept."""
        if name in self.done:
            return self.done[name]
        opened = self.opened[name]
        frame = self._own(opened)
        for hop in self.routes.hops(name):
            if hop.table in self.opened and hop.table not in (*below, name):
                keys = self._excluded_keys(hop.table, (*below, name))
                if keys.height and hop.column in opened.types:
                    frame = _carried(frame, key_text(hop.column, opened.types[hop.column]), keys)
        self.done[name] = _counted(replace(opened, frame=frame))
        return self.done[name]

    def _own(self, opened: Opened) -> pl.LazyFrame:
        mine = [one for one in self.exclusions if one.source == opened.name]
        if not mine:
            return opened.frame
        names = [name for exclusion in mine for name in exclusion.where.names]
        desk = Desk(self.opened, self.routes, {}, self.calendar)
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

    def _excluded_keys(self, table: str, below: tuple[str, ...]) -> pl.DataFrame:
        if table not in self.keys:
            other = self.opened[table]
            key = other.source.key or ""
            rows = self.marked(table, below).frame.filter(pl.col(EXCLUDED).is_not_null())
            told = rows.select(key_text(key, other.types[key]).alias(_KEY), pl.col(EXCLUDED))
            self.keys[table] = told.drop_nulls().unique(_KEY, keep="any").collect()
        return self.keys[table]


def _counted(opened: Opened) -> Opened:
    """The source with the number of rows that each exclusion takes out."""
    told = opened.frame.select(EXCLUDED).drop_nulls().group_by(EXCLUDED).len().sort(EXCLUDED)
    counts = dict(told.collect(engine="streaming").iter_rows())
    return replace(opened, record=replace(opened.record, excluded=counts))


def _carried(frame: pl.LazyFrame, reference: pl.Expr, keys: pl.DataFrame) -> pl.LazyFrame:
    """Rows that refer to an excluded key are excluded for its reason."""
    held = keys.lazy().rename({EXCLUDED: "carried reason"})
    joined = frame.with_columns(reference.alias(_KEY)).join(held, on=_KEY, how="left")
    reason = pl.coalesce(EXCLUDED, "carried reason").alias(EXCLUDED)
    return joined.with_columns(reason).drop(_KEY, "carried reason")
