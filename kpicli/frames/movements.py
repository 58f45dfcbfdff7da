"""What became of each entity's monthly amount from one stretch of time to the next."""

from dataclasses import dataclass

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.rates import rated, revalued
from kpicli.needs import CUSTOMER, ENTITY

OPENING, NEW, EXPANSION = "opening", "new", "expansion"
CONTRACTION, CHURN, REACTIVATION = "contraction", "churn", "reactivation"
ENTERING, LEAVING, CURRENCY = "entering", "leaving", "currency"
KEPT = "kept"
# In the order of a ledger; with the opening amounts they add up to the closing ones.
MOVEMENTS = (NEW, EXPANSION, CONTRACTION, CHURN, REACTIVATION)
KEY = ("period", "first_day")
_NOTHING = nw.lit(0, dtype=nw.Int64)


@dataclass(frozen=True)
class Paid:
    """What is paid, and how it is looked at.

    holdings and rates as kpicli.needs tells, rates None where amounts do not change with them.
    any_day: a holding counts in a stretch where it is live on any of its days, else on its last
    one. free: who holds anything is a customer, also who pays 0 for it.
    """

    holdings: Lazy
    any_day: bool = False
    free: bool = False
    rates: Lazy | None = None

    @property
    def counting(self) -> Lazy:
        """The holdings of which everything is known."""
        return self.holdings.filter(nw.col("left_out").is_null())

    @property
    def of_values(self) -> bool:
        """Whether an entity is one of the values that a customer showed."""
        return CUSTOMER in self.holdings.collect_schema().names()

    @property
    def customer(self) -> str:
        """The column that says who a customer is."""
        return CUSTOMER if self.of_values else ENTITY


def movements(paid: Paid, stretches: Lazy) -> Lazy:
    """The ledger: who paid what before a stretch and at its end, and what that is called.

    stretches: columns period, first_day, end_day, before_first, before_end. One row per (period,
    first_day, entity) with anything on either side; columns also opening, closing, amount, currency
    (whole units; opening + amount + currency = closing), was and stays (whether a customer before
    the stretch, at its end), part, known_day, and after: what became of the opening, without what
    rates changed.

    An entity is summed up first, so another plan is no churn. Who comes from nothing is new, or a
    reactivation where anything was paid on a day before the stretch, in all of history. In the
    stretch in which the file begins nobody knows what was before: all is opening, nothing moves.
    Where an entity is a customer's value of a split, a customer before and after is entering the
    value or leaving it; what he enters with goes with what he leaves.
    """
    summed = _summed(paid, sides_of(paid, stretches))
    known = _with_whole(paid, summed).join(_first_days(paid), on=paid.customer, how="left")
    ledger = _told(known, values=paid.of_values)
    return _followed(ledger) if paid.of_values else ledger


def live(holdings: Lazy, stretches: Lazy, any_day: bool) -> Lazy:
    """The holdings that are live at the end of a stretch, or with any_day on any day of it.

    stretches: columns begin and end (exclusive), and what names them. One row per (holding,
    stretch); the column end stays.
    """
    since = nw.col("begin") if any_day else nw.col("end") - 1
    lasting = nw.col("end_day").is_null() | (nw.col("end_day") > since)
    crossed = holdings.join(stretches, how="cross")
    return crossed.filter((nw.col("start_day") < nw.col("end")) & lasting).drop("begin")


def sides_of(paid: Paid, stretches: Lazy) -> Lazy:
    """The holdings live before each stretch and at its end, each amount on its own side."""
    before = stretches.select(*KEY, begin="before_first", end="before_end")
    now = stretches.select(*KEY, begin="first_day", end="end_day")
    amount, here, not_here = nw.col("monthly"), nw.lit(value=True), nw.lit(value=False)
    sides = [
        live(paid.counting, before, paid.any_day).with_columns(
            opening=amount, closing=_NOTHING, was=here, stays=not_here
        ),
        live(paid.counting, now, paid.any_day).with_columns(
            opening=_NOTHING, closing=amount, was=not_here, stays=here
        ),
    ]
    both = nw.concat(sides, how="vertical")
    return both if paid.rates is None else rated(both, paid.rates)


def _summed(paid: Paid, sides: Lazy) -> Lazy:
    """The sides of an entity together, in the project's currency, and whether it is a customer."""
    who = tuple(dict.fromkeys((*KEY, ENTITY, paid.customer)))
    amounts = sides.with_columns(currency=_NOTHING)
    if paid.rates is not None:
        amounts = revalued(sides, (*who, "known_day"))
    summed = amounts.group_by(*who).agg(
        nw.col("opening", "closing", "currency").sum(),
        nw.col("was", "stays", "known_day").max(),
    )
    if paid.free:
        return summed
    return summed.with_columns(was=nw.col("opening") > 0, stays=nw.col("closing") > 0)


def _with_whole(paid: Paid, summed: Lazy) -> Lazy:
    """Beside each entity whether the customer that it belongs to was one, and is one still."""
    if not paid.of_values:
        return summed.with_columns(was_any=nw.col("was"), stays_any=nw.col("stays"))
    whole = summed.group_by(*KEY, CUSTOMER).agg(
        was_any=nw.col("was").max(), stays_any=nw.col("stays").max()
    )
    return summed.join(whole, on=[*KEY, CUSTOMER], how="left")


def _first_days(paid: Paid) -> Lazy:
    """The first day on which each customer paid anything, or held it where that is enough."""
    lasted = nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("start_day"))
    counts = lasted if paid.free else lasted & (nw.col("monthly") > 0)
    return paid.counting.filter(counts).group_by(paid.customer).agg(since=nw.col("start_day").min())


def _told(known: Lazy, *, values: bool) -> Lazy:
    begins = nw.col("known_day") >= nw.col("first_day")
    ledger = known.with_columns(
        opening=nw.when(begins).then(nw.col("closing")).otherwise(nw.col("opening")),
        currency=nw.when(begins).then(_NOTHING).otherwise(nw.col("currency")),
        was=nw.when(begins).then(nw.col("stays")).otherwise(nw.col("was")),
    )
    change = nw.col("closing") - nw.col("opening") - nw.col("currency")
    told = ledger.with_columns(amount=change, after=nw.col("opening") + change)
    anything = (nw.col("opening") != 0) | (nw.col("closing") != 0)
    rows = told.filter(anything | nw.col("was") | nw.col("stays"))
    return rows.with_columns(part=_part(begins, values=values)).drop("since")


def _part(begins: nw.Expr, *, values: bool) -> nw.Expr:
    came = ~nw.col("was_any") & nw.col("stays_any")
    went = nw.col("was_any") & ~nw.col("stays_any")
    enters = nw.lit(value=values) & ~nw.col("was") & nw.col("stays")
    leaves = nw.lit(value=values) & nw.col("was") & ~nw.col("stays")
    rest = nw.lit(KEPT)
    for holds, part in (
        (nw.col("amount") < 0, CONTRACTION),
        (nw.col("amount") > 0, EXPANSION),
        (enters, ENTERING),
        (leaves, LEAVING),
        (went, CHURN),
        (came, NEW),
        (came & (nw.col("since") < nw.col("first_day")), REACTIVATION),
        (begins, OPENING),
    ):
        rest = nw.when(holds).then(nw.lit(part)).otherwise(rest)
    return rest


def _followed(ledger: Lazy) -> Lazy:
    """What customers enter a value with, set against the values that they leave, by their size."""
    gone = nw.when(nw.col("part") == LEAVING).then(nw.col("opening")).otherwise(_NOTHING)
    came = nw.when(nw.col("part") == ENTERING).then(nw.col("closing")).otherwise(_NOTHING)
    sizes = ledger.with_columns(gone=gone, came=came)
    whole = sizes.group_by(*KEY, CUSTOMER).agg(
        left=nw.col("gone").sum(), found=nw.col("came").sum()
    )
    met = sizes.join(whole, on=[*KEY, CUSTOMER], how="left")
    share = (nw.col("found") * nw.col("gone") / nw.col("left")).round()
    moved = nw.when(nw.col("gone") > 0).then(share).otherwise(nw.lit(0.0)).cast(nw.Int64)
    return met.with_columns(after=nw.col("after") + moved).drop("gone", "came", "left", "found")
