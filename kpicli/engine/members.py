"""The groups that entities stand in: by what they are, or did, at the end of a period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Fold, Split
from kpicli.engine.entities import numbered as by_number
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
    *,
    numbered: bool,
) -> Lazy | None:
    """The groups of each entity, told by its number or name; None where nobody asks.

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
    told = rows.select(ENTITY, *per_period(rows), *groups).rename(groups)
    if not numbered:
        return _held(told)
    return _coded(_held(by_number(told, desk.shared.names)), step.by)


def per_period(rows: Lazy) -> tuple[str, ...]:
    """The column period, where there is a row for each."""
    return ("period",) if "period" in rows.collect_schema().names() else ()


def _held(rows: Lazy) -> Lazy:
    held: Lazy = nw.from_native(rows.to_native().collect(engine="streaming").lazy())
    return held


def _coded(members: Lazy, splits: Sequence[Split]) -> Lazy:
    """The groups as positions in a list of their names, that of nobody's among them."""
    rows: pl.LazyFrame = members.to_native()
    known = [name for name in rows.collect_schema() if name in _nobody(splits)]
    values = rows.select(pl.col(name).unique().implode() for name in known).collect()
    lists = {name: {*values[name][0], _nobody(splits)[name]} - {None} for name in known}
    coded = [pl.col(name).cast(pl.Enum(sorted(lists[name]))) for name in known]
    told: Lazy = nw.from_native(rows.with_columns(coded).collect().lazy())
    return told


def _nobody(splits: Sequence[Split]) -> dict[str, str]:
    """The group of who is in no list, by column."""
    places = enumerate(splits, start=1)
    return {by_column(place): CROSS.join([NONE] * len(split)) for place, split in places}


def joined_groups(
    tables: Sequence[Contributions],
    members: Lazy | None,
    splits: Sequence[Split],
    stands: tuple[int, ...],
    *,
    kept: bool,
) -> Iterator[Contributions]:
    """The tables with the groups of their splits; kept leaves out who is in no list.

    Tables of one frame share one still.
    """
    frames: dict[int, Lazy] = {}
    for table in tables:
        if members is not None and id(table.frame) not in frames:
            frames[id(table.frame)] = _joined(table.frame, members, splits, stands, kept=kept)
        yield replace(table, frame=frames.get(id(table.frame), table.frame), stands=stands)


def _joined(
    rows: Lazy, members: Lazy, splits: Sequence[Split], stands: tuple[int, ...], *, kept: bool
) -> Lazy:
    standing = [by_column(place) for place in stands]
    nobody = {name: group for name, group in _nobody(splits).items() if name in standing}
    known = [name for name in members.collect_schema().names() if name in nobody]
    key = [ENTITY, *per_period(members)]
    joined = rows.join(members.select(*key, *known), on=key, how="inner" if kept else "left")
    # Who is in no list and does not count stands in no group either.
    counts = nw.col("left_out").is_null()
    groups = [
        nw.when(nw.col(one).is_null() & counts).then(nw.lit(nobody[one])).otherwise(one).alias(one)
        for one in known
    ]
    return joined.with_columns(*groups) if groups else joined
