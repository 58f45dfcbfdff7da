"""What customers pay month by month, and what became of it since: MRR, movements, retention."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self

import narwhals as nw
from pydantic import model_validator

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.movements import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    MOVEMENTS,
    OPENING,
    REACTIVATION,
    live,
    movements,
)
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Interval,
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
    ENTITY,
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
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back

Measure = Literal[
    "mrr", "arr", "arpa", "customers",
    "new", "expansion", "contraction", "churn", "reactivation",
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
_NO_RATIO = nw.lit(None, dtype=nw.Int64)
_NOT_LEFT_OUT = nw.lit(None, dtype=nw.String)


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
        if self.window and not self.window.is_calendar:
            raise ValueError(f"a window of {self.window} has no days; write 12mo or 30d")
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
    elif written.measure in MOVEMENTS:
        tables = (_moved(written, ledger, stretches),)
    else:
        tables = (_rate(written, ledger, stretches),)
    lost = _lost(holdings, stretches, any_day)
    return (_with_lost(tables[0], lost), *tables[1:])


def _balance(written: Written, ledger: Lazy, stretches: Lazy) -> tuple[Contributions, ...]:
    paying = ledger.filter(nw.col("closing") != 0)
    money = nw.col("closing")
    match written.measure:
        case "arr":
            return (Contributions(_row(paying, money * 12), _KNOWN, numerator="money"),)
        case "arpa":
            each = _row(paying.filter(money > 0), money, nw.lit(1))
            return (Contributions(each, Ratio(), numerator="money"),)
        case "customers":
            return (Contributions(_row(paying.filter(money > 0), nw.lit(1)), _KNOWN),)
    return (
        Contributions(_row(paying, money), _KNOWN, numerator="money"),
        _part(OPENING, _row(ledger.filter(nw.col("opening") != 0), nw.col("opening"))),
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
    rows = _row(ledger.filter(nw.col("part") == part), amount)
    return nw.concat([rows, _too_young(ledger, stretches)], how="vertical")


def _rate(written: Written, ledger: Lazy, stretches: Lazy) -> Contributions:
    """Of those who paid at the opening what became of them, or of their money."""
    opening, closing, part = nw.col("opening"), nw.col("closing"), nw.col("part")
    lost, more = opening - closing, closing - opening
    gone, grown = part == CHURN, part == EXPANSION
    nothing, one = nw.lit(0), nw.lit(1)
    money, heads = (opening, True), (one, False)
    told: Mapping[str, tuple[nw.Expr, tuple[nw.Expr, bool]]] = {
        "nrr": (closing, money),
        "grr": (nw.min_horizontal(opening, closing), money),
        "logo_churn": (nw.when(gone).then(one).otherwise(nothing), heads),
        "logo_retention": (nw.when(gone).then(nothing).otherwise(one), heads),
        "revenue_churn": (nw.when(lost > 0).then(lost).otherwise(nothing), money),
        "net_revenue_churn": (lost, money),
        "expanded": (nw.when(grown).then(one).otherwise(nothing), heads),
        "upsell": (nw.when(grown).then(more).otherwise(nothing), money),
    }
    numerator, (denominator, of_money) = told[written.measure]
    base = opening > 0
    if written.measure == "net_revenue_churn":
        # Who came back pays against the losses, yet is no part of the base.
        base = base | (part == REACTIVATION)
    rows = _row(_old_enough(ledger, stretches).filter(base), numerator, denominator)
    kind: ColumnType = "money" if of_money else "number"
    interval: Interval | None = None if of_money else "wilson"
    young = _too_young(ledger, stretches)
    return Contributions(
        nw.concat([rows, young], how="vertical"), Ratio(interval=interval), None, kind, kind
    )


def _by_movements(written: Written, ledger: Lazy, moved: Lazy, stretches: Lazy) -> Contributions:
    """The opening money and every movement since, also of customers won within the window."""
    lost, gained = (CONTRACTION, CHURN), (EXPANSION, REACTIVATION)
    counted = (*lost, *gained) if written.measure == "nrr" else lost
    opening = _old_enough(ledger, stretches).filter(nw.col("opening") > 0)
    base = _row(opening, nw.col("opening"), nw.col("opening"))
    later = _old_enough(moved.filter(nw.col("part").is_in(counted)), stretches)
    since = _row(later, nw.col("amount"), nw.lit(0, dtype=nw.Int64))
    both = nw.concat([base, since], how="vertical")
    summed = both.group_by("period", ENTITY).agg(
        numerator=nw.col("numerator").sum(), denominator=nw.col("denominator").sum()
    )
    told = summed.with_columns(left_out=_NOT_LEFT_OUT)
    young = _too_young(ledger, stretches).select(told.collect_schema().names())
    return Contributions(nw.concat([told, young], how="vertical"), Ratio(), None, "money", "money")


def _row(ledger: Lazy, numerator: nw.Expr, denominator: nw.Expr = _NO_RATIO) -> Lazy:
    told = ledger.with_columns(
        numerator=numerator.cast(nw.Int64),
        denominator=denominator.cast(nw.Int64),
        left_out=_NOT_LEFT_OUT,
    )
    return told.select("period", ENTITY, "numerator", "denominator", "left_out")


def _old_enough(ledger: Lazy, stretches: Lazy) -> Lazy:
    """Periods of which the file knows what was before."""
    return _with_begin(ledger, stretches).filter(nw.col("known_day") < nw.col("begin"))


def _too_young(ledger: Lazy, stretches: Lazy) -> Lazy:
    """Customers of periods of which the file does not know what was before."""
    here = nw.col("known_day") >= nw.col("begin")
    rows = _with_begin(ledger, stretches).filter(here & (nw.col("closing") > 0))
    return _row(rows, _NO_RATIO).with_columns(left_out=nw.lit("immature"))


def _with_begin(ledger: Lazy, stretches: Lazy) -> Lazy:
    return ledger.join(stretches.select("period", begin="before_end"), on="period", how="left")


def _lost(holdings: Lazy, stretches: Lazy, any_day: bool) -> Lazy:
    """Customers with a live row that does not count, and why."""
    span = stretches.select("period", begin="first_day", end="end_day")
    untold = live(holdings.filter(~nw.col("left_out").is_null()), span, any_day)
    return untold.group_by("period", ENTITY, "left_out").agg(rows=nw.len())


def _with_lost(table: Contributions, lost: Lazy) -> Contributions:
    rows = lost.with_columns(numerator=_NO_RATIO, denominator=_NO_RATIO)
    told = rows.select("period", ENTITY, "numerator", "denominator", "left_out")
    return replace(table, frame=nw.concat([table.frame, told], how="vertical"))


def per_period(written: Written) -> bool:
    """What moves grows with the period; what stands at its end does not, nor what has a window."""
    return written.measure not in (*_BALANCES, *_WINDOWED)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """Money, a count of customers, or a ratio."""
    if written.measure == "customers" or written.of == "customers":
        return "count"
    return "money" if written.measure in (*_BALANCES, *MOVEMENTS) else "ratio"


_NOUNS: Mapping[str, str] = {
    "mrr": "What a month of everything live at the period's end brings",
    "arr": "Twelve times what a month of everything live at the period's end brings",
    "arpa": "What a month brings at the period's end, per paying customer",
    "customers": "Customers who pay at the period's end",
    "new": "from customers who had never paid before",
    "expansion": "more from customers who paid at its start",
    "contraction": "less from customers who still pay at its end",
    "churn": "lost with customers who paid at its start and do not at its end",
    "reactivation": "from customers who had paid before and not at its start",
    "nrr": "What customers pay who paid {window} before, of what they paid then",
    "grr": "What customers pay who paid {window} before, at most as much as then, of that",
    "logo_churn": "Share of the customers at the period's start who do not pay at its end",
    "logo_retention": "Share of the customers at the period's start who still pay at its end",
    "revenue_churn": "Money lost by churn and contraction, of that of the period's start",
    "net_revenue_churn": "Money lost less expansion and reactivation, of that of the start",
    "expanded": "Share of the customers at the period's start who pay more at its end",
    "upsell": "Expansion, of what was paid at the period's start",
}
_BOUNDARIES: Mapping[str, str] = {
    "end_exclusive": "it does not count on the day of its end",
    "end_inclusive": "the day of its end still counts",
    "any_day": "it counts in every period that it touches",
}


def sentence(written: Written) -> str:
    """The measure, then every rule in force."""
    rules = [_headline(written), f"per {written.entity}", _paid(written)]
    if written.rows != "snapshots":
        rules.append(_BOUNDARIES[written.boundary])
    if written.inactive:
        rules.append(f"without status {', '.join(written.inactive)}")
    if written.method == "movements":
        rules.append("by the movements of the window, also of customers won within it")
    return "; ".join(rules)


def _headline(written: Written) -> str:
    noun = _NOUNS[written.measure].format(window=written.window)
    if written.measure not in MOVEMENTS:
        return noun
    return (
        f"{'Customers' if written.of == 'customers' else 'A month of money'} in the period {noun}"
    )


def _paid(written: Written) -> str:
    less = written.discount.text if written.discount else "discount"
    amount = f"{written.amount.text} less {less} of {written.source}"
    match written.rows:
        case "subscriptions":
            count = written.interval_count.text if written.interval_count else "interval_count"
            fixed = written.interval.casefold() in INTERVAL_WORDS
            each = f"a {written.interval}" if fixed else f"{written.interval} × {count}"
            return f"{amount}, paid per {each}"
        case "snapshots":
            return f"{amount}, for the month of its day"
        case "invoices":
            return f"{amount}, over the months of its service"
