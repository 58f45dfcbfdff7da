"""What an expansion comes from: seats, price, another product or an add-on."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.movements import EXPANSION, KEY, Paid, sides_of
from kpicli.needs import ENTITY, PLAN, PRODUCT, QUANTITY

SEATS, PRICE, CROSS_SELL, ADD_ON = "seats", "price", "cross_sell", "add_on"
# In the order of a report; they add up to the expansion.
EXPANSION_TYPES = (SEATS, PRICE, CROSS_SELL, ADD_ON)
_NOTHING = nw.lit(0, dtype=nw.Int64)


def expansions(paid: Paid, stretches: Lazy, ledger: Lazy) -> Lazy:
    """The expansions of a ledger by type, in whole units; a loss beside counts against its type.

    holdings also have product, plan and quantity; ledger as kpicli.frames.movements tells. One row
    per (period, entity) that expanded; columns as in EXPANSION_TYPES, which add up to amount.
    A product on one side alone is cross-sell; of a product held on both, a plan on one side alone
    is an add-on, unless another one has gone or come for it. Of what is held on both sides more
    seats are worth what a seat was worth before; what is left is price.
    """
    grown = ledger.filter(nw.col("part") == EXPANSION)
    lines = _lines(_plans(sides_of(paid, stretches), grown))
    typed = lines.group_by("period", ENTITY).agg(nw.col(*EXPANSION_TYPES).sum())
    return grown.join(typed, on=["period", ENTITY], how="left")


def _plans(sides: Lazy, grown: Lazy) -> Lazy:
    """What who has grown pays per product and plan, and for how many, before and after."""
    quantity = nw.col(QUANTITY)
    mine = sides.join(grown.select("period", ENTITY), on=["period", ENTITY], how="semi")
    counted = mine.with_columns(
        seats_before=nw.when(nw.col("was")).then(quantity),
        seats_after=nw.when(nw.col("stays")).then(quantity),
    )
    return counted.group_by(*KEY, ENTITY, PRODUCT, PLAN).agg(
        nw.col("opening", "closing", "seats_before", "seats_after").sum()
    )


def _lines(plans: Lazy) -> Lazy:
    """Products, and the plans of a product held on both sides, with what each adds by type."""
    product = [*KEY, ENTITY, PRODUCT]
    whole = plans.group_by(*product).agg(
        of_before=nw.col("opening").sum(), of_after=nw.col("closing").sum()
    )
    met = plans.join(whole, on=product, how="left")
    both = (nw.col("opening") != 0) & (nw.col("closing") != 0)
    # Plans on one side alone stand together: one goes, the other comes for it.
    named = met.with_columns(goes_on=both, line=nw.when(both).then(nw.col(PLAN)))
    lines = named.group_by(*product, "of_before", "of_after", "goes_on", "line").agg(
        nw.col("opening", "closing", "seats_before", "seats_after").sum()
    )
    return lines.with_columns(*_types())


def _types() -> tuple[nw.Expr, ...]:
    opening, closing = nw.col("opening"), nw.col("closing")
    change = closing - opening
    crossed = (nw.col("of_before") == 0) | (nw.col("of_after") == 0)
    beside = ~crossed & ((opening == 0) | (closing == 0))
    stays = ~crossed & ~beside
    before, more = nw.col("seats_before"), nw.col("seats_after") - nw.col("seats_before")
    worth = (more * opening / before).round().cast(nw.Int64)
    seats = nw.when(stays & (before > 0)).then(worth).otherwise(_NOTHING)
    return (
        seats.alias(SEATS),
        nw.when(stays).then(change - seats).otherwise(_NOTHING).alias(PRICE),
        nw.when(crossed).then(change).otherwise(_NOTHING).alias(CROSS_SELL),
        nw.when(beside).then(change).otherwise(_NOTHING).alias(ADD_ON),
    )
