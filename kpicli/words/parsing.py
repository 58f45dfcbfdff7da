"""The parser of the small SQL: text to tree, by an allow-list of nodes."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, ClassVar

from sqlglot import expressions as sql
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token

from kpicli.words.calls import call, comparison_hint
from kpicli.words.expressions import (
    LARGEST,
    Call,
    Expression,
    ExpressionError,
    Name,
    Node,
    Null,
    Number,
    Text,
    YesNo,
    gives_yes_no,
    walk,
)
from kpicli.words.neighbours import refuse_misplaced
from kpicli.words.nesting import nest
from kpicli.words.spelling import spell
from kpicli.words.verbs import FUNCTIONS, Verb

# A chain of and / or / || is one node; any other chain is as deep as it is long.
DEEPEST_TREE = 80
LARGEST_TREE = 100_000
_DEEP = "nested too deeply"
_SHORTER = "use fewer brackets or split it into parts"


class _Parser(Parser):
    """Sqlglot's parser without its functions: ours are looked up by name."""

    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {}
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        "CASE": Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]
    }


def parse_condition(text: str) -> Expression:
    """Read a condition: something that is a yes, a no or null in each row.

    Raises ExpressionError with the place and the help.
    """
    expression = parse_expression(text)
    if not gives_yes_no(expression.tree):
        hint = comparison_hint(expression.tree)
        raise ExpressionError("this is a value, not a yes or a no", hint, expression.tree.offset)
    if not expression.names:
        message = "no column stands in this condition, so it is the same in every row"
        raise ExpressionError(message, "name a column: plan = 'pro'", expression.tree.offset)
    return expression


def parse_expression(text: str) -> Expression:
    """Read a value. Raises ExpressionError with the place and the help."""
    return Expression(text, parse_tree(text, FUNCTIONS))


def parse_tree(text: str, functions: Mapping[str, Verb]) -> Node:
    """Read the tree of a text in which these functions may stand."""
    tokens = nest(text, spell(text))
    refuse_misplaced(text, tokens, functions)
    try:
        tree = _node(_parsed(text, tokens), DEEPEST_TREE)
    except RecursionError:
        raise ExpressionError(_DEEP, _SHORTER) from None
    # `case x when` repeats x, so nested ones outgrow their text.
    if len(list(islice(walk(tree), LARGEST_TREE + 1))) > LARGEST_TREE:
        raise ExpressionError("this is too large", _SHORTER)
    return tree


def _parsed(text: str, tokens: list[Token]) -> sql.Expression:
    try:
        parsed = _Parser().parse(tokens, text)
    except SqlglotError as error:
        raise _unreadable(text, tokens, error) from None
    if len(parsed) != 1 or not isinstance(parsed[0], sql.Expression):
        raise ExpressionError("this cannot be read", "write one condition or one value")
    return parsed[0]


def _unreadable(text: str, tokens: list[Token], error: SqlglotError) -> ExpressionError:
    spots = [(found["line"], found["col"]) for found in getattr(error, "errors", [])[:1]]
    near = next((t for t in tokens if (t.line, t.col) in spots), tokens[0])
    message = f"this cannot be read near {text[near.start : near.end + 1][:40]}"
    hint = "look for a missing sign or bracket; a text stands in single quotes"
    return ExpressionError(message, hint, near.start)


_INFIX: Mapping[type[sql.Expression], str] = {
    sql.EQ: "=",
    sql.NEQ: "<>",
    sql.LT: "<",
    sql.LTE: "<=",
    sql.GT: ">",
    sql.GTE: ">=",
    sql.Add: "+",
    sql.Sub: "-",
    sql.Mul: "*",
    sql.Div: "/",
    sql.Like: "like",
    sql.ILike: "ilike",
}
_CHAINS: Mapping[type[sql.Expression], str] = {sql.And: "and", sql.Or: "or", sql.DPipe: "||"}
# What sqlglot notes on a node without changing what it means.
_IDLE = frozenset({"typed", "safe", "quoted", "is_string"})


def _node(found: sql.Expression, room: int) -> Node:
    """Return ours for sqlglot's node; room is how much deeper the tree may become."""
    if room < 0:
        raise ExpressionError(_DEEP, _SHORTER, _start(found))
    read = _READERS.get(type(found))
    if read is None:
        hint = "write columns, values, comparisons, and, or, not, case and functions"
        message = f"{type(found).__name__.lower()} is not part of the language"
        raise ExpressionError(message, hint, _start(found))
    return read(found, room)


def _inner(found: sql.Expression, room: int, *keys: str) -> list[Node]:
    """Return ours for the parts under these keys; any other part is refused."""
    extra = {key for key, part in found.args.items() if part} - {*keys, *_IDLE}
    if extra:
        what = f"{type(found).__name__.lower()} with {', '.join(sorted(extra))}"
        raise ExpressionError(f"{what} is not part of the language", None, _start(found))
    return [_node(part, room - 1) for key in keys for part in _listed(found.args.get(key))]


def _start(found: sql.Expression) -> int | None:
    """Return where the node begins: sqlglot keeps places of names, literals and functions only."""
    return min((n.meta["start"] for n in found.walk() if "start" in n.meta), default=None)


def _listed(part: Any) -> list[Any]:
    if part is None:
        return []
    return part if isinstance(part, list) else [part]


def _read_name(found: sql.Column, room: int) -> Node:
    identifier = found.this
    if not isinstance(identifier, sql.Identifier) or len(found.parts) != 1:
        raise ExpressionError("this is no column", "name the column", _start(found))
    return Name(identifier.name, identifier.meta.get("start"))


def _read_literal(found: sql.Expression, room: int) -> Node:
    offset = found.meta.get("start")
    if found.args["is_string"]:
        return Text(found.name, offset)
    try:
        value = Decimal(found.name)
    except InvalidOperation:
        message = f"{found.name[:40]} is not a number"
        raise ExpressionError(message, "write it like 1000 or 0.5", offset) from None
    if abs(value) >= LARGEST:
        raise ExpressionError(f"{found.name[:40]} is too large", "stay below 10^14", offset)
    return Number(value, offset)


def _read_yes_no(found: sql.Expression, room: int) -> Node:
    return YesNo(bool(found.this), found.meta.get("start"))


def _read_null(found: sql.Expression, room: int) -> Node:
    return Null(found.meta.get("start"))


def _read_brackets(found: sql.Expression, room: int) -> Node:
    return _inner(found, room, "this")[0]


def _read_infix(found: sql.Expression, room: int) -> Node:
    # `a not like b` is no node of its own in sqlglot but a flag.
    negated = bool(found.args.pop("negate", False))
    made = call(_INFIX[type(found)], _inner(found, room, "this", "expression"))
    return call("not", [made]) if negated else made


def _read_chain(found: sql.Expression, room: int) -> Node:
    verb = _CHAINS[type(found)]
    flat: list[Node] = []
    for part in _links(found):
        link = _node(part, room - 1)
        flat += link.operands if isinstance(link, Call) and link.verb == verb else (link,)
    return call(verb, flat)


def _links(found: sql.Expression) -> Iterator[sql.Expression]:
    """Yield the parts of a chain, which sqlglot nests to the left, without recursion."""
    right: list[sql.Expression] = []
    left = found
    while type(left) is type(found):
        right.append(left.args["expression"])
        left = left.this
    yield left
    yield from reversed(right)


def _read_not(found: sql.Expression, room: int) -> Node:
    return call("not", _inner(found, room, "this"))


def _read_negative(found: sql.Expression, room: int) -> Node:
    operand = _inner(found, room, "this")[0]
    if isinstance(operand, Number):
        return Number(-operand.value, operand.offset)
    return call("negate", [operand])


def _read_in(found: sql.Expression, room: int) -> Node:
    return call("in", _inner(found, room, "this", "expressions"))


def _read_between(found: sql.Expression, room: int) -> Node:
    return call("between", _inner(found, room, "this", "low", "high"))


def _read_is(found: sql.Expression, room: int) -> Node:
    value, null = _inner(found, room, "this", "expression")
    if not isinstance(null, Null):
        raise ExpressionError("is goes with null only", "write = instead", null.offset)
    return call("is null", [value])


def _read_case(found: sql.Expression, room: int) -> Node:
    subject = _node(found.this, room - 1) if found.this else None
    operands: list[Node] = []
    for branch in found.args["ifs"]:
        condition, value = _inner(branch, room - 1, "this", "true")
        operands += [call("=", [subject, condition]) if subject else condition, value]
    otherwise = found.args.get("default")
    operands.append(_node(otherwise, room - 1) if otherwise else Null())
    return call("case", operands)


def _read_function(found: sql.Expression, room: int) -> Node:
    verb = found.name.lower()
    return call(verb, [_node(part, room - 1) for part in found.expressions], _start(found))


_READERS: Mapping[type, Callable[[Any, int], Node]] = {
    sql.Column: _read_name,
    sql.Literal: _read_literal,
    sql.Boolean: _read_yes_no,
    sql.Null: _read_null,
    sql.Paren: _read_brackets,
    sql.Not: _read_not,
    sql.Neg: _read_negative,
    sql.In: _read_in,
    sql.Between: _read_between,
    sql.Is: _read_is,
    sql.Case: _read_case,
    sql.Anonymous: _read_function,
    **dict.fromkeys(_INFIX, _read_infix),
    **dict.fromkeys(_CHAINS, _read_chain),
}
