"""Amounts of several currencies: converted by a rate, or an error that names them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpicli.engine.catalogue import Listed
from kpicli.engine.days import day_of_column
from kpicli.engine.opened import OWN_CURRENCY, OWN_RATE, Opened, unconverted
from kpicli.engine.stored import StoredFile
from kpicli.errors import Problem, SourceError
from kpicli.needs import EVER, Holdings, Need
from kpicli.sources.cells import CellStyle
from kpicli.sources.numbers import currency_of, money_of
from kpicli.words.calendar import Calendar
from kpicli.words.types import ColumnType

_DAY, _CURRENCY, _RATE = "rate day", OWN_CURRENCY, "rate of day"
RATE_COLUMNS: Mapping[str, ColumnType] = {"day": "time", "currency": "text", "rate": "number"}


# A bare dollar sign may be that of other countries; beside a code it is taken as the usual one.
_CODES = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "Kč": "CZK"}


def convert_amounts(
    opened: Mapping[str, Opened], calendar: Calendar, currency: str
) -> dict[str, Opened]:
    """The sources with amounts in the project's currency, where they say how to convert them.

    The rate is that of the day, or the last one before it: project currency per unit. An amount
    without a rate is null, and marked as unconverted. The currency of a row and its rate stand
    beside.
    """
    return {name: _converted(source, opened, calendar, currency) for name, source in opened.items()}


def money_columns(source: Opened) -> tuple[str, ...]:
    """The columns that hold money."""
    return tuple(name for name, kind in source.types.items() if kind == "money")


def _converted(
    source: Opened, opened: Mapping[str, Opened], calendar: Calendar, currency: str
) -> Opened:
    rates, column = source.source.rates, source.source.currency_column
    amounts = money_columns(source)
    if rates is None or column is None or not amounts:
        return source
    table = opened.get(rates.source)
    if table is None:
        # Whoever counts these amounts asks for the rates, too, and has been told.
        return source
    dated = source.frame.with_columns(
        day_of_column(rates.on, source.types[rates.on], calendar.zone_name).alias(_DAY),
        pl.col(column).str.strip_chars().str.to_uppercase().alias(_CURRENCY),
    )
    # join_asof is Polars' own; it needs both sides in the order of days.
    held = _rates(table, calendar)
    joined = dated.sort(_DAY).join_asof(
        held, on=_DAY, by=_CURRENCY, strategy="backward", check_sortedness=False
    )
    rate = pl.when(pl.col(_CURRENCY) == currency).then(1.0).otherwise(pl.col(_RATE))
    told = [(pl.col(name) * rate).alias(name) for name in amounts]
    missing = [
        (pl.col(name).is_not_null() & rate.is_null()).alias(unconverted(name)) for name in amounts
    ]
    frame = joined.with_columns(*told, *missing, rate.alias(OWN_RATE)).drop(_DAY, _RATE)
    own = _with_own(held, currency)
    return replace(source, frame=frame, converted=amounts, rates=own, pieces=()).settled()


def _with_own(held: pl.LazyFrame, currency: str) -> pl.LazyFrame:
    """The rates as kpicli.needs tells them: columns currency, day, until, rate."""
    schema = {"currency": pl.String, "day": pl.Int32, "rate": pl.Float64}
    own = pl.LazyFrame({"currency": [currency], "day": [EVER], "rate": [1.0]}, schema=schema)
    names = {_CURRENCY: "currency", _DAY: "day", _RATE: "rate"}
    others = held.filter(pl.col(_CURRENCY) != currency).rename(names)
    # Of two rates of one day the higher one holds, as in the conversion.
    each = others.group_by("currency", "day").agg(pl.col("rate").max())
    known = pl.concat([own, each.select(*schema)]).sort("currency", "day")
    return known.with_columns(until=pl.col("day").shift(-1).over("currency"))


def own_columns(need: Need) -> tuple[str, ...]:
    """What amounts were in, and what they were converted by, where a need asks for that."""
    revalued = isinstance(need, Holdings) and need.revalued
    return (OWN_CURRENCY, OWN_RATE) if revalued else ()


def _rates(table: Opened, calendar: Calendar) -> pl.LazyFrame:
    day = day_of_column("day", table.types["day"], calendar.zone_name)
    told = table.frame.select(
        day.alias(_DAY),
        pl.col("currency").str.strip_chars().str.to_uppercase().alias(_CURRENCY),
        pl.col("rate").cast(pl.Float64).alias(_RATE),
    )
    # Of two rates of one day the higher one holds, whichever row comes first.
    return told.drop_nulls().sort(_DAY, _RATE)


def refuse_signs(
    listed: Listed,
    files: Sequence[StoredFile],
    types: Mapping[str, ColumnType],
    styles: Mapping[str, CellStyle],
) -> None:
    """SourceError where the amounts of one text column carry the signs of several currencies.

    A source that says by a column which currency a row is in is judged by that column.
    """
    if listed.source.currency_column:
        return
    problems = []
    for column in (name for name, kind in types.items() if kind == "money"):
        texts = [
            file.rows.select(file.cells[column].alias(column))
            for file in files
            if file.dtypes.get(column) == pl.String
        ]
        signs = _signs(texts, column, styles[column]) if texts else ()
        if len({_CODES.get(sign, sign) for sign in signs}) > 1:
            message = f"{listed.name}.{column} has amounts in {', '.join(signs)}"
            hint = f"name the currency in a column of its own, and rates: to {listed.name}"
            told = f"{message}: they cannot be added"
            problems.append(Problem("currencies", told, hint, source=listed.name))
    if problems:
        raise SourceError(problems)


def _signs(texts: Sequence[pl.LazyFrame], column: str, style: CellStyle) -> tuple[str, ...]:
    """The signs and codes of currencies that stand in the amounts of a column."""
    text = pl.col(column)
    # Most amounts are bare: a look at each for anything else is cheaper than reading them.
    signed = pl.concat(texts).filter(text.str.contains(r"\p{L}|\p{Sc}"))
    sign = pl.when(money_of(text, style.numbers).is_not_null()).then(currency_of(text))
    found = signed.select(sign.unique().alias(column)).collect(engine="streaming")
    return tuple(found[column].drop_nulls().sort().to_list())


def in_one_currency(source: Opened, currency: str) -> bool:
    """Whether no row at all names another currency: which rows count does not matter then."""
    column = source.source.currency_column
    if column is None or source.source.rates is not None or source.types[column] != "text":
        return True
    code = pl.col(column).str.strip_chars().str.to_uppercase()
    others = source.frame.select(column).filter(code != currency).head(1)
    return others.collect(engine="streaming").is_empty()


def check_currency(source: Opened, counted: pl.LazyFrame, currency: str) -> tuple[Problem, ...]:
    """Whether the amounts of some rows are all in one currency, the one they are told in."""
    column = source.source.currency_column
    if column is None or source.source.rates is not None or source.types[column] != "text":
        return ()
    found = counted.group_by(column).agg(pl.len()).drop_nulls().collect(engine="streaming")
    names = sorted(name.strip().upper() for name in found[column].to_list())
    if len(set(names)) > 1:
        message = f"{source.name} has amounts in {', '.join(names)}: they cannot be added"
        hint = f"add rates: {{source: rates, on: DATE COLUMN}} to {source.name}, or a where:"
        return (Problem("currencies", message, hint, source=source.name),)
    if names and names[0] != currency:
        message = f"{source.name} has amounts in {names[0]}, and they are told in {currency}"
        hint = f"add rates: to {source.name}, or currency: {names[0]}"
        return (Problem("currencies", message, hint, source=source.name),)
    return ()
