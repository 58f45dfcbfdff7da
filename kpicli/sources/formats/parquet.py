"""Parquet files."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

import polars as pl

from kpicli.errors import Problem, SourceError
from kpicli.sources.files import first_bytes
from kpicli.sources.foreign import foreign_content
from kpicli.sources.headers import positions
from kpicli.sources.nulls import without_nulls
from kpicli.sources.reading import ROW, Format, Header, Inner, Reading, Scan

_MAGIC = b"PAR1"
# Header, one byte of content, length of the footer, magic again.
_SMALLEST = 12


def headers(path: Path, reading: Reading) -> Header:
    """The columns with their physical types, from the footer; raises SourceError."""
    return _header(_opened(path))


def scan(path: Path, reading: Reading, columns: Sequence[str]) -> Scan:
    """The asked columns as they are stored; raises SourceError.

    Null texts are applied only where the source declares some: an empty text in a typed file
    was written on purpose.
    """
    frame = _opened(path)
    header = _header(frame)
    asked = positions(path, header, columns)
    chosen = [_column(header, at, reading) for at in asked]
    return Scan(_numbered(path, frame).select(pl.col(ROW).cast(pl.UInt32), *chosen))


def _column(header: Header, at: int, reading: Reading) -> pl.Expr:
    # By position: pl.col reads some names as patterns. The row's number stands first.
    column = pl.nth(at + 1)
    if reading.nulls and header.dtypes[at] == pl.String:
        column = without_nulls(column, reading.nulls)
    return column.alias(header.names[at])


def _numbered(path: Path, frame: pl.LazyFrame) -> pl.LazyFrame:
    if ROW in frame.collect_schema():
        return frame.rename({ROW: ROW.capitalize()}).with_row_index(ROW, offset=1)
    return pl.scan_parquet(path, glob=False, row_index_name=ROW, row_index_offset=1)


def _header(frame: pl.LazyFrame) -> Header:
    schema = frame.collect_schema()
    names = (name.strip() or f"column {at}" for at, name in enumerate(schema.names(), 1))
    ours = tuple(name.capitalize() if name == ROW else name for name in names)
    dtypes = tuple(schema.dtypes())
    return Header(ours, dtypes, inner=dict(_inner(zip(ours, dtypes, strict=True), ())))


def _inner(
    fields: Iterable[tuple[str, pl.DataType]], above: tuple[str, ...]
) -> Iterator[tuple[str, Inner]]:
    """The fields within structs by their address."""
    for name, dtype in fields:
        keys = (*above, name)
        if above:
            yield ".".join(keys), Inner(keys, dtype)
        if isinstance(dtype, pl.Struct):
            yield from _inner(
                ((one.name, cast(pl.DataType, one.dtype)) for one in dtype.fields), keys
            )


def _opened(path: Path) -> pl.LazyFrame:
    start = first_bytes(path)
    if not recognises(start):
        raise SourceError([_not_parquet(path, start)])
    if not _is_whole(path):
        raise SourceError([_truncated(path)])
    try:
        frame = pl.scan_parquet(path, glob=False)
        frame.collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as wrong:
        raise SourceError([_truncated(path)]) from wrong
    return frame


def _is_whole(path: Path) -> bool:
    """Whether the end of the file is there: the magic word, and a footer that fits."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 8))
        end = file.read()
    footer = int.from_bytes(end[:4], "little")
    return size >= _SMALLEST and end[4:] == _MAGIC and 0 < footer <= size - _SMALLEST


def _truncated(path: Path) -> Problem:
    message = f"{path.name} is damaged or cut short: the end of a Parquet file is missing"
    return Problem("truncated", message, "write or copy it again")


def _not_parquet(path: Path, start: bytes) -> Problem:
    name, hint = foreign_content(start) or ("text", "if it is CSV, name it .csv")
    return Problem("not_parquet", f"{path.name} is not Parquet: it is {name}", hint)


def recognises(start: bytes) -> bool:
    """Whether the first bytes are those of Parquet."""
    return start.startswith(_MAGIC)


FORMAT = Format("Parquet", (".parquet", ".pq"), recognises, headers, scan)
