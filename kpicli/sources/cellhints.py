"""What helps where a cell cannot be read."""

import re

import polars as pl

from kpicli.sources.numbers import NumberStyle, number_of
from kpicli.words.types import ColumnType

_STYLES = (
    ("thousands: comma", NumberStyle("point", "comma")),
    ("decimal: comma", NumberStyle("comma")),
    ("decimal: comma, thousands: point", NumberStyle("comma", "point")),
    ("thousands: space", NumberStyle("point", "space")),
    ("decimal: comma, thousands: space", NumberStyle("comma", "space")),
    ("thousands: apostrophe", NumberStyle("point", "apostrophe")),
)
_DIGITS = re.compile(r"[0-9][0-9.,'\u2019 \u00a0\u202f]*[0-9]|[0-9]")
_CURRENCY = re.compile(r"[$£€¥₹]|\b[A-Z]{3}\b")


def cell_hint(text: str, kind: ColumnType) -> str | None:
    """A sentence with what the author could write; for a number all its readings."""
    match kind:
        case "number" | "money":
            return _number_hint(text, kind)
        case "percent":
            return _percent_hint(text)
        case "date" | "time":
            return "write dates: with letters as in a spreadsheet, such as DD.MM.YYYY"
        case "yes_no":
            return "true/false, yes/no, y/n, t/f and 1/0 are read"
        case "text":
            return None


def _number_hint(text: str, kind: ColumnType) -> str | None:
    if text.strip().endswith("%"):
        return "a share? write types: percent"
    if kind == "number" and _CURRENCY.search(text):
        return "an amount? write types: money"
    digits = _DIGITS.search(text)
    readings = _readings(digits.group()) if digits else ()
    if readings:
        return f"{text.strip()} is " + " or ".join(readings)
    return f"if {text.strip()!r} means no value, write it under nulls:"


def _readings(digits: str) -> tuple[str, ...]:
    """`1751 with thousands: comma`, one for each different value."""
    found: dict[float, str] = {}
    for written, style in _STYLES:
        value = pl.select(number_of(pl.lit(digits), style)).item()
        if value is not None and value not in found:
            found[value] = f"{value:.12g} with {written}"
    return tuple(found.values())


def _percent_hint(text: str) -> str | None:
    value = pl.select(number_of(pl.lit(text), NumberStyle())).item()
    if value is None:
        return None
    both = f"{text.strip()} may be {value:.12g} % or {value * 100:.12g} %"
    return f"{both}: write the sign in the file, or types: number"
