"""First times, and what came after them."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.needs import ENTITY


def first_moments(moments: Lazy, kept: tuple[str, ...] = ()) -> Lazy:
    """The first moment of each entity over all history.

    One row per entity; columns entity, day, at and those of kept, of that moment.
    """
    firsts = moments.group_by(ENTITY).agg(at=nw.col("at").min())
    found = moments.select(ENTITY, "at", "day", *kept).unique([ENTITY, "at"], keep="any")
    return firsts.join(found, on=[ENTITY, "at"], how="inner")


def first_after(starts: Lazy, goals: Lazy) -> Lazy:
    """The first goal of the same entity at or after each start.

    starts: columns entity, at and others; goals: entity, at. One row per start; column reached is
    the goal's instant, null where there is none.
    """
    later = starts.select(ENTITY, "at").join(
        goals.select(ENTITY, goal=nw.col("at")), on=ENTITY, how="inner"
    )
    found = (
        later.filter(nw.col("goal") >= nw.col("at"))
        .group_by(ENTITY, "at")
        .agg(reached=nw.col("goal").min())
    )
    return starts.join(found, on=[ENTITY, "at"], how="left")
