"""Who started in a period, and what they did at each age."""

from collections.abc import Sequence

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.needs import ENTITY

# What names a member of a cohort.
MEMBER = (ENTITY, "period")


def first_ever(activity: Lazy, calendar: Days) -> Lazy:
    """The cohorts of first times: everyone in the period of their first row over all history.

    activity as kpicli.needs tells, with reasons. One row per entity; columns entity, period, day,
    at (the first row's day and instant), left_out: why none of the entity's rows counts.
    """
    return in_periods(_first(activity, (ENTITY,)), calendar.days)


def every_start(activity: Lazy, calendar: Days) -> Lazy:
    """The recurring cohorts: everyone in each period in which they have a row; columns as above."""
    return _first(in_periods(activity, calendar.days), MEMBER)


def _first(activity: Lazy, key: tuple[str, ...]) -> Lazy:
    counting = activity.filter(nw.col("left_out").is_null())
    others = activity.filter(~nw.col("left_out").is_null())
    lost = others.join(counting, on=list(key), how="anti")
    first = {"day": nw.col("day").min(), "at": nw.col("first").min()}
    every = [rows.group_by(*key).agg(**first, left_out=nw.col("left_out").min())
             for rows in (counting, lost)]  # fmt: skip
    return nw.concat(every, how="vertical")


def at_each_age(members: Lazy, ages: Sequence[tuple[int, int]]) -> Lazy:
    """Every member once per stretch of ages: columns age (the first) and end_age (exclusive)."""
    each = [
        members.with_columns(age=nw.lit(first, dtype=nw.Int64), end_age=nw.lit(end, dtype=nw.Int64))
        for first, end in ages
    ]
    return nw.concat(each, how="vertical")


def lasting(rows: Lazy, calendar: Days, *, ends_included: bool) -> Lazy:
    """Rows that last from start_day to end_day, once for each period with one of their days.

    A null end_day is open; ends_included says whether it is the row's last day. Columns entity,
    period, day (the row's last in the period) and n, 1.
    """
    days = calendar.course.group_by("period").agg(
        first_day=nw.col("day").min(), last_day=nw.col("day").max()
    )
    last = nw.col("end_day") if ends_included else nw.col("end_day") - 1
    crossed = rows.join(days, how="cross").with_columns(
        day=nw.min_horizontal(last, nw.col("last_day"))
    )
    begun = nw.col("start_day") <= nw.col("last_day")
    there = crossed.filter(begun & (nw.col("day") >= nw.col("first_day")))
    return there.select(ENTITY, "period", "day", n=nw.lit(1))
