"""Which rows belong to which period."""

import narwhals as nw

from kpicli.frames.lazy import Lazy


def in_periods(rows: Lazy, calendar: Lazy) -> Lazy:
    """Rows dated by day, once for each period their day belongs to.

    calendar: one row per (day, period). One row per (row, period); column period is added.
    """
    return rows.join(calendar, on="day", how="inner")


def alive_at_end(rows: Lazy, calendar: Lazy) -> Lazy:
    """Rows that last from start_day to end_day (exclusive; null is open), at each period's end.

    One row per (row, period) in which the row had started by the period's last day and had not
    ended on or before it; column period is added, unless the rows are told for each period already.
    """
    ends = calendar.group_by("period").agg(nw.col("day").max().alias("last_day"))
    started = nw.col("start_day") <= nw.col("last_day")
    open_still = nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("last_day"))
    each = "period" in rows.collect_schema().names()
    met = rows.join(ends, on="period") if each else rows.join(ends, how="cross")
    return met.filter(started & open_still).drop("last_day")
