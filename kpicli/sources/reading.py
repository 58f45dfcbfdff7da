"""How a file is written, and what opening one gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from kpicli.results import Spot
from kpicli.sources.meanings import Words
from kpicli.words.types import TypeWord

ROW = "row"
Decimal = Literal["point", "comma"]


@dataclass(frozen=True)
class Reading:
    """How a file is written, as its source declares it; the defaults find out by themselves.

    separator is the sign itself, None where it is to be found. header names the columns of a
    file that has none; else header_rows rows hold the names, the first one filled from those
    below. sheet is the one of a workbook, None the first with rows. footer_from is how the first
    cell of the first row after the table begins. thousands is a sign or its word (comma,
    point, space, apostrophe). nulls are texts that mean "no value", beside the empty one. values
    are words of the file and what they mean, by our column. dates is one pattern (`DD-MM-YY`) or
    one per column. zone is the IANA name of times written without one. skip_bad_rows is the share
    of rows that may be unreadable.
    """

    separator: str | None = None
    encoding: str | None = None
    skip_lines: int = 0
    header: tuple[str, ...] | None = None
    header_rows: int = 1
    sheet: str | None = None
    footer_from: str | None = None
    decimal: Decimal = "point"
    thousands: str | None = None
    nulls: tuple[str, ...] = ()
    types: Mapping[str, TypeWord] = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    dates: str | Mapping[str, str] | None = None
    zone: str | None = None
    skip_bad_rows: float = 0.01

    def dates_of(self, column: str) -> str | None:
        """The date pattern declared for a column, by our name; None where none is."""
        if self.dates is None or isinstance(self.dates, str):
            return self.dates
        return self.dates.get(column)


@dataclass(frozen=True)
class Inner:
    """A field within an object: the keys that lead to it from the top, and its type."""

    keys: tuple[str, ...]
    dtype: pl.DataType


@dataclass(frozen=True)
class Header:
    """The columns of a file, in order; all String in a format without types.

    Names are stripped and without byte order mark; a column without one is `column 3`, by its
    position from 1. Names may repeat: asking for such a column is an error. written says how the
    file is written, as it was found or declared: "utf-8, comma". inner holds the known fields
    within objects by their address, `properties.plan`; all_inner: there are no others. digs: scan
    takes these addresses as columns. may_hold says of a text column whether its cells may be
    objects; without it any may.
    """

    names: tuple[str, ...]
    dtypes: tuple[pl.DataType, ...]
    notes: tuple[str, ...] = ()
    written: str = ""
    inner: Mapping[str, Inner] = field(default_factory=dict)
    all_inner: bool = True
    digs: bool = False
    may_hold: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Scan:
    """A file opened for reading.

    frame: one row per row that could be read; `row` (UInt32, the row's number below the header
    from 1, blank and unread rows counted) and the asked columns by their header. Text formats:
    all String, null where nothing or a null text stands. unread: the first rows that could not
    be read; unread_count: all of them. notes: what was repaired or decided. size: how many bytes
    were read, where the file itself is packed.
    """

    frame: pl.LazyFrame
    unread: tuple[Spot, ...] = ()
    unread_count: int = 0
    notes: tuple[str, ...] = ()
    size: int | None = None


@dataclass(frozen=True)
class Format:
    """A file format: how to know it and how to read it.

    endings are lower-case, with the dot. recognises is given a file's first bytes and answers
    whether they are surely of this format. headers gives the columns. headers and scan raise
    SourceError. header_bytes: in how many first bytes the header stands, None where all must be
    read.
    """

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    headers: Callable[[Path, Reading], Header]
    scan: Callable[[Path, Reading, Sequence[str]], Scan]
    header_bytes: int | None = None
