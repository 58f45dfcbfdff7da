"""The words of the small SQL in a text."""

import re
from typing import ClassVar

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from kpicli.words.expressions import ExpressionError
from kpicli.words.verbs import FOREIGN

LONGEST = 100_000

T = TokenType
COMPARING = frozenset(
    {T.EQ, T.NEQ, T.LT, T.LTE, T.GT, T.GTE, T.IS, T.IN, T.LIKE, T.ILIKE, T.BETWEEN}
)
JOINING = frozenset({T.AND, T.OR, T.STAR, T.SLASH, T.DPIPE})
CONSTANTS = frozenset({T.STRING, T.NUMBER, T.NULL, T.TRUE, T.FALSE})
CASE_PARTS = frozenset({T.WHEN, T.THEN, T.ELSE})
_WORDS = (T.AND, T.OR, T.NOT, T.IN, T.BETWEEN, T.LIKE, T.ILIKE, T.IS, *CASE_PARTS, T.CASE, T.END)
_SIGNS = {"<>": T.NEQ, "!=": T.NEQ, "<=": T.LTE, ">=": T.GTE, "||": T.DPIPE}
_FOREIGN_SIGNS = ("&&", "==", "::", "=>", "->")
_KNOWN = COMPARING | JOINING | CONSTANTS | CASE_PARTS | {T.CASE, T.END, T.NOT, T.IDENTIFIER}
_KNOWN |= {T.L_PAREN, T.R_PAREN, T.DASH, T.PLUS, T.COMMA, T.DOT}

_INSTEAD = {"&&": " and ", "==": "=", "!": "not ", "=>": ">=", "`": '"'}
_ROUND_LIST = "a list stands in round brackets: plan in ('pro', 'team')"
_ADVICE = {
    "%": "a percentage is written '30%' or 0.3",
    ";": "write one condition",
    "::": FOREIGN["cast"],
    "[": _ROUND_LIST,
    "]": _ROUND_LIST,
}
_CURLY = str.maketrans("‘’‚“”„", "'" * 6)


class _Reader(Tokenizer):
    """Sqlglot's reader with our few words: every other word can be a column."""

    KEYWORDS: ClassVar[dict[str, TokenType]] = {
        **{word.name: word for word in (*_WORDS, T.NULL, T.TRUE, T.FALSE)},
        **_SIGNS,
        **dict.fromkeys(_FOREIGN_SIGNS, T.UNKNOWN),
    }
    COMMANDS: ClassVar[set[TokenType]] = set()


def spell(text: str) -> list[Token]:
    """Read the words of a text; a column, dotted or not, is one IDENTIFIER, a function a VAR.

    Raises ExpressionError where the text is empty, too long or has a sign of another language.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"more than {LONGEST:,} characters", "put the list into a column")
    tokens = _read(text)
    if not tokens:
        raise ExpressionError("there is nothing here", "write a condition such as plan = 'pro'")
    _refuse_comments(text, tokens)
    _refuse_foreign_signs(text, tokens)
    return _with_whole_names(text, tokens)


def written(text: str, token: Token) -> str:
    """Return the word as it stands in the text, quotes included."""
    return text[token.start : token.end + 1]


def corrected(text: str, start: int, end: int, new: str) -> str:
    """Return a hint: the text as it should be."""
    return f"write {text[:start]}{new}{text[end:]}"


def as_name(text: str, first: Token, last: Token, name: str | None = None) -> Token:
    """Return the words from first to last as one column."""
    name = written(text, first) if name is None else name
    return Token(T.IDENTIFIER, name, first.line, last.col, first.start, last.end)


def _read(text: str) -> list[Token]:
    try:
        return _Reader().tokenize(text)
    except TokenError:
        raise _unclosed(text) from None


def _unclosed(text: str) -> ExpressionError:
    opened, offset = "", 0
    for position, sign in enumerate(text):
        if not opened and sign in "'\"":
            opened, offset = sign, position
        elif sign == opened:
            opened = ""
    if not opened:
        return ExpressionError("a comment is not closed", "leave the comment out")
    return ExpressionError("a quote is missing", _closed(text, offset, opened), offset)


def _closed(text: str, offset: int, quote: str) -> str:
    """Return a hint with the quote that is probably missing; offset is where the last opens."""
    if re.search(r"'\w+'\w", text):
        return "an apostrophe is written twice: " + re.sub(r"('\w+')(\w)", r"\1'\2", text)
    following = re.match(r"[\w-]+", text[offset + 1 :])
    preceding = re.search(r"[\w-]+$", text[:offset])
    if following or not preceding:
        end = offset + 1 + (following.end() if following else 0)
        return corrected(text, end, end, quote)
    return corrected(text, preceding.start(), preceding.start(), quote)


def _refuse_comments(text: str, tokens: list[Token]) -> None:
    # What the reader skips silently between two words is a comment.
    starts = [*(token.start for token in tokens), len(text)]
    ends = [0, *(token.end + 1 for token in tokens)]
    for start, end in zip(ends, starts, strict=True):
        if skipped := text[start:end].strip():
            hint = "a comment stands after # in the YAML; for minus minus leave a space"
            raise ExpressionError(f"{skipped[:20]} is a comment", hint, text.index(skipped, start))


def _refuse_foreign_signs(text: str, tokens: list[Token]) -> None:
    for token in tokens:
        sign = written(text, token)
        known = token.token_type in _KNOWN and sign != "!"
        if known or (token.token_type is T.VAR and sign.isidentifier()):
            continue
        hint = _ADVICE.get(sign) or _respelled(text, tokens, sign)
        raise ExpressionError(f"{sign[:20]} has no meaning here", hint, token.start)


def _respelled(text: str, tokens: list[Token], sign: str) -> str:
    if sign not in _INSTEAD:
        straight = text.translate(_CURLY)
        curly = straight != text and sign.translate(_CURLY) != sign
        if curly:
            return f"the quotes must be straight: {straight}"
        return f'a name with such a sign stands in double quotes: "{sign}"'
    fixed = text
    # All at once: a hint that leads to the next error helps nobody.
    for token in reversed(tokens):
        if (one := _INSTEAD.get(written(text, token))) is not None:
            fixed = fixed[: token.start] + one + fixed[token.end + 1 :]
    if sign == "==":
        # Whoever compares so writes a text in double quotes.
        fixed = re.sub(r"""(=\s*)"([^"']*)\"""", r"\1'\2'", fixed)
    return f"write {re.sub(' +', ' ', fixed) if '&&' in text else fixed}"


def _with_whole_names(text: str, tokens: list[Token]) -> list[Token]:
    whole: list[Token] = []
    first = 0
    while first < len(tokens):
        last = _end_of_name(text, tokens, first)
        alone = last == first and not _is_plain_name(tokens, first)
        name = "".join(_part(text, part) for part in tokens[first : last + 1])
        found = tokens[first] if alone else as_name(text, tokens[first], tokens[last], name)
        whole.append(found)
        first = last + 1
    return whole


def _end_of_name(text: str, tokens: list[Token], first: int) -> int:
    last = first
    while (
        last + 2 < len(tokens)
        and tokens[last + 1].token_type is T.DOT
        and _is_word(text, tokens[last])
        and _is_word(text, tokens[last + 2])
    ):
        last += 2
    return last


def _is_word(text: str, token: Token) -> bool:
    return token.token_type is T.IDENTIFIER or written(text, token).isidentifier()


def _is_plain_name(tokens: list[Token], position: int) -> bool:
    called = position + 1 < len(tokens) and tokens[position + 1].token_type is T.L_PAREN
    kind = tokens[position].token_type
    return kind is T.IDENTIFIER or (kind is T.VAR and not called)


def _part(text: str, token: Token) -> str:
    return token.text if token.token_type is T.IDENTIFIER else written(text, token)
