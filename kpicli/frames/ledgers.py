"""Contributions from a ledger of movements."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.movements import CHURN, Paid, live
from kpicli.needs import ENTITY

NO_RATIO = nw.lit(None, dtype=nw.Int64)
_COUNTS = nw.lit(None, dtype=nw.String)
# What stands beside the evidence of a whole ledger.
LEDGER = ("opening", "movement", "closing")
REVALUED_LEDGER = ("opening", "movement", "currency", "closing")
# Measures of customers; the others are of their money.
HEADS = ("logo_churn", "logo_retention", "expanded")


def contribution(
    ledger: Lazy,
    numerator: nw.Expr,
    denominator: nw.Expr = NO_RATIO,
    left_out: nw.Expr = _COUNTS,
    *,
    kept: tuple[str, ...] = (),
) -> Lazy:
    """The rows of a ledger as contributions, in whole numbers; see kpicli.results."""
    told = ledger.with_columns(
        numerator=numerator.cast(nw.Int64),
        denominator=denominator.cast(nw.Int64),
        left_out=left_out,
    )
    return told.select("period", ENTITY, "numerator", "denominator", "left_out", *kept)


def old_enough(ledger: Lazy, stretches: Lazy) -> Lazy:
    """Periods of which the file knows what was before."""
    return _with_begin(ledger, stretches).filter(nw.col("known_day") < nw.col("begin"))


def too_young(ledger: Lazy, stretches: Lazy, *, kept: tuple[str, ...] = ()) -> Lazy:
    """Customers of periods of which the file does not know what was before."""
    here = nw.col("known_day") >= nw.col("begin")
    rows = _with_begin(ledger, stretches).filter(here & nw.col("stays"))
    return contribution(rows, NO_RATIO, left_out=nw.lit("immature"), kept=kept)


def _with_begin(ledger: Lazy, stretches: Lazy) -> Lazy:
    return ledger.join(stretches.select("period", begin="before_end"), on="period", how="left")


def whole_ledger(ledger: Lazy, stretches: Lazy, kept: tuple[str, ...]) -> Lazy:
    """Every customer, also who pays as before, so that the rows lead from MRR to MRR."""
    told = ledger.with_columns(movement=nw.col("part"))
    rows = contribution(old_enough(told, stretches), nw.col("amount"), kept=kept)
    return nw.concat([rows, too_young(told, stretches, kept=kept)], how="vertical")


def untold(paid: Paid, stretches: Lazy, kept: tuple[str, ...]) -> Lazy:
    """Customers with a live row that does not count, and why."""
    span = stretches.select("period", begin="first_day", end="end_day")
    rows = live(paid.holdings.filter(~nw.col("left_out").is_null()), span, paid.any_day)
    once = rows.group_by("period", ENTITY, "left_out").agg(rows=nw.len())
    nothing = once.with_columns(
        opening=NO_RATIO,
        movement=nw.lit(None, dtype=nw.String),
        currency=NO_RATIO,
        closing=NO_RATIO,
    )
    return contribution(nothing, NO_RATIO, left_out=nw.col("left_out"), kept=kept)


def with_movements(ledger: Lazy, moved: Lazy, stretches: Lazy) -> Lazy:
    """The opening money and what moved since, also of customers won within the window."""
    opening = old_enough(ledger, stretches).filter(nw.col("opening") > 0)
    base = contribution(opening, nw.col("opening"), nw.col("opening"))
    since = contribution(old_enough(moved, stretches), nw.col("amount"), nw.lit(0))
    summed = (
        nw.concat([base, since], how="vertical")
        .group_by("period", ENTITY)
        .agg(numerator=nw.col("numerator").sum(), denominator=nw.col("denominator").sum())
    )
    return contribution(summed, nw.col("numerator"), nw.col("denominator"))


def outcome(measure: str) -> nw.Expr:
    """What a customer adds to the numerator of a rate whose base is the opening."""
    opening, after = nw.col("opening"), nw.col("after")
    gone, more = nw.col("part") == CHURN, nw.max_horizontal(after - opening, nw.lit(0))
    told = {
        "nrr": after,
        "grr": nw.min_horizontal(opening, after),
        "logo_churn": gone.cast(nw.Int64),
        "logo_retention": (~gone).cast(nw.Int64),
        "revenue_churn": nw.max_horizontal(opening - after, nw.lit(0)),
        "net_revenue_churn": opening - after,
        "expanded": (more > 0).cast(nw.Int64),
        "upsell": more,
    }
    return told[measure]
