"""Text with separators: CSV, TSV and their kin."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from kpicli.errors import SourceError
from kpicli.sources.delimited.layout import LONG_HEADER, Layout, layout_of
from kpicli.sources.delimited.peek import may_hold_objects
from kpicli.sources.delimited.rows import read_rows
from kpicli.sources.files import unreadable
from kpicli.sources.foreign import foreign_content
from kpicli.sources.headers import positions
from kpicli.sources.reading import Format, Header, Reading, Scan

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def headers(path: Path, reading: Reading) -> Header:
    """The names in the header, all of type String; raises SourceError."""
    header = _header(layout_of(path, reading))
    return replace(header, may_hold=partial(may_hold_objects, path, reading))


def scan(path: Path, reading: Reading, columns: Sequence[str]) -> Scan:
    """The asked columns as text, null where nothing stands; raises SourceError.

    The file is read through once to see whether it is regular; a file that is not is read to
    its end and put aside.
    """
    layout = layout_of(path, reading)
    asked = positions(path, _header(layout), columns)
    try:
        return read_rows(path, layout, reading, asked)
    except OSError as wrong:
        raise SourceError([unreadable(path, wrong)]) from wrong


def _header(layout: Layout) -> Header:
    note = layout.encoding.note
    separator = _SEPARATORS.get(layout.separator, layout.separator)
    return Header(
        layout.names,
        (pl.String(),) * layout.width,
        (note,) if note else (),
        written=f"{layout.encoding.codec}, {separator}",
    )


def recognises(start: bytes) -> bool:
    """Whether the first bytes are text with separators."""
    if foreign_content(start):
        return False
    first = start.split(b"\n", 1)[0]
    return any(sign in first for sign in (b",", b";", b"\t", b"|"))


FORMAT = Format(
    "CSV",
    (".csv", ".tsv", ".tab", ".txt"),
    recognises,
    headers,
    scan,
    header_bytes=LONG_HEADER,
)
