"""Needs over entities answered, and the groups that entities stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Fold
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import NONE, by_column
from kpicli.kinds.base import Answer, Contributions
from kpicli.needs import ELIGIBLE, ENTITY, Activity, Moments, Need, Population, Rows
from kpicli.planning.plan import Step
from kpicli.words.calendar import Calendar
from kpicli.words.durations import Duration
from kpicli.words.expressions import Expression


def crowd_contributions(
    step: Step,
    desk: Desk,
    days: Days,
    only: Mapping[str, str],
    also: Expression | None,
    fold: Fold,
) -> tuple[Contributions, ...]:
    """The tables of a KPI over entities, with the groups of each entity beside it."""
    kpi = step.kpi
    answers = {name: _answer(need, desk, days, also) for name, need in kpi.needs.items()}
    tables = kpi.shelf.contributions(kpi.written, answers, days)
    members = _members(step, desk, only, fold)
    return tuple(_joined(table, members, len(step.by), kept=bool(only)) for table in tables)


def _answer(need: Need, desk: Desk, days: Days, also: Expression | None) -> Answer:
    if isinstance(need, Population):
        return _population(need, desk)
    answer = desk.answer(need, (), {}, also, {})
    counted = answer.frame.filter(nw.col("left_out").is_null())
    # Nothing after the reading date counts, not even as a goal reached.
    read = counted.join(days.spans.select("read_day").unique(), how="cross")
    day = nw.col("start_day" if need.shape == "span" else "day")
    seen = read.filter(day < nw.col("read_day")).drop("read_day")
    values = [asked.name for asked in need.asked if asked.name != ENTITY]
    match need:
        case Activity():
            return Answer(_daily(seen, values), answer.types)
        case Moments():
            return Answer(_timed(seen, values, need.within, desk.calendar), answer.types)
    return Answer(seen, answer.types)


def _daily(rows: Lazy, values: Sequence[str]) -> Lazy:
    return rows.group_by(ENTITY, "day").agg(
        *(nw.col(name).sum() for name in values),
        n=nw.len(),
        first=nw.col("at").min(),
        last=nw.col("at").max(),
    )


def _timed(
    rows: Lazy, values: Sequence[str], within: Duration | None, calendar: Calendar
) -> Lazy:
    native = rows.select(ENTITY, "day", "at", *values).to_native()
    if within is None:
        return nw.from_native(native)
    step = f"{within.amount}{_POLARS_UNITS[within.unit]}"
    zone = calendar.zone_name if within.is_calendar else "UTC"
    # A calendar step keeps the clock time: Polars' own, for no other engine knows the zone's.
    local = pl.from_epoch("at", time_unit="us").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    until = local.dt.offset_by(step).dt.timestamp("us").alias("until")
    return nw.from_native(native.with_columns(until))


_POLARS_UNITS = {"min": "m", "h": "h", "d": "d", "w": "w", "mo": "mo", "q": "q", "y": "y"}


def _population(need: Population, desk: Desk) -> Answer:
    if need.seen:
        return _seen(need, desk)
    answer = desk.answer(need, (), {}, None, {})
    rows = answer.frame.filter(~nw.col(ENTITY).is_null())
    if any(asked.name == ELIGIBLE for asked in need.asked):
        refused = nw.when(~nw.col(ELIGIBLE)).then(nw.lit("ineligible"))
        rows = rows.with_columns(left_out=nw.coalesce(nw.col("left_out"), refused))
    return Answer(rows.select(ENTITY, "start_day", "end_day", "left_out"), answer.types)


def _seen(need: Population, desk: Desk) -> Answer:
    answer = desk.answer(replace(need, shape="moment"), (), {}, None, {})
    rows = answer.frame.filter(nw.col("left_out").is_null())
    first = rows.group_by(ENTITY).agg(start_day=nw.col("day").min())
    nobody = nw.lit(None, dtype=nw.Int32)
    told = first.with_columns(end_day=nobody, left_out=nobody.cast(nw.String))
    return Answer(told.select(ENTITY, "start_day", "end_day", "left_out"), answer.types)


def _members(step: Step, desk: Desk, only: Mapping[str, str], fold: Fold) -> Lazy | None:
    """The groups of each entity, by its attributes as they are today; None where nobody asks."""
    if not step.by and not only:
        return None
    crowd = next(one for one in step.kpi.needs.values() if isinstance(one, Population))
    groups = [by_column(place) for place in range(1, len(step.by) + 1)]
    if not crowd.seen:
        named = Population(crowd.source, crowd.asked[:1], shape="crowd")
        return desk.answer(named, step.by, only, None, fold).frame.select(ENTITY, *groups)
    rows = desk.answer(Rows(crowd.source, crowd.asked[:1]), step.by, only, None, fold).frame
    # Whoever is known by rows alone stands where the newest row says.
    newest = nw.col("at") == nw.col("at").max().over(ENTITY)
    return rows.filter(newest).unique([ENTITY], keep="any").select(ENTITY, *groups)


def _joined(table: Contributions, members: Lazy | None, splits: int, *, kept: bool) -> Contributions:
    if members is None:
        return table
    joined = table.frame.join(members, on=ENTITY, how="inner" if kept else "left")
    groups = [nw.col(by_column(place)).fill_null(NONE) for place in range(1, splits + 1)]
    return replace(table, frame=joined.with_columns(*groups) if groups else joined)
