"""Which word may stand beside which."""

from collections.abc import Collection

from sqlglot.tokenizer_core import Token

from kpicli.errors import did_you_mean
from kpicli.words.expressions import ExpressionError
from kpicli.words.spelling import COMPARING, CONSTANTS, JOINING, T, corrected, written
from kpicli.words.verbs import FOREIGN, FUNCTIONS

_ENDING = CONSTANTS | {T.IDENTIFIER, T.R_PAREN, T.END}
_STARTING = CONSTANTS | {T.IDENTIFIER, T.VAR, T.CASE, T.L_PAREN}
_NEGATABLE = frozenset({T.IN, T.LIKE, T.ILIKE, T.BETWEEN})
_PLAIN = COMPARING - _NEGATABLE - {T.IS}
_NEEDING_LEFT = COMPARING | JOINING | {T.COMMA, T.R_PAREN}
_NULL_WORDS = {"isnull": "is null", "notnull": "is not null"}
_AFTER_NUMBER = "a number stands alone, without spaces, signs or units: 1000"
_BETWEEN = "put and, or, = or another sign between them; a text stands in single quotes"
_BY_SIGNS = {"<=": "<=", "=>": ">=", "<>": "<>", "!=": "<>", "=": "="}


def refuse_misplaced(text: str, tokens: list[Token], functions: Collection[str]) -> None:
    """Raise ExpressionError at the first word that cannot stand where it stands."""
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        _refuse_function(text, token, functions)
        _refuse_side_by_side(text, before, token)
        _refuse_no_left_side(text, before, token, after)
        _refuse_not(text, before, token, after)
        _refuse_in(text, token, after)
    for position, token in enumerate(tokens):
        _refuse_null(text, token, tokens[position + 1 : position + 3])
    if tokens[-1].token_type not in _ENDING:
        message = f"nothing follows {written(text, tokens[-1])}"
        raise ExpressionError(message, "write a column or a value behind it", tokens[-1].start)


def _refuse_function(text: str, token: Token, functions: Collection[str]) -> None:
    word = written(text, token).lower()
    if token.token_type is T.VAR and word not in functions:
        hint = FOREIGN.get(word) or did_you_mean(word, functions)
        raise ExpressionError(f"{word[:40]}() is not part of the language", hint, token.start)
    if token.token_type is T.IDENTIFIER and word == "select":
        raise ExpressionError("sub-queries are refused", FOREIGN[word], token.start)


def _refuse_side_by_side(text: str, before: Token | None, token: Token) -> None:
    if before is None or before.token_type not in _ENDING or token.token_type not in _STARTING:
        return
    first, second = written(text, before), written(text, token)
    hint = _side_by_side_hint(text, before, token)
    message = f"{second[:40]} stands behind {first[:40]} with nothing between them"
    raise ExpressionError(message, hint, token.start)


def _side_by_side_hint(text: str, before: Token, token: Token) -> str:
    first, second = written(text, before), written(text, token).lower()
    if token.token_type is T.STRING and first.lower() in ("date", "time", "timestamp"):
        return corrected(text, before.start, token.start, "")
    if second in _NULL_WORDS:
        return corrected(text, token.start, token.end + 1, _NULL_WORDS[second])
    if second in FUNCTIONS and FUNCTIONS[second].takes == "pattern":
        return f"write {second}({first}, …)"
    if before.token_type is token.token_type is T.IDENTIFIER and second not in FOREIGN:
        both = text[before.start : token.end + 1].replace('"', "")
        return f'a name with a space stands in double quotes: "{both}"'
    number = before.token_type is T.NUMBER
    return FOREIGN.get(second, _AFTER_NUMBER if number else _BETWEEN)


def _refuse_no_left_side(
    text: str, before: Token | None, token: Token, after: Token | None
) -> None:
    kind = token.token_type
    if kind is T.DOT:
        hint = "a number has a figure before its point: 0.5; a table and a column: accounts.plan"
        raise ExpressionError("this point joins nothing", hint, token.start)
    if kind not in _NEEDING_LEFT or _has_left_side(before, token):
        return
    if kind is T.STAR:
        raise ExpressionError("* for all columns is refused", "name the column", token.start)
    hint = "write a column or a value before it"
    if before is not None and before.token_type in _PLAIN and kind in _PLAIN:
        sign = _BY_SIGNS.get("".join(sorted({*written(text, before), *written(text, token)})))
        hint = corrected(text, before.start, token.end + 1, sign or "=")
    raise ExpressionError(f"nothing stands before {written(text, token)}", hint, token.start)


def _has_left_side(before: Token | None, token: Token) -> bool:
    if before is None:
        return False
    if before.token_type is T.NOT:
        return token.token_type in _NEGATABLE
    empty = before.token_type is T.L_PAREN and token.token_type is T.R_PAREN
    return empty or before.token_type in _ENDING


def _refuse_not(text: str, before: Token | None, token: Token, after: Token | None) -> None:
    behind_value = before is not None and before.token_type in _ENDING
    if token.token_type is not T.NOT or not behind_value:
        return
    if after is None or after.token_type not in _NEGATABLE:
        hint = "write a <> b, a is not null, a not in (…), or and not"
        raise ExpressionError("not stands between two values", hint, token.start)


def _refuse_in(text: str, token: Token, after: Token | None) -> None:
    if token.token_type is not T.IN or after is None or after.token_type is T.L_PAREN:
        return
    word = written(text, after)
    listed = f"({word})" if after.token_type in CONSTANTS else f"('{word}')"
    hint = corrected(text, after.start, after.end + 1, listed)
    raise ExpressionError("in takes a list in brackets", hint, after.start)


def _refuse_null(text: str, token: Token, following: list[Token]) -> None:
    """Refuse `= null`, which is never true, and `is 'x'`."""
    if not following:
        return
    kind = token.token_type
    negated = kind is T.IS and following[0].token_type is T.NOT and len(following) > 1
    value = following[1] if negated else following[0]
    if kind is T.IS and value.token_type is not T.NULL:
        sign = "<>" if negated else "="
        hint = corrected(text, token.start, value.start, f"{sign} ")
        raise ExpressionError("is goes with null only", hint, token.start)
    if kind in (T.EQ, T.NEQ) and value.token_type is T.NULL:
        instead = "is null" if kind is T.EQ else "is not null"
        hint = corrected(text, token.start, value.end + 1, instead)
        raise ExpressionError("nothing equals null, not even null", hint, token.start)
