"""Dates that may be read in two ways, settled by other columns, by options, or by somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpicli.discovery.answers import Ask, Question
from kpicli.discovery.columns import Column
from kpicli.discovery.drafts import Draft
from kpicli.sources.dateguess import Ambiguous

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)


def settle_dates(draft: Draft, said: str | None, ask: Ask) -> Draft:
    """The source with the order of its dates, as far as anything tells it.

    Another column of the same file tells it first: one program wrote both.
    """
    if not draft.unsettled:
        return draft
    order, reason = _order_of(draft.columns), "as the file's other dates are"
    if order is None and said:
        order, reason = said, "as you said"
    if order is None:
        order, reason = ask(Question(_asked(draft), ORDERS)), "as you said"
    return draft if order is None else _settled(draft, order, reason)


def order_of(pattern: str) -> str | None:
    """Whether a pattern has the day or the month first; None where it begins with the year."""
    day, month = pattern.find("D"), pattern.find("MM")
    if day < 0 or month < 0 or pattern.startswith("YYYY") or "MMM" in pattern:
        return None
    return DAY_FIRST if day < month else MONTH_FIRST


def readings(two: Ambiguous) -> Mapping[str, str]:
    """What the example means in each of both patterns."""
    told = zip(two.patterns, two.readings, strict=True)
    return {pattern: f"{day.day} {day:%b %Y}" for pattern, day in told}


def either(draft: Draft) -> str:
    """The first date that may be read in two ways, in both of them."""
    two = next(one.ambiguous for one in draft.unsettled if one.ambiguous)
    return f"{two.example} is {' or '.join(readings(two).values())}?"


def _order_of(columns: Sequence[Column]) -> str | None:
    orders = {order_of(one.written) for one in columns if one.written and not one.ambiguous}
    orders -= {None}
    return orders.pop() if len(orders) == 1 else None


def _settled(draft: Draft, order: str, reason: str) -> Draft:
    dates = dict(draft.keys.get("dates", {}))
    why = dict(draft.why)
    left = []
    for column in draft.unsettled:
        patterns = column.ambiguous.patterns if column.ambiguous else ()
        pattern = next((one for one in patterns if order_of(one) == order), None)
        if pattern is None:
            left.append(column)
            continue
        dates[draft.ours(column)] = pattern
        why[draft.ours(column)] = f"{order} {reason}"
    keys = {**draft.keys, "dates": dates} if dates else draft.keys
    return replace(draft, keys=keys, why=why, unsettled=tuple(left))


def _asked(draft: Draft) -> str:
    return f"{draft.group.files[0].name}, {draft.unsettled[0].header}: {either(draft)}"
