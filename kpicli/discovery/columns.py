"""What a column holds, told from its own texts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from kpicli.discovery.numberstyle import find_style, looks_numeric, numeric_shape, reads
from kpicli.engine.looks import ROWS, TEXT, Look, LookedColumn
from kpicli.sources.cells import yes_no_of
from kpicli.sources.dateguess import Ambiguous, Found, find_format
from kpicli.sources.dates import date_of
from kpicli.sources.headers import plain_form
from kpicli.sources.numbers import NumberStyle, currency_of
from kpicli.sources.patterns import EPOCHS, ISO, parse_pattern
from kpicli.words.types import ColumnType

# Words that stand for nothing in a column of numbers, dates or yes and no.
NULL_WORDS = (
    "null", "(null)", "none", "nil", "n/a", "#n/a", "na", "nan", "nat", r"\n", "-", "--", "—", "?",
    "select", "(blank)", "(not set)", "not set", "undefined", "unknown", "not available", "tbd",
)  # fmt: skip
# So many texts are enough to see that a column holds no dates.
_FEW = 200
# A short number, which no pattern of a date reads.
_NO_DATE = re.compile(r"\s*-?[0-9]{1,5}([.,][0-9]+)?\s*")
# So large a share of a column's texts must be dates for the rest to be mistakes.
_MOSTLY = 0.95
# So large a share of a column's rows must be numbers.
_NEARLY = 0.98
_TIME_NAMES = re.compile(r"(^|_)(time|timestamp|date|at|on|created|updated|start|end|ts)(_|$)")


def _no_days() -> pl.Series:
    return pl.Series(dtype=pl.Date)


@dataclass(frozen=True)
class Column:
    """A column with what it seems to hold.

    name is the header's plain form. kind "text" is also what nothing else fits. dates: the
    pattern where one has to be written. ambiguous: two patterns read it. nulls: its words for
    nothing. signs: currencies written in its cells. unique: no value stands twice, none is empty.
    span: the first and the last day of a column of dates, as they are written; days: all of them.
    """

    header: str
    name: str
    kind: ColumnType
    filled: int
    rows: int
    words: pl.DataFrame
    stored: bool = False
    dates: str | None = None
    written: str | None = None
    ambiguous: Ambiguous | None = None
    nulls: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    span: tuple[date, date] | None = None
    days: pl.Series = field(default_factory=_no_days, compare=False)

    @property
    def texts(self) -> pl.Series:
        """Its distinct contents as texts."""
        return self.words[TEXT]

    @property
    def unique(self) -> bool:
        """Whether it could tell every row from every other."""
        return self.rows > 0 and self.filled == self.rows == len(self.words)

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return self.filled == 0


def columns_of(look: Look) -> tuple[tuple[Column, ...], NumberStyle]:
    """The columns of a look, and how its numbers are written."""
    dated = [_dated(one, look) for one in look.columns]
    numeric = [
        texts
        for one in dated
        if one.kind == "text" and not one.stored
        if (texts := numbers_of(one.words)) is not None
    ]
    separator = look.written.rpartition(", ")[2]
    style = find_style(numeric, separator) if numeric else NumberStyle()
    return tuple(_numbered(one, style) for one in dated), style


def without_nulls(texts: pl.Series) -> pl.Series:
    """Texts that say something."""
    bare = texts.str.strip_chars().str.to_lowercase()
    return texts.filter(~bare.is_in(["", *NULL_WORDS]))


def numbers_of(words: pl.DataFrame) -> pl.Series | None:
    """The texts of a column that are numbers, if nearly all of its rows hold one."""
    said = words.filter(pl.col(TEXT).is_in(without_nulls(words[TEXT]).implode()))
    shaped = said.filter(numeric_shape(pl.col(TEXT)))
    if shaped.is_empty() or int(shaped[ROWS].sum()) < _NEARLY * int(said[ROWS].sum()):
        return None
    return shaped[TEXT] if looks_numeric(shaped[TEXT]) else None


def _dated(looked: LookedColumn, look: Look) -> Column:
    name = plain_form(looked.header) or looked.header
    column = Column(looked.header, name, "text", looked.filled, look.looked, looked.words)
    if looked.dtype != pl.String:
        return _stored(column, looked.dtype)
    texts = without_nulls(column.texts)
    if texts.is_empty():
        return column
    if bool(_read(texts, yes_no_of(pl.col(TEXT))).all()) and not looks_numeric(texts):
        return replace(column, kind="yes_no", nulls=_nulls(column.texts))
    return _with_dates(column, texts)


def _stored(column: Column, dtype: pl.DataType) -> Column:
    """A column of a file that has types."""
    kinds: tuple[tuple[bool, ColumnType], ...] = (
        (dtype == pl.Date, "date"),
        (isinstance(dtype, pl.Datetime), "time"),
        (dtype == pl.Boolean, "yes_no"),
        (dtype.is_numeric(), "number"),
    )
    kind: ColumnType = next((word for holds, word in kinds if holds), "text")
    if kind == "number" and (unit := _epoch(column, column.texts)):
        return _spanned(replace(column, kind="time", stored=True, dates=unit, written=unit), unit)
    stored = replace(column, kind=kind, stored=True)
    return _spanned(stored, ISO) if kind in ("date", "time") else stored


def _with_dates(column: Column, texts: pl.Series) -> Column:
    if unit := _epoch(column, texts):
        return _spanned(replace(column, kind="time", dates=unit, written=unit), unit)
    few = texts.head(_FEW).to_list()
    if all(map(_NO_DATE.fullmatch, few)) or not isinstance(find_format(few), Found | Ambiguous):
        return column
    nulls = _nulls(column.texts)
    match find_format(texts.to_list()):
        case Found(pattern):
            parsed = parse_pattern(pattern)
            day = date_of(pl.col(TEXT), parsed)
            if _read(texts, day).sum() >= _MOSTLY * len(texts):
                clock = "hour" in parsed.parts or "hh" in pattern
                kind: ColumnType = "time" if clock and _has_clock(texts) else "date"
                shown = pattern.removeprefix("exactly ")
                return _spanned(replace(column, kind=kind, written=shown, nulls=nulls), pattern)
        case Ambiguous() as two:
            kind = "time" if _has_clock(texts) else "date"
            told = replace(column, kind=kind, ambiguous=two, nulls=nulls)
            return _spanned(told, two.patterns[0])
    return column


def _spanned(column: Column, pattern: str) -> Column:
    """The column with its first and last day, read by a pattern."""
    text = column.texts.str.slice(0, 10) if column.stored and pattern == ISO else column.texts
    day = date_of(pl.col(TEXT), parse_pattern(pattern))
    days = text.to_frame(TEXT).select(day).to_series().drop_nulls()
    first, last = days.min(), days.max()
    if isinstance(first, date) and isinstance(last, date):
        return replace(column, span=(first, last), days=days.unique().sort())
    return column


def _has_clock(texts: pl.Series) -> bool:
    return bool(texts.str.contains("[0-9]:[0-9]{2}").any())


def _epoch(column: Column, texts: pl.Series) -> str | None:
    """The unit of numbers since 1970, where a name of a time says that they are."""
    if texts.is_empty() or not _TIME_NAMES.search(column.name):
        return None
    for digits, unit in zip((10, 13, 16), EPOCHS, strict=True):
        if bool(texts.str.contains(rf"^1[0-9]{{{digits - 1}}}$").all()):
            return unit
    return None


def _numbered(column: Column, style: NumberStyle) -> Column:
    if column.kind != "text" or column.stored:
        return column
    texts = numbers_of(column.words)
    if texts is None or not reads(style, texts):
        return column
    nulls = _nulls(column.texts)
    if bool(texts.str.strip_chars().str.ends_with("%").all()):
        return replace(column, kind="percent", nulls=nulls)
    signs = texts.to_frame(TEXT).select(currency_of(pl.col(TEXT))).to_series().drop_nulls()
    found = tuple(signs.unique().sort())
    return replace(column, kind="money" if found else "number", signs=found, nulls=nulls)


def _read(texts: pl.Series, expression: pl.Expr) -> pl.Series:
    """Which texts an expression reads."""
    return texts.to_frame(TEXT).select(expression.is_not_null()).to_series()


def _nulls(texts: pl.Series) -> tuple[str, ...]:
    """The words for nothing that stand in a column, as they are written."""
    bare = texts.str.strip_chars()
    return tuple(bare.filter(bare.str.to_lowercase().is_in(NULL_WORDS)).unique().sort())


def named(columns: Iterable[Column], name: str) -> Column | None:
    """The column with this plain form."""
    return next((one for one in columns if one.name == name), None)
