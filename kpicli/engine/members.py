"""The groups that entities stand in: by what they are, or did, at the end of a period."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals as nw

from kpicli.engine.answers import Desk, Fold, Split
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import CROSS, NONE, by_column
from kpicli.kinds.base import Contributions
from kpicli.needs import ENTITY, Rows
from kpicli.planning.plan import Step


def members_of(
    step: Step,
    desk: Desk,
    days: Days,
    only: Mapping[str, str],
    fold: Fold,
    shown: Sequence[int],
) -> Lazy | None:
    """The groups of each entity; None where nobody asks.

    By period where what an entity is changes, or did; else by its attributes as they are today.
    """
    lasting = {place: split for place, split in enumerate(step.by, start=1) if place not in shown}
    crowd = step.kpi.crowd
    if crowd is None or not (lasting or only):
        return None
    splits = tuple(lasting.values())
    groups = {by_column(at): by_column(place) for at, place in enumerate(lasting, start=1)}
    named = replace(crowd, asked=crowd.asked[:1])
    rows = desk.answer(named, splits, only, None, fold, days).frame
    if "period" not in rows.collect_schema().names() and crowd.seen:
        dated = Rows(crowd.source, crowd.asked[:1])
        rows = desk.answer(dated, splits, only, None, fold).frame
        # Whoever is known by rows alone stands where the newest row says.
        newest = rows.filter(nw.col("at") == nw.col("at").max().over(ENTITY))
        rows = newest.unique([ENTITY], keep="any")
    return _held(rows.select(ENTITY, *per_period(rows), *groups).rename(groups))


def per_period(rows: Lazy) -> tuple[str, ...]:
    """The column period, where there is a row for each."""
    return ("period",) if "period" in rows.collect_schema().names() else ()


def _held(rows: Lazy) -> Lazy:
    held: Lazy = nw.from_native(rows.to_native().collect(engine="streaming").lazy())
    return held


def joined_groups(
    table: Contributions,
    members: Lazy | None,
    splits: Sequence[Split],
    stands: tuple[int, ...],
    *,
    kept: bool,
) -> Contributions:
    """The table with the groups of its splits; kept leaves out who is in no list."""
    if members is None:
        return replace(table, stands=stands)
    nobody = {
        by_column(place): CROSS.join([NONE] * len(splits[place - 1])) for place in stands if place
    }
    known = [name for name in members.collect_schema().names() if name in nobody]
    key = [ENTITY, *per_period(members)]
    joined = table.frame.join(members.select(*key, *known), on=key, how="inner" if kept else "left")
    # Who is in no list and does not count stands in no group either.
    counts = nw.col("left_out").is_null()
    groups = [
        nw.when(nw.col(one).is_null() & counts).then(nw.lit(nobody[one])).otherwise(one).alias(one)
        for one in known
    ]
    return replace(table, frame=joined.with_columns(*groups) if groups else joined, stands=stands)
