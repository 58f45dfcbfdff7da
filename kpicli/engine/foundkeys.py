"""What is said of a source by the name of a column, as far as its files have that column."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from kpicli.errors import Problem
from kpicli.needs import Need, Population
from kpicli.sources.declaration import Source

_CURRENCY = "currency"
# The keys that name a column, and what makes no sense without it.
_NAMING: dict[str, tuple[str, ...]] = {
    "time": (),
    "start": ("end",),
    "end": (),
    "key": ("valid_from", "valid_to"),
    "valid_from": ("valid_to",),
    "valid_to": (),
    "updated": (),
    "currency_column": ("rates",),
}


def keys_found(source: Source, has: Callable[[str], bool]) -> Source:
    """The source without what its preset says of columns that the files lack."""

    def lacks(column: str | None) -> bool:
        return column is not None and source.may_lack(column) and not has(column)

    gone: dict[str, object] = {}
    for key, others in _NAMING.items():
        if lacks(getattr(source, key)):
            gone |= dict.fromkeys((key, *others))
    if any(lacks(gate) for gate in source.only_if.values()):
        kept = {column: gate for column, gate in source.only_if.items() if not lacks(gate)}
        gone["only_if"] = kept
    if any(lacks(column) for column in source.unique):
        gone |= {"unique": (), "keep": None}
    return source.model_copy(update=gone) if gone else source


def date_problems(sources: Mapping[str, Source], need: Need) -> Iterator[Problem]:
    """A table of versions cannot date rows: what it says of a date changes from day to day."""
    table = (need.time or "").partition(".")[0]
    if need.time and "." in need.time and table in sources and sources[table].valid_from:
        message = f"{table} has a row per version, and none of them says when a row happened"
        hint = f"date the rows by a column of {need.source}"
        yield Problem("dated_time", message, hint, source=need.source)


def undated(source: Source, need: Need) -> Iterator[Problem]:
    """Why rows that a preset dates by a column cannot be told by period: no file has it."""
    if source.known_as is None or isinstance(need, Population) or need.time or need.start:
        return
    column = source.known_as.source.get("time") or source.known_as.source.get("start")
    if column is None or source.happened:
        return
    hint = f"{source.preset} dates its rows by {' or '.join(source.headers_of(column))}"
    message = f"{need.source} has no column {column!r}"
    yield Problem("missing_column", message, hint, source=need.source)


def currency_found(source: Source, dtype: Callable[[str], pl.DataType | None]) -> Source:
    """The source; where it says nothing of currencies, a column of that name names them."""
    if source.currency or source.currency_column or source.kinds.get(_CURRENCY, "text") != "text":
        return source
    if dtype(_CURRENCY) != pl.String:
        return source
    return source.model_copy(update={"currency_column": _CURRENCY})
