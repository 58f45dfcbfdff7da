"""A source as it was opened: a typed lazy frame and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from kpicli.engine.offsets import Steps
from kpicli.engine.reach import Reach
from kpicli.results import SourceRecord
from kpicli.sources.declaration import Source
from kpicli.words.types import ColumnType

FILE, ROW = "file number", "row number"
# What an amount was in, and what it was multiplied by, where rates convert it.
OWN_CURRENCY, OWN_RATE = "currency of row", "rate of row"
EXCLUDED = "excluded because"


def bad(column: str) -> str:
    """The column that is true where a text could not be read as the column's type."""
    return f"{column} unreadable"


def as_text(column: str) -> str:
    """The column with the cells as they are written, beside one that is read as another type."""
    return f"{column} as text"


def unconverted(column: str) -> str:
    """The column that is true where no rate was found for an amount."""
    return f"{column} unconverted"


@dataclass(frozen=True)
class Opened:
    """One row per row in use.

    frame: columns by our names, typed; file number and row number tell where a row stands;
    unreadable columns say which ones stand beside; excluded because is null where the row counts.
    dates are the patterns by which texts were read as dates and times. Of the columns in named
    the cells as they are written stand beside. rates are those that amounts were converted by, as
    kpicli.engine.currencies tells. told, where the rows are made of others, has the date columns of
    those, which say how far the file reaches. pieces are the same rows, file by file, where the
    files are large; steps are the offsets of the zone in a piece, by time column. marked: an
    exclusion was looked for, without which no row is excluded.
    """

    name: str
    source: Source
    frame: pl.LazyFrame
    types: Mapping[str, ColumnType]
    unreadable: tuple[str, ...] = ()
    converted: tuple[str, ...] = ()
    record: SourceRecord = field(default_factory=lambda: SourceRecord(""))
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    rates: pl.LazyFrame | None = None
    told: pl.LazyFrame | None = None
    pieces: tuple["Piece", ...] = ()
    steps: Mapping[str, Steps] = field(default_factory=dict)
    held: bool = False
    marked: bool = False

    @property
    def texts(self) -> dict[str, ColumnType]:
        """The columns that hold cells as they are written."""
        return {as_text(name): "text" for name in self.named}

    def settled(self) -> "Opened":
        """Held rows as they are told so far, so that whoever asks does not tell them again."""
        return replace(self, frame=self.frame.collect().lazy()) if self.held else self

    @property
    def reach(self) -> Reach | None:
        """The reach of what happened; None for a list without time, or without rows."""
        happened = self.source.happened
        return self.reaches.get(happened) if happened else None


@dataclass(frozen=True)
class Piece:
    """Some files of a source.

    opened: their rows, as the source has them. files: which they are, in words, and read how each
    column is read; marks: which rows are excluded, None where that cannot be told in words. days:
    the first and last day by dating column, None where it has no value.
    """

    opened: Opened
    files: str
    read: Mapping[str, str]
    marks: str | None = ""
    days: Mapping[str, tuple[int, int] | None] = field(default_factory=dict)

    def reaches(self, column: str | None, day: int) -> bool:
        """Whether a row may be dated on or after a day by a column."""
        if column is None or column not in self.days:
            return True
        span = self.days[column]
        return span is not None and span[1] >= day
