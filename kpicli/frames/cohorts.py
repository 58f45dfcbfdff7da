"""Who started in a period, by what they showed, and the states they were in since."""

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.needs import CUSTOMER, ENTITY

# What names a member of a cohort.
MEMBER = (ENTITY, "period")


def cohorts_of(activity: Lazy, calendar: Days, *, first: bool) -> Lazy:
    """The cohorts that entities stand in: that of their first row ever, or of every period's.

    activity as kpicli.needs tells, with reasons; of values that entities showed only those of
    their first row stand in a cohort of it. One row per entity, or per entity and period in
    which it has a row; columns entity, period, day, at (the first row's day and instant there),
    left_out: why none of its rows counts.
    """
    if first:
        valued = CUSTOMER in activity.collect_schema().names()
        begun = _shown_first(activity) if valued else activity
        return in_periods(_first(begun, (ENTITY,)), calendar.days)
    return _first(in_periods(activity, calendar.days), MEMBER)


def _first(activity: Lazy, key: tuple[str, ...]) -> Lazy:
    counting = activity.filter(nw.col("left_out").is_null())
    others = activity.filter(~nw.col("left_out").is_null())
    lost = others.join(counting, on=list(key), how="anti")
    first = {"day": nw.col("day").min(), "at": nw.col("first").min()}
    every = [rows.group_by(*key).agg(**first, left_out=nw.col("left_out").min())
             for rows in (counting, lost)]  # fmt: skip
    return nw.concat(every, how="vertical")


def _shown_first(activity: Lazy) -> Lazy:
    """Of an entity that is one for each value it showed, those that it showed at its first start.

    activity: columns entity, customer (who the entity is), first (an instant) and left_out. Who has
    no row that counts keeps all of his values.
    """
    counting = activity.filter(nw.col("left_out").is_null())
    others = activity.filter(~nw.col("left_out").is_null())
    begun = counting.group_by(CUSTOMER).agg(begun=nw.col("first").min())
    mine = counting.group_by(ENTITY, CUSTOMER).agg(mine=nw.col("first").min())
    met = mine.join(begun, on=CUSTOMER, how="inner").filter(nw.col("mine") == nw.col("begun"))
    kept = counting.join(met.select(ENTITY), on=ENTITY, how="semi")
    return nw.concat([kept, others.join(begun, on=CUSTOMER, how="anti")], how="vertical")


def by_day(moments: Lazy) -> Lazy:
    """Moments as the activity of days: columns entity, day, first, left_out; customer if given."""
    named = [one for one in (ENTITY, CUSTOMER) if one in moments.collect_schema().names()]
    return moments.group_by(*named, "day", "left_out").agg(first=nw.col("at").min())


def shown_at_start(moments: Lazy, calendar: Days, value: str) -> Lazy:
    """What members showed in the period of their start; columns entity, period, value and since.

    moments: columns entity, day, left_out and value, empty where there is none. since is the day
    on which they first did.
    """
    counting = moments.filter(nw.col("left_out").is_null() & (nw.col(value) != ""))
    started = in_periods(counting, calendar.days)
    return started.group_by(*MEMBER, value).agg(since=nw.col("day").min())


def with_shown(members: Lazy, shown: Lazy | None) -> Lazy:
    """Members, of whom those are unknown that showed no value in the period of their start.

    shown: as shown_at_start tells; None where nobody asks what they showed.
    """
    if shown is None:
        return members
    known = shown.select(*MEMBER, shows=nw.lit(value=True)).unique([*MEMBER], keep="any")
    met = members.join(known, on=list(MEMBER), how="left")
    none = nw.when(nw.col("shows").is_null()).then(nw.lit("unknown"))
    return met.with_columns(left_out=nw.coalesce("left_out", none)).drop("shows")


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
