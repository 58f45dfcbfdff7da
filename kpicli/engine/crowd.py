"""Needs over entities answered, and the groups that entities stand in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from kpicli.definitions.book import Kpi
from kpicli.engine.answers import Desk, Fold, Split
from kpicli.engine.days import instant_of_day, later_instant
from kpicli.engine.entities import may_be_numbered, numbered
from kpicli.engine.gathering import Gathering
from kpicli.engine.holdings import answer_holdings, answer_rates
from kpicli.engine.members import joined_groups, members_of, per_period
from kpicli.engine.pairs import pair_of, paired, parted, with_owner
from kpicli.engine.splits import carriers, split_by_rows
from kpicli.engine.terms import list_terms
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.membership import CROSS, by_column
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
    numbered: entities are told by numbers.
    """

    desk: Desk
    days: Days
    also: Expression | None
    only: Mapping[str, str]
    fold: Fold
    by_dates: bool = False
    numbered: bool = False


def crowd_contributions(
    step: Step,
    desk: Desk,
    days: Days,
    only: Mapping[str, str],
    also: Expression | None,
    fold: Fold,
    *,
    named: bool = True,
) -> tuple[Contributions, ...]:
    """The tables of a KPI over entities, with the groups of each entity beside it.

    Unless named entities may be told by numbers.

    A split by what an entity is stands in every table. For one by a column of the rows the KPI is
    told once more, of pairs of entity and value: who showed two values stands in both groups.
    """
    rowwise = {name: only[name] for name in only if _by_rows(step.kpi, (name,), desk)}
    lasting = {name: value for name, value in only.items() if name not in rowwise}
    shown = [place for place, split in _placed(step) if _by_rows(step.kpi, split, desk)]
    plain = not (named or shown or rowwise) and may_be_numbered(step.kpi.needs.values())
    asked = _Asked(desk, days, also, rowwise, fold, _by_dates(step.kpi, desk), plain)
    members = members_of(step, desk, days, lasting, fold, shown, numbered=plain)
    stands = tuple(place for place in range(len(step.by) + 1) if place not in shown)
    if rowwise and _knows_owners(step.kpi):
        tables = tuple(_shown(step, asked, None))
    else:
        answers = _held({name: _answer(need, asked, ()) for name, need in step.kpi.needs.items()})
        tables = step.kpi.shelf.contributions(step.kpi.written, answers, days)
    kept = bool(lasting)
    found = [*joined_groups(tables, members, step.by, stands, kept=kept)]
    for place in shown:
        pairs = tuple(_shown(step, asked, place))
        found += joined_groups(pairs, members, step.by, (place,), kept=kept)
    return tuple(found)


def _placed(step: Step) -> Iterator[tuple[int, Split]]:
    return enumerate(step.by, start=1)


def _by_rows(kpi: Kpi, split: Split, desk: Desk) -> bool:
    return split_by_rows(kpi, split, desk.segments, desk.routes.has_column)


def _knows_owners(kpi: Kpi) -> bool:
    """Whether a value of the rows is looked at with what else its entity did or pays."""
    return any(isinstance(need, Holdings) or need.owned for need in carriers(kpi))


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
    if asked.only and _knows_owners(step.kpi):
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
        if asked.desk.moves(need, _names(need)):
            return _told_by(_population(need, asked.desk, asked.days), asked)
        return asked.desk.shared.once(
            (need, asked.numbered),
            lambda: _told_by(_population(need, asked.desk, asked.days), asked),
        )
    if isinstance(need, Holdings):
        return _holdings(need, asked, splits)
    if isinstance(need, Rates):
        return answer_rates(need, asked.desk)
    only = asked.only if need.splits else {}
    if isinstance(need, Activity | Moments):
        return _done(need, asked, splits, only)
    desk = asked.desk.since(need, asked.days.since)
    answer = desk.answer(need, splits, only, asked.also, asked.fold)
    rows = _read(answer.frame, need, asked.days).filter(nw.col("left_out").is_null())
    return Answer(rows.with_columns(pair_of(splits)) if splits else rows, answer.types)


def _done(
    need: Activity | Moments, asked: _Asked, splits: Sequence[Split], only: Mapping[str, str]
) -> Answer:
    """What entities did; a value asked for alone is a split where it matters who showed it."""
    wanted = tuple(splits)
    if need.owned and only:
        wanted, only = (*wanted, tuple(only)), {}
    gathering = Gathering(asked.desk, asked.days.since, only, asked.also, asked.fold)
    if asked.numbered:
        key = (need, asked.days.since, asked.also)
        done = asked.desk.shared.once(key, lambda: _told_by(gathering.answer(need, ()), asked))
    else:
        done = gathering.answer(need, wanted)
    rows = _timed(_read(done.frame, need, asked.days), need, asked)
    return replace(done, frame=with_owner(rows) if need.owned and wanted else rows)


def _told_by(answer: Answer, asked: _Asked) -> Answer:
    """The answer with entities by number, where no name is looked into."""
    if not asked.numbered:
        return answer
    return replace(answer, frame=numbered(answer.frame, asked.desk.shared.names))


def _read(rows: Lazy, need: Need, days: Days) -> Lazy:
    """What had been by the reading date; nothing after it counts, not even as a goal reached.

    A list without time is there as it is, for what asks not how often and when.
    """
    day = nw.col("start_day" if need.shape == "span" else "day")
    (read_day,) = days.spans.select(nw.col("read_day").max()).collect()["read_day"]
    if read_day is None and isinstance(need, Moments):
        return rows
    return rows.filter(day < nw.lit(read_day, dtype=nw.Int32))


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


def _names(need: Need) -> tuple[str, ...]:
    return tuple(name for told in need.expressions() for name in told.names)


def _population(need: Population, desk: Desk, days: Days) -> Answer:
    if need.seen:
        return _seen(need, desk)
    answer = desk.answer(need, (), {}, None, {}, days)
    rows = answer.frame.filter(~nw.col(ENTITY).is_null())
    if any(asked.name == ELIGIBLE for asked in need.asked):
        refused = nw.when(~nw.col(ELIGIBLE)).then(nw.lit("ineligible"))
        rows = rows.with_columns(left_out=nw.coalesce(nw.col("left_out"), refused))
    told = (ENTITY, "start_day", "end_day", "left_out", *per_period(rows))
    return Answer(rows.select(*told), answer.types)


def _seen(need: Population, desk: Desk) -> Answer:
    seen = Activity(need.source, need.asked[:1], need.where, need.time, history="first")
    answer = Gathering(desk, _NEVER).answer(seen, ())
    first = answer.frame.group_by(ENTITY).agg(start_day=nw.col("day").min())
    nobody = nw.lit(None, dtype=nw.Int32)
    told = first.with_columns(end_day=nobody, left_out=nobody.cast(nw.String))
    return Answer(told.select(ENTITY, "start_day", "end_day", "left_out"), answer.types)
