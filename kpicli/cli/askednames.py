"""Segments and columns that the command line names, checked before any row is read."""

from collections.abc import Callable, Iterator

from kpicli.definitions.book import Book
from kpicli.engine.catalogue import list_sources
from kpicli.engine.routes import Routes
from kpicli.engine.wants import Wishes
from kpicli.errors import Problem, RequestError
from kpicli.planning.plan import make_plan
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


def check_names(book: Book, request: Request) -> None:
    """RequestError where a name of --by, --for or --where fits none of the KPIs asked for."""
    names = dict.fromkeys((*(request.by or ()), *request.for_))
    if not names and not request.where:
        return
    plan = make_plan(book, request)
    catalogue = list_sources(book)
    wishes = Wishes(book, catalogue, Routes(book.sources, catalogue.has_column))
    sources = dict.fromkeys(need.source for step in plan.steps for need in step.kpi.needs.values())
    for name in names:
        option = "--by" if name in (request.by or ()) else "--for"
        _refuse(option, [list(wishes.of_split(source, name)) for source in sources])
    if request.where:
        also = parse_condition(request.where)
        found = [list(wishes.of_expression(source, also, "yes_no")) for source in sources]
        _refuse("--where", found)


def _refuse(option: str, found: list[list[Problem]]) -> None:
    """One KPI that knows the name is enough; a file that cannot be read tells nothing."""
    told = [problems[0] for problems in found if problems]
    if found and len(told) == len(found) and all(one.code in _OURS for one in told):
        raise RequestError(f"{option}: {told[0].message}", told[0].hint, told[0].code)
