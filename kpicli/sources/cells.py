"""Columns as they stand in a file made into columns of the type they mean."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from kpicli.errors import Problem
from kpicli.sources.dates import date_of, instant, time_of
from kpicli.sources.meanings import Words, meant
from kpicli.sources.minorunits import minor_units, minor_units_of, of_cents, of_micros
from kpicli.sources.numbers import NumberStyle, money_of, number_of, percent_of
from kpicli.sources.patterns import EPOCHS, ISO, SERIAL, parse_pattern
from kpicli.sources.reading import Reading
from kpicli.sources.salesforceids import long_id
from kpicli.words.types import MONEY_SCALE, ColumnType, WrittenAs, type_of_word, written_as

_TEXTS = (pl.String, pl.Categorical, pl.Enum)
_YES = ("true", "t", "yes", "y", "1")
_NO = ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class CellStyle:
    """How the cells of one column are written; dates is one pattern, zone an IANA name.

    written_as: amounts in minor units, ids of Salesforce. currency is that of amounts whose row
    names none; currency_column, whose cell is currency_cell, names it row by row.
    """

    numbers: NumberStyle = field(default_factory=NumberStyle)
    dates: str | None = None
    zone: str = "UTC"
    written_as: WrittenAs | None = None
    currency: str = ""
    currency_column: str | None = None
    currency_cell: pl.Expr | None = None


def style_of(reading: Reading, column: str, currency: str = "") -> CellStyle:
    """The style that a source declares for a column, by our name."""
    numbers = NumberStyle(reading.decimal, reading.thousands)
    dates, zone = reading.dates_of(column), reading.zone or "UTC"
    return CellStyle(numbers, dates, zone, written_as(reading.types.get(column)), currency)


def cell_of(stored: pl.Expr, dtype: pl.DataType, words: Words) -> tuple[pl.Expr, pl.DataType]:
    """A stored cell and its physical type; a text where the words of the file have a meaning."""
    text = stored.cast(pl.String) if dtype in _TEXTS else _stored_text(stored, dtype)
    if not words or text is None:
        return stored, dtype
    return meant(text, words), pl.String()


def typed(
    column: str, stored: pl.Expr, dtype: pl.DataType, kind: ColumnType, style: CellStyle
) -> pl.Expr | Problem:
    """A stored column as its type; a Problem (wrong_type) where it can never be one.

    text String · number Float64 · money Int64, ten-thousandths · percent Float64, the share ·
    date Date · time Datetime in µs, UTC · yes_no Boolean. Null where a cell cannot be read
    (`unparsable` tells it from an empty one). dates must be a pattern that parse_pattern takes.
    """
    if style.numbers.clashes:
        return _clash(column, style.numbers)
    if style.written_as is not None and kind == type_of_word(style.written_as):
        told = _plainly(column, stored, dtype, kind, style)
        return told if isinstance(told, Problem) else _of_written(told, style.written_as, style)
    return _plainly(column, stored, dtype, kind, style)


def _of_written(told: pl.Expr, word: WrittenAs, style: CellStyle) -> pl.Expr:
    """What was read as a plain amount or text, as what it is."""
    match word:
        case "salesforce_id":
            return long_id(told)
        case "micros":
            return of_micros(told)
        case "hundredths":
            return told / 100
        case "cents":
            cell = style.currency_cell
            per_row = None if cell is None else minor_units_of(cell, style.currency)
            return of_cents(told, minor_units(style.currency) if per_row is None else per_row)


def _plainly(
    column: str, stored: pl.Expr, dtype: pl.DataType, kind: ColumnType, style: CellStyle
) -> pl.Expr | Problem:
    # Millionths are more than an amount holds: they are taken as they are written.
    kind = "text" if style.written_as == "micros" and kind == "money" else kind
    if dtype in _TEXTS:
        return _of_text(stored.cast(pl.String), kind, style)
    cast = _of_stored(stored, dtype, kind, style)
    return cast if cast is not None else _wrong_type(column, dtype, kind)


def unparsable(stored: pl.Expr, dtype: pl.DataType, value: pl.Expr) -> pl.Expr:
    """Whether a cell holds something that could not be read; blank and NaN are empty."""
    if dtype in _TEXTS:
        text = stored.cast(pl.String)
        return (text.str.strip_chars() != "").fill_null(False) & value.is_null()
    if dtype.is_float():
        return stored.is_not_null() & stored.is_not_nan().fill_null(True) & value.is_null()
    return stored.is_not_null() & value.is_null()


def _of_text(text: pl.Expr, kind: ColumnType, style: CellStyle) -> pl.Expr:
    readers: dict[ColumnType, Callable[[], pl.Expr]] = {
        "text": lambda: text,
        "number": lambda: number_of(text, style.numbers),
        "money": lambda: money_of(text, style.numbers),
        "percent": lambda: percent_of(text, style.numbers),
        "yes_no": lambda: yes_no_of(text),
        "date": lambda: date_of(text, parse_pattern(style.dates or ISO)),
        "time": lambda: time_of(text, parse_pattern(style.dates or ISO), style.zone),
    }
    return readers[kind]()


def yes_no_of(text: pl.Expr) -> pl.Expr:
    """Boolean from true/false, yes/no, y/n, t/f, 1/0 in any case; else null."""
    word = text.str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False)


def _of_stored(
    stored: pl.Expr, dtype: pl.DataType, kind: ColumnType, style: CellStyle
) -> pl.Expr | None:
    """From a physical type other than text; None where the type cannot mean this."""
    readers: dict[ColumnType, Callable[[], pl.Expr | None]] = {
        "text": lambda: _stored_text(stored, dtype),
        "number": lambda: _stored_number(stored, dtype),
        "money": lambda: _stored_money(stored, dtype),
        "yes_no": lambda: _stored_yes_no(stored, dtype),
        "date": lambda: _stored_date(stored, dtype, style),
        "time": lambda: _stored_time(stored, dtype, style),
        # A stored 0.3 may be 0.3 % or 30 %: the author has to say number.
        "percent": lambda: stored.cast(pl.Float64) if dtype == pl.Null else None,
    }
    return readers[kind]()


def _stored_text(stored: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if dtype in (pl.Binary, pl.Object, pl.Duration):
        return None
    if dtype.is_nested():
        return as_json(stored, dtype)
    if dtype.is_float():
        # Identifiers stored as 12346.0 were 12346 before a tool made them floats.
        whole = (stored == stored.floor()) & (stored.abs() < 2**53)
        as_whole = stored.cast(pl.Int64, strict=False).cast(pl.String)
        shown = pl.when(whole).then(as_whole).otherwise(stored.cast(pl.String))
        return pl.when(stored.is_not_nan()).then(shown)
    return stored.cast(pl.String)


def as_json(stored: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Structs and lists as JSON: what a text file would hold in their place."""
    if isinstance(dtype, pl.Struct):
        told = stored.struct.json_encode()
    else:
        held = pl.struct(stored.alias("held")).struct.json_encode()
        told = held.str.slice(len('{"held":')).str.strip_suffix("}")
    return pl.when(stored.is_not_null()).then(told)


def _stored_number(stored: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if not (dtype.is_numeric() or dtype == pl.Null):
        return None
    number = stored.cast(pl.Float64)
    return pl.when(number.is_finite()).then(number)


def _stored_money(stored: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if dtype.is_float():
        amount = (stored.cast(pl.Float64) * MONEY_SCALE).round(mode="half_away_from_zero")
        return pl.when(stored.is_finite()).then(amount.cast(pl.Int64, strict=False))
    if dtype.is_decimal():
        return money_of(stored.cast(pl.String), NumberStyle())
    if dtype.is_integer() or dtype == pl.Null:
        whole = stored.cast(pl.Int64, strict=False)
        fits = whole.abs() <= (2**63 - 1) // MONEY_SCALE
        return pl.when(fits).then(whole * MONEY_SCALE)
    return None


def _stored_yes_no(stored: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if dtype in (pl.Boolean, pl.Null):
        return stored.cast(pl.Boolean)
    if dtype.is_integer():
        return pl.when(stored == 1).then(True).when(stored == 0).then(False)
    return None


def _stored_date(stored: pl.Expr, dtype: pl.DataType, style: CellStyle) -> pl.Expr | None:
    if dtype in (pl.Date, pl.Null):
        return stored.cast(pl.Date)
    if isinstance(dtype, pl.Datetime):
        return stored.dt.date()
    return _of_whole_number(stored, dtype, "date", style)


def _stored_time(stored: pl.Expr, dtype: pl.DataType, style: CellStyle) -> pl.Expr | None:
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return stored.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    if isinstance(dtype, pl.Datetime):
        return instant(stored.dt.cast_time_unit("us"), style.zone)
    if dtype in (pl.Date, pl.Null):
        return instant(stored.cast(pl.Datetime("us")), style.zone)
    return _of_whole_number(stored, dtype, "time", style)


def _of_whole_number(
    stored: pl.Expr, dtype: pl.DataType, kind: ColumnType, style: CellStyle
) -> pl.Expr | None:
    """Numbers since 1970, or YYYYMMDD, where the author says so; else a number is no date."""
    declared = style.dates is not None and (
        style.dates.strip().lower() in (*EPOCHS, SERIAL) or style.dates.isalpha()
    )
    if not declared or not dtype.is_numeric():
        return None
    text = _stored_text(stored, dtype)
    return None if text is None else _of_text(text, kind, style)


def _wrong_type(column: str, dtype: pl.DataType, kind: ColumnType) -> Problem:
    message = f"{column} is stored as {_in_words(dtype)}, which is no {kind}"
    return Problem("wrong_type", message, _type_hint(column, dtype, kind))


def _type_hint(column: str, dtype: pl.DataType, kind: ColumnType) -> str | None:
    if kind == "percent":
        return f"a stored 0.3 may be 0.3 % or 30 %: write types: {{{column}: number}}"
    if kind in ("date", "time") and dtype.is_numeric():
        return "numbers since 1970? write dates: seconds, milliseconds or microseconds"
    return None


def _in_words(dtype: pl.DataType) -> str:
    if dtype.is_numeric():
        return "a number"
    if dtype == pl.Boolean:
        return "yes or no"
    if dtype.is_temporal():
        return "a time span" if dtype == pl.Duration else "a date or time"
    return str(dtype)


def _clash(column: str, numbers: NumberStyle) -> Problem:
    message = f"{column}: decimal and thousands are both {numbers.decimal}"
    return Problem("wrong_type", message, "give them different signs")
