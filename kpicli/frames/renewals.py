"""Terms that end, and what goes on after them."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.movements import Paid
from kpicli.needs import ENTITY, PRODUCT

_NOTHING = nw.lit(0, dtype=nw.Int64)


def due_ahead(paid: Paid, terms: Lazy, stretches: Lazy, ahead: int) -> Lazy:
    """Whose term ends in the days after each period's end, and what they pay until then.

    A term is due if its customer still pays for the product on its last day, by that row or by the
    one that replaced it: who has left before it ends has nothing to renew.

    terms as kpicli.needs tells; stretches: columns period and end_day. One row per (period,
    entity); column amount. A row of which several terms end so soon counts once.
    """
    ends = stretches.select("period", read="end_day")
    counting = terms.filter(nw.col("left_out").is_null())
    line = [paid.customer, PRODUCT, "due_day"]
    lasting = _paid_on(
        paid, counting.select(*line).unique(keep="any"), (paid.customer, PRODUCT), -1
    )
    crossed = counting.join(lasting, on=line, how="semi").join(ends, how="cross")
    upto = nw.col("read") + ahead
    held = (nw.col("start_day") < nw.col("read")) & _lasts_to(nw.col("read") - 1)
    soon = crossed.filter(held & (nw.col("due_day") >= nw.col("read")) & (nw.col("due_day") < upto))
    once = soon.unique(["period", "place"], keep="any")
    return once.group_by("period", ENTITY).agg(amount=nw.col("monthly").sum())


def renewed(paid: Paid, terms: Lazy, spans: Lazy, grace: int) -> Lazy:
    """The terms that ended in each period, and what goes on after them.

    terms as kpicli.needs tells; spans: columns period, first_day, end_day, read_day. grace: so many
    days after a term's end it is looked at. One row per (period, entity, product, due_day); columns
    due (what was paid for the term), after (what goes on of it, or more, for the same product),
    goes_on (whether the customer pays anything at all, whatever for) and left_out: immature where
    that day has not been read.
    """
    own = paid.customer
    who = [*dict.fromkeys((ENTITY, own)), PRODUCT]
    ended = terms.filter(nw.col("left_out").is_null() & _lasts_to(nw.col("due_day") - 1))
    each = ended.group_by(*who, "due_day").agg(due=nw.col("monthly").sum())
    line = [own, PRODUCT, "due_day"]
    lines = each.group_by(*line).agg(due_in_line=nw.col("due").sum())
    before = _paid_on(paid, lines, (own, PRODUCT), -1).rename({"paid": "before"})
    then = _paid_on(paid, lines, (own, PRODUCT), grace).rename({"paid": "then"})
    at_all = _paid_on(paid, lines, (own,), grace).rename({"paid": "at_all"})
    met = each.join(lines, on=line, how="left")
    for told in (before, then, at_all):
        met = met.join(told, on=line, how="left")
    return _in_periods(_outcome(met), spans, grace)


def once_each(rows: Lazy) -> Lazy:
    """The last term of each customer that ended in a period: a customer is counted once."""
    last = rows.group_by("period", ENTITY).agg(due_day=nw.col("due_day").max())
    return rows.join(last, on=["period", ENTITY, "due_day"], how="inner").unique(
        ["period", ENTITY], keep="any"
    )


def _lasts_to(day: nw.Expr) -> nw.Expr:
    return nw.col("end_day").is_null() | (nw.col("end_day") > day)


def _paid_on(paid: Paid, lines: Lazy, key: tuple[str, ...], after: int) -> Lazy:
    """What is paid so many days after each line's term has ended; per line, column paid."""
    asked = lines.select(paid.customer, PRODUCT, "due_day").with_columns(
        at=nw.col("due_day") + after
    )
    held = paid.counting.select(*dict.fromkeys((*key, "start_day", "end_day", "monthly")))
    met = asked.join(held, on=list(key), how="inner")
    live = met.filter((nw.col("start_day") <= nw.col("at")) & _lasts_to(nw.col("at")))
    return live.group_by(paid.customer, PRODUCT, "due_day").agg(paid=nw.col("monthly").sum())


def _outcome(met: Lazy) -> Lazy:
    """What the same product pays beside the term goes on by itself; the rest is its renewal."""
    beside = nw.col("before").fill_null(0) - nw.col("due_in_line")
    rest = nw.max_horizontal(nw.col("then").fill_null(0) - beside, _NOTHING)
    share = (rest * nw.col("due") / nw.col("due_in_line")).round().cast(nw.Int64)
    return met.with_columns(after=share, goes_on=nw.col("at_all").fill_null(0) > 0)


def _in_periods(met: Lazy, spans: Lazy, grace: int) -> Lazy:
    upto = nw.min_horizontal("end_day", "read_day")
    days = spans.select("period", "first_day", "read_day", upto=upto)
    crossed = met.join(days, how="cross")
    there = crossed.filter(
        (nw.col("due_day") >= nw.col("first_day")) & (nw.col("due_day") < nw.col("upto"))
    )
    young = nw.col("due_day") + grace >= nw.col("read_day")
    return there.with_columns(left_out=nw.when(young).then(nw.lit("immature")))
