"""The tree of a condition or an expression."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kpicli.words.verbs import KEYWORDS, PREFIXED, VERBS


class ExpressionError(ValueError):
    """A text that is no condition or expression.

    offset is the position in the text, from 0; None where the whole text is meant.
    """

    def __init__(self, message: str, hint: str | None = None, offset: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.offset = offset


@dataclass(frozen=True)
class ExpressionProblem:
    """One disagreement between an expression and the types of its columns."""

    message: str
    hint: str | None = None
    offset: int | None = None


@dataclass(frozen=True)
class Text:
    """A text in single quotes; it may be read as a date, a time or a number."""

    value: str
    offset: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Number:
    """A number, its sign included; exact."""

    value: Decimal
    offset: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class YesNo:
    """true or false."""

    value: bool
    offset: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Null:
    """No value."""

    offset: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Name:
    """A column; a dotted name is one name, whole: accounts.plan."""

    name: str
    offset: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Call:
    """A verb of VERBS with its operands.

    in: the value, then the list. between: value, low, high. case: condition, value, …, else.
    """

    verb: str
    operands: tuple["Node", ...]
    offset: int | None = field(default=None, compare=False)


# In MONEY_SCALE-ths of a currency it still fits 64 bits.
LARGEST = Decimal(10) ** 14

Node = Text | Number | YesNo | Null | Name | Call
LITERALS = (Text, Number, YesNo, Null)


@dataclass(frozen=True)
class Expression:
    """A parsed text; two that differ in spaces, case of words or brackets have one tree."""

    text: str = field(compare=False)
    tree: Node

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it reads, each once, in the order of the text."""
        return tuple(dict.fromkeys(n.name for n in walk(self.tree) if isinstance(n, Name)))

    def canonical(self) -> str:
        """Return the one spelling of this tree; parsing it gives the tree again."""
        return canonical(self.tree)


def all_of(*conditions: Expression | None) -> Expression | None:
    """Join conditions: what holds where every given one holds; None where none is given."""
    given = [condition for condition in conditions if condition]
    if len(given) < 2:
        return given[0] if given else None
    text = ""
    operands: list[Node] = []
    for condition in given:
        text += " and (" if text else "("
        tree = _moved(condition.tree, len(text))
        operands += tree.operands if isinstance(tree, Call) and tree.verb == "and" else (tree,)
        text += f"{condition.text})"
    return Expression(text, Call("and", tuple(operands), 0))


def _moved(node: Node, by: int) -> Node:
    offset = None if node.offset is None else node.offset + by
    if isinstance(node, Call):
        operands = tuple(_moved(operand, by) for operand in node.operands)
        return replace(node, operands=operands, offset=offset)
    return replace(node, offset=offset)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it, in the order of the text."""
    yield node
    if isinstance(node, Call):
        for operand in node.operands:
            yield from walk(operand)


def values_of(call: Call) -> tuple[Node, ...]:
    """Return the operands that are values: of a case its branches, of and / or / not none."""
    if call.verb == "case":
        return (*call.operands[1:-1:2], call.operands[-1])
    return () if VERBS[call.verb].takes == "yes_no" else call.operands


def conditions_of(call: Call) -> tuple[Node, ...]:
    """Return the operands that must be a yes or a no."""
    if call.verb == "case":
        return call.operands[:-1:2]
    return call.operands if VERBS[call.verb].takes == "yes_no" else ()


def canonical(node: Node) -> str:
    """Return the one spelling of a tree."""
    match node:
        case Text(value):
            return "'" + value.replace("'", "''") + "'"
        case Number(value):
            return plain_number(value)
        case YesNo(value):
            return "true" if value else "false"
        case Null():
            return "null"
        case Name(name):
            return quoted_name(name)
        case Call():
            return _spelled(node)


def plain_number(value: Decimal) -> str:
    """Write 1000 and 0.5, never 1E+3 or 0.50."""
    return format(value.normalize(), "f") if value else "0"


def quoted_name(name: str) -> str:
    """Write the name as a definition does: in double quotes where it is no plain word."""
    plain = all(p.isidentifier() and p.lower() not in KEYWORDS for p in name.split("."))
    return name if plain else '"' + name.replace('"', '""') + '"'


_TEMPLATES = {
    "between": "{} between {} and {}",
    "is null": "{} is null",
    "not": "not {}",
    "negate": "-{}",
}


def _spelled(call: Call) -> str:
    verb, parts = call.verb, [_operand(operand) for operand in call.operands]
    if verb in _TEMPLATES:
        return _TEMPLATES[verb].format(*parts)
    if verb == "case":
        return _spelled_case(call.operands)
    if verb == "in":
        return f"{parts[0]} in ({', '.join(map(canonical, call.operands[1:]))})"
    if verb in PREFIXED:
        return f"{verb}({', '.join(map(canonical, call.operands))})"
    return f" {verb} ".join(parts)


def _operand(node: Node) -> str:
    bare = not isinstance(node, Call) or node.verb in PREFIXED or node.verb == "case"
    return canonical(node) if bare else f"({canonical(node)})"


def _spelled_case(operands: tuple[Node, ...]) -> str:
    whens = zip(operands[:-1:2], operands[1:-1:2], strict=True)
    branches = " ".join(f"when {canonical(c)} then {canonical(v)}" for c, v in whens)
    return f"case {branches} else {canonical(operands[-1])} end"


def gives_yes_no(node: Node) -> bool:
    """Tell whether the node can be a yes or a no, as far as can be told without the columns."""
    if not isinstance(node, Call):
        return isinstance(node, Name | YesNo | Null)
    if VERBS[node.verb].gives == "alike":
        return all(gives_yes_no(value) for value in values_of(node))
    return VERBS[node.verb].gives == "yes_no"
