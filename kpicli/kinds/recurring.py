"""What customers pay month by month, and what became of it since: MRR, movements, retention."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, Self

import narwhals as nw
from pydantic import model_validator

from kpicli.frames.days import Days
from kpicli.frames.expansions import EXPANSION_TYPES, expansions
from kpicli.frames.lazy import Lazy, once
from kpicli.frames.ledgers import (
    HEADS,
    LEDGER,
    REVALUED_LEDGER,
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
    CURRENCY,
    ENTERING,
    EXPANSION,
    LEAVING,
    MOVEMENTS,
    OPENING,
    REACTIVATION,
    Paid,
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
from kpicli.kinds.paid import named, optional, paid_needs, rules
from kpicli.kinds.renewals import (
    OF_TERMS,
    RENEWALS_DUE,
    OverRenewals,
    of_terms,
    rules_of_terms,
    terms_need,
)
from kpicli.needs import PLAN, PRODUCT, QUANTITY, Need
from kpicli.words.measures import MEASURES
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back

Measure = Literal[
    "mrr", "arr", "arpa", "customers",
    "new", "expansion", "contraction", "churn", "reactivation", "net_new",
    "nrr", "grr",
    "logo_churn", "logo_retention", "revenue_churn", "net_revenue_churn",
    "expanded", "upsell", "expansion_by_type",
    "renewal_rate", "revenue_renewal_rate", "renewals_due",
]  # fmt: skip
_BALANCES = ("mrr", "arr", "arpa", "customers")
_WINDOWED = ("nrr", "grr")
_COUNTED = (*MOVEMENTS, RENEWALS_DUE)
_MONEY = ("net_new", "expansion_by_type")
# Where there are customers and of none is known what they pay, nothing is.
_KNOWN = Total(of_values=True)


class Written(OverRenewals):
    """`measure` says which number; the other keys what is paid.

    `of: customers` counts who moved, or whose term ends; `method` is how nrr and grr follow their
    customers.
    """

    measure: Measure
    method: Literal["cohort", "movements"] = "cohort"

    @model_validator(mode="before")
    @classmethod
    def _usual_window(cls, keys: Any) -> Any:
        windowed = isinstance(keys, Mapping) and keys.get("measure") in _WINDOWED
        return {"window": "12mo", **keys} if windowed else keys

    @model_validator(mode="after")
    def _keys_fit(self) -> Self:
        for wrong in (*self._misfits(), *self.misfits_of_terms(self.measure)):
            raise ValueError(wrong)
        return self

    def _misfits(self) -> Iterator[str]:
        if self.window and self.measure not in _WINDOWED:
            yield f"window is for nrr and grr; {self.measure} is told per period"
        if self.of == "customers" and self.measure not in _COUNTED:
            yield f"of is for movements and renewals_due; {self.measure} is what it is"
        if self.time and self.rows != "snapshots":
            yield "time is for snapshots; a subscription has a start and an end"
        if self.method == "movements" and self.measure not in _WINDOWED:
            yield f"method is for nrr and grr, not for {self.measure}"
        if self.revalued and self.measure in ("expansion_by_type", *OF_TERMS):
            yield f"{self.measure} is told at the rates of the rows; leave rates: out"


def needs(written: Written) -> Mapping[str, Need]:
    """What is paid from when to when, when its terms end, and everyone for the segments."""
    if written.measure == "expansion_by_type":
        quantity = optional(QUANTITY, None, 1)
        return paid_needs(written, named(PRODUCT), named(PLAN), quantity)
    if written.measure not in OF_TERMS:
        return paid_needs(written)
    found = paid_needs(written, named(PRODUCT))
    return {**found, "terms": terms_need(written, written.measure, found["holdings"])}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, customer), with what the measure makes of opening and closing."""
    rates = answers["rates"].frame if written.revalued else None
    paid = Paid(answers["holdings"].frame, written.any_day, written.free == "count", rates)
    of = "window" if written.measure in _WINDOWED else "period"
    stretches = calendar.stretches.filter(nw.col("of") == of)
    ledger = once(movements(paid, stretches))
    if written.method == "movements":
        steps = calendar.stretches.filter(nw.col("of") == "step")
        moved = movements(paid, steps)
        tables = _by_movements(written, ledger, moved, stretches)
    elif written.measure in _BALANCES:
        parts = (*MOVEMENTS, *((ENTERING, LEAVING) if paid.of_values else ()))
        tables = _balance(written, ledger, stretches, parts)
    elif written.measure == "net_new":
        kept = REVALUED_LEDGER if written.revalued else LEDGER
        told = whole_ledger(ledger, stretches, kept)
        tables = (Contributions(told, Total(), numerator="money", beside=kept),)
    elif written.measure in MOVEMENTS:
        tables = (_moved(written, ledger, stretches),)
    elif written.measure == "expansion_by_type":
        tables = _by_type(paid, ledger, stretches)
    elif written.measure in OF_TERMS:
        terms = answers["terms"].frame
        tables = (of_terms(written, written.measure, paid, terms, calendar),)
    else:
        tables = _rate(written, ledger, stretches)
    first = tables[0]
    both = nw.concat([first.frame, untold(paid, stretches, first.beside)], how="vertical")
    return (replace(first, frame=both), *tables[1:])


def _balance(
    written: Written, ledger: Lazy, stretches: Lazy, parts: tuple[str, ...]
) -> tuple[Contributions, ...]:
    paying, customers = ledger.filter(nw.col("closing") != 0), ledger.filter(nw.col("stays"))
    money = nw.col("closing")
    match written.measure:
        case "arr":
            return (Contributions(contribution(paying, money * 12), _KNOWN, numerator="money"),)
        case "arpa":
            each = contribution(customers, money, nw.lit(1))
            return (Contributions(each, Ratio(), numerator="money"),)
        case "customers":
            return (Contributions(contribution(customers, nw.lit(1)), _KNOWN),)
    told = [_part(part, _movement(part, nw.col("amount"), ledger, stretches)) for part in parts]
    if written.revalued:
        changed = ledger.filter(nw.col("currency") != 0)
        told.append(_part(CURRENCY, _known(changed, nw.col("currency"), ledger, stretches)))
    return (
        Contributions(contribution(paying, money), _KNOWN, numerator="money"),
        _part(OPENING, contribution(ledger.filter(nw.col("opening") != 0), nw.col("opening"))),
        *told,
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
    return _known(ledger.filter(nw.col("part") == part), amount, ledger, stretches)


def _known(moved: Lazy, amount: nw.Expr, ledger: Lazy, stretches: Lazy) -> Lazy:
    """Where the file begins, nobody knows what moved."""
    rows = contribution(moved, amount)
    return nw.concat([rows, too_young(ledger, stretches)], how="vertical")


def _by_type(paid: Paid, ledger: Lazy, stretches: Lazy) -> tuple[Contributions, ...]:
    typed = expansions(paid, stretches, ledger)
    parts = [(None, "amount"), *((name, name) for name in EXPANSION_TYPES)]
    return tuple(
        Contributions(
            _known(typed.filter(nw.col(column) != 0), nw.col(column), ledger, stretches),
            Total(),
            part,
            numerator="money",
            adds_up=part is not None,
        )
        for part, column in parts
    )


def _rate(written: Written, ledger: Lazy, stretches: Lazy) -> tuple[Contributions, ...]:
    """Of those who paid at the opening what became of them, or of their money."""
    heads = written.measure in HEADS
    known, of = old_enough(ledger, stretches), outcome(written.measure)
    rows = contribution(known.filter("was"), of, nw.lit(1) if heads else nw.col("opening"))
    both = nw.concat([rows, too_young(ledger, stretches)], how="vertical")
    if heads:
        return (Contributions(both, Ratio(interval="wilson")),)
    table = Contributions(both, Ratio(), None, "money", "money")
    if written.measure != "net_revenue_churn":
        return (table,)
    # Who came back pays against the losses, yet is no part of the base.
    back = known.filter(nw.col("part") == REACTIVATION)
    return table, replace(table, frame=contribution(back, of, nw.lit(0)), counted=False)


def _by_movements(
    written: Written, ledger: Lazy, moved: Lazy, stretches: Lazy
) -> tuple[Contributions, ...]:
    lost, gained = (CONTRACTION, CHURN), (EXPANSION, REACTIVATION)
    counted = (*lost, *gained) if written.measure == "nrr" else lost
    told = with_movements(ledger, moved.filter(nw.col("part").is_in(counted)), stretches)
    there = nw.col("denominator") > 0
    both = nw.concat([told.filter(there), too_young(ledger, stretches)], how="vertical")
    table = Contributions(both, Ratio(), None, "money", "money")
    return table, replace(table, frame=told.filter(~there), counted=False)


def per_period(written: Written) -> bool:
    """What moves grows with the period; what stands at its end does not, nor what has a window."""
    return written.measure not in (*_BALANCES, *_WINDOWED, *OF_TERMS)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """Money, a count of customers, or a ratio."""
    if written.measure == "customers" or written.of == "customers":
        return "count"
    return "money" if written.measure in (*_BALANCES, *_COUNTED, *_MONEY) else "ratio"


def sentence(written: Written) -> str:
    """The measure, then every rule in force."""
    told = [_headline(written), *rules(written)]
    if written.method == "movements":
        told.append("by the movements of the window, also of customers won within it")
    if written.measure in OF_TERMS:
        told += rules_of_terms(written, written.measure)
    return "; ".join(told)


def _headline(written: Written) -> str:
    noun = MEASURES[written.measure].format(window=written.window, ahead=written.ahead)
    if written.measure not in _COUNTED:
        return noun
    return f"{'Customers' if written.of == 'customers' else 'Money'} of a month, {noun}"
