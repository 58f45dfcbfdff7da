"""Where the table of a file begins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kpicli.engine.looks import headers_of
from kpicli.errors import SourceError
from kpicli.sources.reading import Header, Reading

_LINES_OF_PROSE = 20
# So many titles stand above a table, which is so wide that its width is no chance.
_LINES_OF_TITLES = 5
_WIDE = 3
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*")


@dataclass(frozen=True)
class Table:
    """How a file is read so that its columns come out; reason says what was decided."""

    names: tuple[str, ...]
    format: str
    reading: Reading
    reason: str | None = None


def table_of(path: Path) -> Table:
    """The table in a file; SourceError where there is none."""
    try:
        header, name = headers_of(path, Reading())
    except SourceError:
        below = next(_below(path), None)
        if below is None:
            raise
        return below
    if _is_prose(header):
        return next(_below(path), Table(header.names, name, Reading()))
    whole = _named(Table(header.names, name, Reading()), path)
    return _below_titles(whole, path) or whole


def _below_titles(whole: Table, path: Path) -> Table | None:
    """The wider table under a few titles, each of which looks like a table of one column.

    The line below its header has to be cut into as many fields by the same sign.
    """
    if len(whole.names) > 1 or whole.format != "CSV" or whole.reading.header:
        return None
    for lines in range(1, _LINES_OF_TITLES + 1):
        try:
            header, name = headers_of(path, Reading(skip_lines=lines))
            below, _ = headers_of(path, Reading(skip_lines=lines + 1))
        except SourceError:
            return None
        as_wide = len(header.names) == len(below.names) >= _WIDE
        if as_wide and header.written == below.written:
            return _skipped(header.names, name, lines)
    return None


def _skipped(names: tuple[str, ...], name: str, lines: int) -> Table:
    reason = f"{lines} line{'s' if lines > 1 else ''} above the table skipped"
    return Table(names, name, Reading(skip_lines=lines), reason)


def _below(path: Path) -> Iterator[Table]:
    """The tables that begin under so many lines of something else, the first one first."""
    for lines in range(1, _LINES_OF_PROSE + 1):
        try:
            header, name = headers_of(path, Reading(skip_lines=lines))
        except SourceError:
            continue
        if not _is_prose(header):
            yield _named(_skipped(header.names, name, lines), path)


def _is_prose(header: Header) -> bool:
    """Whether the header is a sentence or a title rather than names of columns."""
    named = [name for name in header.names if not re.fullmatch(r"column \d+", name)]
    prose = any(len(name.split()) > 8 for name in named)
    return (prose and len(named) <= 3) or (len(named) <= 1 < len(header.names))


def _named(table: Table, path: Path) -> Table:
    """A table without a header gets names: its first row is all numbers."""
    numbers = all(_NUMBER.fullmatch(name) for name in table.names)
    if not numbers or table.format != "CSV":
        return table
    width = len(table.names)
    names = (path.name.split(".")[0],) if width == 1 else tuple(f"c{n + 1}" for n in range(width))
    reading = replace(table.reading, header=names)
    reason = ", ".join(filter(None, (table.reason, "no header: its first row is numbers")))
    return Table(names, table.format, reading, reason)
