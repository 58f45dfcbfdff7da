"""A plan computed: sources opened, steps gathered in order, every KPI on its own."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

from kpicli.definitions.book import Book, Kpi
from kpicli.engine.answers import Desk, Split
from kpicli.engine.catalogue import Catalogue, list_sources
from kpicli.engine.currencies import RATE_COLUMNS, convert_amounts
from kpicli.engine.damage import UNREADABLE, unreadable_source
from kpicli.engine.exclusions import excluded_tables, mark_excluded
from kpicli.engine.freshness import freshness_problems
from kpicli.engine.hindsight import knows_only_today
from kpicli.engine.opened import Opened
from kpicli.engine.opening import open_source
from kpicli.engine.periods import Spine, calendar_days, spine_of
from kpicli.engine.reach import Reach
from kpicli.engine.reading_date import latest, with_reaches
from kpicli.engine.records import records_of
from kpicli.engine.routes import Routes
from kpicli.engine.scales import check_scales
from kpicli.engine.series import Asked, gather
from kpicli.engine.type_checks import check_types, refused_exclusions
from kpicli.engine.values import Values, told_values, values_of
from kpicli.engine.wants import Wants, Wishes
from kpicli.errors import KpiError, Problem, SourceError
from kpicli.needs import Need
from kpicli.planning.plan import Plan, Step
from kpicli.results import Result, SourceRecord
from kpicli.words.calendar import Period
from kpicli.words.parsing import parse_condition

StepKey = tuple[str, str]


@dataclass(frozen=True)
class Computed:
    """What a run found: records in the order of the contract, and everything that went wrong."""

    results: tuple[Result, ...]
    problems: tuple[Problem, ...]
    records: tuple[SourceRecord, ...]
    as_of: date | None


@dataclass(frozen=True)
class Room:
    """Sources opened for a plan, and the steps that cannot be computed with their problems."""

    desk: Desk
    as_of: date | None
    broken: Mapping[tuple[str, str], tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    asked: Asked
    last: Period | None
    today: date


def compute(book: Book, plan: Plan, today: date) -> Computed:
    """All results of a plan. today is the local day of the clock: rows after it do not count."""
    room = open_room(book, plan, today)
    values, broken = compute_values(book, plan, room)
    results = tuple(
        record
        for step in plan.shown
        for record in _records(book, plan, step, room, values.get(step.key))
    )
    problems = [*room.problems]
    for step in plan.shown:
        problems += [replace(one, kpi=one.kpi or step.kpi.name) for one in broken.get(step.key, ())]
    problems += _stale(book, plan, values)
    sources = tuple(source.record for source in room.desk.opened.values())
    return Computed(results, _once(problems), sources, room.as_of)


def compute_values(
    book: Book, plan: Plan, room: Room
) -> tuple[dict[StepKey, Values], dict[StepKey, tuple[Problem, ...]]]:
    """The values of every step in order, and what is wrong with the steps that have none."""
    values: dict[StepKey, Values] = {}
    broken = dict(room.broken)
    for step in plan.steps:
        failed = [one for key in _inputs(step) for one in broken.get(key, ())]
        if failed:
            broken[step.key] = tuple(failed)
        if step.key in broken:
            continue
        try:
            values[step.key] = _computed(book, plan, step, room, values)
        except KpiError as wrong:
            broken[step.key] = tuple(one.at(step.kpi.place) for one in wrong.problems)
        except UNREADABLE as wrong:
            name = step.kpi.sources[0]
            broken[step.key] = (unreadable_source(name, wrong).at(book.place("sources", name)),)
    return values, broken


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
    hint = f"export it again; if it is often silent, say quiet: on {name}"
    return Problem(
        "stale_source", message, hint, book.place("sources", name), kpi=step.kpi.name, source=name
    )


def _inputs(step: Step) -> Iterator[tuple[str, str]]:
    return ((name, step.grain) for name in step.kpi.inputs)


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
    if room.as_of:
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
    book: Book, plan: Plan, step: Step, room: Room, values: Mapping[tuple[str, str], Values]
) -> Values:
    spine = _spine(book, plan, step, room)
    if step.kpi.inputs:
        inputs = {name: values[(name, step.grain)] for name in step.kpi.inputs}
        return told_values(step, spine, inputs)
    check_types(step, room.desk, room.asked, book)
    check_scales(step, room.desk, room.asked, book.currency)
    days = calendar_days(spine, step.kpi.window, book.calendar)
    parts = gather(step, room.desk, days, room.asked, _kept(step))
    return values_of(step, spine, parts, today_only=knows_only_today(step, room.desk))


def _kept(step: Step) -> dict[Split, set[str]]:
    """Values named in targets are always shown."""
    kept: dict[Split, set[str]] = {}
    for rule in step.kpi.rules:
        split = tuple(rule.for_)
        if split in step.by:
            kept.setdefault(split, set()).add("\x1f".join(rule.for_.values()))
    return kept


def _spine(book: Book, plan: Plan, step: Step, room: Room) -> Spine:
    return spine_of(
        step,
        book.calendar,
        room.as_of or room.today,
        plan.compare,
        _reach_by_source(book, step, room),
        room.last,
        partial=plan.request.include_partial,
        snapshot=not any(_dating(book, step.kpi)),
    )


def _reach_by_source(book: Book, step: Step, room: Room) -> dict[str, Reach]:
    """The reach of each source; one whose entities are followed begins with the first of them."""
    found: dict[str, Reach] = {}
    for name, reach in _reaches(book, step, room):
        known = found.get(name)
        followed = known is not None and step.kpi.population is not None
        first = min(known.first, reach.first) if known and followed else reach.first
        found[name] = replace(reach, first=first)
    return found


def _reaches(book: Book, step: Step, room: Room) -> Iterator[tuple[str, Reach]]:
    """The reach of every dated source that a KPI reads, by the column that dates its rows.

    Before the first of a list nobody was there, which is known: only what they did has a beginning.
    """
    crowd = step.kpi.crowd
    others = [need for need in step.kpi.needs.values() if need is not crowd]
    for need in [crowd, *others] if crowd else others:
        source = room.desk.opened[need.source]
        column = _dating_column(book, need)
        own = source.reaches.get(column) if column else None
        reach = source.reach or own
        if reach is not None:
            # A column of its own begins where its values do; it is read as far as its source is.
            began = own.first if own else reach.first
            listed = need is crowd and not crowd.seen
            yield need.source, replace(reach, first=date.min if listed else began)
    for name in step.kpi.inputs:
        yield from _reaches(book, replace(step, kpi=book.kpis[name]), room)


def _dating_column(book: Book, need: Need) -> str | None:
    return need.time or need.start or book.sources[need.source].happened


def _dating(book: Book, kpi: Kpi) -> Iterator[str | None]:
    """The columns that date what a KPI counts; none of them for a list without time."""
    for need in kpi.needs.values():
        yield _dating_column(book, need)
    for name in kpi.inputs:
        yield from _dating(book, book.kpis[name])


def open_room(book: Book, plan: Plan, today: date) -> Room:
    """The plan's sources opened; what cannot be opened breaks the steps that touch it."""
    catalogue = list_sources(book)
    routes = Routes(book.sources, catalogue.has_column)
    also = parse_condition(plan.request.where) if plan.request.where else None
    asked = Asked(plan.request.for_, also)
    whole, touched, broken = _wanted(book, plan, catalogue, routes, asked)
    opened, failed = _opened(book, catalogue, whole)
    refused = refused_exclusions(opened, book)
    opened = {name: one for name, one in opened.items() if name not in refused}
    failed |= refused
    for key, sources in touched.items():
        for name in sources:
            if name in failed and key not in broken:
                broken[key] = failed[name]
    # A source that is opened for its dates alone lacks the columns that exclusions name.
    read = {name: opened[name] for name in opened if any(name in one for one in touched.values())}
    opened |= mark_excluded(read, book.exclude, routes, book.calendar)
    opened = convert_amounts(opened, book.calendar, book.currency)
    opened = with_reaches(opened, _dated(book, plan), book.calendar, today)
    as_of = plan.request.as_of or latest(opened.values())
    late = tuple(_late(book, plan, opened.values()))
    desk = Desk(opened, routes, book.segments, book.calendar)
    last = book.calendar.named(plan.request.period) if plan.request.period else None
    return Room(desk, as_of, broken, late, asked, last, today)


def _late(book: Book, plan: Plan, opened: Iterable[Opened]) -> Iterator[Problem]:
    """Sources older than they may be, by the reading date that was given, else by the clock."""
    given = plan.request.as_of
    reference = book.calendar.instant(given) if given else plan.request.now
    if reference is not None:
        for problem in freshness_problems(opened, reference, book.calendar):
            yield problem.at(book.place("sources", problem.source or ""))


def _wanted(
    book: Book, plan: Plan, catalogue: Catalogue, routes: Routes, asked: Asked
) -> tuple[Wants, dict[tuple[str, str], set[str]], dict[tuple[str, str], tuple[Problem, ...]]]:
    """What all steps want together, which sources each touches, and which ask in vain."""
    tables = excluded_tables(book.exclude, routes)
    whole, broken = Wants(), dict[tuple[str, str], tuple[Problem, ...]]()
    touched: dict[tuple[str, str], set[str]] = {}
    for step in plan.steps:
        wishes = Wishes(book, catalogue, routes, kpi=step.kpi.name)
        problems = [*wishes.of_step(step), *wishes.of_request(step, asked.only, asked.also)]
        for name in tuple(wishes.wants.columns):
            problems += wishes.of_exclusions(name, tables)
        for name in tuple(wishes.wants.columns):
            problems += wishes.of_source(name)
            problems += _rate_wishes(book, name, wishes)
        if problems:
            # What a broken step wants may not be there: nothing is opened for it.
            broken[step.key] = tuple(one.at(step.kpi.place) for one in problems)
            continue
        touched[step.key] = set(wishes.wants.columns)
        whole.take(wishes.wants)
    every = Wishes(book, catalogue, routes, whole)
    _source_wishes(book, catalogue, every)
    return whole, touched, broken


def _rate_wishes(book: Book, name: str, wishes: Wishes) -> Iterator[Problem]:
    rates = book.sources[name].rates
    if rates is not None:
        yield from wishes.of_column(name, rates.on, "time")
        for column in RATE_COLUMNS:
            want = {"day": "time", "rate": "number"}.get(column, "text")
            yield from wishes.of_column(rates.source, column, want)  # type: ignore[arg-type]


def _source_wishes(book: Book, catalogue: Catalogue, every: Wishes) -> None:
    """The dates of every source that can be read, which decide the reading date.

    What is wrong with a source that no step touches is no problem of this run.
    """
    for name, source in book.sources.items():
        if source.happened and not catalogue.listed[name].problem:
            list(every.of_column(name, source.happened, "time"))
    for name in tuple(every.wants.columns):
        list(every.of_source(name))


def _opened(
    book: Book, catalogue: Catalogue, wants: Wants
) -> tuple[dict[str, Opened], dict[str, tuple[Problem, ...]]]:
    """The wanted sources, and why others cannot be opened; two at a time: one reads, one waits."""
    names = [name for name in book.sources if name in wants.columns]
    with ThreadPoolExecutor(max_workers=2) as pool:
        tried = list(pool.map(lambda name: _tried(book, catalogue, wants, name), names))
    unlisted = {name: (one.problem,) for name, one in catalogue.listed.items() if one.problem}
    opened = {one.name: one for one in tried if isinstance(one, Opened)}
    failed = {
        name: one for name, one in zip(names, tried, strict=True) if not isinstance(one, Opened)
    }
    return opened, {**unlisted, **failed}


def _tried(
    book: Book, catalogue: Catalogue, wants: Wants, name: str
) -> Opened | tuple[Problem, ...]:
    listed = catalogue.listed[name]
    if listed.problem:
        return (listed.problem,)
    try:
        return open_source(listed, wants.of(name), book.calendar, book.folder)
    except SourceError as wrong:
        problems = wrong.problems
    except UNREADABLE as wrong:
        problems = (unreadable_source(name, wrong),)
    place = book.place("sources", name)
    return tuple(replace(one, source=name).at(place) for one in problems)


def _dated(book: Book, plan: Plan) -> dict[str, list[str]]:
    """The columns that date rows: of every source, and of the KPIs of the plan."""
    columns: dict[str, list[str]] = {
        name: [source.happened] for name, source in book.sources.items() if source.happened
    }
    for step in plan.steps:
        for need in step.kpi.needs.values():
            column = need.time or need.start
            if column:
                columns.setdefault(need.source, []).append(column)
    return columns
