"""Whether expressions and the columns they name agree, once the columns have their types."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kpicli.definitions.book import Book
from kpicli.engine.answers import Desk
from kpicli.engine.opened import Opened
from kpicli.engine.routes import Routes
from kpicli.engine.series import Asked
from kpicli.engine.splits import split_sources
from kpicli.errors import Problem, SourceError
from kpicli.needs import Need, Population
from kpicli.planning.plan import Step
from kpicli.words.agreement import check
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

Wanted = tuple[Expression, ColumnType | None]


def check_types(step: Step, desk: Desk, asked: Asked, book: Book) -> None:
    """SourceError with every disagreement in what a step reads, each at its character."""
    problems = [
        problem
        for need in step.kpi.needs.values()
        for problem in _disagreements(step, need, desk, asked, book)
    ]
    problems += _of_deeds(step, desk, asked, book)
    if problems:
        raise SourceError(problems)


def _of_deeds(step: Step, desk: Desk, asked: Asked, book: Book) -> Iterator[Problem]:
    """What is wrong with what segments ask of those who did something."""
    for name in dict.fromkeys((*(one for split in step.by for one in split), *asked.only)):
        did = desk.segments[name].did if name in desk.segments else None
        if did is not None and did.where is not None:
            _, types = desk.with_attributes(did.source, did.where.names)
            yield from _told(((did.where, "yes_no"),), types, book, None)


def refused_exclusions(
    opened: Mapping[str, Opened], book: Book, routes: Routes
) -> dict[str, tuple[Problem, ...]]:
    """The sources in use whose exclusions disagree with their columns, and how."""
    desk = Desk(opened, routes, {}, book.calendar)
    found: dict[str, tuple[Problem, ...]] = {}
    for exclusion in book.exclude:
        if exclusion.source in opened:
            _, types = desk.with_attributes(exclusion.source, exclusion.where.names)
            wanted: Wanted = (exclusion.where, "yes_no")
            told = _told((wanted,), types, book, None)
            problems = (replace(one, source=exclusion.source) for one in told)
            found[exclusion.source] = (*found.get(exclusion.source, ()), *problems)
    return {name: problems for name, problems in found.items() if problems}


def _disagreements(
    step: Step, need: Need, desk: Desk, asked: Asked, book: Book
) -> Iterator[Problem]:
    wanted = [*_of_need(need, asked), *_of_splits(step, need, desk, asked)]
    names = [name for told, _ in wanted for name in told.names]
    _, types = desk.with_attributes(need.source, names)
    yield from _told(wanted, types, book, step.kpi.name)


def _of_need(need: Need, asked: Asked) -> Iterator[Wanted]:
    for one in need.asked:
        plain = one.want == "text" and isinstance(one.expression.tree, Name)
        # Any column is a text as its cells are written.
        yield one.expression, None if plain else one.want
    also = None if isinstance(need, Population) and not need.seen else asked.also
    for told in (need.where, also):
        if told:
            yield told, "yes_no"


def _of_splits(step: Step, need: Need, desk: Desk, asked: Asked) -> Iterator[Wanted]:
    splits = (*step.by, *((name,) for name in asked.only))
    for split in splits:
        told = split_sources(step.kpi, split, desk.segments, desk.routes.has_column)
        if need.source in told:
            yield from _of_split(split, desk)


def _of_split(split: Sequence[str], desk: Desk) -> Iterator[Wanted]:
    for name in split:
        segment = desk.segments.get(name)
        if segment is not None and segment.where:
            yield segment.where, "yes_no"
        if segment is not None and segment.of:
            yield segment.of, "number" if segment.cut else None


def _told(
    wanted: Sequence[Wanted], types: Mapping[str, ColumnType], book: Book, kpi: str | None
) -> Iterator[Problem]:
    for told, want in wanted:
        for wrong in check(told, types, want):
            place = book.spot(kpi, told.text, wrong.offset)
            yield Problem("types", f"{told.text}: {wrong.message}", wrong.hint, place)
