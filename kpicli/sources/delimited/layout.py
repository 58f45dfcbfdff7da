"""Where the table of a text file begins, what its columns are called."""

import codecs
import csv
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kpicli.errors import Problem, SourceError
from kpicli.sources.delimited.encoding import Encoding, encoding_of_start
from kpicli.sources.delimited.headrows import head_names
from kpicli.sources.delimited.separator import find_separator
from kpicli.sources.files import START_BYTES, empty_file, first_bytes
from kpicli.sources.foreign import foreign_content
from kpicli.sources.reading import ROW, Reading

LONG_HEADER = 1 << 24


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out.

    line_end ends lines: the line feed, also behind a carriage return, or in files of old the
    carriage return. first_line: how many physical lines stand before the first data row. least:
    how few fields a row may have, because the header's last columns have no names.
    """

    encoding: Encoding
    separator: str
    line_end: str
    names: tuple[str, ...]
    first_line: int
    least: int

    @property
    def width(self) -> int:
        """How many fields a row has."""
        return len(self.names)


def layout_of(path: Path, reading: Reading) -> Layout:
    """A file's layout from its first lines; raises SourceError where there is no table."""
    encoding, lines = _first_lines(path, reading, START_BYTES)
    if len(lines) <= reading.skip_lines + 1 and path.stat().st_size > START_BYTES:
        encoding, lines = _first_lines(path, reading, LONG_HEADER)
    if not any(line.strip() for line in lines):
        raise SourceError([empty_file(path, "it holds blank lines alone")])
    if reading.header:
        return _without_header(encoding, lines, reading, reading.header)
    return _with_header(path, encoding, lines, reading)


def _first_lines(path: Path, reading: Reading, size: int) -> tuple[Encoding, list[str]]:
    start = first_bytes(path, size)
    foreign = foreign_content(start, encoded=reading.encoding is not None)
    if foreign:
        raise SourceError([Problem("not_csv", f"{path.name} is {foreign[0]}", foreign[1])])
    encoding = encoding_of_start(start, reading.encoding)
    whole = len(start) < size
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    text = decoder.decode(start, final=whole)
    end = _line_end(text)
    pieces = text.split(end)
    lines = [piece + end for piece in pieces[:-1]]
    return encoding, [*lines, pieces[-1]] if whole and pieces[-1] else lines


def _line_end(text: str) -> str:
    """The sign that ends lines: a lone carriage return in files of old, else the line feed.

    A lone carriage return in any other file belongs to a cell and ends no row.
    """
    bare = re.sub('"[^"]*"', "", text[:START_BYTES])
    before, found, _ = bare.partition("\r")
    return "\r" if found and "\n" not in before and "\r\n" not in bare else "\n"


def _without_header(
    encoding: Encoding, lines: list[str], reading: Reading, names: tuple[str, ...]
) -> Layout:
    body = lines[reading.skip_lines :]
    separator = reading.separator or find_separator(body, len(names))
    end = _line_end("".join(lines))
    return Layout(encoding, separator, end, _named(names), reading.skip_lines, len(names))


def _with_header(path: Path, encoding: Encoding, lines: list[str], reading: Reading) -> Layout:
    body = lines[reading.skip_lines :]
    blank = next((at for at, line in enumerate(body) if line.strip()), len(body))
    body = body[blank:]
    if not body:
        raise SourceError([empty_file(path, f"it ends within skip_lines: {reading.skip_lines}")])
    separator = reading.separator or find_separator(body, None)
    rows, used = _header_rows(path, body, separator, reading.header_rows)
    fields = head_names(rows)
    _refuse_prose(path, fields, body[used:])
    named = [at for at, field in enumerate(fields, 1) if field]
    end = _line_end("".join(lines))
    first = reading.skip_lines + blank + used
    return Layout(encoding, separator, end, _named(fields), first, named[-1])


def _header_rows(
    path: Path, body: list[str], separator: str, count: int
) -> tuple[list[tuple[str, ...]], int]:
    """The header's rows, and how many lines they take: a name may hold a line break."""
    reader = csv.reader(body, delimiter=separator, strict=True)
    try:
        rows = [
            tuple(field.removeprefix("\ufeff").strip() for field in record)
            for record in islice(reader, count)
        ]
    except csv.Error as wrong:
        message = f"{path.name}: a quote in the header does not close"
        raise SourceError([Problem("not_csv", message, "mend the header's line")]) from wrong
    if not any(rows[0]):
        message = f"{path.name}: the header's line has no names"
        hint = "write skip_lines: if the table begins lower, or header: [name, …] if it has none"
        raise SourceError([Problem("not_csv", message, hint)])
    if len(rows) < count:
        message = f"{path.name} has {len(rows)} of the {count} header_rows:"
        raise SourceError([Problem("not_csv", message, "write how many rows its header has")])
    return rows, reader.line_num


def _refuse_prose(path: Path, fields: tuple[str, ...], below: list[str]) -> None:
    """A line of text with nothing under it is no table."""
    if any(line.strip() for line in below) or len(fields) > 2:
        return
    if max(len(field.split()) for field in fields) > 4:
        message = f"{path.name} holds a line of text, not a table: {fields[0][:60]!r}"
        raise SourceError([Problem("not_csv", message, "export the table itself as CSV")])


def _named(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The names, a column without one by its position; ROW is ours, so `row` becomes `Row`."""
    names = (field or f"column {at}" for at, field in enumerate(fields, 1))
    return tuple(name.capitalize() if name == ROW else name for name in names)
