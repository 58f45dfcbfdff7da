"""What a source refers to, and how many of its rows find a partner there."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Catalogue
from kpicli.engine.keys import key_uses
from kpicli.engine.opened import Opened
from kpicli.engine.opening import open_source
from kpicli.engine.routes import Hop, Routes
from kpicli.errors import SourceError

_KEY = "key"


@dataclass(frozen=True)
class Reference:
    """A column that holds keys of a table; rows = joined + empty + lost.

    lost counts rows whose key the table has not. problem says why it cannot be told; the counts
    are None then.
    """

    column: str
    table: str
    key: str
    joined: int | None = None
    empty: int | None = None
    lost: int | None = None
    problem: str | None = None


def references_of(
    book: Book, catalogue: Catalogue, routes: Routes, opened: Opened
) -> Iterator[Reference]:
    """The direct references of a source, each followed into its table."""
    for hop in routes.hops(opened.name):
        key = book.sources[hop.table].key or ""
        bare = Reference(hop.column, hop.table, key)
        problem = catalogue.listed[hop.table].problem
        if hop.column not in opened.types:
            yield Reference(hop.column, hop.table, key, problem=f"there is no {hop.column}")
        elif problem:
            yield Reference(hop.column, hop.table, key, problem=problem.message)
        else:
            yield _followed(book, catalogue, opened, hop, bare)


def _followed(
    book: Book, catalogue: Catalogue, opened: Opened, hop: Hop, bare: Reference
) -> Reference:
    try:
        table = open_source(
            catalogue.listed[hop.table],
            key_uses(book.sources[hop.table]) | {bare.key: {"text"}},
            book.calendar,
            book.folder,
            Cache(),
        )
    except SourceError as wrong:
        first = wrong.problems[0].message
        return Reference(bare.column, bare.table, bare.key, problem=first)
    keys = table.frame.select(pl.col(bare.key).cast(pl.String).alias(_KEY)).drop_nulls().unique()
    held = opened.frame.select(pl.col(hop.column).cast(pl.String).alias(_KEY))
    joined = held.join(keys, on=_KEY, how="semi").select(pl.len())
    empty = held.select(pl.col(_KEY).is_null().sum(), pl.len().alias("rows"))
    found, counts = pl.collect_all([joined, empty], engine="streaming")
    rows, nothing = counts["rows"][0], counts[_KEY][0]
    return Reference(
        bare.column, bare.table, bare.key, found.item(), nothing, rows - nothing - found.item()
    )
