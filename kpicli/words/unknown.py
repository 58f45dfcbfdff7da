"""Help for a name in an expression that is no column."""

from collections.abc import Iterable

from kpicli.errors import did_you_mean, nearest
from kpicli.words.expressions import Call, Expression, Name, Node, walk
from kpicli.words.verbs import COMPARISONS


def unknown_name_hint(expression: Expression, name: str, known: Iterable[str]) -> str:
    """Return what helps where a name is no column: the nearest, or single quotes for a text.

    plan = pro and plan = "pro" compare a column with a text that has lost its quotes.
    """
    columns = frozenset(known)
    place = offset_of(expression, name)
    beside_column = any(_beside_column(node, name, columns) for node in walk(expression.tree))
    if place is None or not beside_column:
        return did_you_mean(name, columns)
    fixed = expression.text[:place] + f"'{name}'" + expression.text[_end(expression, place) :]
    near = nearest(name, columns)
    return f"a text stands in single quotes: {fixed}" + (f"; or did you mean {near}?" * bool(near))


def offset_of(expression: Expression, name: str) -> int | None:
    """Return where the name stands in the text for the first time; None for a mapping."""
    found = (node for node in walk(expression.tree) if isinstance(node, Name))
    return next((node.offset for node in found if node.name == name), None)


def _beside_column(node: Node, name: str, known: frozenset[str]) -> bool:
    if not isinstance(node, Call) or node.verb not in COMPARISONS:
        return False
    names = {operand.name for operand in node.operands if isinstance(operand, Name)}
    return name in names and bool(names & known)


def _end(expression: Expression, place: int) -> int:
    text = expression.text
    if text[place] == '"':
        return text.index('"', place + 1) + 1
    end = place
    while end < len(text) and (text[end].isalnum() or text[end] in "_."):
        end += 1
    return end
