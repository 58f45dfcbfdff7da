"""A file of a source as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpicli.sources.reading import Scan


@dataclass(frozen=True)
class StoredFile:
    """One file: its rows as they are stored, in memory if held, and which columns it has.

    cells and dtypes are those of our columns, each with the meaning that is given to its words;
    headers say where they stand in the file.
    """

    held: bool
    number: int
    path: Path
    scan: Scan
    headers: Mapping[str, str]
    cells: Mapping[str, pl.Expr]
    dtypes: Mapping[str, pl.DataType]
    rows: pl.LazyFrame
