"""The type that its use in an expression asks of a column."""

from collections.abc import Iterator, Sequence

from kpicli.words.agreement import NUMERIC, WORDS_FOR
from kpicli.words.expressions import (
    Call,
    Expression,
    ExpressionError,
    Name,
    Node,
    Text,
    canonical,
    conditions_of,
    values_of,
)
from kpicli.words.outcomes import Types, type_of
from kpicli.words.readings import could_be_anything, read_as
from kpicli.words.types import ColumnType
from kpicli.words.verbs import VERBS


def demands(expression: Expression, want: ColumnType | None = None) -> Types:
    """Find the type that its use asks of each column; a column not in the answer may be any.

    Arithmetic and comparison with a number ask for number, with true / false or standing alone as
    a condition for yes_no, with a date or a time for time, with another text for text unless it
    may be a percentage. want is asked of the whole. Raises ExpressionError where two uses disagree.
    """
    asked: dict[str, ColumnType] = {}
    for name, kind in _asked(expression.tree, want):
        before = asked.setdefault(name.name, kind)
        if before == kind or {before, kind} == {"date", "time"}:
            continue
        if {before, kind} <= NUMERIC:
            asked[name.name] = kind if before == "number" else before
            continue
        message = f"{canonical(name)} is used as {WORDS_FOR[before]} and as {WORDS_FOR[kind]}"
        raise ExpressionError(message, "compare it with one type of value", name.offset)
    return asked


def _asked(node: Node, want: ColumnType | None) -> Iterator[tuple[Name, ColumnType]]:
    if isinstance(node, Name) and want:
        yield node, want
    if not isinstance(node, Call):
        return
    for condition in conditions_of(node):
        yield from _asked(condition, "yes_no")
    inner = _inner_want(node, want)
    for operand in values_of(node):
        yield from _asked(operand, inner)


def _inner_want(call: Call, want: ColumnType | None) -> ColumnType | None:
    match VERBS[call.verb].takes:
        case "number":
            return "number"
        case "day" | "instant":
            return "time"
        case "text" | "pattern":
            return "text"
        case "alike" | "case":
            outer = want if VERBS[call.verb].gives == "alike" else None
            return outer or _evidence(values_of(call))
        case _:
            return None


def _evidence(values: Sequence[Node]) -> ColumnType | None:
    """Return the type that the values with a type of their own ask of the columns beside them."""
    texts = [value.value for value in values if isinstance(value, Text)]
    if texts and all(read_as(text, "time") is not None for text in texts):
        # Compared as texts, 13.05.2025 would come before 2025-06-01 by chance only.
        return "time"
    for value in values:
        open_text = isinstance(value, Text) and could_be_anything(value.value)
        found = None if open_text else type_of(value, {})
        if found:
            return found
    return None
