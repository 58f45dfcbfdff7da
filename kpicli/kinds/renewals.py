"""What an author may write of renewals, and what they contribute."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Literal

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.ledgers import contribution
from kpicli.frames.movements import Paid
from kpicli.frames.renewals import due_ahead, once_each, renewed
from kpicli.kinds.base import Contributions, Ratio, Total
from kpicli.kinds.paid import OverPaid
from kpicli.kinds.written import Text, Window
from kpicli.needs import ENTITY, RENEWAL, Asked, Need, Terms
from kpicli.words.durations import Duration
from kpicli.words.expressions import Expression, Name
from kpicli.words.measures import TERMS

RENEWAL_RATE, REVENUE_RENEWAL_RATE = "renewal_rate", "revenue_renewal_rate"
RENEWALS_DUE = "renewals_due"
_RATES = (RENEWAL_RATE, REVENUE_RENEWAL_RATE)
OF_TERMS = (*_RATES, RENEWALS_DUE)
_BELONGS = {
    "renews": OF_TERMS,
    "grace": _RATES,
    "growth": (REVENUE_RENEWAL_RATE,),
    "ahead": (RENEWALS_DUE,),
}


class OverRenewals(OverPaid):
    """`renews` says when a term ends, `grace` how long after its end it is looked at.

    `growth` says whether more than before counts, `ahead` how far renewals_due looks. `of` says
    whether money or customers are told.
    """

    of: Literal["money", "customers"] = "money"
    renews: Text = "term"
    grace: Window = Duration(0, "d")
    growth: Literal["leave_out", "count"] = "leave_out"
    ahead: Window = Duration(90, "d")

    def misfits_of_terms(self, measure: str) -> Iterator[str]:
        """What is wrong with the keys of renewals, of this measure."""
        for key, measures in _BELONGS.items():
            if key in self.model_fields_set and measure not in measures:
                yield f"{key} is for {' and '.join(measures)}, not for {measure}"
        if measure in OF_TERMS and self.rows != "subscriptions":
            yield f"{measure} is told from subscriptions, which have terms"
        if measure in _RATES and self.renews not in TERMS:
            yield f"{self.renews} tells the next renewal; the last ones are told by term or end"
        for key in ("grace", "ahead"):
            if getattr(self, key).canonical.unit != "d":
                yield f"{key} is counted in days: write 30d"


def terms_need(written: OverRenewals, measure: str, holdings: Need) -> Terms:
    """When the terms of holdings end, by a rule or on a date that is named."""
    ahead = _days(written.ahead) if measure == RENEWALS_DUE else 0
    same = {one.name: getattr(holdings, one.name) for one in fields(holdings)}
    match written.renews:
        case "term" | "end" as rule:
            return Terms(**same, renews=rule, ahead=ahead)
    date = Asked(RENEWAL, Expression(written.renews, Name(written.renews)), "date")
    return Terms(**{**same, "asked": (*holdings.asked, date)}, renews="date", ahead=ahead)


def of_terms(
    written: OverRenewals, measure: str, paid: Paid, terms: Lazy, calendar: Days
) -> Contributions:
    """One row per (period, customer)."""
    if measure == RENEWALS_DUE:
        return _due(written, paid, terms, calendar)
    ended = renewed(paid, terms, calendar.spans, _days(written.grace))
    left_out = nw.col("left_out")
    if measure == RENEWAL_RATE:
        goes_on = nw.col("goes_on").cast(nw.Int64)
        rows = contribution(once_each(ended), goes_on, nw.lit(1), left_out)
        return Contributions(rows, Ratio(interval="wilson", ripens=True))
    after, due = nw.col("after"), nw.col("due")
    kept = after if written.growth == "count" else nw.min_horizontal(after, due)
    money = contribution(ended, kept, due, left_out)
    summed = money.group_by("period", ENTITY, "left_out").agg(
        nw.col("numerator").sum(), nw.col("denominator").sum()
    )
    rows = contribution(summed, nw.col("numerator"), nw.col("denominator"), nw.col("left_out"))
    return Contributions(rows, Ratio(ripens=True), None, "money", "money")


def _due(written: OverRenewals, paid: Paid, terms: Lazy, calendar: Days) -> Contributions:
    ends = calendar.stretches.filter(nw.col("of") == "period")
    soon = due_ahead(paid, terms, ends, _days(written.ahead))
    if written.of == "customers":
        return Contributions(contribution(soon, nw.lit(1)), Total())
    return Contributions(contribution(soon, nw.col("amount")), Total(), numerator="money")


def _days(span: Duration) -> int:
    return span.canonical.amount


def rules_of_terms(written: OverRenewals, measure: str) -> Iterator[str]:
    """When a term ends and what renews it, in words."""
    yield TERMS.get(written.renews, f"a term ends on {written.renews}, as it is today")
    if measure == RENEWALS_DUE:
        return
    days = _days(written.grace)
    when = f"{days} days after the term's end" if days else "on the first day after the term"
    yield f"renewed if paid for {when}"
    if measure == REVENUE_RENEWAL_RATE:
        more = "more than before counts" if written.growth == "count" else "at most as before"
        yield f"by the same product, {more}"
