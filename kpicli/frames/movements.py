"""What became of each entity's monthly amount from one stretch of time to the next."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.needs import ENTITY

OPENING, NEW, EXPANSION = "opening", "new", "expansion"
CONTRACTION, CHURN, REACTIVATION = "contraction", "churn", "reactivation"
KEPT = "kept"
# In the order of a ledger; with the opening amounts they add up to the closing ones.
MOVEMENTS = (NEW, EXPANSION, CONTRACTION, CHURN, REACTIVATION)
_KEY = ("period", "first_day")


def movements(holdings: Lazy, stretches: Lazy, *, any_day: bool = False) -> Lazy:
    """The ledger: who paid what before a stretch and at its end, and what that is called.

    holdings as kpicli.needs tells. stretches: columns period, first_day, end_day, before_first,
    before_end. A holding counts where it is live on the last day of the stretch; with any_day
    where it is on any day of it. One row per (period, first_day, entity) with an amount on either
    side; columns also opening, closing and amount (whole units; opening + amount = closing), part
    and known_day.

    An entity is summed up first, so another plan is no churn. Who comes from nothing is new, or a
    reactivation where anything was paid on a day before the stretch, in all of history. In the
    stretch in which the file begins nobody knows what was before: all is opening, nothing moves.
    """
    paying = holdings.filter(nw.col("left_out").is_null())
    before = stretches.select(*_KEY, begin="before_first", end="before_end")
    now = stretches.select(*_KEY, begin="first_day", end="end_day")
    nothing = nw.lit(0, dtype=nw.Int64)
    sides = nw.concat(
        [
            live(paying, before, any_day).with_columns(opening=nw.col("monthly"), closing=nothing),
            live(paying, now, any_day).with_columns(opening=nothing, closing=nw.col("monthly")),
        ],
        how="vertical",
    )
    summed = sides.group_by(*_KEY, ENTITY).agg(
        opening=nw.col("opening").sum(),
        closing=nw.col("closing").sum(),
        known_day=nw.col("known_day").max(),
    )
    return _told(summed.join(_first_days(paying), on=ENTITY, how="left"))


def live(holdings: Lazy, stretches: Lazy, any_day: bool) -> Lazy:
    """The holdings that are live at the end of a stretch, or with any_day on any day of it.

    stretches: columns begin and end (exclusive), and what names them. One row per (holding,
    stretch).
    """
    since = nw.col("begin") if any_day else nw.col("end") - 1
    lasting = nw.col("end_day").is_null() | (nw.col("end_day") > since)
    crossed = holdings.join(stretches, how="cross")
    found = crossed.filter((nw.col("start_day") < nw.col("end")) & lasting)
    return found.drop("begin", "end")


def _first_days(holdings: Lazy) -> Lazy:
    """The first day on which each entity paid anything."""
    lasted = nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("start_day"))
    paid = holdings.filter(lasted & (nw.col("monthly") > 0))
    return paid.group_by(ENTITY).agg(since=nw.col("start_day").min())


def _told(summed: Lazy) -> Lazy:
    begins = nw.col("known_day") >= nw.col("first_day")
    opening = nw.when(begins).then(nw.col("closing")).otherwise(nw.col("opening"))
    ledger = summed.with_columns(opening=opening).with_columns(
        amount=nw.col("closing") - nw.col("opening")
    )
    known = ledger.filter((nw.col("opening") != 0) | (nw.col("closing") != 0))
    return known.with_columns(part=_part(begins)).drop("since")


def _part(begins: nw.Expr) -> nw.Expr:
    came = (nw.col("opening") <= 0) & (nw.col("closing") > 0)
    went = (nw.col("opening") > 0) & (nw.col("closing") <= 0)
    rest = nw.lit(KEPT)
    for holds, part in (
        (nw.col("amount") < 0, CONTRACTION),
        (nw.col("amount") > 0, EXPANSION),
        (went, CHURN),
        (came, NEW),
        (came & (nw.col("since") < nw.col("first_day")), REACTIVATION),
        (begins, OPENING),
    ):
        rest = nw.when(holds).then(nw.lit(part)).otherwise(rest)
    return rest
