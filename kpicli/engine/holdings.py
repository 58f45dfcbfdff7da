"""What entities pay per month, from subscriptions, snapshots or invoices."""

from collections.abc import Iterator, Sequence

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Fold, Split
from kpicli.engine.opened import OWN_CURRENCY, OWN_RATE
from kpicli.engine.pairs import pair_of
from kpicli.errors import Problem, SourceError
from kpicli.frames.membership import by_column
from kpicli.kinds.base import Answer
from kpicli.needs import (
    AMOUNT,
    CUSTOMER,
    DISCOUNT,
    ENTITY,
    INTERVAL,
    INTERVAL_COUNT,
    PLAN,
    PRODUCT,
    QUANTITY,
    RENEWAL,
    STATUS,
    Holdings,
    Rates,
)
from kpicli.words.agreement import result_type
from kpicli.words.calendar import day_number
from kpicli.words.expressions import Expression
from kpicli.words.intervals import INTERVAL_WORDS, PER_YEAR
from kpicli.words.types import MONEY_SCALE

_TOLD = (ENTITY, "start_day", "end_day", "monthly", "left_out", "known_day")
_KEPT = (PRODUCT, PLAN, QUANTITY, INTERVAL, INTERVAL_COUNT, RENEWAL)


def answer_holdings(
    need: Holdings, desk: Desk, also: Expression | None, splits: Sequence[Split], fold: Fold
) -> Answer:
    """The answer to a need for holdings; rows after the reading date are among them.

    With splits an entity is one for each value that its rows show; customer says whose it is.
    """
    answer = desk.answer(need, splits, {}, also, fold)
    known = {one.name for one in need.asked}
    kept = [name for name in _KEPT if name in known]
    told = held_rows(need, desk, answer).select(*_TOLD, *kept, *_in_own(need), *_customer(splits))
    rows = nw.from_native(told)
    return Answer(rows.with_columns(pair_of(splits)) if splits else rows, answer.types)


def held_rows(need: Holdings, desk: Desk, answer: Answer) -> pl.LazyFrame:
    """The rows of an answer that may be holdings, each with its span and a month of it."""
    rows: pl.LazyFrame = answer.frame.to_native()
    if need.inactive:
        rows = rows.filter(~_word(STATUS).is_in(need.inactive))
    lasting = rows.with_columns(_span(need)).filter(pl.col("start_day").is_not_null())
    known = pl.lit(_known_day(need, desk), dtype=pl.Int32)
    told = lasting.with_columns(
        # A month begins with its first day, whichever of its days a row names.
        known_day=_month_start(known) if need.paid == "month" else known,
        monthly=_own_amount(need, answer).round(0, mode="half_away_from_zero").cast(pl.Int64),
    )
    # A service without an end has no length that its amount could be divided by.
    untold = pl.when(pl.col("monthly").is_null()).then(pl.lit("unknown"))
    return told.with_columns(left_out=pl.coalesce("left_out", untold))


def answer_rates(need: Rates, desk: Desk) -> Answer:
    """The rates that a source's amounts were converted by."""
    rates = desk.opened[need.source].rates
    if rates is None:
        raise SourceError([Problem("no_rates", f"{need.source} has no rates")])
    return Answer(nw.from_native(rates), {})


def _in_own(need: Holdings) -> tuple[pl.Expr, ...]:
    if not need.revalued:
        return ()
    return (pl.col(OWN_CURRENCY).alias("currency"), pl.col(OWN_RATE).alias("rate"))


def _customer(splits: Sequence[Split]) -> tuple[pl.Expr, ...]:
    columns = [pl.col(by_column(place)) for place in range(1, len(splits) + 1)]
    return (pl.col(ENTITY).alias(CUSTOMER), *columns) if splits else ()


def _own_amount(need: Holdings, answer: Answer) -> pl.Expr:
    """An amount per month, in the row's own currency where it is revalued."""
    monthly = _monthly(need, answer)
    return monthly / pl.col(OWN_RATE) if need.revalued else monthly


def check_holdings(need: Holdings, desk: Desk, counted: pl.LazyFrame) -> Iterator[Problem]:
    """What cannot be brought to a month: unknown intervals, discounts on another scale."""
    known = set(counted.collect_schema().names())
    told = [one for name, one in _EXTREMES.items() if name in known]
    found = counted.select(*told).collect(engine="streaming").row(0, named=True)
    if INTERVAL in known:
        yield from _unknown_intervals(need, found["words"] or [])
    fewest = found.get("fewest")
    if fewest is not None and fewest <= 0:
        message = f"{need.source}: an interval_count of {fewest:g}"
        hint = "1 is every interval, 3 every third"
        yield Problem("interval", message, hint, source=need.source)
    low, high = found["discounts"]["low"], found["discounts"]["high"]
    if high is not None:
        yield from _odd_discounts(need, desk, low, high)


def _unknown_intervals(need: Holdings, words: Sequence[str | None]) -> Iterator[Problem]:
    unknown = sorted(word for word in words if word is not None and word not in INTERVAL_WORDS)
    if unknown:
        told = ", ".join(repr(word) for word in unknown[:5])
        message = f"{need.source}: nobody knows how long an interval of {told} is"
        hint = f"intervals are {', '.join(PER_YEAR)}; how many of them stands in interval_count"
        yield Problem("interval", message, hint, source=need.source)


def _odd_discounts(need: Holdings, desk: Desk, low: float, high: float) -> Iterator[Problem]:
    source = desk.opened[need.source]
    (asked,) = (one for one in need.asked if one.name == DISCOUNT)
    money = result_type(asked.expression, source.types) == "money"
    declared = set(asked.expression.names) <= source.source.types.keys()
    if money and high <= MONEY_SCALE and not declared:
        message = f"{need.source}: discounts are read as money, and none is above 1.00"
        hint = "say what they are in the source: types: {discount: percent}, or money"
        yield Problem("discount", message, hint, source=need.source)
    elif not money and (high > 1 or low < 0):
        message = f"{need.source}: discounts run from {low:g} to {high:g}, and 1 is the whole price"
        hint = "types: {discount: money} says they are amounts, percent that 20 is 20 %"
        yield Problem("discount", message, hint, source=need.source)


def _word(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


_USED = pl.col(DISCOUNT).filter(pl.col(DISCOUNT) != 0)
_EXTREMES = {
    INTERVAL: _word(INTERVAL).unique().implode().alias("words"),
    INTERVAL_COUNT: pl.col(INTERVAL_COUNT).min().alias("fewest"),
    DISCOUNT: pl.struct(low=_USED.min(), high=_USED.max()).alias("discounts"),
}


def _known_day(need: Holdings, desk: Desk) -> int:
    """The first day that the file tells of."""
    source = desk.opened[need.source]
    own = (need.time,) if need.shape == "moment" else (need.start, source.source.start)
    columns = [column for column in (*own, source.source.happened) if column]
    reaches = [source.reaches[column] for column in columns if column in source.reaches]
    return day_number(reaches[0].first) if reaches else 0


def _span(need: Holdings) -> tuple[pl.Expr, pl.Expr]:
    """From when to when a row holds, the end exclusive."""
    if need.paid == "month":
        start = _month_start(pl.col("day"))
        after = start.cast(pl.Date).dt.offset_by("1mo").cast(pl.Int32)
        return start.alias("start_day"), after.alias("end_day")
    end = pl.col("end_day") + 1 if need.ends_included else pl.col("end_day")
    return pl.col("start_day"), end.alias("end_day")


def _month_start(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Date).dt.month_start().cast(pl.Int32)


def _monthly(need: Holdings, answer: Answer) -> pl.Expr:
    """An amount per month after its discount, in units of money, not yet rounded."""
    scale = 1 if answer.types[AMOUNT] == "money" else MONEY_SCALE
    amount = pl.col(AMOUNT).cast(pl.Float64) * scale
    if DISCOUNT in answer.types:
        discount = pl.col(DISCOUNT)
        less = answer.types[DISCOUNT] == "money"
        amount = amount - discount if less else amount * (1 - discount)
    match need.paid:
        case "interval":
            return _per_interval(amount)
        case "month":
            return amount
        case "service":
            return amount / _months(pl.col("start_day"), pl.col("end_day"))


def _per_interval(amount: pl.Expr) -> pl.Expr:
    words = {word: PER_YEAR[name] for word, name in INTERVAL_WORDS.items()}
    times = _word(INTERVAL).replace_strict(words, default=None, return_dtype=pl.Float64)
    return amount * times / 12 / pl.col(INTERVAL_COUNT)


def _months(start_day: pl.Expr, end_day: pl.Expr) -> pl.Expr:
    """The months of a service, whole ones by the calendar, the rest by days of its last month."""
    start, end = start_day.cast(pl.Date), end_day.cast(pl.Date)
    whole = (end.dt.year() - start.dt.year()) * 12 + end.dt.month() - start.dt.month()
    # From the 31st a month lasts to the last day of a shorter one.
    shorter = (end.dt.month_end() == end) & (end.dt.day() < start.dt.day())
    days = pl.when(shorter).then(0).otherwise(end.dt.day() - start.dt.day())
    months = whole + days / end.dt.month_end().dt.day()
    return pl.when(months > 0).then(months)
