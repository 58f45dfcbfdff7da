"""Arithmetic on the values of KPIs."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kpicli.words.expressions import (
    Call,
    ExpressionError,
    Name,
    Node,
    Null,
    Number,
    Text,
    YesNo,
    canonical,
    walk,
)
from kpicli.words.parsing import parse_tree
from kpicli.words.verbs import FORMULA_FUNCTIONS

Values = Callable[[str, int], float | None]
_ALLOWED = frozenset({"+", "-", "*", "/", "negate", *FORMULA_FUNCTIONS})


@dataclass(frozen=True)
class FormulaValue:
    """A number, or None; the reason is given where a division by zero is why it is None."""

    value: float | None
    reason: Literal["zero_denominator"] | None = None


_NOTHING = FormulaValue(None)
_ZERO_DENOMINATOR = FormulaValue(None, "zero_denominator")


@dataclass(frozen=True)
class Formula:
    """A parsed formula; two that differ in spaces or brackets have one tree."""

    text: str = field(compare=False)
    tree: Node

    @property
    def names(self) -> tuple[str, ...]:
        """The KPIs it reads, each once, in the order of the text."""
        return tuple(dict.fromkeys(name for name, _ in self.inputs))

    @property
    def inputs(self) -> tuple[tuple[str, int], ...]:
        """The values it reads: a KPI and how many periods back, each once."""
        return tuple(dict.fromkeys(_inputs(self.tree)))

    def offset_of(self, name: str) -> int | None:
        """Return where the KPI stands in the text for the first time."""
        found = (n for n in walk(self.tree) if isinstance(n, Name) and n.name == name)
        return next(found).offset

    def canonical(self) -> str:
        """Return the one spelling of this tree; parsing it gives the tree again."""
        return canonical(self.tree)

    def evaluate(self, values: Values) -> FormulaValue:
        """Compute the formula from the value of each KPI so many periods back (0: this one).

        What is computed from None is None. coalesce, least and greatest pass over None, as in
        SQL: coalesce(a / b, 0) is 0 where b is 0; they are None where all their values are.
        """
        return _value(self.tree, values)


def parse_formula(text: str) -> Formula:
    """Read a formula: + - * /, numbers, KPIs, coalesce, least, greatest, lag(kpi, periods).

    Raises ExpressionError with the place and the help.
    """
    tree = parse_tree(text, FORMULA_FUNCTIONS)
    for node in walk(tree):
        _refuse_foreign(node)
    formula = Formula(text, tree)
    if not formula.names:
        raise ExpressionError("no KPI stands in this formula", "write arpa * gross_margin", 0)
    return formula


def _refuse_foreign(node: Node) -> None:
    foreign = isinstance(node, Text | YesNo | Null)
    if foreign or (isinstance(node, Call) and node.verb not in _ALLOWED):
        message = f"{canonical(node)[:60]} has no place in a formula"
        hint = "a formula has + - * /, numbers, KPIs, coalesce, least, greatest, lag(kpi, 1)"
        raise ExpressionError(message, hint, node.offset)


def _inputs(node: Node) -> Iterator[tuple[str, int]]:
    match node:
        case Name(name):
            yield name, 0
        case Call("lag", (Name(name), Number(periods))):
            yield name, int(periods)
        case Call():
            for operand in node.operands:
                yield from _inputs(operand)


def _value(node: Node, values: Values) -> FormulaValue:
    match node:
        case Number(value):
            return FormulaValue(float(value))
        case Name(name):
            return FormulaValue(values(name, 0))
        case Call("lag", (Name(name), Number(periods))):
            return FormulaValue(values(name, int(periods)))
        case Call():
            return _computed(node.verb, [_value(operand, values) for operand in node.operands])
    raise AssertionError(node)


def _computed(verb: str, operands: Sequence[FormulaValue]) -> FormulaValue:
    known = [operand.value for operand in operands if operand.value is not None]
    choice = verb in FORMULA_FUNCTIONS
    if len(known) < len(operands) and not (choice and known):
        return _ZERO_DENOMINATOR if _ZERO_DENOMINATOR in operands else _NOTHING
    if verb == "/" and known[1] == 0:
        return _ZERO_DENOMINATOR
    computed = _COMPUTE[verb](known)
    return FormulaValue(computed) if math.isfinite(computed) else _NOTHING


_COMPUTE: dict[str, Callable[[Sequence[float]], float]] = {
    "+": lambda given: given[0] + given[1],
    "-": lambda given: given[0] - given[1],
    "*": lambda given: given[0] * given[1],
    "/": lambda given: given[0] / given[1],
    "negate": lambda given: -given[0],
    "coalesce": lambda given: given[0],
    "least": min,
    "greatest": max,
}
