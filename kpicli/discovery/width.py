"""The columns of a table that a definitions file can name."""

from collections.abc import Iterator, Sequence

from kpicli.discovery.columns import Column
from kpicli.discovery.placing import Match

# YAML has no longer names: what is written around them needs room, too.
_LONGEST = 900
_SHOWN = 40
# Nobody reads the types of more columns than these.
_MOST = 250


def writable_columns(
    columns: Sequence[Column], matches: Sequence[Match]
) -> tuple[Sequence[Column], tuple[str, ...]]:
    """The columns to write of a table, and what is said of the others."""
    mapped = {one.column.header for one in matches}
    long = {one.header for one in columns if len(one.name) > _LONGEST} - mapped
    short = [one for one in columns if one.header not in long]
    first = {one.header for one in short[:_MOST]} | mapped
    kept = [one for one in short if one.header in first]
    return kept, (*_said_long(columns, long), *_said_many(len(kept), len(short)))


def _said_long(columns: Sequence[Column], long: set[str]) -> Iterator[str]:
    for one in columns:
        if one.header in long:
            length = f"{len(one.header):,} characters: {one.header[:_SHOWN]}…"
            yield f"a column is left out: its header has {length}"


def _said_many(kept: int, columns: int) -> Iterator[str]:
    if kept < columns:
        yield f"{kept:,} of its {columns:,} columns are written; any other can be named, too"
