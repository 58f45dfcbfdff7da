"""The names of which an expression looks at the size, not only at the sign or the presence."""

from collections.abc import Iterator

from kpicli.words.expressions import Call, Expression, Name, Node, Number

_UNITLESS = frozenset({"=", "<>", "<", "<=", ">", ">=", "is null"})


def sized_names(expression: Expression) -> tuple[str, ...]:
    """Names whose unit matters: an amount above 0 is so in every currency."""
    return tuple(dict.fromkeys(_sized(expression.tree)))


def _sized(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    if isinstance(node, Call):
        for operand in node.operands:
            if not (isinstance(operand, Name) and _is_unitless(node)):
                yield from _sized(operand)


def _is_unitless(call: Call) -> bool:
    beside = [one for one in call.operands if not isinstance(one, Name)]
    zero = [one for one in beside if isinstance(one, Number) and one.value == 0]
    return call.verb in _UNITLESS and len(call.operands) - len(zero) == 1
