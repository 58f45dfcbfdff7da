"""Which type the values of an expression have."""

from collections.abc import Mapping, Sequence

from kpicli.words.expressions import (
    LITERALS,
    Call,
    Expression,
    Name,
    Node,
    Number,
    Text,
    YesNo,
    values_of,
)
from kpicli.words.types import MONEY_SCALE, ColumnType
from kpicli.words.verbs import VERBS

Types = Mapping[str, ColumnType]


def result_type(expression: Expression, types: Types) -> ColumnType:
    """Return the type of the values; text where every value is null.

    Money is in MONEY_SCALE-ths of the currency: scale_of says by what to divide.
    """
    return type_of(expression.tree, types) or "text"


def scale_of(column_type: ColumnType) -> int:
    """Return how many physical units make one of the type as people read it."""
    return MONEY_SCALE if column_type == "money" else 1


def type_of(node: Node, types: Types) -> ColumnType | None:
    """Return the type of a part; None for null and for a column of undecided type."""
    match node:
        case Text():
            return "text"
        case Number():
            return "number"
        case YesNo():
            return "yes_no"
        case Name(name):
            return types.get(name)
        case Call():
            return _call_type(node, types)
    return None


def shared_type(nodes: Sequence[Node], types: Types) -> ColumnType | None:
    """Return the type in which values that meet are read: a literal follows the rest.

    Money takes numbers beside it as amounts; a percentage beside a number is a number.
    """
    firm = [type_of(node, types) for node in nodes if not isinstance(node, LITERALS)]
    known = [found for found in firm if found]
    if not known:
        literal = [type_of(node, types) for node in nodes if isinstance(node, LITERALS)]
        known = [found for found in literal if found]
    if "money" in known:
        return "money"
    if "number" in known and known[0] == "percent":
        return "number"
    return known[0] if known else None


def _call_type(call: Call, types: Types) -> ColumnType | None:
    match VERBS[call.verb].gives:
        case "alike":
            return shared_type(values_of(call), types)
        case "first":
            return type_of(call.operands[0], types)
        case "arithmetic":
            return _arithmetic_type(call, types)
        case given:
            return given


def _arithmetic_type(call: Call, types: Types) -> ColumnType:
    left, right = (type_of(operand, types) for operand in call.operands)
    if call.verb in ("+", "-"):
        both_percent = left == right == "percent"
        return "money" if "money" in (left, right) else "percent" if both_percent else "number"
    if call.verb == "*":
        return "money" if "money" in (left, right) else "number"
    return "money" if left == "money" != right else "number"
