"""Amounts of several currencies at the rates of several days."""

import narwhals as nw

from kpicli.frames.lazy import Lazy


def rated(sides: Lazy, rates: Lazy) -> Lazy:
    """The rows with the rate of the day before their `end`, or the last one before it.

    sides: columns currency, end (exclusive) and rate, which stands where there is none so early.
    """
    day = nw.col("end") - 1
    asked = sides.select("currency", "end").unique().join(rates, on="currency", how="inner")
    begun = (nw.col("day") <= day) & (nw.col("until").is_null() | (nw.col("until") > day))
    found = asked.filter(begun).select("currency", "end", nw.col("rate").alias("rate of day"))
    met = sides.join(found, on=["currency", "end"], how="left")
    return met.with_columns(rate=nw.coalesce("rate of day", "rate")).drop("rate of day")


def revalued(sides: Lazy, key: tuple[str, ...]) -> Lazy:
    """What each pays in one currency, opening and closing at their own rates, and the difference.

    sides: opening and closing in units of the row's currency, one of them 0, with rate, was and
    stays. One row per (key, currency); opening, closing and currency are in the project's. What is
    paid before and after is worth more or less by the rates alone: that is currency. What has come
    since is worth what it is at the end, what has gone what it was at the start.
    """
    rate = nw.col("rate")
    told = sides.with_columns(
        first=nw.when(nw.col("was")).then(rate), last=nw.when(nw.col("stays")).then(rate)
    )
    each = told.group_by(*key, "currency").agg(
        nw.col("opening", "closing").sum(), nw.col("was", "stays", "first", "last").max()
    )
    both = each.with_columns(both=nw.min_horizontal("opening", "closing"))
    change = _worth("both", "last") - _worth("both", "first")
    return both.with_columns(
        opening=_worth("opening", "first"), closing=_worth("closing", "last"), currency=change
    )


def _worth(amount: str, rate: str) -> nw.Expr:
    """Whole units; what is not there has no rate, and is worth nothing."""
    return (nw.col(amount) * nw.col(rate)).round().fill_null(0).cast(nw.Int64)
