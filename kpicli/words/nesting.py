"""The brackets and cases around each word."""

import re
from dataclasses import dataclass

from sqlglot.tokenizer_core import Token

from kpicli.words.expressions import ExpressionError
from kpicli.words.spelling import CASE_PARTS, COMPARING, CONSTANTS, T, as_name, written

# Sqlglot takes up to 28 frames of Python's 1000 for a level, and a divisor stands twice in the
# frame's expression: twelve of them within each other are 4,096.
DEEPEST = 12


@dataclass
class _Level:
    """An open bracket or case, and whether a comparison in it still waits for and / or."""

    opener: Token | None
    compared: bool = False
    joined: bool = False
    between: bool = False

    def is_case(self) -> bool:
        return self.opener is not None and self.opener.token_type is T.CASE


def nest(text: str, tokens: list[Token]) -> list[Token]:
    """Return the same words, with end, when, then and else a column where they close no case.

    Raises ExpressionError where a bracket or case stays open, where they are too deep, or where
    a comparison has another one as its side (1 < a < 3).
    """
    levels = [_Level(None)]
    nested: list[Token] = []
    for token in tokens:
        nested.append(_case_part_or_name(text, levels[-1], nested, token))
        # Two signs side by side (> =) have a clearer message than a comparison twice.
        side_by_side = len(nested) > 1 and nested[-2].token_type in COMPARING
        if not (side_by_side and token.token_type in COMPARING):
            _step(text, levels, nested[-1])
    opener = levels[-1].opener
    if opener is not None:
        closing = "end" if levels[-1].is_case() else ")"
        message = f"{written(text, opener)} is not closed"
        raise ExpressionError(message, f"write {closing} behind it", opener.start)
    return nested


def _case_part_or_name(text: str, level: _Level, before: list[Token], token: Token) -> Token:
    kind = token.token_type
    if kind in CASE_PARTS or kind is T.END:
        closing = CONSTANTS | {T.IDENTIFIER, T.R_PAREN, T.END}
        needs_value = kind is T.END and not (before and before[-1].token_type in closing)
        if needs_value or not level.is_case():
            return as_name(text, token, token)
    return token


def _step(text: str, levels: list[_Level], token: Token) -> None:
    kind, level = token.token_type, levels[-1]
    if kind in (T.L_PAREN, T.CASE):
        _open(levels, token)
    elif kind in (T.R_PAREN, T.END):
        _close(text, levels, token)
    elif kind in COMPARING:
        _compare(text, level, token)
    elif kind is T.COMMA and level.opener is None:
        hint = "a number has no thousands sign: 1000; a list stands in brackets: in (1, 2)"
        raise ExpressionError("this comma stands outside brackets", hint, token.start)
    elif kind is T.AND and level.between:
        level.between = False
    elif kind in (T.AND, T.OR, T.COMMA) or kind in CASE_PARTS:
        level.compared = level.joined = level.between = False
    elif kind is T.DPIPE:
        level.joined = level.compared


def _open(levels: list[_Level], token: Token) -> None:
    levels.append(_Level(token))
    if len(levels) > DEEPEST + 1:
        raise ExpressionError("nested too deeply", "use fewer brackets", token.start)


def _close(text: str, levels: list[_Level], token: Token) -> None:
    if levels[-1].opener is None or levels[-1].is_case() != (token.token_type is T.END):
        message = f"{written(text, token)} closes nothing"
        raise ExpressionError(message, "leave it out, or open it before", token.start)
    levels.pop()


def _compare(text: str, level: _Level, token: Token) -> None:
    if level.compared:
        hint = "join two comparisons with and, or put one of them in brackets"
        if level.joined:
            hint = "|| joins texts; write " + re.sub(r"\s*\|\|\s*", " or ", text)
        message = f"{written(text, token)} compares the answer of another comparison"
        raise ExpressionError(message, hint, token.start)
    level.compared = True
    level.between = token.token_type is T.BETWEEN
