"""Pairs of an entity and the values that its rows show, each followed as an entity of its own."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Split
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import by_column
from kpicli.needs import CUSTOMER, ENTITY

# Parts an entity from the values that its rows show; a sign that no export writes.
_SHOWN = "\x1e"


def pair_of(splits: Sequence[Split]) -> nw.Expr:
    """The entity with the values of its splits, as one text."""
    columns = [by_column(place) for place in range(1, len(splits) + 1)]
    return nw.concat_str(ENTITY, *columns, separator=_SHOWN).alias(ENTITY)


def with_owner(rows: Lazy) -> Lazy:
    """Pairs with who each is, in the column customer."""
    who = pl.col(ENTITY).str.split_exact(_SHOWN, 1).struct.field("field_0").alias(CUSTOMER)
    owned: Lazy = nw.from_native(rows.to_native().with_columns(who))
    return owned


def paired(rows: Lazy, held: Lazy) -> Lazy:
    """Rows of an entity once for each value that it showed."""
    pairs = rows.join(held.select(ENTITY, "held"), on=ENTITY, how="inner")
    return pairs.drop(ENTITY).rename({"held": ENTITY})


def parted(rows: Lazy, values: Sequence[str]) -> Lazy:
    """The entity and the values, which stand together in the column held, in their own columns."""
    names = (ENTITY, *values)
    parts = pl.col("held").str.split_exact(_SHOWN, len(values)).struct
    told = [parts.field(f"field_{place}").alias(name) for place, name in enumerate(names)]
    parted: Lazy = nw.from_native(rows.to_native().with_columns(told))
    return parted
