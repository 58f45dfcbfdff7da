"""Where the types in an expression disagree."""

from collections.abc import Callable, Iterator, Mapping

from kpicli.words.expressions import (
    Call,
    Expression,
    ExpressionProblem,
    Node,
    Number,
    Text,
    YesNo,
    canonical,
    conditions_of,
    plain_number,
    values_of,
)
from kpicli.words.outcomes import Types, shared_type, type_of
from kpicli.words.outcomes import result_type as result_type
from kpicli.words.outcomes import scale_of as scale_of
from kpicli.words.readings import EXAMPLES, read_as
from kpicli.words.types import ColumnType
from kpicli.words.verbs import ORDERINGS, VERBS, Takes

NUMERIC: frozenset[ColumnType | None] = frozenset({"number", "money", "percent"})
WORDS_FOR: Mapping[ColumnType, str] = {
    "text": "a text",
    "number": "a number",
    "money": "an amount of money",
    "percent": "a percentage",
    "date": "a date",
    "time": "a time",
    "yes_no": "a yes/no",
}


def check(
    expression: Expression, types: Types, want: ColumnType | None = None
) -> tuple[ExpressionProblem, ...]:
    """Find every disagreement between the expression and the types of its columns.

    want is the type asked of the whole; "number" is met by money and percentages too. A column
    that types does not name agrees with everything.
    """
    return (*_problems(expression.tree, types), *_unwanted(expression, types, want))


def _unwanted(
    expression: Expression, types: Types, want: ColumnType | None
) -> Iterator[ExpressionProblem]:
    found = type_of(expression.tree, types)
    if want is None or found is None or found == want:
        return
    if want == "number" and found in NUMERIC:
        return
    message = f"{expression.text} is {WORDS_FOR[found]}, not {WORDS_FOR[want]}"
    yield ExpressionProblem(message, _wanted_hint(expression, found, want), expression.tree.offset)


def _wanted_hint(expression: Expression, found: ColumnType, want: ColumnType) -> str:
    written = expression.canonical()
    if want == "yes_no":
        return f"compare it with something: {written} = {_example(found)}"
    if found == "yes_no" and want in NUMERIC:
        return f"write case when {written} then 1 else 0 end"
    return f"name a column or an expression that is {WORDS_FOR[want]}"


def _example(column_type: ColumnType) -> str:
    examples = {"text": "'pro'", "date": "'2025-01-31'", "time": "'2025-01-31'", "percent": "0.3"}
    return examples.get(column_type, "1")


def _problems(node: Node, types: Types) -> Iterator[ExpressionProblem]:
    if not isinstance(node, Call):
        return
    for operand in node.operands:
        yield from _problems(operand, types)
    yield from _CHECKS[VERBS[node.verb].takes](node, types)


def _not_answers(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    for operand in conditions_of(call):
        found = type_of(operand, types)
        if found not in (None, "yes_no"):
            written = canonical(operand)
            message = f"{written} is {WORDS_FOR[found]}, not a yes or a no"
            hint = f"compare it with something: {written} = {_example(found)}"
            yield ExpressionProblem(message, hint, operand.offset)


def _not_alike(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    values = values_of(call)
    shared = shared_type(values, types)
    if shared is None:
        return
    if shared == "yes_no" and call.verb in ORDERINGS:
        message = f"yes and no have no order, so {call.verb} says nothing"
        yield ExpressionProblem(message, "compare with = true or = false", call.offset)
    first = next(value for value in values if type_of(value, types) == shared)
    for value in values:
        yield from _not_like(value, first, shared, types)


def _not_like(
    value: Node, first: Node, shared: ColumnType, types: Types
) -> Iterator[ExpressionProblem]:
    match value:
        case Text(text) if shared != "text":
            if read_as(text, shared) is None:
                message = f"'{text}' is not {WORDS_FOR[shared]}"
                yield ExpressionProblem(message, _reading_hint(text, first, shared), value.offset)
        case Number(number) if shared == "percent" and abs(number) > 1:
            yield _two_readings(value)
        case Number() if shared in NUMERIC:
            return
        case _:
            found = type_of(value, types)
            if found not in (None, shared) and not _meet(found, shared):
                yield _cannot_meet(value, found, first, shared)


def _meet(found: ColumnType, shared: ColumnType) -> bool:
    return {found, shared} <= NUMERIC and {found, shared} != {"money", "percent"}


def _reading_hint(text: str, first: Node, shared: ColumnType) -> str:
    plain = text.replace(",", "").replace(" ", "")
    if shared in ("number", "money") and plain != text and read_as(plain, "number") is not None:
        decimal = text.replace(",", ".").replace(" ", "")
        return f"write {plain}, or {decimal} where the comma begins the decimals"
    if shared == "yes_no":
        truth = "false" if text.casefold() in ("false", "no", "n", "0") else "true"
        return f"write {canonical(first)} = {truth}"
    if shared == "date" and read_as(text, "time") is not None:
        return f"write '{text[:10]}'; a date has no time of day"
    return EXAMPLES[shared]


def _two_readings(number: Number) -> ExpressionProblem:
    written, times = plain_number(number.value), plain_number(number.value * 100)
    message = f"{written} beside a percentage could be {written} % or {times} %"
    return ExpressionProblem(message, f"write '{written}%' or '{times}%'", number.offset)


def _cannot_meet(
    value: Node, found: ColumnType, first: Node, shared: ColumnType
) -> ExpressionProblem:
    message = (
        f"{canonical(first)} is {WORDS_FOR[shared]}, {canonical(value)} is {WORDS_FOR[found]}: "
        "they cannot stand beside each other"
    )
    if shared == "text" and isinstance(value, Number | YesNo):
        hint = f"write '{canonical(value)}' in single quotes"
    elif {shared, found} == {"date", "time"}:
        time = first if shared == "time" else value
        hint = f"write date({canonical(time)}) for the local day of the time"
    else:
        hint = EXAMPLES[shared]
    # sqlglot keeps no place of true, false and null.
    return ExpressionProblem(message, hint, first.offset if value.offset is None else value.offset)


def _not_numbers(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    found = [type_of(operand, types) for operand in call.operands]
    wrong = [
        (operand, kind)
        for operand, kind in zip(call.operands, found, strict=True)
        if kind is not None and kind not in NUMERIC
    ]
    for operand, kind in wrong:
        message = f"{canonical(operand)} is {WORDS_FOR[kind]}; {_sign(call)} takes numbers"
        yield ExpressionProblem(message, _arithmetic_hint(call, kind), operand.offset)
    if not wrong and found == ["money", "money"] and call.verb == "*":
        hint = "multiply money with a number"
        yield ExpressionProblem("money times money is no amount", hint, call.offset)
    if not wrong and call.verb in ("+", "-") and set(found) == {"money", "percent"}:
        hint = "write amount * (1 + discount)"
        yield ExpressionProblem("a percentage cannot be added to money", hint, call.offset)


def _sign(call: Call) -> str:
    return "minus" if call.verb == "negate" else call.verb


def _arithmetic_hint(call: Call, kind: ColumnType) -> str:
    written = [canonical(operand) for operand in call.operands]
    if kind == "text" and call.verb == "+":
        return f"to join texts write {' || '.join(written)}"
    if kind in ("date", "time") and call.verb == "-":
        return f"write days_between({written[1]}, {written[0]})"
    if kind == "yes_no":
        return "write case when … then 1 else 0 end"
    return "say that the column is a number under types: in its source"


def _not_texts(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    for operand in call.operands:
        found = type_of(operand, types)
        if found not in (None, "text"):
            message = f"{canonical(operand)} is {WORDS_FOR[found]}; {call.verb} takes texts"
            yield ExpressionProblem(message, "name a column of texts", operand.offset)


def _not_days(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    instant = VERBS[call.verb].takes == "instant" or _only_dates(call, types)
    taken: tuple[ColumnType, ...] = ("time",) if instant else ("date", "time")
    for operand in call.operands:
        found = type_of(operand, types)
        readable = isinstance(operand, Text) and read_as(operand.value, "time") is not None
        if found is None or found in taken or readable:
            continue
        what = " or ".join(WORDS_FOR[kind] for kind in taken)
        message = f"{canonical(operand)} is {WORDS_FOR[found]}; {call.verb}() takes {what}"
        yield ExpressionProblem(message, _day_hint(call, found), operand.offset)


def _only_dates(call: Call, types: Types) -> bool:
    """Whether hours are asked for between dates; a date beside a time is its first instant."""
    if call.verb != "hours_between":
        return False
    return all(type_of(operand, types) == "date" for operand in call.operands)


def _day_hint(call: Call, found: ColumnType) -> str:
    if call.verb == "date" and found == "date":
        return "leave out date(): it is a date already"
    if call.verb == "hours_between" and found == "date":
        return "dates have no hours: write days_between(a, b), or types: {COLUMN: time}"
    return EXAMPLES["time"]


def _not_in_turn(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    yield from _not_answers(call, types)
    yield from _not_alike(call, types)


def _anything(call: Call, types: Types) -> Iterator[ExpressionProblem]:
    yield from ()


_CHECKS: Mapping[Takes, Callable[[Call, Types], Iterator[ExpressionProblem]]] = {
    "yes_no": _not_answers,
    "case": _not_in_turn,
    "alike": _not_alike,
    "number": _not_numbers,
    "text": _not_texts,
    "pattern": _not_texts,
    "day": _not_days,
    "instant": _not_days,
    "any": _anything,
}
