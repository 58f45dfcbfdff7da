"""First times, and what came after them."""

from typing import Literal

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.needs import ENTITY

Starts = Literal["first", "every", "each", "nearest"]


def first_moments(moments: Lazy, kept: tuple[str, ...] = ()) -> Lazy:
    """The first moment of each entity over all history.

    One row per entity; columns entity, day, at and those of kept, of that moment.
    """
    firsts = moments.group_by(ENTITY).agg(at=nw.col("at").min())
    found = moments.select(ENTITY, "day", "at", *kept).join(firsts, on=[ENTITY, "at"], how="inner")
    return found.unique([ENTITY, "at"], keep="any")


def first_after(
    starts: Lazy, goals: Lazy, *, at_once: bool = True, since: str = "at", told: str = "reached"
) -> Lazy:
    """The first goal of the same entity at or after an instant of each start.

    starts: columns entity, at and others; goals: entity, at. since names the column of starts that
    holds the instant. at_once False: a goal at that very instant is none. One row per start; column
    told is the goal's instant, null where there is none.
    """
    begun = starts.select(ENTITY, since).unique([ENTITY, since], keep="any")
    later = begun.join(goals.select(ENTITY, goal=nw.col("at")), on=ENTITY, how="inner")
    after = nw.col("goal") >= nw.col(since) if at_once else nw.col("goal") > nw.col(since)
    found = later.filter(after).group_by(ENTITY, since).agg(nw.col("goal").min().alias(told))
    return starts.join(found, on=[ENTITY, since], how="left")


def last_before(goals: Lazy, starts: Lazy, *, at_once: bool = True) -> Lazy:
    """The goals with the last start of the same entity at or before each: column begun.

    goals, starts: columns entity, at. One row per goal that has a start before it.
    """
    begun = starts.select(ENTITY, begun=nw.col("at")).unique([ENTITY, "begun"], keep="any")
    earlier = (
        goals.select(ENTITY, "at")
        .unique([ENTITY, "at"], keep="any")
        .join(begun, on=ENTITY, how="inner")
    )
    before = nw.col("begun") <= nw.col("at") if at_once else nw.col("begun") < nw.col("at")
    return earlier.filter(before).group_by(ENTITY, "at").agg(begun=nw.col("begun").max())


def starts_in_periods(moments: Lazy, calendar: Lazy, starts: Starts, kept: tuple[str, ...]) -> Lazy:
    """The moments that count as starts, with their period.

    moments: columns entity, day, at, left_out and kept. first: an entity's first over all history;
    every: its first in each period; each and nearest: all of them. Where none of an entity's
    moments counts, the first that does not stands for it, with its reason. Columns entity, day,
    at, period, left_out and kept.
    """
    kept = ("left_out", *kept)
    counting = moments.filter(nw.col("left_out").is_null())
    others = moments.filter(~nw.col("left_out").is_null())
    if starts in ("each", "nearest"):
        return in_periods(moments.select(ENTITY, "day", "at", *kept), calendar)
    if starts == "first":
        lost = first_moments(others.join(counting, on=ENTITY, how="anti"), kept)
        both = [first_moments(counting, kept), lost]
        return in_periods(nw.concat(both, how="vertical"), calendar)
    mine = _first_of_period(in_periods(counting, calendar), kept)
    lost = _first_of_period(in_periods(others, calendar), kept)
    unmet = lost.join(mine, on=[ENTITY, "period"], how="anti")
    return nw.concat([mine, unmet], how="vertical")


def _first_of_period(moments: Lazy, kept: tuple[str, ...]) -> Lazy:
    first = moments.group_by(ENTITY, "period").agg(at=nw.col("at").min())
    alike = moments.select(ENTITY, "period", "at", "day", *kept).unique(
        [ENTITY, "period", "at"], keep="any"
    )
    return first.join(alike, on=[ENTITY, "period", "at"], how="inner").select(
        ENTITY, "day", "at", *kept, "period"
    )
