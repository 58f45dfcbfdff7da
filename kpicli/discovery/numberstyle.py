"""How the numbers of a file are written."""

from collections.abc import Sequence

import polars as pl

from kpicli.sources.numbers import NumberStyle, money_of

_POINT = (
    NumberStyle("point", None),
    NumberStyle("point", "comma"),
    NumberStyle("point", "space"),
    NumberStyle("point", "apostrophe"),
)
_COMMA = (
    NumberStyle("comma", None),
    NumberStyle("comma", "point"),
    NumberStyle("comma", "space"),
)
# Signs, digits and what stands between and around them; a leading zero is of a code.
_SHAPE = (
    r"^[(+\-\u2212]*(?:[A-Za-z]{0,3}\p{Sc}|[A-Z]{3})?\s*[+\-\u2212]?\s*"
    r"[0-9.,][0-9.,'\u00a0\u2009\u202f ]*"
    r"(?:[eE][+-]?[0-9]+)?\s*(?:\p{Sc}|%|[A-Z]{3})?\)?$"
)
_CODE = r"^0[0-9]+$"


def numeric_shape(text: pl.Expr) -> pl.Expr:
    """Whether a text has the shape of a number, an amount or a percentage."""
    bare = text.str.strip_chars()
    return bare.str.contains(_SHAPE) & bare.str.contains("[0-9]")


def looks_numeric(texts: pl.Series) -> bool:
    """Whether all texts have the shape of numbers, and none that of a code (007)."""
    frame = texts.alias("text").to_frame()
    shaped = frame.select(numeric_shape(pl.col("text"))).to_series()
    return (
        not texts.is_empty()
        and bool(shaped.all())
        and not bool(texts.str.strip_chars().str.contains(_CODE).any())
    )


def find_style(columns: Sequence[pl.Series], separator: str) -> NumberStyle:
    """The style that reads most of the columns wholly; what several read is told by the first.

    In a file that separates with semicolons a comma is more likely the decimal sign.
    """
    ordered = (*_COMMA, *_POINT) if separator == "semicolon" else (*_POINT, *_COMMA)
    telling = [texts for texts in columns if not _is_bare(texts)]
    return max(ordered, key=lambda style: sum(reads(style, texts) for texts in telling))


def reads(style: NumberStyle, texts: pl.Series) -> bool:
    """Whether a style reads every text."""
    return _is_bare(texts) or _unread(texts, style).is_empty()


def _is_bare(texts: pl.Series) -> bool:
    """Whether all texts are digits alone, which every style reads."""
    return bool(texts.str.contains("^[0-9]{1,15}$").all())


def _unread(texts: pl.Series, style: NumberStyle) -> pl.Series:
    frame = texts.alias("text").to_frame()
    bare = pl.col("text").str.strip_chars().str.strip_suffix("%").str.strip_chars()
    return frame.filter(money_of(bare, style).is_null()).to_series()
