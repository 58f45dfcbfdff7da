"""How regularly something was done: the days and the weeks of a window."""

from collections.abc import Collection
from typing import Literal

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.places import per_entity
from kpicli.words.calendar import WEEKDAYS

Beat = Literal["day", "week"]


def beats(calendar: Days, of: Beat, weekdays: Collection[str] = ()) -> Lazy:
    """The days of each period's window with the day or week that they belong to.

    Weeks are seven days each, counted back from the window's end. weekdays keeps only these; none
    keeps all. One row per (day, period); column beat is added.
    """
    days = calendar.window
    if weekdays:
        # Day 0 was a Thursday.
        wanted = [WEEKDAYS.index(name) for name in weekdays]
        days = days.filter(((nw.col("day") + 3) % 7).is_in(wanted))
    if of == "day":
        return days.with_columns(beat=nw.col("day"))
    ends = days.join(calendar.spans.select("period", "end_day"), on="period", how="inner")
    back = (nw.col("end_day") - 1 - nw.col("day")) // 7
    return ends.with_columns(beat=back).drop("end_day")


def possible_beats(days: Lazy) -> Lazy:
    """How many days or weeks each window has: one row per period, column possible."""
    return days.group_by("period").agg(possible=nw.col("beat").n_unique().cast(nw.Int64))


def habits(activity: Lazy, days: Lazy, of: Beat) -> Lazy:
    """On how many days or weeks of a window each entity did something, and how often.

    activity: columns entity, day, n, left_out; days: the beats of that name. One row per (period,
    entity); columns beats, n, and left_out: why nothing of the entity counts, null where something
    does.
    """
    dated = activity.join(days, on="day", how="inner")
    counts = nw.col("left_out").is_null()
    told = dated.with_columns(
        counting=nw.when(counts).then(nw.col("beat")), done=nw.when(counts).then(nw.col("n"))
    )
    counting = nw.col("counting")
    # An entity has one row that counts for a day, so that none is counted twice.
    different = counting.count() if of == "day" else counting.drop_nulls().n_unique()
    found = per_entity(
        told,
        beats=different.cast(nw.Int64),
        n=nw.col("done").sum().cast(nw.Int64),
        why=nw.col("left_out").min(),
    )
    reason = nw.when(nw.col("n") == 0).then(nw.col("why"))
    return found.with_columns(left_out=reason).drop("why")
