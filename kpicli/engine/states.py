"""Rows that are states of one thing, one after the other."""

from collections.abc import Sequence

import polars as pl


def until_next(
    rows: pl.LazyFrame, of: str, order: Sequence[pl.Expr], start: str, end: str
) -> pl.LazyFrame:
    """The rows, each ending when the next of the same thing begins, or before by its own end.

    of names the thing; order tells which row is the next, so that no order of rows in the files
    does. start and end are columns of days. Rows of nobody knows what end by their own end.
    """
    following = pl.col(start).shift(-1).over(of, order_by=order)
    known = pl.when(pl.col(of).is_not_null()).then(following)
    return rows.with_columns(pl.min_horizontal(end, known).alias(end))
