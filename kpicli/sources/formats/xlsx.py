"""Sheets of Excel workbooks.

The first sheet that has rows is read, or the one that `sheet:` names, as if it had been saved as
CSV: `skip_lines`, `header_rows`, `footer_from` and the row numbers mean the same. A cell is taken
as it is stored, not as it is shown: 0.75 for 75 %, and a date as a date whatever its format; a
number that nobody formatted as a date stays one (`dates: excel` reads 45631 as 2024-12-05). A
formula is what was last computed of it. The sheet is held in memory while it is taken over.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from kpicli.errors import Problem, SourceError, did_you_mean
from kpicli.sources.files import empty_file
from kpicli.sources.formats import csv
from kpicli.sources.reading import Format, Header, Reading, Scan
from kpicli.sources.tempfolder import new_folder, no_room

# How the first part of a workbook's archive is called; other archives begin otherwise.
_PARTS = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/")
_ZIP = b"PK\x03\x04"


def headers(path: Path, reading: Reading) -> Header:
    """The names in the sheet's header, all of type String; raises SourceError."""
    sheet = _sheet(path, reading.sheet)
    found = csv.headers(sheet.text, _plain(reading))
    return replace(found, notes=sheet.notes, written=f"sheet {sheet.name}")


def scan(path: Path, reading: Reading, columns: Sequence[str]) -> Scan:
    """The asked columns as text, null where nothing stands; raises SourceError."""
    return csv.scan(_sheet(path, reading.sheet).text, _plain(reading), columns)


class _Sheet(NamedTuple):
    """A sheet saved as text, its name, and what was chosen."""

    text: Path
    name: str
    notes: tuple[str, ...]


def _plain(reading: Reading) -> Reading:
    return replace(reading, separator=",", encoding="utf-8")


def _sheet(path: Path, wanted: str | None) -> _Sheet:
    stat = path.stat()
    return _saved(path, wanted, stat.st_size, stat.st_mtime_ns)


@cache
def _saved(path: Path, wanted: str | None, size: int, modified: int) -> _Sheet:
    """The sheet as CSV in the temporary folder, as long as the workbook stays as it is."""
    # Loaded by name, since most people have no workbook.
    library = import_module("fastexcel")
    try:
        book = library.read_excel(path)
        names = list(book.sheet_names)
        chosen = _named(path, names, wanted) if wanted else _first(path, book, names)
        cells = _cells(book, chosen)
    except library.FastExcelError as wrong:
        message = f"{path.name} cannot be read as a workbook: it is damaged, locked or no workbook"
        hint = "open it, and save it as .xlsx or its sheet as CSV"
        raise SourceError([Problem("not_xlsx", message, hint)]) from wrong
    if cells.is_empty():
        raise SourceError([empty_file(path, f"its sheet {chosen} has no rows")])
    others = ", ".join(name for name in names if name != chosen)
    note = f"{path.name}: its sheet {chosen} is read; sheet: names another: {others}"
    return _Sheet(_as_csv(path, cells), chosen, (note,) if others and not wanted else ())


def _cells(book: Any, sheet: str) -> pl.DataFrame:
    """A sheet's cells as texts, blank rows too."""
    loaded = book.load_sheet(sheet, header_row=None, dtypes="string")
    return pl.DataFrame(loaded) if loaded.width else pl.DataFrame()


def _first(path: Path, book: Any, names: Sequence[str]) -> str:
    """The first sheet with a row below a header of two columns, else the first with anything."""
    filled: list[str] = []
    for name in names:
        sheet = book.load_sheet(name, header_row=None, n_rows=2, dtypes="string")
        if sheet.height > 1 and sheet.width > 1:
            return name
        filled += [name] if sheet.height else []
    if not filled:
        raise SourceError([empty_file(path, "none of its sheets has rows")])
    return filled[0]


def _named(path: Path, names: Sequence[str], wanted: str) -> str:
    known = {name.strip().casefold(): name for name in names}
    if wanted.strip().casefold() not in known:
        message = f"{path.name} has no sheet {wanted!r}"
        raise SourceError([Problem("missing_sheet", message, did_you_mean(wanted, names))])
    return known[wanted.strip().casefold()]


def _as_csv(path: Path, cells: pl.DataFrame) -> Path:
    try:
        text = new_folder() / path.name
        cells.write_csv(text, include_header=False)
    except OSError as wrong:
        raise SourceError([no_room(wrong)]) from wrong
    return text


def recognises(start: bytes) -> bool:
    """Whether the first bytes are those of a workbook's archive."""
    return start.startswith(_ZIP) and start[30:].startswith(_PARTS)


FORMAT = Format("XLSX", (".xlsx", ".xlsm"), recognises, headers, scan)
