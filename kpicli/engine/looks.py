"""Files looked at before anybody has said what they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpicli.engine.damage import UNREADABLE
from kpicli.errors import Problem, SourceError
from kpicli.sources.formats import format_of
from kpicli.sources.reading import ROW, Header, Reading, Scan

# So many rows of a source tell what its columns hold; whoever opens it later reads all.
LOOKED_AT = 100_000
TEXT, ROWS = "text", "rows"


@dataclass(frozen=True)
class LookedColumn:
    """A column as it stands in the files: its header and stored type.

    filled counts rows with something in the cell. words: one row per distinct content, as text,
    with the number of rows that hold it, in the order of the files; columns text, rows.
    """

    header: str
    dtype: pl.DataType
    filled: int
    words: pl.DataFrame


@dataclass(frozen=True)
class Look:
    """Files that are one table. rows: all of them; looked: how many of them were looked at.

    unread: rows that could not be read. written: "CSV, utf-8, comma".
    """

    files: tuple[Path, ...]
    reading: Reading
    written: str
    rows: int
    looked: int
    unread: int
    columns: tuple[LookedColumn, ...] = ()
    notes: tuple[str, ...] = field(default=())


def headers_of(path: Path, reading: Reading) -> tuple[Header, str]:
    """The columns of a file, and the name of its format; raises SourceError."""
    format_, _ = format_of(path)
    try:
        return format_.headers(path, reading), format_.name
    except UNREADABLE as wrong:
        raise SourceError([_unreadable(path)]) from wrong


def look_at(files: Sequence[Path], reading: Reading) -> Look:
    """What stands in files of one layout, the first rows of each; raises SourceError."""
    try:
        return _looked(files, reading)
    except UNREADABLE as wrong:
        raise SourceError([_unreadable(files[0])]) from wrong


def _looked(files: Sequence[Path], reading: Reading) -> Look:
    header, name = headers_of(files[0], reading)
    each = max(LOOKED_AT // len(files), 1_000)
    scans = [_scanned(path, reading) for path in files]
    frames = pl.collect_all(
        [scan.frame.drop(ROW, strict=False).head(each) for scan in scans], engine="streaming"
    )
    counts = pl.collect_all([scan.frame.select(pl.len()) for scan in scans], engine="streaming")
    whole = pl.concat(frames, how="diagonal_relaxed")
    columns = (column for column in whole.columns if header.names.count(column) <= 1)
    return Look(
        files=tuple(files),
        reading=reading,
        written=", ".join(filter(None, (name, header.written))),
        rows=sum(count.item() for count in counts),
        looked=whole.height,
        unread=sum(scan.unread_count for scan in scans),
        columns=tuple(_column(whole[column]) for column in columns),
        notes=tuple(dict.fromkeys(note for scan in scans for note in scan.notes)),
    )


def _scanned(path: Path, reading: Reading) -> Scan:
    format_, _ = format_of(path)
    header = format_.headers(path, reading)
    once = tuple(name for name in header.names if header.names.count(name) == 1)
    return format_.scan(path, reading, once)


def _column(values: pl.Series) -> LookedColumn:
    text = _as_text(values)
    words = text.drop_nulls().to_frame(TEXT).group_by(TEXT, maintain_order=True)
    return LookedColumn(
        values.name, values.dtype, values.count(), words.agg(pl.len().cast(pl.Int64).alias(ROWS))
    )


def _as_text(values: pl.Series) -> pl.Series:
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
        return pl.Series(values.name, [], dtype=pl.String)
    text = values.cast(pl.String, strict=False)
    # Identifiers stored as 12346.0 were 12346 before a tool made them floats.
    return text.str.replace(r"\.0$", "") if values.dtype.is_float() else text


def _unreadable(path: Path) -> Problem:
    return Problem("unreadable", f"{path.name} cannot be read to its end", "write it again")


def joined(words: pl.DataFrame, keys: pl.Series) -> tuple[int, int, Mapping[str, int]]:
    """Distinct texts that stand among keys, rows that do, and the rows of each that does not."""
    found = words.filter(pl.col(TEXT).is_in(keys.implode()))
    lost = words.filter(~pl.col(TEXT).is_in(keys.implode())).sort(ROWS, descending=True)
    return found.height, int(found[ROWS].sum()), dict(lost.head(3).iter_rows())
