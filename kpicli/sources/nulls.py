"""Texts that mean "no value"."""

from collections.abc import Sequence

import polars as pl


def without_nulls(text: pl.Expr, nulls: Sequence[str]) -> pl.Expr:
    """The text, null where it is blank or one of nulls; spaces around do not matter."""
    bare = text.str.strip_chars()
    return pl.when(~bare.is_in(["", *(null.strip() for null in nulls)])).then(text)
