"""What an author may write of rows that say what is paid, and what is asked of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from kpicli.kinds.written import Condition, OverEntities, Text, Texts, Value
from kpicli.needs import (
    AMOUNT,
    DISCOUNT,
    INTERVAL,
    INTERVAL_COUNT,
    STATUS,
    Asked,
    Holdings,
    Need,
    Rates,
    of_entity,
    population,
)
from kpicli.words.expressions import Expression, Name, Number
from kpicli.words.expressions import Text as FixedText
from kpicli.words.intervals import INTERVAL_WORDS
from kpicli.words.measures import BOUNDARIES, ROWS
from kpicli.words.types import ColumnType

# Of trials and incomplete ones nothing has been paid; of the others nothing is.
_INACTIVE = ("trial", "trialing", "incomplete", "incomplete_expired", "unpaid", "paused")
_PAID: Mapping[str, Literal["interval", "month", "service"]] = {
    "subscriptions": "interval",
    "snapshots": "month",
    "invoices": "service",
}


class OverPaid(OverEntities):
    """`rows` says what a row of the source is.

    `amount` is paid per `interval` (a column, or one of day, week, month, quarter, year) times
    `interval_count`, less `discount`; `boundary` says what a row's end means. `inactive` lists the
    values of `status` that do not count, `free` whether who pays nothing is a customer. `rates`
    are those of the `row`, on the day that the source names, or of each `period`.
    """

    rows: Literal["subscriptions", "snapshots", "invoices"] = "subscriptions"
    amount: Value = Expression("amount", Name("amount"))
    interval: Text = "interval"
    interval_count: Value | None = None
    discount: Value | None = None
    status: Text | None = None
    inactive: Texts = _INACTIVE
    free: Literal["leave_out", "count"] = "leave_out"
    where: Condition | None = None
    start: Text | None = None
    end: Text | None = None
    boundary: Literal["end_exclusive", "end_inclusive", "any_day"] = "end_exclusive"
    rates: Literal["of_row", "of_period"] = "of_row"

    @property
    def any_day(self) -> bool:
        """Whether a row counts in every period that it touches."""
        return self.boundary == "any_day"

    @property
    def revalued(self) -> bool:
        """Whether what is paid is told at the rate of each period's end."""
        return self.rates == "of_period"


def paid_needs(written: OverPaid, *also: Asked) -> Mapping[str, Need]:
    """What is paid from when to when, everyone for the segments, and rates where they change."""
    asked = [of_entity(written.entity), Asked(AMOUNT, written.amount, _amount_type(written))]
    if written.rows == "subscriptions":
        asked += [_interval(written), optional(INTERVAL_COUNT, written.interval_count, 1)]
    asked.append(optional(DISCOUNT, written.discount, 0))
    if written.inactive:
        name = written.status or STATUS
        status = Expression(name, Name(name))
        asked.append(Asked(STATUS, status, "text", empty="", optional=written.status is None))
    holdings = Holdings(
        written.source,
        (*asked, *also),
        written.where,
        written.time,
        shape="moment" if written.rows == "snapshots" else "span",
        start=written.start or ("service_start" if written.rows == "invoices" else None),
        end=written.end or ("service_end" if written.rows == "invoices" else None),
        splits=True,
        paid=_PAID[written.rows],
        ends_included=written.rows != "snapshots" and written.boundary != "end_exclusive",
        inactive=tuple(status.casefold() for status in written.inactive),
        revalued=written.revalued,
    )
    everyone = population(written.entity, seen=written.population == "seen", needed=False)
    found: dict[str, Need] = {"holdings": holdings, "everyone": everyone}
    if written.revalued:
        found["rates"] = Rates(written.source, time=written.time, start=holdings.start)
    return found


def _amount_type(written: OverPaid) -> ColumnType:
    return "money" if isinstance(written.amount.tree, Name) else "number"


def _interval(written: OverPaid) -> Asked:
    fixed = written.interval.casefold() in INTERVAL_WORDS
    tree = FixedText(written.interval) if fixed else Name(written.interval)
    return Asked(INTERVAL, Expression(written.interval, tree), "text")


def optional(name: str, told: Expression | None, empty: Any, want: ColumnType = "number") -> Asked:
    """A column of the vocabulary, which a file may lack, or what the author names instead."""
    if told is None:
        kind = want if want == "text" else None
        return Asked(name, Expression(name, Name(name)), kind, empty=empty, optional=True)
    fixed = isinstance(told.tree, Number)
    return Asked(name, told, None if fixed else want, empty=empty)


def named(column: str) -> Asked:
    """A column of texts which a file may lack."""
    return optional(column, None, "", "text")


def rules(written: OverPaid) -> Iterator[str]:
    """Every rule in force on what is paid, in words."""
    yield f"per {written.entity}"
    yield _paid(written)
    if written.rows != "snapshots":
        yield BOUNDARIES[written.boundary]
    if written.inactive:
        yield f"without status {', '.join(written.inactive)}"
    yield f"who pays nothing is {'a' if written.free == 'count' else 'no'} customer"
    if written.revalued:
        yield "at the rates of each period's end, what they change being no movement"


def _paid(written: OverPaid) -> str:
    less = written.discount.text if written.discount else "discount"
    amount = f"{written.amount.text} less {less} of {written.source}"
    match written.rows:
        case "subscriptions":
            count = written.interval_count.text if written.interval_count else "interval_count"
            fixed = written.interval.casefold() in INTERVAL_WORDS
            each = f"a {written.interval}" if fixed else f"{written.interval} × {count}"
            return f"{amount}, paid per {each}"
        case "snapshots" | "invoices":
            return f"{amount}, {ROWS[written.rows]}"
