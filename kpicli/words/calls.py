"""A verb with its operands, as far as they can be judged without knowing the columns."""

from collections.abc import Sequence

from kpicli.words.expressions import (
    Call,
    ExpressionError,
    Name,
    Node,
    Null,
    Number,
    Text,
    canonical,
    conditions_of,
    gives_yes_no,
)
from kpicli.words.verbs import COMPARISONS, VERBS

_FINEST = 9


def call(verb: str, operands: Sequence[Node], offset: int | None = None) -> Call:
    """Make the call; its place is the offset, else that of its first operand.

    Raises ExpressionError where an operand cannot be what the verb takes.
    """
    places = [operand.offset for operand in operands if operand.offset is not None]
    made = Call(verb, tuple(operands), min(places, default=None) if offset is None else offset)
    _refuse_count(made)
    _refuse_null(made)
    _refuse_value_for_answer(made)
    _refuse_wrong_literal(made)
    return made


def _refuse_count(made: Call) -> None:
    verb, count = VERBS[made.verb], len(made.operands)
    if count >= verb.least and (verb.most is None or count <= verb.most):
        return
    if made.verb == "in":
        raise ExpressionError("the list is empty", "write in ('pro', 'team')", made.offset)
    wanted = str(verb.least)
    if verb.most != verb.least:
        wanted += f" to {verb.most}" if verb.most else " or more"
    message = f"{made.verb}() takes {wanted} values, here are {count}"
    raise ExpressionError(message, "values are separated by commas", made.offset)


def _refuse_null(made: Call) -> None:
    if made.verb not in COMPARISONS:
        return
    for operand in made.operands:
        if isinstance(operand, Null):
            value = canonical(made.operands[0])
            hint = f"write {value} is null, with or / and beside the rest"
            place = made.offset if operand.offset is None else operand.offset
            raise ExpressionError("nothing equals null, not even null", hint, place)


def _refuse_value_for_answer(made: Call) -> None:
    for position, operand in enumerate(conditions_of(made)):
        if not gives_yes_no(operand):
            message = f"{canonical(operand)[:40]} is a value, not a yes or a no"
            before = made.operands[position - 1] if position else None
            hint = comparison_hint(operand, before, made.verb)
            raise ExpressionError(message, hint, operand.offset)


def comparison_hint(node: Node, before: Node | None = None, joined: str = "") -> str:
    """How to make an answer of a value that stands where a yes or a no is asked."""
    if isinstance(node, Call) and node.verb == "||":
        return "|| joins texts; write " + " or ".join(map(canonical, node.operands))
    if isinstance(before, Call) and before.verb == "=" and isinstance(node, Text | Number):
        column = canonical(before.operands[0])
        if joined == "or":
            values = f"{canonical(before.operands[1])}, {canonical(node)}"
            return f"write {column} in ({values})"
        return f"write {column} = {canonical(node)}"
    if isinstance(node, Text | Number):
        return f"compare it with a column: plan = {canonical(node)}"
    return f"compare it with something: {canonical(node)} > 0, or … = 'pro'"


def _refuse_wrong_literal(made: Call) -> None:
    second = made.operands[1] if len(made.operands) > 1 else None
    if VERBS[made.verb].takes == "pattern" and not isinstance(second, Text):
        message = f"{made.verb} takes a text in single quotes as its second value"
        raise ExpressionError(message, "write it like 'abc'", second.offset if second else None)
    if made.verb == "round" and second is not None and not _is_whole(second, 0, _FINEST):
        message = f"round() takes a whole number of decimals from 0 to {_FINEST}"
        raise ExpressionError(message, "write round(a, 2)", second.offset)
    if made.verb == "lag":
        _refuse_wrong_lag(made)


def _refuse_wrong_lag(made: Call) -> None:
    name, periods = made.operands
    if not isinstance(name, Name):
        raise ExpressionError("lag() takes the name of a KPI", "write lag(mrr, 1)", name.offset)
    if not _is_whole(periods, 1, 1_000):
        message = "lag() takes a whole number of periods, from 1"
        raise ExpressionError(message, "write lag(mrr, 1)", periods.offset)


def _is_whole(node: Node, least: int, most: int) -> bool:
    return (
        isinstance(node, Number)
        and node.value == node.value.to_integral_value()
        and least <= node.value <= most
    )
