"""Characters that a definitions file cannot hold, and tabs where only spaces may stand."""

import re
from collections.abc import Iterator, Sequence

from kpicli.definitions.quoting import comment_start
from kpicli.errors import Place, Problem

# What YAML allows, seen from the other side; half of a surrogate pair is no character either.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Spaces that a web page or a word processor leaves behind look right and mean nothing to YAML.
INDENT = re.compile("[ ]*[\t\u00a0\u2000-\u200b\u202f\u3000\ufeff][\\s\u200b\ufeff]*(?=[^\\s#])")
AFTER_COLON = re.compile(r"[ ]*(?:-[ ]+)*(?:[^\s:'\"#{}\[\]]+:|-)[ ]*(?P<tab>\t\s*)(?=[^\s#])")
BLOCK_HEADER = re.compile(r"(?:.*[:\-]\s+|\s*)[>|][+-]?\d?$")


def forbidden(lines: Sequence[str], file: str) -> Problem | None:
    """The first character that no text file should hold, with the count of all."""
    found = [(row, match) for row, line in enumerate(lines) for match in FORBIDDEN.finditer(line)]
    if not found:
        return None
    row, match = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return Problem(
        "yaml_character",
        f"the character U+{ord(match[0]):04X} cannot stand in YAML{more}",
        "delete it; if the file came from another program, save it again as UTF-8 text",
        Place(file, row + 1, match.start() + 1),
    )


def spaced(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines with spaces where tabs and look-alikes indent; a tab is one step of the file's."""
    # Where texts lie is told sign by sign: only a file that has such a line is looked through.
    if not any(INDENT.match(line) or AFTER_COLON.match(line) for line in lines):
        return tuple(lines)
    texts = set(_block_texts(lines))
    step = " " * _step(lines)
    return tuple(
        line if row in texts else _space_line(line, step) for row, line in enumerate(lines)
    )


def is_mixed(lines: Sequence[str]) -> bool:
    """Whether some lines are indented by tabs and others by spaces: nobody can tell how deep."""
    return _has_tabs(lines) and any(line.startswith(" ") for line in _entries(lines))


def tab_problem(lines: Sequence[str], file: str) -> Problem | None:
    """One problem for all lines that spaced() changes, at the first of them."""
    mended = spaced(lines)
    rows = [row for row, line in enumerate(lines) if mended[row] != line]
    if not rows:
        return None
    first = rows[0]
    others = f" (in lines {_ranges([row + 1 for row in rows])})" if len(rows) > 1 else ""
    column = next(at for at, sign in enumerate(lines[first]) if sign != mended[first][at : at + 1])
    count = {2: "two", 4: "four"}.get(_step(lines), str(_step(lines)))
    return Problem(
        "yaml_tab",
        f"a tab or a special space stands where YAML allows plain spaces only{others}",
        f"{count} spaces instead of each tab: {mended[first].rstrip()}",
        Place(file, first + 1, column + 1),
    )


def _step(lines: Sequence[str]) -> int:
    """By how many spaces the lines without tabs go in; two where none does."""
    steps = [len(line) - len(line.lstrip(" ")) for line in _entries(lines)]
    return min((step for step in steps if step > 1), default=2)


def _entries(lines: Sequence[str]) -> Iterator[str]:
    texts = set(_block_texts(lines))
    return (
        line
        for row, line in enumerate(lines)
        if row not in texts and line.strip() and not line.lstrip().startswith("#")
    )


def _has_tabs(lines: Sequence[str]) -> bool:
    return any("\t" in line[: len(line) - len(line.lstrip())] for line in _entries(lines))


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers that follow each other as one range: "4–6, 8"."""
    ends = [at for at, one in enumerate(numbers) if one + 1 not in numbers[at + 1 : at + 2]]
    starts = [0, *(end + 1 for end in ends)]
    pairs = ((numbers[start], numbers[end]) for start, end in zip(starts, ends, strict=False))
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in pairs)


def _space_line(line: str, step: str) -> str:
    if found := INDENT.match(line):
        return "".join(_space(sign, step) for sign in found[0]) + line[found.end() :]
    if found := AFTER_COLON.match(line):
        return line[: found.start("tab")] + " " + line[found.end() :]
    return line


def _space(sign: str, step: str) -> str:
    return {"\t": step, "\u200b": "", "\ufeff": ""}.get(sign, " ")


def _block_texts(lines: Sequence[str]) -> Iterator[int]:
    """The rows of texts written below | or >, where everything is text."""
    header: int | None = None
    for row, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if header is not None and (not line.strip() or indent > header):
            yield row
            continue
        header = indent if BLOCK_HEADER.fullmatch(line[: comment_start(line)]) else None
