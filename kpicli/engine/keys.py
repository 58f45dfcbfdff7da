"""Keys and references as the texts that meet."""

import polars as pl

from kpicli.sources.declaration import Source
from kpicli.words.types import ColumnType


def key_text(column: str, column_type: ColumnType) -> pl.Expr:
    """The column as text; an identifier stored as a number is 7 and not 7.0."""
    text = pl.col(column).cast(pl.String)
    return text.str.replace(r"\.0$", "") if column_type == "number" else text


def key_uses(source: Source) -> dict[str, set[ColumnType]]:
    """The columns that finding rows that are there twice takes."""
    dated = (source.happened, source.updated, source.valid_from, source.valid_to)
    uses: dict[str, set[ColumnType]] = {name: set() for name in source.unique}
    return uses | {name: {"time"} for name in dated if name}
