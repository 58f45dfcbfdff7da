"""What other tables say of a source's rows, found by their keys."""

from collections.abc import Mapping, Sequence

import polars as pl

from kpicli.engine.keys import key_text
from kpicli.engine.opened import Opened, as_text, bad
from kpicli.engine.routes import Routes
from kpicli.errors import Problem, SourceError
from kpicli.words.types import ColumnType


def attributed(
    sources: Mapping[str, Opened], routes: Routes, source: str, names: Sequence[str]
) -> tuple[pl.LazyFrame, dict[str, ColumnType]]:
    """The source's rows with the attributes of other tables beside them, under dotted names.

    One row per row of the source, and the types of all columns; names that are no dotted ones
    change nothing.
    """
    opened = sources[source]
    frame, types = opened.frame, {**opened.types, **opened.texts}
    joined: set[str] = set()
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
        route = routes.to(source, table)
        if isinstance(route, Problem):
            raise SourceError([route])
        held = ""
        for hop in route:
            key_column = f"{held}{hop.column}" if held else hop.column
            held = f"{hop.table}."
            if hop.table not in joined:
                frame = _joined(frame, key_column, types[key_column], sources[hop.table])
                joined.add(hop.table)
                table_of = sources[hop.table]
                held_types = {**table_of.types, **table_of.texts}
                types |= {f"{hop.table}.{one}": kind for one, kind in held_types.items()}
    return frame, types


def _joined(frame: pl.LazyFrame, column: str, kind: ColumnType, other: Opened) -> pl.LazyFrame:
    table = other.name
    key = other.source.key or ""
    attributes = other.frame.select(
        key_text(key, other.types[key]).alias(f"{table} key"),
        *(pl.col(name).alias(f"{table}.{name}") for name in (*other.types, *other.texts)),
        *(pl.col(bad(name)).alias(bad(f"{table}.{name}")) for name in other.unreadable),
    )
    keyed = frame.with_columns(key_text(column, kind).alias(f"{table} reference"))
    return keyed.join(attributes, left_on=f"{table} reference", right_on=f"{table} key", how="left")
