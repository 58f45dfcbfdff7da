"""What customers pay month by month, and what became of it since: MRR, movements, retention."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self

import narwhals as nw
from pydantic import model_validator

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.ledgers import (
    HEADS,
    LEDGER,
    contribution,
    old_enough,
    outcome,
    too_young,
    untold,
    whole_ledger,
    with_movements,
)
from kpicli.frames.movements import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    MOVEMENTS,
    OPENING,
    REACTIVATION,
    movements,
)
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Ratio,
    Total,
    no_inputs,
    no_look_back,
    not_told,
)
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
    of_entity,
    population,
)
from kpicli.words.expressions import Expression, Name, Number
from kpicli.words.expressions import Text as FixedText
from kpicli.words.intervals import INTERVAL_WORDS
from kpicli.words.measures import BOUNDARIES, MEASURES, ROWS
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back

Measure = Literal[
    "mrr", "arr", "arpa", "customers",
    "new", "expansion", "contraction", "churn", "reactivation", "net_new",
    "nrr", "grr",
    "logo_churn", "logo_retention", "revenue_churn", "net_revenue_churn",
    "expanded", "upsell",
]  # fmt: skip
_BALANCES = ("mrr", "arr", "arpa", "customers")
_WINDOWED = ("nrr", "grr")
# Of trials and incomplete ones nothing has been paid; of the others nothing is.
_INACTIVE = ("trial", "trialing", "incomplete", "incomplete_expired", "unpaid", "paused")
# Where there are customers and of none is known what they pay, nothing is.
_KNOWN = Total(of_values=True)


class Written(OverEntities):
    """`measure` says which number, `rows` what a row of the source is.

    `amount` is paid per `interval` (a column, or one of day, week, month, quarter, year) times
    `interval_count`, less `discount`; `boundary` says what a row's end means. `inactive` lists the
    values of `status` that do not count. `of: customers` counts who moved; `method` is how nrr and
    grr follow their customers.
    """

    measure: Measure
    rows: Literal["subscriptions", "snapshots", "invoices"] = "subscriptions"
    amount: Value = Expression("amount", Name("amount"))
    interval: Text = "interval"
    interval_count: Value | None = None
    discount: Value | None = None
    status: Text | None = None
    inactive: Texts = _INACTIVE
    where: Condition | None = None
    start: Text | None = None
    end: Text | None = None
    boundary: Literal["end_exclusive", "end_inclusive", "any_day"] = "end_exclusive"
    of: Literal["money", "customers"] = "money"
    method: Literal["cohort", "movements"] = "cohort"

    @model_validator(mode="before")
    @classmethod
    def _usual_window(cls, keys: Any) -> Any:
        windowed = isinstance(keys, Mapping) and keys.get("measure") in _WINDOWED
        return {"window": "12mo", **keys} if windowed else keys

    @model_validator(mode="after")
    def _keys_fit(self) -> Self:
        if self.window and self.measure not in _WINDOWED:
            raise ValueError(f"window is for nrr and grr; {self.measure} is told per period")
        if self.of == "customers" and self.measure not in MOVEMENTS:
            raise ValueError(f"of is for movements; {self.measure} is what it is")
        if self.time and self.rows != "snapshots":
            raise ValueError("time is for snapshots; a subscription has a start and an end")
        if self.method == "movements" and self.measure not in _WINDOWED:
            raise ValueError(f"method is for nrr and grr, not for {self.measure}")
        return self


def needs(written: Written) -> Mapping[str, Need]:
    """What is paid from when to when, and everyone for the segments."""
    asked = [of_entity(written.entity), Asked(AMOUNT, written.amount, _amount_type(written))]
    if written.rows == "subscriptions":
        asked += [_interval(written), _optional(INTERVAL_COUNT, written.interval_count, 1)]
    asked.append(_optional(DISCOUNT, written.discount, 0))
    if written.inactive:
        name = written.status or STATUS
        status = Expression(name, Name(name))
        asked.append(Asked(STATUS, status, "text", empty="", optional=written.status is None))
    holdings = Holdings(
        written.source,
        tuple(asked),
        written.where,
        written.time,
        shape="moment" if written.rows == "snapshots" else "span",
        start=written.start or ("service_start" if written.rows == "invoices" else None),
        end=written.end or ("service_end" if written.rows == "invoices" else None),
        paid=_PAID[written.rows],
        ends_included=written.rows != "snapshots" and written.boundary != "end_exclusive",
        inactive=tuple(status.casefold() for status in written.inactive),
    )
    everyone = population(written.entity, seen=written.population == "seen")
    return {"holdings": holdings, "everyone": everyone}


_PAID: Mapping[str, Literal["interval", "month", "service"]] = {
    "subscriptions": "interval",
    "snapshots": "month",
    "invoices": "service",
}


def _amount_type(written: Written) -> ColumnType:
    return "money" if isinstance(written.amount.tree, Name) else "number"


def _interval(written: Written) -> Asked:
    fixed = written.interval.casefold() in INTERVAL_WORDS
    tree = FixedText(written.interval) if fixed else Name(written.interval)
    return Asked(INTERVAL, Expression(written.interval, tree), "text")


def _optional(name: str, told: Expression | None, empty: float) -> Asked:
    """A column of the vocabulary, which a file may lack, or what the author names instead."""
    if told is None:
        return Asked(name, Expression(name, Name(name)), empty=empty, optional=True)
    fixed = isinstance(told.tree, Number)
    return Asked(name, told, None if fixed else "number", empty=empty)


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, customer), with what the measure makes of opening and closing."""
    holdings, any_day = answers["holdings"].frame, written.boundary == "any_day"
    of = "window" if written.measure in _WINDOWED else "period"
    stretches = calendar.stretches.filter(nw.col("of") == of)
    ledger = movements(holdings, stretches, any_day=any_day)
    if written.method == "movements":
        steps = calendar.stretches.filter(nw.col("of") == "step")
        moved = movements(holdings, steps, any_day=any_day)
        tables: tuple[Contributions, ...] = (_by_movements(written, ledger, moved, stretches),)
    elif written.measure in _BALANCES:
        tables = _balance(written, ledger, stretches)
    elif written.measure == "net_new":
        told = whole_ledger(ledger, stretches)
        tables = (Contributions(told, Total(), numerator="money", beside=LEDGER),)
    elif written.measure in MOVEMENTS:
        tables = (_moved(written, ledger, stretches),)
    else:
        tables = (_rate(written, ledger, stretches),)
    first = tables[0]
    lost = untold(holdings, stretches, first.beside, any_day=any_day)
    return (replace(first, frame=nw.concat([first.frame, lost], how="vertical")), *tables[1:])


def _balance(written: Written, ledger: Lazy, stretches: Lazy) -> tuple[Contributions, ...]:
    paying = ledger.filter(nw.col("closing") != 0)
    money = nw.col("closing")
    match written.measure:
        case "arr":
            return (Contributions(contribution(paying, money * 12), _KNOWN, numerator="money"),)
        case "arpa":
            each = contribution(paying.filter(money > 0), money, nw.lit(1))
            return (Contributions(each, Ratio(), numerator="money"),)
        case "customers":
            return (Contributions(contribution(paying.filter(money > 0), nw.lit(1)), _KNOWN),)
    return (
        Contributions(contribution(paying, money), _KNOWN, numerator="money"),
        _part(OPENING, contribution(ledger.filter(nw.col("opening") != 0), nw.col("opening"))),
        *(_part(part, _movement(part, nw.col("amount"), ledger, stretches)) for part in MOVEMENTS),
    )


def _part(part: str, rows: Lazy) -> Contributions:
    return Contributions(rows, Total(), part, numerator="money", adds_up=True)


def _moved(written: Written, ledger: Lazy, stretches: Lazy) -> Contributions:
    """A movement alone is told by its size, as contraction and churn are read."""
    heads = written.of == "customers"
    amount = nw.lit(1) if heads else nw.col("amount").abs()
    rows = _movement(written.measure, amount, ledger, stretches)
    return Contributions(rows, Total(), numerator="number" if heads else "money")


def _movement(part: str, amount: nw.Expr, ledger: Lazy, stretches: Lazy) -> Lazy:
    """Where the file begins, nobody knows what moved."""
    rows = contribution(ledger.filter(nw.col("part") == part), amount)
    return nw.concat([rows, too_young(ledger, stretches)], how="vertical")


def _rate(written: Written, ledger: Lazy, stretches: Lazy) -> Contributions:
    """Of those who paid at the opening what became of them, or of their money."""
    heads = written.measure in HEADS
    base = nw.col("opening") > 0
    if written.measure == "net_revenue_churn":
        # Who came back pays against the losses, yet is no part of the base.
        base = base | (nw.col("part") == REACTIVATION)
    known = old_enough(ledger, stretches).filter(base)
    rows = contribution(known, outcome(written.measure), nw.lit(1) if heads else nw.col("opening"))
    both = nw.concat([rows, too_young(ledger, stretches)], how="vertical")
    if heads:
        return Contributions(both, Ratio(interval="wilson"))
    return Contributions(both, Ratio(), None, "money", "money")


def _by_movements(written: Written, ledger: Lazy, moved: Lazy, stretches: Lazy) -> Contributions:
    lost, gained = (CONTRACTION, CHURN), (EXPANSION, REACTIVATION)
    counted = (*lost, *gained) if written.measure == "nrr" else lost
    told = with_movements(ledger, moved.filter(nw.col("part").is_in(counted)), stretches)
    both = nw.concat([told, too_young(ledger, stretches)], how="vertical")
    return Contributions(both, Ratio(), None, "money", "money")


def per_period(written: Written) -> bool:
    """What moves grows with the period; what stands at its end does not, nor what has a window."""
    return written.measure not in (*_BALANCES, *_WINDOWED)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """Money, a count of customers, or a ratio."""
    if written.measure == "customers" or written.of == "customers":
        return "count"
    return "money" if written.measure in (*_BALANCES, *MOVEMENTS, "net_new") else "ratio"


def sentence(written: Written) -> str:
    """The measure, then every rule in force."""
    rules = [_headline(written), f"per {written.entity}", _paid(written)]
    if written.rows != "snapshots":
        rules.append(BOUNDARIES[written.boundary])
    if written.inactive:
        rules.append(f"without status {', '.join(written.inactive)}")
    if written.method == "movements":
        rules.append("by the movements of the window, also of customers won within it")
    return "; ".join(rules)


def _headline(written: Written) -> str:
    noun = MEASURES[written.measure].format(window=written.window)
    if written.measure not in MOVEMENTS:
        return noun
    return f"{'Customers' if written.of == 'customers' else 'Money'} of a month, {noun}"


def _paid(written: Written) -> str:
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
