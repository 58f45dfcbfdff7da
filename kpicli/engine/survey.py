"""What the files say of the definitions, whether a KPI reads them or not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Catalogue, as_found, list_sources
from kpicli.engine.damage import UNREADABLE
from kpicli.engine.identities import identity_problems, idle_lists
from kpicli.engine.opening import open_source
from kpicli.engine.room import Room
from kpicli.engine.routes import Routes
from kpicli.engine.run import compute
from kpicli.engine.sought_texts import sought_by_exclusions, sought_by_step, texts_in_vain
from kpicli.engine.wants import Wishes
from kpicli.errors import Problem, SourceError
from kpicli.planning.plan import EVERYTHING, Plan, make_plan
from kpicli.planning.request import Request
from kpicli.results import SourceRecord
from kpicli.words.types import ColumnType

Surveyed = SourceRecord | Problem


def survey_sources(book: Book) -> Iterator[Surveyed]:
    """A record of each source that can be read, and a problem for all that is wrong with one.

    Read are the columns that a source's own keys name: time, start, end, key, unique, those under
    columns: and under types:, and those that sources with identity: tell.
    """
    catalogue = list_sources(book)
    book = as_found(book, catalogue)
    wishes = Wishes(
        book, catalogue, Routes(book.sources, catalogue.has_column, catalogue.gives_column)
    )
    for name in book.sources:
        place = book.place("sources", name)
        for found in _surveyed(name, book, catalogue, wishes):
            yield (
                found if isinstance(found, SourceRecord) else replace(found, source=name).at(place)
            )
    for problem in (*identity_problems(catalogue), *idle_lists(catalogue)):
        yield problem.at(book.place("sources", problem.source or ""))


def _surveyed(name: str, book: Book, catalogue: Catalogue, wishes: Wishes) -> Iterator[Surveyed]:
    listed = catalogue.listed[name]
    if listed.problem:
        yield listed.problem
        return
    in_vain = tuple(dict.fromkeys(wishes.of_source(name)))
    yield from dict.fromkeys((*in_vain, *_declared(name, book, wishes)))
    if in_vain:
        # Without the columns that its own keys name a source cannot be opened.
        return
    try:
        yield open_source(listed, wishes.wants.of(name), book.calendar, book.folder, Cache()).record
    except SourceError as wrong:
        yield from wrong.problems


def _declared(name: str, book: Book, wishes: Wishes) -> Iterator[Problem]:
    source = book.sources[name]
    yield from wishes.of_references(name)
    yield from wishes.of_identity(name)
    kinship = wishes.catalogue.listed[name].kinship
    for column in kinship.leads if kinship else ():
        yield from wishes.of_column(name, column, "text")
    yield from wishes.of_rates(name)
    named: list[tuple[str, str, ColumnType | None]] = [
        *(("columns", column, None) for column in source.columns),
        *(("types", column, kind) for column, kind in source.kinds.items()),
    ]
    for key, column, kind in named:
        if wishes.catalogue.has_column(name, column) or not source.may_lack(column):
            for problem in wishes.of_column(name, column, kind):
                yield problem.at(book.at("sources", name, key, column))


def survey_kpis(book: Book, today: date) -> tuple[tuple[Problem, ...], tuple[SourceRecord, ...]]:
    """What is wrong with the KPIs, computed all of them, and a record of each source they read.

    Among it is a warning for each text that a KPI, a segment or an exclusion looks for in vain.
    """
    plan = make_plan(book, Request(names=(EVERYTHING,), ruled=False))
    computed = compute(book, plan, today)
    in_vain = _texts_in_vain(book, plan, computed.room) if computed.room else ()
    return (*computed.problems, *in_vain), computed.records


def _texts_in_vain(book: Book, plan: Plan, room: Room) -> tuple[Problem, ...]:
    """What cannot be opened or read is left to others to tell."""
    steps = [step for step in plan.steps if step.key not in room.broken]
    sought = [one for step in steps for one in sought_by_step(step, book)]
    sought += sought_by_exclusions(book)
    try:
        return tuple(texts_in_vain(room.desk.opened, sought))
    except UNREADABLE:
        return ()
