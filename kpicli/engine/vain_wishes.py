"""What is said of wishes that no source fulfils."""

from collections.abc import Iterator, Sequence

from kpicli.definitions.shape import Segment
from kpicli.errors import Problem
from kpicli.needs import Need
from kpicli.words.expressions import Name


def is_column(segment: Segment, source: str, name: str) -> bool:
    """Whether a segment is that column itself: one name, one meaning."""
    told = segment.of.tree if segment.of and segment.cut is None else None
    return isinstance(told, Name) and told.name in (name, f"{source}.{name}")


def apart(split: Sequence[str], deed: str) -> Problem:
    """A split by a deed and by the rows at once."""
    message = f"{deed} is told of entities, the rest of {' × '.join(split)} of their rows"
    return Problem("did", message, f"split by them beside each other: by: [{', '.join(split)}]")


def columns_of(need: Need) -> Iterator[str]:
    """Every column that a need names, each once, without the table it is looked up in."""
    named = (name for one in need.expressions() for name in one.names)
    names = [name for name in (*named, need.time, need.start, need.end) if name]
    yield from dict.fromkeys(name.rpartition(".")[2] for name in names)


def no_column(source: str, column: str) -> str:
    """That a source lacks a column."""
    return f"{source} has no column {column!r}"
