"""Who counts: entities met with the list of everyone who could have."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.places import per_entity
from kpicli.needs import ENTITY


def listed(rows: Lazy, everyone: Lazy) -> Lazy:
    """Rows of entities with the reason why an entity does not count.

    everyone: one row per entity; columns entity, left_out. A row whose entity is in no list is
    unknown; a reason that stands on the row already goes last. Column left_out is set.
    """
    known = everyone.select(ENTITY, unlisted=nw.lit(value=False), refused=nw.col("left_out"))
    met = rows.join(known, on=ENTITY, how="left")
    nowhere = nw.when(nw.col("unlisted").is_null()).then(nw.lit("unknown"))
    why = nw.coalesce(nw.col("refused"), nw.col("left_out"), nowhere)
    return met.with_columns(left_out=why).drop("unlisted", "refused")


def throughout(everyone: Lazy, spans: Lazy) -> Lazy:
    """Everyone who was there in a window, once per period, and why some do not count.

    everyone: columns entity, start_day, end_day, left_out, and period where that is told for each;
    spans as in Days. One row per (period, entity); columns window_first, upto (the day after the
    window's last that is read) and left_out: that of the list, else immature where the entity came
    after the window had begun, ineligible where it went before the window was over.
    """
    read = nw.min_horizontal("end_day", "read_day")
    windows = spans.select("period", "window_first", upto=read)
    each = "period" in everyone.collect_schema().names()
    met = everyone.join(windows, on="period") if each else everyone.join(windows, how="cross")
    there = met.filter(
        (nw.col("start_day") < nw.col("upto"))
        & (nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("window_first")))
    )
    gone = nw.when(nw.col("end_day") < nw.col("upto")).then(nw.lit("ineligible"))
    young = nw.when(nw.col("start_day") > nw.col("window_first")).then(nw.lit("immature"))
    return there.with_columns(left_out=nw.coalesce("left_out", gone, young))


def on_own_days(everyone: Lazy, spans: Lazy) -> Lazy:
    """Everyone who was there on some day of a window, once per period, and on how many.

    everyone: columns entity, start_day, end_day, left_out; spans as in Days. One row per (period,
    entity); columns own (days of the window on which the entity was there) and left_out.
    """
    read = nw.min_horizontal("end_day", "read_day")
    there = everyone.join(spans.select("period", "window_first", upto=read), how="cross")
    begun = nw.max_horizontal("start_day", "window_first")
    over = nw.min_horizontal("end_day", "upto")
    counted = there.with_columns(own=(over - begun).cast(nw.Int64))
    return counted.filter(nw.col("own") > 0).select("period", ENTITY, "own", "left_out")


def while_there(activity: Lazy, everyone: Lazy) -> Lazy:
    """What listed entities did from their start to their end; what others did stays as it is."""
    lives = everyone.select(ENTITY, "start_day", "end_day")
    known = activity.join(lives, on=ENTITY, how="left")
    outside = (nw.col("day") < nw.col("start_day")) | (nw.col("day") >= nw.col("end_day"))
    return known.filter(~outside.fill_null(value=False)).drop("start_day", "end_day")


def often_enough(days: Lazy, at_least: int) -> Lazy:
    """Entities of a period that did it so often, and those of whom that is not known.

    days: columns period, entity, n, left_out (null where the rows count). One row per (period,
    entity); columns n (rows that count) and left_out: why rows that would have been needed do not
    count. Who did it too seldom, and no unknown row could change that, has no row.
    """
    counts = nw.when(nw.col("left_out").is_null()).then(nw.col("n")).otherwise(nw.lit(0))
    # In the order of the alphabet `excluded` comes first, which is the order that rows are judged.
    found = per_entity(
        days.with_columns(counting=counts),
        n=nw.col("counting").sum(),
        why=nw.col("left_out").min(),
        rows=nw.col("n").sum(),
    )
    enough = nw.col("n") >= at_least
    reason = nw.when(~enough).then(nw.col("why"))
    told = found.filter(enough | (nw.col("rows") >= at_least)).with_columns(left_out=reason)
    return told.drop("why", "rows")
