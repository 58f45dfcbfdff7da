"""From the words of a command line to the one number that is asked about."""

from datetime import date

from kpicli.cli.askednames import check_names
from kpicli.cli.outcome import Asked, request_of
from kpicli.definitions.book import Book
from kpicli.errors import RequestError, did_you_mean
from kpicli.planning.question import Question


def question_of(
    asked: Asked, book: Book, today: date, part: str | None = None, age: int | None = None
) -> Question:
    """The question in the words of planning; RequestError for what cannot be read or is not there.

    asked names one KPI.
    """
    name = next(iter(asked.names or ()))
    _check_kpi(name, book)
    request = request_of(asked, book, today)
    check_names(book, request)
    return Question(
        kpi=name,
        period=request.period,
        by=request.for_,
        part=part,
        grain=request.grain,
        where=request.where,
        as_of=request.as_of,
        age=age,
    )


def _check_kpi(name: str, book: Book) -> None:
    if name in book.reports:
        hint = f"one of its KPIs: {', '.join(book.reports[name].kpis)}"
        raise RequestError(f"{name} is a report, not a KPI", hint, "unknown_name")
    if name not in book.kpis:
        hint = did_you_mean(name, book.shown())
        raise RequestError(f"there is no KPI {name!r}", hint, "unknown_name")
