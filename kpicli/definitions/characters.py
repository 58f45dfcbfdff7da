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
    """The lines with spaces where tabs and look-alikes indent; a tab counts two."""
    texts = set(_block_texts(lines))
    return tuple(line if row in texts else _space_line(line) for row, line in enumerate(lines))


def tab_problem(lines: Sequence[str], file: str) -> Problem | None:
    """One problem for all lines that spaced() changes, at the first of them."""
    mended = spaced(lines)
    rows = [row for row, line in enumerate(lines) if mended[row] != line]
    if not rows:
        return None
    first = rows[0]
    others = ", ".join(str(row + 1) for row in rows[1:6]) + (", …" if len(rows) > 6 else "")
    column = next(at for at, sign in enumerate(lines[first]) if sign != mended[first][at : at + 1])
    return Problem(
        "yaml_tab",
        "a tab or a special space stands where YAML allows plain spaces only"
        + (f" (also in lines {others})" if others else ""),
        f"two spaces instead of each tab: {mended[first].rstrip()}",
        Place(file, first + 1, column + 1),
    )


def _space_line(line: str) -> str:
    if found := INDENT.match(line):
        return "".join(_space(sign) for sign in found[0]) + line[found.end() :]
    if found := AFTER_COLON.match(line):
        return line[: found.start("tab")] + " " + line[found.end() :]
    return line


def _space(sign: str) -> str:
    return {"\t": "  ", "\u200b": "", "\ufeff": ""}.get(sign, " ")


def _block_texts(lines: Sequence[str]) -> Iterator[int]:
    """The rows of texts written below | or >, where everything is text."""
    header: int | None = None
    for row, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if header is not None and (not line.strip() or indent > header):
            yield row
            continue
        header = indent if BLOCK_HEADER.fullmatch(line[: comment_start(line)]) else None
