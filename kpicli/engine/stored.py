"""A file of a source as it is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpicli.engine.catalogue import Listed
from kpicli.engine.opened import FILE, ROW
from kpicli.sources.cells import cell_of
from kpicli.sources.inner import InnerCell, held_by, inner_cell
from kpicli.sources.reading import ROW as FILE_ROW
from kpicli.sources.reading import Scan

# A text file up to this size is held in memory; a larger one is read as it is needed.
HELD_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """One file: its rows as they are stored, in memory if held, and which columns it has.

    cells and dtypes are those of our columns, each with the meaning that is given to its words;
    headers say where they stand in the file. inner holds those that are fields within objects.
    """

    held: bool
    number: int
    path: Path
    scan: Scan
    headers: Mapping[str, str]
    cells: Mapping[str, pl.Expr]
    dtypes: Mapping[str, pl.DataType]
    rows: pl.LazyFrame
    inner: Mapping[str, InnerCell] = field(default_factory=dict)

    def broken(self, column: str) -> pl.Expr | None:
        """Whether a cell is within an object that cannot be told; None where none can be so."""
        return self.inner[column].broken if column in self.inner else None


def stored_file(listed: Listed, number: int, columns: Iterable[str], zone: str) -> StoredFile:
    """A file with those of our columns that it has, its text in memory where it is small."""
    header, path = listed.headers[number], listed.files[number]
    reading = listed.source.reading(zone)
    found = {one: at for one in columns if (at := listed.header(one, number)) is not None}
    inner = {
        ours: inner_cell(header, theirs, reading)
        for ours, theirs in found.items()
        if theirs not in header.names
    }
    read = dict.fromkeys(
        held_by(header, theirs) if ours in inner else theirs for ours, theirs in found.items()
    )
    # A row is another's copy only if all of it is: whoever compares rows reads every column.
    wanted = tuple(dict.fromkeys((*header.names, *read))) if listed.source.unique else tuple(read)
    scan = listed.formats[number].scan(path, reading, wanted)
    rows = scan.frame.rename({FILE_ROW: ROW}) if FILE_ROW not in wanted else scan.frame
    rows = rows.with_columns(pl.lit(number, dtype=pl.UInt16).alias(FILE))
    stored = {ours: (one.cell, one.dtype) for ours, one in inner.items()} | {
        ours: (pl.col(theirs), header.dtypes[header.names.index(theirs)])
        for ours, theirs in found.items()
        if ours not in inner
    }
    cells = {
        ours: cell_of(cell, dtype, reading.values.get(ours, {}))
        for ours, (cell, dtype) in stored.items()
    }
    is_text = all(dtype == pl.String for dtype in header.dtypes)
    held = is_text and (scan.size or path.stat().st_size) <= HELD_BYTES
    return StoredFile(
        held,
        number,
        path,
        scan,
        found,
        {ours: cell for ours, (cell, _) in cells.items()},
        {ours: dtype for ours, (_, dtype) in cells.items()},
        rows.collect().lazy() if held else rows,
        inner,
    )
