"""How long it takes half of those who started, the unfinished among them: Kaplan and Meier."""

from collections.abc import Sequence

import polars as pl

# As in R's survfit: a curve so near to one half rests on it.
_NEAR = 1.5e-8


def median_survival(rows: pl.LazyFrame, key: Sequence[str]) -> pl.LazyFrame:
    """The Kaplan–Meier median of the durations in numerator (Kaplan, Meier 1958).

    rows: the key, numerator, observed (0: still running, seen for that long), left_out. One row per
    key; columns the key and quantile: the time at which the curve falls below one half, the middle
    of the times between which it rests on one half, null where it never falls to it.
    """
    ended, seen = pl.col("observed").cast(pl.Int64), pl.len().cast(pl.Int64)
    times = rows.filter(pl.col("left_out").is_null()).group_by(*key, "numerator")
    curve = times.agg(ended.sum().alias("ended"), seen.alias("seen"))
    at_risk = pl.col("seen").cum_sum(reverse=True).over(key, order_by="numerator")
    curve = curve.with_columns((1 - pl.col("ended") / at_risk).alias("stayed"))
    waiting = pl.col("stayed").cum_prod().over(key, order_by="numerator")
    return curve.with_columns(waiting.alias("waiting")).group_by(key).agg(_median())


def _median() -> pl.Expr:
    waiting, time = pl.col("waiting"), pl.col("numerator").cast(pl.Float64)
    reached = time.filter(waiting <= 0.5 + _NEAR).min()
    passed = time.filter(waiting < 0.5 - _NEAR).min()
    rests = waiting.filter(waiting <= 0.5 + _NEAR).max() >= 0.5 - _NEAR
    between = pl.when(rests & passed.is_not_null()).then((reached + passed) / 2)
    return between.otherwise(reached).alias("quantile")
