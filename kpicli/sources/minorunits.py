"""Amounts in minor units of their currency: cents, and millionths.

How many minor units a currency has is what payment providers take amounts in (docs.stripe.com,
currencies): most have 100, some none, some 1,000. ISK has none and is still written in hundredths.
"""

import polars as pl

from kpicli.words.types import MONEY_SCALE

_NONE = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSAND = "BHD JOD KWD OMR TND"
_DIGITS = dict.fromkeys(_NONE.split(), 1) | dict.fromkeys(_THOUSAND.split(), 1_000)
_HUNDRED = 100
_MILLION = 1_000_000
# Whole numbers of so many digits fit 64 bits.
_WHOLE = r"^\s*[+-]?[0-9]{1,18}(?:\.0*)?\s*$"


def minor_units(code: str) -> int:
    """How many minor units one of a currency has; 100 for one that is not known."""
    return _DIGITS.get(code.strip().upper(), _HUNDRED)


def minor_units_of(codes: pl.Expr, otherwise: str) -> pl.Expr:
    """The same of each row's currency; where a row names none it is the other."""
    code = codes.cast(pl.String).str.strip_chars().str.to_uppercase()
    known = code.replace_strict(_DIGITS, default=_HUNDRED, return_dtype=pl.Int64)
    named = (code != "").fill_null(value=False)
    return pl.when(named).then(known).otherwise(minor_units(otherwise))


def of_cents(amount: pl.Expr, units: pl.Expr | int) -> pl.Expr:
    """Money of amounts that were read as if minor units were whole ones; halves away from zero."""
    divisor = units if isinstance(units, pl.Expr) else pl.lit(units, pl.Int64)
    whole = (amount.abs() + divisor // 2) // divisor
    return pl.when(amount < 0).then(-whole).otherwise(whole)


def of_micros(text: pl.Expr) -> pl.Expr:
    """Money of whole millionths, to ten-thousandths; null where a text is no whole number."""
    bare = pl.when(text.str.contains(_WHOLE)).then(text.str.strip_chars())
    whole = bare.str.extract("^([+-]?[0-9]+)").str.strip_prefix("+").cast(pl.Int64, strict=False)
    return of_cents(whole, _MILLION // MONEY_SCALE)
