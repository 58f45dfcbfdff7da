"""Contributions to sums: one row per period, group and reason for leaving out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import polars as pl

from kpicli.engine.estimates import Known, Sums
from kpicli.engine.exact import exact_sum, read_sum
from kpicli.engine.survival import median_survival
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import by_column, spread
from kpicli.kinds.base import Contributions, Quantile, Survival
from kpicli.words.agreement import scale_of

KEY = ("period", "split", "group")
AGE = "age"
_QUANTILES = ("quantile", "low", "high")
_NOTHING = pl.lit(None, dtype=pl.Float64)
Row = dict[str, Any]


def reduce_table(table: Contributions, splits: int) -> pl.LazyFrame:
    """The sums of a table of contributions, as read_sums reads them.

    One row per (period, split, group, left_out), and age of a grid; columns x, y (Σ numerator,
    Σ denominator), xx, n (rows that count as such), told and weighed (rows with a numerator, a
    denominator), rows,
    quantile, low and high (null unless they are the estimate). Sums of fractions stand in pieces.
    """
    if adds_up(table):
        return spread_sums(table, alike_sums(table, splits), splits)
    columns = ["period", "left_out", "numerator", "denominator", *_beside(table)]
    frame = _with_left_out(table.frame)
    spread_out = _native(spread(frame, columns, _places(table, splits)))
    once = _once(spread_out) if table.once else spread_out
    key = _key(table)
    sums = once.group_by(*key, "left_out").agg(_sums(table, once.collect_schema()))
    if isinstance(table.estimate, Survival):
        return sums.drop(*_QUANTILES).join(median_survival(once, key), on=key, how="left")
    return sums


def adds_up(table: Contributions) -> bool:
    """Whether the sums of groups together are those of what the groups make up."""
    return not (table.once or isinstance(table.estimate, Quantile | Survival))


def alike_sums(table: Contributions, splits: int) -> pl.LazyFrame:
    """The sums of a table that adds up, of what stands in the same group of every split.

    One row per (period, left_out, by 1, …), and age of a grid; columns as reduce_table tells.
    These are few where the rows are many, which are told apart once and not for each split.
    """
    rows = _native(_with_left_out(table.frame))
    return rows.group_by(_apart(table, splits)).agg(_sums(table, rows.collect_schema()))


def spread_sums(table: Contributions, alike: pl.LazyFrame, splits: int) -> pl.LazyFrame:
    """The sums of a table as reduce_table gives them; rows of the same groups become one."""
    apart = _apart(table, splits)
    sums = [name for name in alike.collect_schema() if name not in apart]
    kept = [name for name in apart if name not in _groups(table, splits)]
    spread_out = _native(spread(nw.from_native(alike), [*kept, *sums], _places(table, splits)))
    told = [pl.col(name).first() if name in _QUANTILES else pl.col(name).sum() for name in sums]
    return spread_out.group_by(*_key(table), "left_out").agg(told)


def _apart(table: Contributions, splits: int) -> list[str]:
    return ["period", *([AGE] if table.aged else []), "left_out", *_groups(table, splits)]


def _groups(table: Contributions, splits: int) -> list[str]:
    return [by_column(place) for place in _places(table, splits) if place]


def _places(table: Contributions, splits: int) -> list[int]:
    return [split for split in range(splits + 1) if table.stands_in(split)]


def _native(frame: Lazy) -> pl.LazyFrame:
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    return native


def read_sums(table: Contributions, frame: pl.DataFrame) -> Iterator[tuple[Row, Sums]]:
    """The rows of a reduced table with their sums, in the unit of the value; left_out sorted."""
    for row in frame.sort(*_key(table), "left_out").iter_rows(named=True):
        yield row, _counted(table, row) if row["left_out"] is None else _left_out(table, row)


def _counted(table: Contributions, row: Row) -> Sums:
    x, y = scale_of(table.numerator), scale_of(table.denominator)
    quantile, low, high = (None if row[one] is None else row[one] / x for one in _QUANTILES)
    sums = Sums(
        n=row["n"],
        x=read_sum(row, "x", x),
        y=read_sum(row, "y", y) if row["weighed"] else None,
        xx=row["xx"] / (x * x),
        quantile=quantile,
        low=low,
        high=high,
        left_out={},
    )
    return _with_known(table, sums, Known(told=row["rows"]))


def _left_out(table: Contributions, row: Row) -> Sums:
    reason, rows = row["left_out"], row["rows"]
    told = row["weighed"] if table.values == "denominator" else row["told"]
    untold = 0 if reason == "excluded" else rows - told
    sums = Sums(left_out={reason: rows}, untold=untold)
    return _with_known(table, sums, Known(untold=untold))


def _with_known(table: Contributions, sums: Sums, known: Known) -> Sums:
    match table.values:
        case "numerator":
            return replace(sums, x_of=known)
        case "denominator":
            return replace(sums, y_of=known)
        case None:
            return sums


def _key(table: Contributions) -> tuple[str, ...]:
    return (*KEY, AGE) if table.aged else KEY


def _beside(table: Contributions) -> Iterator[str]:
    """The columns that a table is reduced by, beside those of every table."""
    if table.once:
        yield "entity"
    if table.aged:
        yield AGE
    if isinstance(table.estimate, Survival):
        yield "observed"


def _with_left_out(frame: Lazy) -> Lazy:
    return frame.with_columns(nw.col("left_out").cast(nw.String))


def _once(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The same entity counts once per period and group; rows without one stay apart."""
    named = frame.filter(pl.col("entity").is_not_null())
    once = named.group_by(*KEY, "left_out", "entity").agg(
        pl.col("numerator").max(), pl.col("denominator").max()
    )
    unnamed = frame.filter(pl.col("entity").is_null()).select(once.collect_schema().names())
    return pl.concat([once, unnamed])


def _sums(table: Contributions, schema: pl.Schema) -> Sequence[pl.Expr]:
    x, y = pl.col("numerator"), pl.col("denominator")
    quantile = (
        x.quantile(table.estimate.p, "linear").cast(pl.Float64)
        if isinstance(table.estimate, Quantile)
        else _NOTHING
    )
    real = x.cast(pl.Float64)
    return (
        *_sum(x, "x", schema["numerator"]),
        *_sum(y, "y", schema["denominator"]),
        (real * real).sum().alias("xx"),
        (pl.len() if table.counted else pl.lit(0, dtype=pl.UInt32)).cast(pl.Int64).alias("n"),
        # The sum of nulls is 0 in Polars; here it is "not a ratio".
        y.count().alias("weighed"),
        x.count().alias("told"),
        quantile.alias("quantile"),
        _NOTHING.alias("low"),
        _NOTHING.alias("high"),
        pl.len().cast(pl.Int64).alias("rows"),
    )


def _sum(value: pl.Expr, name: str, dtype: pl.DataType) -> tuple[pl.Expr, ...]:
    if dtype.is_float():
        return exact_sum(value, name)
    # 64 bits hold 922 trillion of a currency; a sum beyond would turn negative.
    return (value.cast(pl.Int128).sum().alias(name),)
