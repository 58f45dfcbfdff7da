"""The sources of a plan, opened together."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

from kpicli.definitions.book import Book
from kpicli.engine.answers import Desk
from kpicli.engine.asked_values import check_values
from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Catalogue, as_found, list_sources
from kpicli.engine.currencies import convert_amounts
from kpicli.engine.damage import UNREADABLE, unreadable_source
from kpicli.engine.dotted import parted
from kpicli.engine.exclusions import excluded_tables, mark_excluded
from kpicli.engine.freshness import freshness_problems
from kpicli.engine.identities import identity_problems
from kpicli.engine.opened import Opened
from kpicli.engine.opening import open_source
from kpicli.engine.reading_date import latest, with_reaches
from kpicli.engine.routes import Routes
from kpicli.engine.rulecolumns import wish_columns
from kpicli.engine.series import Asked
from kpicli.engine.sought_texts import sought_by_request, texts_in_vain
from kpicli.engine.type_checks import refused_exclusions
from kpicli.engine.uses import add_uses
from kpicli.engine.wanted import Wants
from kpicli.engine.wants import Wishes
from kpicli.errors import Problem, SourceError
from kpicli.planning.plan import Plan, Step
from kpicli.words.calendar import Period
from kpicli.words.expressions import Expression
from kpicli.words.parsing import parse_condition

StepKey = tuple[str, str]


@dataclass(frozen=True)
class Room:
    """Sources opened for a plan, and the steps that cannot be computed with their problems.

    used are the sources that a step touches; the others are opened for their dates alone.
    """

    desk: Desk
    as_of: date | None
    broken: Mapping[tuple[str, str], tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    asked: Asked
    last: Period | None
    today: date
    used: frozenset[str] = frozenset()


def open_room(book: Book, plan: Plan, today: date, cache: Cache) -> Room:
    """The plan's sources opened; what cannot be opened breaks the steps that touch it."""
    catalogue = list_sources(book)
    book = as_found(book, catalogue)
    routes = Routes(book.sources, catalogue.has_column, catalogue.gives_column)
    also = parse_condition(plan.request.where) if plan.request.where else None
    asked = Asked(plan.request.for_, also)
    whole, touched, broken, lacking = _wanted(book, plan, catalogue, routes, asked)
    opened, failed = _opened(book, catalogue, whole, cache)
    # A source that is opened for its dates alone lacks the columns that exclusions name.
    used = {name for key, sources in touched.items() for name in sources}
    read = {name: one for name, one in opened.items() if name in used}
    failed |= (refused := refused_exclusions(read, book, routes))
    for key, sources in touched.items():
        for name in sources:
            if name in failed and key not in broken:
                broken[key] = failed[name]
    exclusions = [one for one in book.exclude if one.source not in refused]
    opened |= mark_excluded(read, exclusions, routes, book.calendar, cache)
    opened = convert_amounts(opened, book.calendar, book.currency)
    opened = with_reaches(opened, _dated(book, plan), book.calendar, today, cache)
    as_of = plan.request.as_of or latest(opened.values())
    late = tuple(_late(book, plan, opened.values()))
    desk = Desk(opened, routes, book.segments, book.calendar, cache, read_to=as_of or today)
    sound = tuple(step for step in plan.steps if step.key not in broken)
    check_values(desk, sound, asked.only)
    in_vain = tuple(_asked_in_vain(book, opened, sound, also))
    unsure = (_placed(one, book, one.source or "") for one in identity_problems(catalogue))
    last = book.calendar.named(plan.request.period) if plan.request.period else None
    wishes = Wishes(book, catalogue, routes)
    unsaid = dict.fromkeys(one for name in book.sources for one in wishes.of_identity(name))
    wrong = (one for one in unsaid if one.code == "missing_column")
    found = (*late, *in_vain, *unsure, *lacking, *wrong)
    return Room(desk, as_of, broken, found, asked, last, today, frozenset(read))


def _asked_in_vain(
    book: Book, opened: Mapping[str, Opened], steps: Iterable[Step], also: Expression | None
) -> Iterator[Problem]:
    """Texts of --where that no row has."""
    for problem in texts_in_vain(opened, sought_by_request(steps, also, book)):
        yield replace(problem, message=f"--where: {problem.message}", place=None)


def _late(book: Book, plan: Plan, opened: Iterable[Opened]) -> Iterator[Problem]:
    """Sources older than they may be, by the reading date that was given, else by the clock."""
    given = plan.request.as_of
    reference = book.calendar.instant(given) if given else plan.request.now
    if reference is not None:
        for problem in freshness_problems(opened, reference, book.calendar):
            yield problem.at(book.place("sources", problem.source or ""))


def _wanted(
    book: Book, plan: Plan, catalogue: Catalogue, routes: Routes, asked: Asked
) -> tuple[Wants, dict[StepKey, set[str]], dict[StepKey, tuple[Problem, ...]], tuple[Problem, ...]]:
    """What all steps want together, which sources each touches, and which ask in vain.

    At last what rules of good data ask in vain, which breaks no step.
    """
    tables = excluded_tables(book.exclude, routes)
    whole, broken = Wants(), dict[StepKey, tuple[Problem, ...]]()
    touched: dict[tuple[str, str], set[str]] = {}
    for step in plan.steps:
        wishes = Wishes(book, catalogue, routes, kpi=step.kpi.name)
        problems = [*wishes.of_step(step), *wishes.of_request(step, asked.only, asked.also)]
        seen: set[str] = set()
        # What a source needs may be in another source, which has needs of its own.
        while new := [name for name in wishes.wants.columns if name not in seen]:
            seen.update(new)
            for name in new:
                problems += wishes.of_exclusions(name, tables)
                problems += wishes.of_source(name)
                problems += wishes.of_rates(name)
        if problems:
            # What a broken step wants may not be there: nothing is opened for it.
            broken[step.key] = tuple(one.at(step.kpi.place) for one in problems)
            continue
        touched[step.key] = set(wishes.wants.columns)
        whole.take(wishes.wants)
    every = Wishes(book, catalogue, routes, whole)
    used = {name for sources in touched.values() for name in sources}
    lacking = tuple(_rule_wishes(book, plan, every, used))
    _source_wishes(book, catalogue, every)
    add_uses(whole, book, catalogue, routes)
    return whole, touched, broken, lacking


def _rule_wishes(book: Book, plan: Plan, every: Wishes, used: Collection[str]) -> Iterator[Problem]:
    """The columns of the rules that reports run, of the sources behind the numbers."""
    for name in used if plan.request.ruled else ():
        rules = [one for one in book.rules.get(name, ()) if one.in_reports]
        yield from (problem for _, problem in wish_columns(book, every, name, rules))


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
    book: Book, catalogue: Catalogue, wants: Wants, cache: Cache
) -> tuple[dict[str, Opened], dict[str, tuple[Problem, ...]]]:
    """The wanted sources, and why others cannot be opened; two at a time: one reads, one waits."""
    names = [name for name in book.sources if name in wants.columns]
    with ThreadPoolExecutor(max_workers=2) as pool:
        tried = list(pool.map(lambda name: _tried(book, catalogue, wants, name, cache), names))
    unlisted = {name: (one.problem,) for name, one in catalogue.listed.items() if one.problem}
    opened = {one.name: one for one in tried if isinstance(one, Opened)}
    failed = {
        name: one for name, one in zip(names, tried, strict=True) if not isinstance(one, Opened)
    }
    return opened, {**unlisted, **failed}


def _tried(
    book: Book, catalogue: Catalogue, wants: Wants, name: str, cache: Cache
) -> Opened | tuple[Problem, ...]:
    listed = catalogue.listed[name]
    if listed.problem:
        return (listed.problem,)
    try:
        return open_source(listed, wants.of(name), book.calendar, book.folder, cache)
    except SourceError as wrong:
        problems = wrong.problems
        if uses := wants.unruled(name, [one.message for one in problems]):
            return _tried(book, catalogue, Wants({name: dict(uses)}), name, cache)
    except UNREADABLE as wrong:
        problems = (unreadable_source(name, wrong),)
    return tuple(_placed(one, book, one.source or name) for one in problems)


def _placed(problem: Problem, book: Book, source: str) -> Problem:
    return replace(problem, source=source).at(book.place("sources", source))


def _dated(book: Book, plan: Plan) -> dict[str, list[str]]:
    """The columns that date rows: of every source, and of the KPIs of the plan."""
    columns: dict[str, list[str]] = {
        name: [source.happened] for name, source in book.sources.items() if source.happened
    }
    for step in plan.steps:
        for need in step.kpi.needs.values():
            for column in (need.time or need.start, *need.dotted_dates()):
                if column:
                    table, name = parted(column, book.sources)
                    columns.setdefault(table or need.source, []).append(name)
    return columns
