"""How long it takes half of those who started, the unfinished among them: Kaplan and Meier."""

from collections.abc import Sequence

import polars as pl

# As in R's survfit: a curve so near to one half rests on it.
_NEAR = 1.5e-8
# Two-sided 95 %.
_Z = 1.959963984540054


def median_survival(rows: pl.LazyFrame, key: Sequence[str]) -> pl.LazyFrame:
    """The Kaplan–Meier median of the durations in numerator (Kaplan, Meier 1958).

    rows: the key, numerator, observed (0: still running, seen for that long), left_out. One row per
    key; columns the key and quantile: the time at which the curve falls below one half, the middle
    of the times between which it rests on one half, null where it never falls to it. low and high:
    the times between which one half lies within the curve's 95 % band (Brookmeyer, Crowley 1982;
    Greenwood's variance of ln(−ln S)); null where an edge of the band never falls to it.
    """
    ended, seen = pl.col("observed").cast(pl.Int64), pl.len().cast(pl.Int64)
    times = rows.filter(pl.col("left_out").is_null()).group_by(*key, "numerator")
    curve = times.agg(ended.sum().alias("ended"), seen.alias("seen"))
    at_risk = pl.col("seen").cum_sum(reverse=True).over(key, order_by="numerator")
    ended_then = pl.col("ended")
    curve = curve.with_columns(
        (1 - ended_then / at_risk).alias("stayed"),
        (ended_then / (at_risk * (at_risk - ended_then))).alias("spread"),
    )
    waiting = pl.col("stayed").cum_prod().over(key, order_by="numerator")
    spread = pl.col("spread").cum_sum().over(key, order_by="numerator")
    curve = curve.with_columns(waiting.alias("waiting"), spread.alias("spread"))
    return curve.group_by(key).agg(_median(), *_interval())


def _median() -> pl.Expr:
    waiting, time = pl.col("waiting"), pl.col("numerator").cast(pl.Float64)
    reached = time.filter(waiting <= 0.5 + _NEAR).min()
    passed = time.filter(waiting < 0.5 - _NEAR).min()
    rests = waiting.filter(waiting <= 0.5 + _NEAR).max() >= 0.5 - _NEAR
    between = pl.when(rests & passed.is_not_null()).then((reached + passed) / 2)
    return between.otherwise(reached).alias("quantile")


def _interval() -> tuple[pl.Expr, pl.Expr]:
    """When the lower edge of the band falls to one half, and the upper one below it.

    Where nobody is there yet, or nobody waits any longer, the band has no width.
    """
    waiting, time = pl.col("waiting"), pl.col("numerator").cast(pl.Float64)
    inside = (waiting > 0) & (waiting < 1)
    swing = (_Z * pl.col("spread").sqrt() / waiting.log()).abs().exp()
    low = time.filter(inside & (waiting.pow(swing) <= 0.5 + _NEAR)).min()
    high = time.filter(inside & (waiting.pow(1 / swing) < 0.5 - _NEAR)).min()
    return low.alias("low"), high.alias("high")
