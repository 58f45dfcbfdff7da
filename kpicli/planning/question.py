"""One number that somebody asks about, and the plan that computes it as a report does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kpicli.definitions.book import Book
from kpicli.errors import RequestError, did_you_mean
from kpicli.planning.plan import Plan, Step, make_plan
from kpicli.planning.request import Request
from kpicli.words.calendar import Grain, Period

# Nobody has so many segment values: a value that is asked for never hides in (other).
_ALL = 1_000_000_000
_REST = "(other)"


@dataclass(frozen=True)
class Question:
    """A KPI, a period by its label, a segment value, a part; None is what a report shows first.

    by names one value of a split: {"plan": "pro"}, or of a cross. as_of is the reading date. age is
    a column of a KPI that is a grid of cohorts.
    """

    kpi: str
    period: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    part: str | None = None
    grain: Grain | None = None
    where: str | None = None
    as_of: date | None = None
    age: int | None = None


def plan_question(book: Book, question: Question) -> Plan:
    """The plan of a report of this one KPI; RequestError where there is none or no such period."""
    if question.kpi not in book.kpis:
        hint = did_you_mean(question.kpi, book.shown())
        raise RequestError(f"there is no KPI {question.kpi!r}", hint, "unknown_name")
    request = Request(
        names=(question.kpi,),
        grain=_grain(book, question),
        where=question.where,
        as_of=question.as_of,
    )
    plan = make_plan(book, request)
    return replace(plan, steps=tuple(_asked(step, question) for step in plan.steps))


def period_asked(book: Book, question: Question) -> Period | None:
    """The period by its label; RequestError where the calendar has none of that name."""
    if question.period is None:
        return None
    try:
        return book.calendar.named(question.period)
    except ValueError as wrong:
        hint = "write 2025-W38, 2025-09, 2025-Q3, 2025 or a day, 2025-09-21"
        raise RequestError(str(wrong), hint, "unknown_period") from wrong


def _grain(book: Book, question: Question) -> Grain | None:
    """As asked, else the period's; None leaves it to the plan."""
    period = period_asked(book, question)
    if period and question.grain not in (None, period.grain):
        message = f"{period.label} is a {period.grain}, and --grain says {question.grain}"
        raise RequestError(message, "leave one of the two out")
    return question.grain or (period.grain if period else None)


def _asked(step: Step, question: Question) -> Step:
    """The step split by what is asked, too."""
    split = tuple(question.by)
    if not split:
        return step
    known = next((one for one in step.by if set(one) == set(split)), split)
    by = tuple(dict.fromkeys((*step.by, known)))
    if _REST in question.by.values():
        return replace(step, by=by, printed=by)
    written = step.kpi.written.model_copy(update={"top": _ALL})
    return replace(step, by=by, printed=by, top=_ALL, kpi=replace(step.kpi, written=written))
