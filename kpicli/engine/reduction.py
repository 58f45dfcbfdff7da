"""Contributions to sums: one row per period, group and reason for leaving out."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import spread
from kpicli.kinds.base import Contributions, Quantile
from kpicli.words.types import MONEY_SCALE, ColumnType

KEY = ("period", "split", "group")


def reduce_table(table: Contributions, splits: int) -> pl.LazyFrame:
    """The sums of a table of contributions.

    One row per (period, split, group, left_out); columns x, y (Σ numerator, Σ denominator, in
    the unit of the value; y null where the kind has none), xx, xy, yy (their squares and
    product), n (rows that count as such), rows, quantile (null unless that is the estimate).
    """
    frame = _with_left_out(table.frame)
    columns = ["period", "left_out", "numerator", "denominator"]
    if table.once:
        columns.append("entity")
    spread_out = spread(frame, columns, splits).to_native()
    if not isinstance(spread_out, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    once = _once(spread_out) if table.once else spread_out
    return once.group_by(*KEY, "left_out").agg(_sums(table)).with_columns(_scaled(table))


def _with_left_out(frame: Lazy) -> Lazy:
    return frame.with_columns(nw.col("left_out").cast(nw.String))


def _once(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The same entity counts once per period and group."""
    return frame.group_by(*KEY, "left_out", "entity").agg(
        pl.col("numerator").max(), pl.col("denominator").max()
    )


def _sums(table: Contributions) -> Sequence[pl.Expr]:
    x, y = pl.col("numerator"), pl.col("denominator")
    quantile = (
        x.quantile(table.estimate.p, "linear").cast(pl.Float64)
        if isinstance(table.estimate, Quantile)
        else pl.lit(None, dtype=pl.Float64)
    )
    real_x, real_y = x.cast(pl.Float64), y.cast(pl.Float64)
    return (
        x.sum().cast(pl.Float64).alias("x"),
        # The sum of nulls is 0 in Polars; here it is "not a ratio".
        pl.when(y.count() > 0).then(y.sum()).cast(pl.Float64).alias("y"),
        (real_x * real_x).sum().alias("xx"),
        (real_x * real_y).sum().alias("xy"),
        (real_y * real_y).sum().alias("yy"),
        (pl.len() if table.counted else pl.lit(0, dtype=pl.UInt32)).cast(pl.Int64).alias("n"),
        quantile.alias("quantile"),
        pl.len().cast(pl.Int64).alias("rows"),
    )


def _scaled(table: Contributions) -> Sequence[pl.Expr]:
    x, y = _scale(table.numerator), _scale(table.denominator)
    by = {"x": x, "y": y, "xx": x * x, "xy": x * y, "yy": y * y, "quantile": x}
    return [_quotient(pl.col(name), scale) for name, scale in by.items() if scale != 1]


def _quotient(column: pl.Expr, scale: float) -> pl.Expr:
    """Divide each value as it should be rounded."""
    # Polars multiplies a column by the reciprocal of a single number, which loses the last digit;
    # adding the column's own zeros makes that number a column.
    return column / (column * 0 + scale)


def _scale(column_type: ColumnType) -> float:
    return MONEY_SCALE if column_type == "money" else 1
