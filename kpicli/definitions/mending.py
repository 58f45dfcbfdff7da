"""A line of YAML with quotes put where the author forgot them."""

import re
from dataclasses import dataclass

import yaml

from kpicli.definitions.quoting import (
    closing_bracket,
    closing_quote,
    comment_start,
    outside,
    quoted,
    split_commas,
)

# libyaml reads ten times as fast, with the same marks; it is not in every build of PyYAML.
LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)

ENTRY = re.compile(
    r"\s*(?:-\s+)*(?:(?P<key>'[^']*'|\"[^\"]*\"|[^\s'\"{}\[\]#,&*!|>%@`-][^:#]*?)\s*:(?:\s+|$))?"
)
FLOW_ENTRY = re.compile(r"\s*(?P<key>'[^']*'|\"[^\"]*\"|[\w.$-]+)\s*:(?:\s+|$)")
BOUND = re.compile(r"(?P<sign>[<>]=?)\s*(?P<value>[-+]?\d\S*(?: ?%)?)")
BOUND_KEYS = {"target", "yellow"}
NO_COMPARISON = "a target is a value; which side of it is good, `better: higher` or `lower` says"
BACKSLASH = "a back-slash in double quotes begins a code; single quotes keep it as it is"
COMMENT = "` #` begins a comment; a value that contains it needs quotes"
COMMA = "a text with commas or brackets inside { } needs quotes"
INDICATORS = "%@`>|!*&?-:,]}[{"


@dataclass(frozen=True)
class Offence:
    """What YAML cannot read as it was meant, from this column on (counted from 0)."""

    code: str
    message: str
    column: int


@dataclass(frozen=True)
class Mended:
    """The line as it can be read, and what was wrong with it, left to right."""

    line: str
    offences: tuple[Offence, ...]


def mend_line(line: str, inside: str = "", aliases: bool = True) -> Mended | None:
    """The line with its unreadable values in quotes; None where no value needs any.

    inside: "{" or "[" where an earlier line opened that bracket. aliases False: a *name is a
    text like any other.
    """
    mender = _Mender(aliases)
    if inside == "{" and not FLOW_ENTRY.match(line):
        return None
    if inside:
        line = mender.pieces(line, 0)
    else:
        entry = ENTRY.match(line)
        start = entry.end() if entry else 0
        end = max(start, comment_start(line))
        key = entry["key"] if entry else None
        line = line[:start] + mender.value(line[start:end], start, key, False) + line[end:]
    offences = sorted(mender.offences, key=lambda offence: offence.column)
    return Mended(line, tuple(offences)) if offences else None


def mend_value(value: str, key: str | None) -> str:
    """The value as it has to be written: a number for a comparison, else the text in quotes."""
    bound = BOUND.fullmatch(value)
    if bound and key in BOUND_KEYS:
        return bound["value"]
    if _is_double_quoted(value):
        return quoted(plain_escapes(value[1:-1]))
    return quoted(value)


def plain_escapes(inner: str) -> str:
    r"""What stood between double quotes, each back-slash being one, \" a quote."""
    return re.sub(r'\\(["\\])', r"\1", inner)


def is_bound(value: str, key: str | None) -> bool:
    """Whether it is a comparison where a number belongs, as in `target: >= 5%`."""
    return key in BOUND_KEYS and bool(BOUND.fullmatch(value))


def needs_quotes(sign: str) -> str:
    """The message for a value that begins with a sign of YAML's own."""
    return f"a value that begins with {sign} needs quotes"


@dataclass
class _Mender:
    """Mends values from left to right and keeps what it found."""

    aliases: bool

    def __post_init__(self) -> None:
        self.offences: list[Offence] = []

    def value(self, value: str, at: int, key: str | None, flow: bool) -> str:
        if not value or _reads(value, flow, self.aliases) or _is_open(value, flow):
            return value
        if value[0] in "{[":
            end = closing_bracket(value)
            if end in (None, len(value) - 1):
                return value[0] + self.pieces(value[1:], at + 1)
        self.offences.append(_offence(value, at, key, flow))
        return mend_value(value, key)

    def pieces(self, text: str, at: int) -> str:
        for start, end in reversed(_entries(text)):
            entry = FLOW_ENTRY.match(text, start, end)
            begin = entry.end() if entry else start
            begin += len(text[begin:end]) - len(text[begin:end].lstrip())
            value = text[begin:end].rstrip()
            new = self.value(value, at + begin, entry["key"] if entry else None, True)
            text = text[:begin] + new + text[begin + len(value) :]
        return text


def _entries(text: str) -> list[tuple[int, int]]:
    """The entries of a { } or [ ]; in { } a piece without a name belongs to the one before."""
    joined: list[tuple[int, int]] = []
    pieces = [(start, end) for start, end in split_commas(text) if text[start:end].strip()]
    named = bool(pieces) and bool(FLOW_ENTRY.match(text, *pieces[0]))
    for start, end in pieces:
        if joined and named and not FLOW_ENTRY.match(text, start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _reads(value: str, flow: bool, aliases: bool) -> bool:
    """Whether YAML takes the value for one value, to its end."""
    if value[0] == "*" and aliases and re.fullmatch(r"\*[\w-]+", value):
        return True
    if re.fullmatch(r"[>|][+-]?", value) and not flow:
        return True
    opening, closing = ("{k: ", "}") if flow else ("k: ", "")
    try:
        node = yaml.compose(opening + value + closing, LOADER)
    except yaml.YAMLError:
        return False
    if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
        return False
    end = node.value[0][1].end_mark
    return bool(end.line == 0 and end.column == len(opening + value))


def _is_open(value: str, flow: bool) -> bool:
    """Whether a quote or bracket goes on in the next lines; nobody can tell how far."""
    if value[0] in "'\"" and closing_quote(value, 0) is None:
        return True
    signs = [value[at] for at in outside(value)]
    return flow and signs.count("(") > signs.count(")")


def _is_double_quoted(value: str) -> bool:
    return value.startswith('"') and closing_quote(value, 0) == len(value) - 1


def _offence(value: str, at: int, key: str | None, flow: bool) -> Offence:
    if is_bound(value, key):
        return Offence("yaml_comparison", NO_COMPARISON, at)
    if _is_double_quoted(value):
        return Offence("yaml_backslash", BACKSLASH, at)
    return Offence(*_wrong_text(value, flow), at)


def _wrong_text(value: str, flow: bool) -> tuple[str, str]:
    """Code and message for a text without the quotes that it needs."""
    if value[0] in "'\"":
        return "yaml_quotes", "the value begins with a quote and goes on after it"
    if value[0] in INDICATORS and not (flow and value[0] in "-?:"):
        return "yaml_quotes", needs_quotes(value[0])
    if ": " in value or value.endswith(":"):
        return "yaml_quotes", "a value that contains `: ` needs quotes"
    if " #" in value:
        return "yaml_comment", COMMENT
    return "yaml_comma", COMMA
