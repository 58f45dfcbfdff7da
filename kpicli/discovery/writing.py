"""Values as they stand in a definitions file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpicli.definitions.quoting import quoted

# What stands in YAML as it is, also within braces.
_PLAIN = re.compile(r"[./]*[^\W\d][\w ./()%&+*–-]*|[\d][\w.:-]*")
_WORDS = {"true", "false", "null", "~"}
_NUMBER = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?")
_WIDTH = 96


def scalar(value: object) -> str:
    """A single value; a text that would be read as something else stands in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() not in _WORDS
    return text if plain and not _NUMBER.fullmatch(text) else _safe(text)


def _safe(text: str) -> str:
    if text.isprintable():
        return quoted(text)
    escaped = "".join(one if one.isprintable() else _escape(one) for one in text)
    return '"' + escaped.replace('"', '\\"') + '"'


def _escape(sign: str) -> str:
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return known.get(sign, f"\\u{ord(sign):04x}")


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def entry(key: str, value: Any, indent: int, why: str | None = None) -> Iterator[str]:
    """A key and its value, on one line where there is room, with a comment that says why."""
    line = f"{' ' * indent}{scalar(key)}: {flow(value)}"
    if why and len(commented(line, why)) > _WIDTH:
        yield from comment(why, indent)
        why = None
    if len(line) <= _WIDTH or not isinstance(value, Mapping | list | tuple):
        yield commented(line, why)
        return
    yield commented(f"{' ' * indent}{scalar(key)}:", why)
    if isinstance(value, Mapping):
        yield from _mapping(value, indent + 2)
    else:
        for one in value:
            yield f"{' ' * (indent + 2)}- {flow(one)}"


def _mapping(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    """Entries below each other; many short ones side by side."""
    if any(isinstance(one, Mapping | list | tuple) for one in value.values()):
        for name, one in value.items():
            yield from entry(str(name), one, indent)
        return
    pieces = [f"{scalar(name)}: {flow(one)}" for name, one in value.items()]
    line = ""
    for number, piece in enumerate(pieces):
        told = piece + ("," if number + 1 < len(pieces) else "}")
        if line and indent + len(line) + 1 + len(told) > _WIDTH:
            yield f"{' ' * indent}{line}"
            line = told
        else:
            line = f"{line} {told}" if line else f"{{{told}" if number == 0 else told
    yield f"{' ' * indent}{line}"


def commented(line: str, why: str | None) -> str:
    """A line with a comment behind it, in a column of its own where there is room."""
    return f"{line:<42} # {one_line(why)}" if why else line


def comment(text: str, indent: int = 0, width: int = _WIDTH) -> Iterator[str]:
    """A text as comment lines."""
    room = width - indent - 2
    line = ""
    for word in one_line(text).split():
        if line and len(line) + 1 + len(word) > room:
            yield f"{' ' * indent}# {line}"
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield f"{' ' * indent}# {line}"


def one_line(text: str | None) -> str:
    """A text that cannot end its comment: signs that are no letters become spaces."""
    return "".join(one if one.isprintable() else " " for one in text or "")


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names with commas, the first so many of them."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
