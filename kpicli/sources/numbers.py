"""Numbers, money and shares read from text."""

import re
from dataclasses import dataclass

import polars as pl

from kpicli.sources.bound import bound
from kpicli.words.types import MONEY_SCALE

_SIGNS = {"comma": ",", "point": ".", "space": " ", "apostrophe": "'"}
_GROUPS = {" ": "[ \u00a0\u2009\u202f]", "'": "['\u2019]"}
_CURRENCY = r"(?:[A-Za-z]{0,3}\p{Sc}|[A-Z]{3}|kr\.?|zł|Kč|Ft|lei|Rs\.?)"
_EXPONENT = "(?:[eE][+-]?[0-9]{1,3})?"
# 18 digits fit 64 bits: 14 before the point, 4 behind.
_WHOLE_DIGITS = 14


@dataclass(frozen=True)
class NumberStyle:
    """Which signs stand in numbers; thousands is a sign or its word, None for none."""

    decimal: str = "point"
    thousands: str | None = None

    @property
    def point(self) -> str:
        """The sign before the fraction."""
        return _SIGNS[self.decimal]

    @property
    def group(self) -> str | None:
        """The sign between thousands."""
        return None if self.thousands is None else _SIGNS.get(self.thousands, self.thousands)

    @property
    def clashes(self) -> bool:
        """Whether one sign would mean both."""
        return self.group == self.point


def number_of(text: pl.Expr, style: NumberStyle) -> pl.Expr:
    """Float64; null where it is no number in this style, or none that is finite."""
    number = _decimal_text(text, style, _EXPONENT).cast(pl.Float64, strict=False)
    return bound(number, lambda read: pl.when(read.is_finite()).then(read))


def percent_of(text: pl.Expr, style: NumberStyle) -> pl.Expr:
    """Float64, the share: `27.78%` is 0.2778; null without the sign: 0.3 may be 0.3 % or 30 %."""
    bare = text.str.strip_chars()
    number = _decimal_text(bare.str.strip_suffix("%"), style)
    # Shifted in the text, so that no digit changes: 6.48 / 100 is not 0.0648.
    share = (number.str.strip_chars_end(".") + "e-2").cast(pl.Float64, strict=False)
    return pl.when(bare.str.ends_with("%")).then(share)


def money_of(text: pl.Expr, style: NumberStyle) -> pl.Expr:
    """Int64, ten-thousandths, exact; a currency's sign or code before or behind is left out.

    Digits past the fourth decimal are rounded, halves away from zero. Null where it is no
    amount in this style; an exponent (1.2E+06) is none: digits were lost before.
    """
    number = _decimal_text(_without_currency(text.str.strip_chars()), style)
    return bound(number, _amount)


def _amount(number: pl.Expr) -> pl.Expr:
    """The ten-thousandths of a number with a point and no groups."""
    fraction = number.str.extract(r"\.([0-9]*)$").fill_null("").str.pad_end(5, "0")
    rest = bound(
        fraction,
        lambda digits: (
            digits.str.slice(0, 4).cast(pl.Int64) + (digits.str.slice(4, 1) >= "5").cast(pl.Int64)
        ),
    )
    sign = pl.when(number.str.starts_with("-")).then(-1).otherwise(1)
    return (bound(number.str.extract("^[+-]?([0-9]*)"), _whole_amount) + rest) * sign


def _whole_amount(digits: pl.Expr) -> pl.Expr:
    amount = pl.when(digits == "").then(0).otherwise(digits.cast(pl.Int64, strict=False))
    return pl.when(digits.str.len_bytes() <= _WHOLE_DIGITS).then(amount * MONEY_SCALE)


def currency_of(text: pl.Expr) -> pl.Expr:
    """The currency's sign or code as it stands in an amount; null where there is none."""
    bare = text.str.strip_chars().str.strip_chars("()").str.strip_chars()
    ahead = bare.str.extract(rf"^[+\-\u2212]?\s*({_CURRENCY})")
    return pl.coalesce(ahead, bare.str.extract(rf"({_CURRENCY})$"))


def _without_currency(text: pl.Expr) -> pl.Expr:
    """The amount alone; a sign may stand before or behind the currency, or brackets around."""
    signed = text.str.replace(r"^\((.*)\)$", "-$1")
    ahead = signed.str.replace(rf"^([+\-\u2212]?)\s*{_CURRENCY}\s*", "$1")
    return ahead.str.replace(rf"\s*{_CURRENCY}$", "")


def _decimal_text(text: pl.Expr, style: NumberStyle, exponent: str = "") -> pl.Expr:
    """The number with a point and no groups; null where the text is not wholly a number."""
    bare = text.str.strip_chars().str.replace("\u2212", "-", literal=True)
    bare = bare.str.replace(r"^\((.*)\)$", "-$1")
    shape = _shape(style, exponent)
    bare = bound(bare, lambda one: pl.when(one.str.contains(shape)).then(one))
    if style.group is not None:
        bare = bare.str.replace_all(_group_class(style.group), "")
    return bare.str.replace(style.point, ".", literal=True)


def _shape(style: NumberStyle, exponent: str) -> str:
    point = re.escape(style.point)
    whole = "[0-9]+"
    if style.group is not None:
        whole = f"(?:[0-9]+|[0-9]{{1,3}}(?:{_group_class(style.group)}[0-9]{{3}})+)"
    return f"^[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+){exponent}$"


def _group_class(sign: str) -> str:
    return _GROUPS.get(sign, re.escape(sign))
