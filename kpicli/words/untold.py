"""Where the value of an expression cannot be told."""

from zoneinfo import ZoneInfo

import narwhals as nw

from kpicli.words.expressions import LITERALS, Call, Expression, Node, Null
from kpicli.words.outcomes import Types
from kpicli.words.translation import translate

# Verbs whose value is null where an operand is, and nowhere else.
_STRICT = frozenset(
    ("=", "<>", "<", "<=", ">", ">=", "in", "not", "like", "ilike", "starts_with", "ends_with",
     "contains", "lower", "upper", "trim", "length", "+", "-", "*", "negate", "abs")
)  # fmt: skip


def untold(expression: Expression, types: Types, zone: ZoneInfo) -> nw.Expr:
    """Whether an expression is null; told by its columns alone where it is so for them alone.

    What is asked of columns the statistics of a file can answer without its rows.
    """
    if not (expression.names and _is_strict(expression.tree)):
        return translate(expression, types, zone).is_null()
    empty = [nw.col(name).is_null() for name in expression.names]
    return empty[0] if len(empty) == 1 else nw.any_horizontal(*empty, ignore_nulls=False)


def _is_strict(node: Node) -> bool:
    if not isinstance(node, Call):
        return not isinstance(node, Null)
    listed = node.operands[1:] if node.verb == "in" else ()
    return (
        node.verb in _STRICT
        and all(isinstance(one, LITERALS) for one in listed)
        and all(_is_strict(one) for one in node.operands)
    )
