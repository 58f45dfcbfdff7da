"""A plan computed: sources opened, steps gathered in order, every KPI on its own."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from kpicli.definitions.book import Book
from kpicli.engine.answers import Split
from kpicli.engine.cache import Cache
from kpicli.engine.damage import UNREADABLE, unreadable_source
from kpicli.engine.folding import Folding, Folds
from kpicli.engine.gathering import Gathering
from kpicli.engine.hindsight import knows_only_today
from kpicli.engine.horizon import dating_columns, reach_by_source
from kpicli.engine.joins import followed, with_joined
from kpicli.engine.late import late
from kpicli.engine.periods import Spine, calendar_days, since_day, spine_of
from kpicli.engine.reach import Reach
from kpicli.engine.records import earlier_of, records_of
from kpicli.engine.reducing import Done
from kpicli.engine.room import Room, StepKey, open_room
from kpicli.engine.routes import Hop
from kpicli.engine.scales import check_scales
from kpicli.engine.series import gather
from kpicli.engine.together import gather_together
from kpicli.engine.type_checks import check_types
from kpicli.engine.values import Values, told_values, values_of
from kpicli.errors import KpiError, Problem
from kpicli.frames.membership import CROSS
from kpicli.needs import Activity, Moments
from kpicli.planning.plan import Plan, Step
from kpicli.results import Result, SourceRecord
from kpicli.words.calendar import Period


@dataclass(frozen=True)
class Computed:
    """What a run found: records in the order of the contract, and everything that went wrong.

    earlier are records of periods that are judged and not shown. room and values are what the
    results were told from, for questions that their verdicts raise. joins are the references that
    a step follows.
    """

    results: tuple[Result, ...]
    problems: tuple[Problem, ...]
    records: tuple[SourceRecord, ...]
    as_of: date | None
    earlier: tuple[Result, ...] = ()
    room: Room | None = None
    values: Mapping[StepKey, Values] = field(default_factory=dict)
    joins: Mapping[StepKey, tuple[Hop, ...]] = field(default_factory=dict)


def compute(book: Book, plan: Plan, today: date, cache: Cache | None = None) -> Computed:
    """All results of a plan. today is the local day of the clock: rows after it do not count."""
    cache = cache or Cache()
    room = open_room(book, plan, today, cache)
    values, broken = compute_values(book, plan, room)
    ruled = plan.request.ruled and book.rules
    judged = late("roomrules").rule_problems(book, room, cache) if ruled else ()
    results = tuple(
        record
        for step in plan.shown
        for record in _records(book, plan, step, room, values.get(step.key))
    )
    problems = [*room.problems, *judged]
    for step in plan.shown:
        problems += [replace(one, kpi=one.kpi or step.kpi.name) for one in broken.get(step.key, ())]
    problems += _stale(book, plan, values)
    joins = followed((one for one in plan.steps if one.key in values), room.desk)
    hops = (hop for each in joins.values() for hop in each)
    sources = with_joined(room.desk.opened, hops, cache)
    earlier = tuple(
        record
        for step in plan.shown
        if step.key in values
        for record in earlier_of(values[step.key], book.calendar)
    )
    return Computed(results, _once(problems), sources, room.as_of, earlier, room, values, joins)


def compute_values(
    book: Book, plan: Plan, room: Room
) -> tuple[dict[StepKey, Values], dict[StepKey, tuple[Problem, ...]]]:
    """The values of every step in order, and what is wrong with the steps that have none."""
    values: dict[StepKey, Values] = {}
    broken = dict(room.broken)
    folds = Folds()
    _gather_ahead(book, plan, room)
    for step in plan.steps:
        failed = [one for key in step.input_keys for one in broken.get(key, ())]
        if failed:
            broken[step.key] = tuple(failed)
        if step.key in broken:
            continue
        try:
            values[step.key] = _computed(book, plan, step, room, values, folds)
        except KpiError as wrong:
            broken[step.key] = tuple(one.at(step.kpi.place) for one in wrong.problems)
        except UNREADABLE as wrong:
            name = step.kpi.sources[0]
            broken[step.key] = (unreadable_source(name, wrong).at(book.place("sources", name)),)
    return values, broken


def _gather_ahead(book: Book, plan: Plan, room: Room) -> None:
    """Make what KPIs share; what goes wrong is told by the KPI that asks for it by itself."""
    sound = [one for one in plan.steps if one.kpi.crowd and one.key not in room.broken]
    with suppress(KpiError, *UNREADABLE):
        gather_together(found for step in sound for found in _done_in(book, plan, step, room))


def _done_in(book: Book, plan: Plan, step: Step, room: Room) -> Iterator[tuple[Gathering, Done]]:
    """What a KPI asks of what entities did, and since when."""
    check_types(step, room.desk, room.asked, book)
    spine = _spine(book, plan, step, room)
    since = since_day(spine, step.kpi.window, book.calendar)
    for need in step.kpi.needs.values():
        if isinstance(need, Activity | Moments):
            yield Gathering(room.desk, since, also=room.asked.also), need


def _stale(book: Book, plan: Plan, values: Mapping[tuple[str, str], Values]) -> Iterator[Problem]:
    """A problem for each source that ends before the newest period of a KPI shown."""
    for step in plan.shown:
        if step.key not in values:
            continue
        spine = values[step.key].spine
        ended = [period for period in spine.shown if not spine.running(period)]
        if ended and not spine.snapshot and not spine.complete(ended[-1]):
            for name, reach in spine.reaches.items():
                if reach.good_to < ended[-1].end:
                    yield _ends_early(book, step, name, reach, ended[-1])


def _ends_early(book: Book, step: Step, name: str, reach: Reach, period: Period) -> Problem:
    message = f"{name} ends {reach.last}; {period.label} needs it to {period.last_day}"
    silent = (period.end - reach.read_to).days
    hint = f"export it again; if it may be silent so long, add quiet: {silent}d to {name}"
    return Problem(
        "stale_source", message, hint, book.place("sources", name), kpi=step.kpi.name, source=name
    )


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """A problem of a source stands once, whichever KPIs it touches."""
    found: dict[object, Problem] = {}
    for problem in problems:
        key = (problem.code, problem.message) if problem.source else (problem, problem.kpi)
        found.setdefault(key, problem)
    return tuple(found.values())


def _records(
    book: Book, plan: Plan, step: Step, room: Room, values: Values | None
) -> Iterator[Result]:
    if values is not None:
        yield from records_of(values, book.calendar, plan.compare)
        return
    period = None
    if room.as_of and any(dating_columns(book, step.kpi)):
        period = book.calendar.complete(step.grain, room.as_of, 1)[0]
    yield Result(
        step.kpi.name,
        step.grain if period else "snapshot",
        period.label if period else "snapshot",
        period.start if period else None,
        period.end if period else None,
        reason="missing_source",
    )


def _computed(
    book: Book,
    plan: Plan,
    step: Step,
    room: Room,
    values: Mapping[StepKey, Values],
    folds: Folds,
) -> Values:
    spine = _spine(book, plan, step, room)
    if step.kpi.inputs:
        inputs = {name: values[name, grain] for name, grain in step.input_keys}
        return told_values(step, spine, inputs)
    check_types(step, room.desk, room.asked, book)
    check_scales(step, room.desk, room.asked, book.currency)
    days = calendar_days(spine, step.kpi.window, book.calendar)
    folding = Folding(spine, _kept(plan, step), folds)
    parts = gather(step, room.desk, days, room.asked, folding)
    return values_of(step, spine, parts, today_only=knows_only_today(step, room.desk))


def _kept(plan: Plan, step: Step) -> dict[Split, set[str]]:
    """Values named in targets of a step or its family are always shown."""
    family = [one for one in plan.steps if step.family and one.family == step.family] or [step]
    kept: dict[Split, set[str]] = {}
    for rule in (rule for one in family for rule in one.kpi.rules):
        for split in step.by:
            if set(split) == set(rule.for_):
                value = CROSS.join(rule.for_[name] for name in split)
                kept.setdefault(split, set()).add(value)
    return kept


def _spine(book: Book, plan: Plan, step: Step, room: Room) -> Spine:
    return spine_of(
        step,
        book.calendar,
        room.as_of or room.today,
        plan.compare,
        reach_by_source(book, step, room),
        room.last,
        partial=plan.request.include_partial,
        snapshot=not any(dating_columns(book, step.kpi)),
    )
