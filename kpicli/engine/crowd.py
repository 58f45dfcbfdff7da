"""Needs over entities answered, and the groups that entities stand in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from kpicli.definitions.book import Kpi
from kpicli.engine.answers import Desk, Fold, Split
from kpicli.engine.days import instant_of_day, later_instant
from kpicli.engine.gathering import Gathering
from kpicli.engine.holdings import answer_holdings, answer_rates
from kpicli.engine.pairs import pair_of, paired, parted
from kpicli.engine.splits import carriers, split_by_rows
from kpicli.engine.terms import list_terms
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import CROSS, NONE, by_column
from kpicli.kinds.base import Answer, Contributions
from kpicli.needs import (
    CUSTOMER,
    ELIGIBLE,
    ENTITY,
    Activity,
    Holdings,
    Moments,
    Need,
    Population,
    Rates,
    Rows,
    Terms,
)
from kpicli.planning.plan import Step
from kpicli.words.expressions import Expression

# The column of a value that is asked for alone.
_ONLY = "only"
# A day after all others.
_NEVER = 2**30


@dataclass(frozen=True)
class _Asked:
    """How needs are answered: up to which day, and from which rows.

    only names values that the rows themselves show. by_dates: every moment is its day's first.
    """

    desk: Desk
    days: Days
    also: Expression | None
    only: Mapping[str, str]
    fold: Fold
    by_dates: bool = False


def crowd_contributions(
    step: Step,
    desk: Desk,
    days: Days,
    only: Mapping[str, str],
    also: Expression | None,
    fold: Fold,
) -> tuple[Contributions, ...]:
    """The tables of a KPI over entities, with the groups of each entity beside it.

    A split by what an entity is stands in every table. For one by a column of the rows the KPI is
    told once more, of pairs of entity and value: who showed two values stands in both groups.
    """
    rowwise = {name: only[name] for name in only if _by_rows(step.kpi, (name,), desk)}
    asked = _Asked(desk, days, also, rowwise, fold, _by_dates(step.kpi, desk))
    lasting = {name: value for name, value in only.items() if name not in rowwise}
    shown = [place for place, split in _numbered(step) if _by_rows(step.kpi, split, desk)]
    members = _members(step, desk, lasting, fold, shown)
    stands = tuple(place for place in range(len(step.by) + 1) if place not in shown)
    if rowwise and _follows_customers(step.kpi):
        tables = tuple(_shown(step, asked, None))
    else:
        answers = _held({name: _answer(need, asked, ()) for name, need in step.kpi.needs.items()})
        tables = step.kpi.shelf.contributions(step.kpi.written, answers, days)
    found = [_joined(one, members, stands, kept=bool(lasting)) for one in tables]
    for place in shown:
        pairs = _shown(step, asked, place)
        found += [_joined(one, members, (place,), kept=bool(lasting)) for one in pairs]
    return tuple(found)


def _numbered(step: Step) -> Iterator[tuple[int, Split]]:
    return enumerate(step.by, start=1)


def _by_rows(kpi: Kpi, split: Split, desk: Desk) -> bool:
    return split_by_rows(kpi, split, desk.segments, desk.routes.has_column)


def _follows_customers(kpi: Kpi) -> bool:
    """Whether a value of the rows is looked at with what else its customer pays."""
    return any(isinstance(need, Holdings) for need in carriers(kpi))


def _shown(step: Step, asked: _Asked, place: int | None) -> Iterator[Contributions]:
    """The tables where each pair of an entity and a value that its rows show is one entity.

    Without a place the values are those that are asked for alone.
    """
    carry = {name for name, need in step.kpi.needs.items() if need in carriers(step.kpi)}
    splits = () if place is None else (step.by[place - 1],)
    pairs = {
        name: _answer(need, asked, splits if name in carry else ())
        for name, need in step.kpi.needs.items()
    }
    pairs = _held(pairs)
    beside = [by_column(place)] if place else []
    if asked.only and _follows_customers(step.kpi):
        beside.append(_ONLY)
    known = [pairs[name].frame.select(held=nw.col(ENTITY)) for name in pairs if name in carry]
    held = parted(nw.concat(known, how="vertical").unique(["held"], keep="any"), [])
    for name, answer in pairs.items():
        if name not in carry and ENTITY in answer.frame.collect_schema().names():
            pairs[name] = replace(answer, frame=paired(answer.frame, held))
    for table in step.kpi.shelf.contributions(step.kpi.written, pairs, asked.days):
        told = parted(table.frame.rename({ENTITY: "held"}), beside)
        if _ONLY in beside:
            told = told.filter(nw.col(_ONLY) == CROSS.join(asked.only.values())).drop(_ONLY)
        yield replace(table, frame=told.drop("held"))


def _held(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers as tables in memory: each is read once, however many parts are told from it."""
    frames = [answer.frame.to_native() for answer in answers.values()]
    held = pl.collect_all(frames, engine="streaming")
    return {
        name: replace(answer, frame=nw.from_native(frame.lazy()))
        for (name, answer), frame in zip(answers.items(), held, strict=True)
    }


def _answer(need: Need, asked: _Asked, splits: Sequence[Split]) -> Answer:
    if isinstance(need, Population):
        return asked.desk.shared.once(need, lambda: _population(need, asked.desk))
    if isinstance(need, Holdings):
        return _holdings(need, asked, splits)
    if isinstance(need, Rates):
        return answer_rates(need, asked.desk)
    only = asked.only if need.splits else {}
    if isinstance(need, Activity | Moments):
        gathering = Gathering(asked.desk, asked.days.since, only, asked.also, asked.fold)
        done = gathering.answer(need, splits)
        return replace(done, frame=_timed(_read(done.frame, need, asked.days), need, asked))
    desk = asked.desk.since(need, asked.days.since)
    answer = desk.answer(need, splits, only, asked.also, asked.fold)
    rows = _read(answer.frame, need, asked.days).filter(nw.col("left_out").is_null())
    return Answer(rows.with_columns(pair_of(splits)) if splits else rows, answer.types)


def _read(rows: Lazy, need: Need, days: Days) -> Lazy:
    """What had been by the reading date; nothing after it counts, not even as a goal reached."""
    day = nw.col("start_day" if need.shape == "span" else "day")
    read = rows.join(days.spans.select("read_day").unique(), how="cross")
    return read.filter(day < nw.col("read_day")).drop("read_day")


def _holdings(need: Holdings, asked: _Asked, splits: Sequence[Split]) -> Answer:
    """What had begun by the reading date; an end after it is known by then.

    A value that is asked for alone is a split here: what else its customer pays says whether he
    comes and goes.
    """
    wanted = (*splits, tuple(asked.only)) if asked.only else splits
    fold = tuple((split, tuple(asked.fold.get(split, ()))) for split in wanted)
    answer = asked.desk.shared.once(
        (need, asked.also, fold),
        lambda: answer_holdings(need, asked.desk, asked.also, wanted, asked.fold),
    )
    read = answer.frame.join(asked.days.spans.select("read_day").unique(), how="cross")
    begun = read.filter(nw.col("start_day") < nw.col("read_day"))
    if isinstance(need, Terms):
        begun = nw.from_native(list_terms(need, begun.to_native(), CUSTOMER if wanted else ENTITY))
    return Answer(begun.drop("read_day"), answer.types)


def _timed(rows: Lazy, need: Need, asked: _Asked) -> Lazy:
    """Moments with the end of the time that begins there, where one is asked for."""
    if not isinstance(need, Moments):
        return rows
    zone = asked.desk.calendar.zone_name
    rows = _at_midnight(rows, zone) if asked.by_dates else rows
    if need.within is None:
        return rows
    # Polars' own: no other engine knows the zone's clock.
    until = later_instant(pl.col("at"), need.within, zone).alias("until")
    ended: Lazy = nw.from_native(rows.to_native().with_columns(until))
    return ended


def _by_dates(kpi: Kpi, desk: Desk) -> bool:
    """Whether a goal is known by its date alone: a start later that day is not after it."""
    goals = [one for one in kpi.needs.values() if isinstance(one, Moments) and not one.reasons]
    return any(desk.dated(goal) == "date" for goal in goals)


def _at_midnight(rows: Lazy, zone_name: str) -> Lazy:
    """Moments as the first instant of their day."""
    at = instant_of_day(pl.col("day"), zone_name).alias("at")
    lowered: Lazy = nw.from_native(rows.to_native().with_columns(at))
    return lowered


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
    seen = Activity(need.source, need.asked[:1], need.where, need.time, history="first")
    answer = Gathering(desk, _NEVER).answer(seen, ())
    first = answer.frame.group_by(ENTITY).agg(start_day=nw.col("day").min())
    nobody = nw.lit(None, dtype=nw.Int32)
    told = first.with_columns(end_day=nobody, left_out=nobody.cast(nw.String))
    return Answer(told.select(ENTITY, "start_day", "end_day", "left_out"), answer.types)


def _members(
    step: Step, desk: Desk, only: Mapping[str, str], fold: Fold, shown: Sequence[int]
) -> Lazy | None:
    """The groups of each entity, by its attributes as they are today; None where nobody asks."""
    lasting = {place: split for place, split in _numbered(step) if place not in shown}
    crowd = step.kpi.crowd
    if crowd is None or not (lasting or only):
        return None
    splits = tuple(lasting.values())
    groups = {by_column(at): by_column(place) for at, place in enumerate(lasting, start=1)}
    if not crowd.seen:
        named = Population(crowd.source, crowd.asked[:1], shape="crowd")
        rows = desk.answer(named, splits, only, None, fold).frame
        return _kept(rows.select(ENTITY, *groups).rename(groups))
    rows = desk.answer(Rows(crowd.source, crowd.asked[:1]), splits, only, None, fold).frame
    # Whoever is known by rows alone stands where the newest row says.
    newest = rows.filter(nw.col("at") == nw.col("at").max().over(ENTITY))
    return _kept(newest.unique([ENTITY], keep="any").select(ENTITY, *groups).rename(groups))


def _kept(rows: Lazy) -> Lazy:
    held: Lazy = nw.from_native(rows.to_native().collect(engine="streaming").lazy())
    return held


def _joined(
    table: Contributions, members: Lazy | None, stands: tuple[int, ...], *, kept: bool
) -> Contributions:
    """The table with the groups of its splits; kept leaves out who is in no list."""
    if members is None:
        return replace(table, stands=stands)
    mine = [by_column(place) for place in stands if place]
    known = [name for name in members.collect_schema().names() if name in mine]
    joined = table.frame.join(
        members.select(ENTITY, *known), on=ENTITY, how="inner" if kept else "left"
    )
    # Who is in no list and does not count stands in no group either.
    counts = nw.col("left_out").is_null()
    groups = [
        nw.when(nw.col(one).is_null() & counts).then(nw.lit(NONE)).otherwise(one).alias(one)
        for one in known
    ]
    return replace(table, frame=joined.with_columns(*groups) if groups else joined, stands=stands)
