"""The days on which the terms of subscriptions end."""

import polars as pl

from kpicli.needs import INTERVAL, INTERVAL_COUNT, PRODUCT, RENEWAL, Terms
from kpicli.words.intervals import INTERVAL_WORDS, LENGTHS

# The end of what has none, far after any day that a file could name.
_OPEN = 2**30
_SHORTEST = 28
_MONTH = 31


def list_terms(need: Terms, rows: pl.LazyFrame, customer: str) -> pl.LazyFrame:
    """The terms of holdings, as kpicli.needs tells.

    rows: the answer for holdings, with read_day; customer: the column that says whose they are.
    """
    paying = rows.filter(pl.col("left_out").is_null() & (pl.col("monthly") > 0))
    placed = paying.with_row_index("place")
    match need.renews:
        case "end":
            dated = placed.with_columns(due_day="end_day")
        case "date":
            dated = placed.with_columns(due_day=pl.col(RENEWAL).cast(pl.Int32))
        case "term":
            dated = _anniversaries(_anchored(_measured(placed), customer), need.ahead)
    after = pl.col("start_day") < pl.col("due_day")
    return dated.filter(after & (pl.col("due_day") < pl.col("read_day") + need.ahead))


def _measured(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows paid by terms longer than a month: their length in months, or in days."""
    word = pl.col(INTERVAL).str.strip_chars().str.to_lowercase()
    months = {one: LENGTHS[name][0] for one, name in INTERVAL_WORDS.items()}
    days = {one: LENGTHS[name][1] for one, name in INTERVAL_WORDS.items()}
    count = pl.col(INTERVAL_COUNT).cast(pl.Int64)
    told = rows.with_columns(
        months=word.replace_strict(months, default=0, return_dtype=pl.Int64) * count,
        days=word.replace_strict(days, default=0, return_dtype=pl.Int64) * count,
    )
    return told.filter((pl.col("months") > 1) | (pl.col("days") > _MONTH))


def _anchored(rows: pl.LazyFrame, customer: str) -> pl.LazyFrame:
    """Beside each row the day since when its customer has paid for it by this term without gap."""
    line = (customer, PRODUCT, "months", "days")
    ends = pl.col("end_day").fill_null(_OPEN)
    ordered = rows.sort("start_day", ends)
    earlier = ends.cum_max().shift(1).over(line)
    gap = (pl.col("start_day") > earlier.fill_null(-_OPEN)).cast(pl.Int32)
    runs = ordered.with_columns(run=gap.cum_sum().over(line))
    return runs.with_columns(anchor=pl.col("start_day").min().over(*line, "run"))


def _anniversaries(rows: pl.LazyFrame, ahead: int) -> pl.LazyFrame:
    last = pl.min_horizontal(pl.col("end_day").fill_null(_OPEN), "read_day") + ahead
    shortest = pl.col("months") * _SHORTEST + pl.col("days")
    most = (last - pl.col("anchor")) // shortest + 1
    numbered = rows.with_columns(number=pl.int_ranges(1, most + 1)).explode("number")
    by_months = pl.format("{}mo", pl.col("months") * pl.col("number"))
    dated = pl.col("anchor").cast(pl.Date).dt.offset_by(by_months).cast(pl.Int32)
    due = (dated + pl.col("days") * pl.col("number")).cast(pl.Int32)
    return numbered.with_columns(due_day=due).filter(pl.col("due_day") <= last)
