"""Conditions written as a YAML mapping, for people who write no SQL."""

from collections.abc import Mapping
from decimal import Decimal

from kpicli.words.calls import call
from kpicli.words.expressions import (
    LARGEST,
    Expression,
    ExpressionError,
    Name,
    Node,
    Null,
    Number,
    Text,
    YesNo,
    canonical,
)


def parse_mapping(mapping: Mapping[str, object]) -> Expression:
    """Read {stage: [Won, Lost], is_test: false} as stage in ('Won', 'Lost') and is_test = false.

    A list is any of its values; null is "is null", in a list too. The text of the expression is
    the SQL it stands for. Raises ExpressionError, without an offset.
    """
    if not mapping:
        raise ExpressionError("there is nothing here", "write {plan: pro}")
    conditions = [_condition(column, value) for column, value in mapping.items()]
    tree = conditions[0] if len(conditions) == 1 else call("and", conditions)
    return Expression(canonical(tree), tree)


def _condition(column: object, value: object) -> Node:
    if not isinstance(column, str) or not column:
        raise ExpressionError(f"{column!r} is no column", "write {plan: pro}")
    listed = value if isinstance(value, list | tuple) else [value]
    if not listed:
        raise ExpressionError(f"the list of {column} is empty", f"write {{{column}: [a, b]}}")
    literals = [_literal(column, item) for item in listed]
    given = [literal for literal in literals if not isinstance(literal, Null)]
    parts: list[Node] = []
    if given:
        verb = "=" if len(given) == 1 else "in"
        parts.append(call(verb, [Name(column), *given]))
    if len(given) < len(literals):
        parts.append(call("is null", [Name(column)]))
    return parts[0] if len(parts) == 1 else call("or", parts)


def _literal(column: str, value: object) -> Node:
    match value:
        case None:
            return Null()
        case bool():
            return YesNo(value)
        case int() | float() | Decimal():
            return _number(column, Decimal(str(value)))
        case str():
            return Text(value)
    message = f"{column} is compared with {type(value).__name__}, not with a value"
    hint = f"write {{{column}: value}} or a list; for more write a condition as text"
    raise ExpressionError(message, hint)


def _number(column: str, value: Decimal) -> Number:
    if not value.is_finite() or abs(value) >= LARGEST:
        hint = f"stay below {LARGEST:,}; an identifier is a text, in quotes"
        raise ExpressionError(f"{column} is compared with {value}", hint)
    return Number(value)
