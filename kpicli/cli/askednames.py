"""Segments and columns that the command line names, checked before any row is read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kpicli.definitions.book import Book, Kpi, leaves
from kpicli.engine.catalogue import as_found, list_sources
from kpicli.engine.routes import Routes
from kpicli.engine.wants import Wishes
from kpicli.errors import Problem, RequestError
from kpicli.needs import Population
from kpicli.planning.plan import Plan, make_plan
from kpicli.planning.request import Request
from kpicli.words.parsing import parse_condition

Check = Callable[[str], Iterator[Problem]]
# What only the files can tell is no fault of the command line.
_OURS = (
    "missing_column",
    "unknown_source",
    "no_route",
    "two_routes",
    "two_meanings",
    "did",
    "condition",
)


def check_names(book: Book, request: Request) -> Request:
    """The request, with the KPIs that a name of --by fits not marked as unsplit.

    RequestError where a name of --by, --for or --where fits none of the KPIs asked for.
    """
    names = dict.fromkeys((*(request.by or ()), *request.for_))
    if not names and not request.where:
        return request
    plan = make_plan(book, request)
    catalogue = list_sources(book)
    book = as_found(book, catalogue)
    wishes = Wishes(
        book, catalogue, Routes(book.sources, catalogue.has_column, catalogue.gives_column)
    )
    told = _told_by(step.kpi for step in plan.steps)
    sources = dict.fromkeys(source for source, _ in told)
    for name in names:
        option = "--by" if name in (request.by or ()) else "--for"
        _refuse(option, [list(wishes.of_split(source, name, crowd)) for source, crowd in told])
    if request.where:
        also = parse_condition(request.where)
        found = [list(wishes.of_expression(source, also, "yes_no")) for source in sources]
        _refuse("--where", found)
    return replace(request, unsplit=frozenset(_unsplit(plan, request, wishes)))


def _unsplit(plan: Plan, request: Request, wishes: Wishes) -> Iterator[tuple[str, str]]:
    for step in plan.shown:
        book = wishes.book
        told = _told_by((step.kpi, *(book.kpis[one] for one in leaves(step.kpi, book.kpis))))
        for name in request.by or ():
            found = [one for each in told for one in wishes.of_split(each[0], name, each[1])]
            if any(one.code in _OURS for one in found):
                yield step.kpi.name, name


def _told_by(kpis: Iterable[Kpi]) -> tuple[tuple[str, Population | None], ...]:
    """The sources that KPIs are told from, each with the entities that it is split by."""
    return tuple(dict.fromkeys((source, kpi.crowd) for kpi in kpis for source in kpi.sources))


def _refuse(option: str, found: list[list[Problem]]) -> None:
    """One KPI that knows the name is enough; a file that cannot be read tells nothing."""
    told = [problems[0] for problems in found if problems]
    if found and len(told) == len(found) and all(one.code in _OURS for one in told):
        raise RequestError(f"{option}: {told[0].message}", told[0].hint, told[0].code)
