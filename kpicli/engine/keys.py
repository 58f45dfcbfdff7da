"""Keys and references as the texts that meet."""

import polars as pl

from kpicli.words.types import ColumnType


def key_text(column: str, column_type: ColumnType) -> pl.Expr:
    """The column as text; an identifier stored as a number is 7 and not 7.0."""
    text = pl.col(column).cast(pl.String)
    return text.str.replace(r"\.0$", "") if column_type == "number" else text
