"""Units of values: how numbers are printed."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal, get_args

from kpicli.words.edges import EdgeError as EdgeError
from kpicli.words.edges import parse_edge as parse_edge

PlainUnit = Literal["ratio", "count", "number", "score", "minutes", "hours", "days", "months"]

PLAIN_UNITS: tuple[PlainUnit, ...] = get_args(PlainUnit)
NOTHING = "–"

_MINUS = "−"
_MOST_DIGITS = 12
_FIGURES = Context(prec=15)
_EXACT = Context(prec=400)  # every float fits, so that rounding never overflows
_WORDS = {
    "minutes": ("min", "min"),
    "hours": ("h", "h"),
    "days": ("day", "days"),
    "months": ("month", "months"),
}


def money_unit(currency: str, per: str | None = None) -> str:
    """Name the unit of an amount: money:EUR, or money:EUR/day."""
    return f"money:{currency}" + (f"/{per}" if per else "")


def is_unit(text: str) -> bool:
    """Say whether this is one of the units that results are stated in."""
    return text in PLAIN_UNITS or re.fullmatch(r"money:[A-Z]{3}(/day)?", text) is not None


def format_value(value: float | None, unit: str, digits: int | None = None) -> str:
    """Print a value as people read it: "31.5 %", "7,149", "EUR 64.76", "52 days"; None is "–".

    A ratio of 0.315 is 31.5 %. Halves round away from zero, as in a spreadsheet. Without digits
    a whole number has none, and a rounded one shows that it is: 0.3 is "30 %", 0.30001 "30.0 %".
    """
    if value is None:
        return NOTHING
    shown = _shown(value, unit)
    rounded = _rounded(shown, _usual_digits(shown, unit) if digits is None else digits)
    return _with_unit(_grouped(rounded), unit, one=rounded == 1)


def format_edge(edge: float | None, unit: str) -> str:
    """Print a target or yellow as it was written: as many digits as it has, and no more."""
    if edge is None:
        return NOTHING
    return format_value(edge, unit, _own_digits(_shown(edge, unit), unit))


def format_judged(value: float | None, edge: float, unit: str) -> tuple[str, str]:
    """Print a value and its edge, with more digits where rounding would hide a miss.

    29.96 % against 30 % is ("29.96 %", "30 %"), never 30.0 %.
    """
    if value is None:
        return NOTHING, format_edge(edge, unit)
    shown, against = _shown(value, unit), _shown(edge, unit)
    digits = _usual_digits(shown, unit)
    side = _side(shown, against)
    while digits < _MOST_DIGITS and _side(_rounded(shown, digits), against) != side:
        digits += 2 if unit.startswith("money:") and digits == 0 else 1
    return format_value(value, unit, digits), format_edge(edge, unit)


def format_change(change: float | None, unit: str) -> str:
    """Print a change with its sign: "+1.7 pt" for a ratio, else a number: "+129"; none is "±0"."""
    if change is None:
        return NOTHING
    text = _signed(_shown(change, unit), unit)
    return f"{text} pt" if unit == "ratio" and text != "±0" else text


def format_growth(change_ratio: float | None) -> str:
    """Print a change relative to the earlier value: 0.018 is "+1.8 %", None is "–"."""
    if change_ratio is None:
        return NOTHING
    text = _signed(_shown(change_ratio, "ratio"), "ratio")
    return text if text == "±0" else f"{text} %"


def _shown(value: float, unit: str) -> Decimal:
    """Take the number as printed, to 15 figures as a spreadsheet does: 0.1 + 0.2 is 0.3."""
    return _FIGURES.create_decimal(repr(float(value))) * (100 if unit == "ratio" else 1)


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT)


def _side(number: Decimal, edge: Decimal) -> int:
    return (number > edge) - (number < edge)


def _usual_digits(number: Decimal, unit: str) -> int:
    size = abs(number)
    if size == size.to_integral_value():
        return 0
    if unit.startswith("money:"):
        return 0 if size >= 1000 else 2
    if unit in ("number", "count"):
        return _digits_by_size(size)
    return 1 if size >= 1 or unit == "score" else 2


def _digits_by_size(size: Decimal) -> int:
    """Keep about three figures, so that 0.00123 and 64.76 both say something."""
    if size >= 100:
        return 0 if size >= 1000 else 1
    return 2 if size >= 1 else min(2 - size.adjusted(), _MOST_DIGITS)


def _own_digits(number: Decimal, unit: str) -> int:
    exponent = number.normalize().as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return 2 if unit.startswith("money:") and digits == 1 else min(digits, 6)


def _grouped(number: Decimal) -> str:
    return (_MINUS if number < 0 else "") + f"{abs(number):,f}"


def _signed(number: Decimal, unit: str) -> str:
    """Print one digit less than a value has, unless the change would then look like none."""
    digits = _usual_digits(number, unit)
    short = _rounded(number, min(digits, 1))
    if digits == 1 or unit.startswith("money:") or short == 0:
        short = _rounded(number, digits)
    if short == 0:
        return "±0"
    return _grouped(short) if short < 0 else "+" + _grouped(short)


def _with_unit(text: str, unit: str, one: bool) -> str:
    if unit.startswith("money:"):
        currency, slash, per = unit.removeprefix("money:").partition("/")
        return f"{currency} {text}{slash}{per}"
    if unit in _WORDS:
        return f"{text} {_WORDS[unit][0 if one else 1]}"
    return f"{text} %" if unit == "ratio" else text
