"""The expression of a data frame that an expression of a definition means."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

import narwhals as nw

from kpicli.words.agreement import NUMERIC
from kpicli.words.expressions import (
    LITERALS,
    Call,
    Expression,
    Name,
    Node,
    Null,
    Number,
    Text,
    YesNo,
    conditions_of,
    values_of,
)
from kpicli.words.midnights import first_instant
from kpicli.words.outcomes import Types, shared_type, type_of
from kpicli.words.readings import Reading, read_as
from kpicli.words.types import MONEY_SCALE, ColumnType

_MINUTES_OF_DAY = 1_440
_MICROSECONDS_OF_HOUR = 3_600_000_000


def translate(expression: Expression, types: Types, zone: ZoneInfo) -> nw.Expr:
    """Build the frame's expression; check must have found nothing.

    Logic is that of SQL: a condition that cannot be told is null. A division by zero is null.
    Money stays in MONEY_SCALE-ths of the currency, a percentage is a fraction. Texts read as
    times are local in the zone; so are the days of year, month, weekday, date, days_between.
    """
    return _Translation(types, zone).of(expression.tree)


@dataclass(frozen=True)
class _Translation:
    types: Types
    zone: ZoneInfo

    def of(self, node: Node, wanted: ColumnType | None = None) -> nw.Expr:
        """Build a part, as a value of the wanted type: beside money a number is an amount."""
        if isinstance(node, LITERALS):
            return nw.lit(self.literal(node, wanted), _dtype(self.literal(node, wanted)))
        made = nw.col(node.name) if isinstance(node, Name) else self.call(node)
        if wanted == "money" and self.type_of(node) != "money":
            return (made * MONEY_SCALE).round(0)
        return made

    def literal(
        self, node: Text | Number | YesNo | Null, wanted: ColumnType | None
    ) -> Reading | bool | int | float | None:
        """Return the plain value of a literal, as one of the wanted type."""
        if isinstance(node, Null):
            return None
        value: Reading | bool | None = node.value
        if isinstance(node, Text) and wanted:
            value = read_as(node.value, wanted, self.zone)
        if isinstance(value, Decimal):
            return _plain(value * MONEY_SCALE if wanted == "money" else value)
        return value

    def call(self, call: Call) -> nw.Expr:
        """Build a call by the verb's own rule, else by what the verb takes."""
        if call.verb in _BY_VERB:
            return _BY_VERB[call.verb](self, call)
        operands = [self.of(operand) for operand in call.operands]
        return _ON_OPERANDS[call.verb](*operands)

    def type_of(self, node: Node) -> ColumnType | None:
        """Return the type of a part."""
        return type_of(node, self.types)

    def alike(self, nodes: Sequence[Node]) -> list[nw.Expr]:
        """Build values that meet, all in one type."""
        shared = shared_type(nodes, self.types)
        return [self.of(node, shared) for node in nodes]

    def day(self, node: Node) -> nw.Expr:
        """Build the local day of a date or a time."""
        if isinstance(node, Text):
            instant = cast(datetime, read_as(node.value, "time", self.zone))
            return nw.lit(instant.astimezone(self.zone).date())
        made = self.of(node)
        return made if self.type_of(node) == "date" else self.local(made)

    def instant(self, node: Node) -> nw.Expr:
        """Build a time; a date is its first instant."""
        made = self.of(node, "time")
        return first_instant(made, self.zone.key) if self.type_of(node) == "date" else made

    def local(self, instant: nw.Expr) -> nw.Expr:
        """Build the local day of an instant."""
        return instant.dt.convert_time_zone(self.zone.key).dt.date()


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _dtype(value: object) -> nw.Datetime | None:
    return nw.Datetime("us", "UTC") if isinstance(value, datetime) else None


_COMPARE: Mapping[str, Callable[[nw.Expr, nw.Expr], nw.Expr]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _compare(frame: _Translation, call: Call) -> nw.Expr:
    left, right = frame.alike(call.operands)
    return _COMPARE[call.verb](left, right)


def _in(frame: _Translation, call: Call) -> nw.Expr:
    shared = shared_type(call.operands, frame.types)
    value, *listed = call.operands
    # Polars' is_in does not mix whole numbers and fractions.
    plain = [item for item in listed if isinstance(item, Text | YesNo)]
    if len(plain) == len(listed) and shared not in NUMERIC:
        return frame.of(value, shared).is_in([frame.literal(item, shared) for item in plain])
    left, *rights = frame.alike(call.operands)
    return nw.any_horizontal(*(left == right for right in rights), ignore_nulls=False)


def _between(frame: _Translation, call: Call) -> nw.Expr:
    value, low, high = frame.alike(call.operands)
    return (value >= low) & (value <= high)


def _case(frame: _Translation, call: Call) -> nw.Expr:
    *values, otherwise = frame.alike(values_of(call))
    conditions = [frame.of(condition) for condition in conditions_of(call)]
    for condition, value in zip(reversed(conditions), reversed(values), strict=True):
        otherwise = nw.when(condition).then(value).otherwise(otherwise)
    return otherwise


def _coalesce(frame: _Translation, call: Call) -> nw.Expr:
    return nw.coalesce(*frame.alike(call.operands))


def _nullif(frame: _Translation, call: Call) -> nw.Expr:
    value, other = frame.alike(call.operands)
    return nw.when(value == other).then(nw.lit(None)).otherwise(value)


def _least(frame: _Translation, call: Call) -> nw.Expr:
    return nw.min_horizontal(*frame.alike(call.operands))


def _greatest(frame: _Translation, call: Call) -> nw.Expr:
    return nw.max_horizontal(*frame.alike(call.operands))


def _add(frame: _Translation, call: Call) -> nw.Expr:
    wanted = frame.type_of(call)
    left, right = (frame.of(operand, wanted) for operand in call.operands)
    return left + right if call.verb == "+" else left - right


def _multiply(frame: _Translation, call: Call) -> nw.Expr:
    left, right = call.operands
    return frame.of(left) * frame.of(right)


def _divide(frame: _Translation, call: Call) -> nw.Expr:
    over, under = call.operands
    scaled: ColumnType | None = "money" if frame.type_of(under) == "money" else None
    return _quotient(frame.of(over, scaled), frame.of(under))


def _quotient(over: nw.Expr, under: nw.Expr) -> nw.Expr:
    """Divide each value as it should be rounded; null where under is 0."""
    # Polars multiplies a column by the reciprocal of a single number: 3 / 10 would not be 0.3.
    # Adding the column's own zeros makes that number a column.
    return nw.when(under != 0).then(over / (over * 0 + under))


def _round(frame: _Translation, call: Call) -> nw.Expr:
    decimals = int(cast(Number, call.operands[1]).value) if len(call.operands) > 1 else 0
    return _in_currency(frame, call, lambda value: _away_from_zero(value, decimals))


def _away_from_zero(value: nw.Expr, decimals: int) -> nw.Expr:
    # Halves go away from zero, as in SQL and spreadsheets; Polars takes them to the even side.
    power: int = 10**decimals
    size = (value.abs() * power + 0.5).floor() / power
    return size * nw.when(value < 0).then(nw.lit(-1)).otherwise(nw.lit(1))


def _floor(frame: _Translation, call: Call) -> nw.Expr:
    return _in_currency(frame, call, lambda value: value.floor())


def _ceil(frame: _Translation, call: Call) -> nw.Expr:
    return _in_currency(frame, call, lambda value: value.ceil())


def _in_currency(frame: _Translation, call: Call, change: Callable[[nw.Expr], nw.Expr]) -> nw.Expr:
    value = frame.of(call.operands[0])
    if frame.type_of(call.operands[0]) != "money":
        return change(value)
    return (change(_quotient(value, nw.lit(MONEY_SCALE))) * MONEY_SCALE).round(0)


def _pattern(frame: _Translation, call: Call) -> nw.Expr:
    value, searched = call.operands
    return _PATTERNS[call.verb](frame.of(value), cast(Text, searched).value)


def _matching(flags: str) -> Callable[[nw.Expr, str], nw.Expr]:
    def match(value: nw.Expr, pattern: str) -> nw.Expr:
        signs = {"%": ".*", "_": "."}
        expression = "".join(signs.get(sign) or re.escape(sign) for sign in pattern)
        return value.str.contains(rf"(?{flags})\A{expression}\z")

    return match


_PATTERNS: Mapping[str, Callable[[nw.Expr, str], nw.Expr]] = {
    "like": _matching("s"),
    "ilike": _matching("si"),
    "starts_with": lambda value, text: value.str.starts_with(text),
    "ends_with": lambda value, text: value.str.ends_with(text),
    "contains": lambda value, text: value.str.contains(text, literal=True),
}


def _days_between(frame: _Translation, call: Call) -> nw.Expr:
    start, end = map(frame.day, call.operands)
    return (end - start).dt.total_minutes() // _MINUTES_OF_DAY


def _hours_between(frame: _Translation, call: Call) -> nw.Expr:
    start, end = map(frame.instant, call.operands)
    return _quotient((end - start).dt.total_microseconds(), nw.lit(_MICROSECONDS_OF_HOUR))


def _day_part(frame: _Translation, call: Call) -> nw.Expr:
    day = frame.day(call.operands[0])
    parts = {"year": day.dt.year, "month": day.dt.month, "weekday": day.dt.weekday}
    return day if call.verb == "date" else parts[call.verb]().cast(nw.Int64)


_BY_VERB: Mapping[str, Callable[[_Translation, Call], nw.Expr]] = {
    **dict.fromkeys(_COMPARE, _compare),
    "in": _in,
    "between": _between,
    "case": _case,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "least": _least,
    "greatest": _greatest,
    "+": _add,
    "-": _add,
    "*": _multiply,
    "/": _divide,
    "round": _round,
    "floor": _floor,
    "ceil": _ceil,
    **dict.fromkeys(_PATTERNS, _pattern),
    "days_between": _days_between,
    "hours_between": _hours_between,
    **dict.fromkeys(("year", "month", "weekday", "date"), _day_part),
}

_ON_OPERANDS: Mapping[str, Callable[..., nw.Expr]] = {
    "and": lambda *all_: nw.all_horizontal(*all_, ignore_nulls=False),
    "or": lambda *any_: nw.any_horizontal(*any_, ignore_nulls=False),
    "not": lambda value: ~value,
    "is null": lambda value: value.is_null(),
    "negate": lambda value: -value,
    "abs": lambda value: value.abs(),
    "lower": lambda value: value.str.to_lowercase(),
    "upper": lambda value: value.str.to_uppercase(),
    "trim": lambda value: value.str.strip_chars(),
    "length": lambda value: value.str.len_chars().cast(nw.Int64),
    "||": lambda *texts: nw.concat_str(texts),
    "concat": lambda *texts: nw.concat_str(texts, ignore_nulls=True),
}
