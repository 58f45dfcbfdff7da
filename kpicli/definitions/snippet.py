"""A line of the definitions with a caret under the place that is meant."""

import unicodedata
from collections.abc import Sequence

from kpicli.errors import Place

WIDTH = 76


def snippet(lines: Sequence[str], place: Place) -> str:
    """The line and, below it, a caret; "" where the place has no such line.

    lines are those of the file (Document.lines). Control and direction characters become "?",
    a tab one space; of a long line the part around the column is shown.
    """
    if not place.line or place.line > len(lines):
        return ""
    line, column = clean_line(lines[place.line - 1]), (place.column or 1) - 1
    start = max(0, min(column - WIDTH // 2, len(line) - WIDTH)) if len(line) > WIDTH else 0
    shown = line[start : start + WIDTH]
    gap = "".join("  " if _is_wide(sign) else " " for sign in shown[: column - start])
    return f"{shown.rstrip()}\n{gap}^"


def clean_line(text: str) -> str:
    """The text without anything that could steer a terminal."""
    return "".join(_clean(sign) for sign in text)


def _clean(sign: str) -> str:
    if sign == "\t":
        return " "
    return "?" if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else sign


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in {"W", "F"}
