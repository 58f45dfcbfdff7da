"""A large source cut into pieces that are reduced one by one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpicli.engine.duplicates import Repeated
from kpicli.engine.opened import FILE, ROW, Opened, Piece, bad
from kpicli.engine.stored import StoredFile

# Smaller sources are read in one piece.
LARGE_BYTES = 48 * 1024 * 1024


def is_large(files: Sequence[StoredFile]) -> bool:
    """Whether so much is read that tables of it are worth keeping."""
    return sum(file.path.stat().st_size for file in files) >= LARGE_BYTES


def stamp_of(file: StoredFile) -> str:
    """What tells a file from what it was before, and from all others."""
    stat = file.path.stat()
    return f"{file.path.resolve()} {stat.st_size} {stat.st_mtime_ns}"


def pieces_of(
    opened: Opened,
    files: Sequence[StoredFile],
    whole: Sequence[pl.LazyFrame],
    repeated: Repeated,
    read: Mapping[str, str],
    reading: str,
) -> tuple[Piece, ...]:
    """The files of a large source, each with the columns of all; none of a small one.

    read and reading are how each column and the files are read, in words.
    """
    if not is_large(files):
        return ()
    schema = opened.frame.collect_schema()
    return tuple(
        _piece(opened, file, rows, repeated, schema, read, reading)
        for file, rows in zip(files, whole, strict=True)
    )


def _piece(
    opened: Opened,
    file: StoredFile,
    rows: pl.LazyFrame,
    repeated: Repeated,
    schema: pl.Schema,
    read: Mapping[str, str],
    reading: str,
) -> Piece:
    known = rows.collect_schema()
    left_out = repeated.rows.filter(pl.col(FILE) == file.number)
    if left_out.height:
        rows = rows.join(left_out.lazy(), on=[FILE, ROW], how="anti")
    unreadable = {bad(name) for name in opened.unreadable}
    told = [_column(name, dtype, known, unreadable) for name, dtype in schema.items()]
    dropped = left_out[ROW].sort().to_list()
    name = f"{stamp_of(file)} {reading} without {dropped}"
    columns = {
        name: f"{one}, {file.headers.get(name)!r}, {file.dtypes.get(name)}"
        for name, one in read.items()
    }
    return Piece(replace(opened, frame=rows.select(told), pieces=()), name, columns)


def _column(
    name: str, dtype: pl.DataType, known: pl.Schema, unreadable: Collection[str]
) -> pl.Expr:
    """The column in its type over all files; a file that lacks it has nothing there."""
    if name not in known:
        return pl.lit(False if name in unreadable else None, dtype=dtype).alias(name)
    column = pl.col(name) if known[name] == dtype else pl.col(name).cast(dtype)
    return column.fill_null(value=False) if name in unreadable else column
