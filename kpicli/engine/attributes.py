"""What the tables that rows refer to say of them: one partner each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpicli.engine.keys import key_text
from kpicli.engine.opened import Opened, as_text, bad
from kpicli.engine.routes import Routes
from kpicli.engine.versions import VALID_FROM, VALID_TO, on_own_day, versions_of
from kpicli.errors import Problem, SourceError
from kpicli.words.types import ColumnType

Types = dict[str, ColumnType]


@dataclass(frozen=True)
class Attributes:
    """Where the attributes of rows stand.

    every: beside a row stands each version of a dated table, so that rows multiply.
    """

    opened: Mapping[str, Opened]
    routes: Routes
    zone_name: str
    every: bool = False

    def beside(
        self, source: str, rows: pl.LazyFrame, names: Sequence[str], known: Types | None = None
    ) -> tuple[pl.LazyFrame, Types]:
        """The rows with the attributes of other tables beside them, under dotted names.

        rows: those of the source; column as of day says which version of a dated table is meant.
        known: the types of what stands there already. One row per row; names that are no dotted
        ones change nothing.
        """
        opened = self.opened[source]
        own = {**opened.types, **opened.texts}
        frame, types = rows, {**own, **(known or {})}
        joined = {name.partition(".")[0] for name in types if name not in own}
        for name in names:
            table, dot, column = name.partition(".")
            if not dot or name in types:
                continue
            if table == source:
                frame = frame.with_columns(pl.col(column).alias(name))
                types[name] = opened.types[column]
                if as_text(column) in types:
                    frame = frame.with_columns(pl.col(as_text(column)).alias(as_text(name)))
                    types[as_text(name)] = "text"
                continue
            route = self.routes.to(source, table)
            if isinstance(route, Problem):
                raise SourceError([route])
            held = ""
            for hop in route:
                key_column = f"{held}{hop.column}" if held else hop.column
                held = f"{hop.table}."
                if hop.table not in joined:
                    frame = self._join(frame, key_column, types[key_column], hop.table)
                    joined.add(hop.table)
                    table_of = self.opened[hop.table]
                    held_types = {**table_of.types, **table_of.texts}
                    types |= {f"{hop.table}.{one}": kind for one, kind in held_types.items()}
        return frame, types

    def _join(self, frame: pl.LazyFrame, column: str, kind: ColumnType, table: str) -> pl.LazyFrame:
        other = self.opened[table]
        key, reference = other.source.key or "", f"{table} reference"
        named = (*other.types, *other.texts)
        dated = other.source.valid_from is not None and not self.every
        held = versions_of(other, self.zone_name) if dated else other.frame
        attributes = held.select(
            key_text(key, other.types[key]).alias(f"{table} key"),
            *(pl.col(name).alias(f"{table}.{name}") for name in named),
            *(pl.col(bad(name)).alias(bad(f"{table}.{name}")) for name in other.unreadable),
            *((VALID_FROM, VALID_TO) if dated else ()),
        )
        keyed = frame.with_columns(key_text(column, kind).alias(reference))
        if dated:
            return on_own_day(keyed, attributes, reference, f"{table} key")
        return keyed.join(attributes, left_on=reference, right_on=f"{table} key", how="left")


def is_dated(
    source: str, names: Sequence[str], opened: Mapping[str, Opened], routes: Routes
) -> bool:
    """Whether what rows of a source are said to be changes: some table on the way is dated.

    The key of a table, by which its rows are one, does not change.
    """
    return any(_changes(source, name, opened, routes) for name in names)


def _changes(source: str, name: str, opened: Mapping[str, Opened], routes: Routes) -> bool:
    table, dot, column = name.partition(".")
    own = opened[source]
    if not dot or table == source or name in own.types:
        return bool(own.source.valid_from) and (column or table) != own.source.key
    route = routes.to(source, table)
    tables = [] if isinstance(route, Problem) else [hop.table for hop in route]
    return any(opened[one].source.valid_from for one in (source, *tables))
