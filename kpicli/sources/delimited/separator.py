"""Which sign separates the fields of a text file."""

import csv
from collections.abc import Sequence
from itertools import pairwise

from kpicli.sources.delimited.footer import LONGEST

# In this order where two fit equally: commas also stand in numbers and names.
CANDIDATES = ("\t", ";", "|", ",")
# For a file of one column: a sign that no text holds.
NONE = "\x1f"
_SAMPLE_ROWS = 500


def find_separator(lines: Sequence[str], given: int | None) -> str:
    """The separator of a table whose lines, header first, are given; NONE for one column.

    Each candidate cuts the first rows, outside quotes; the one under which most rows have as
    many fields as the header wins, then the one with more fields. given is the number of
    columns where the file has no header.
    """
    if given == 1:
        return _at_line_ends(lines)
    lines = _above_footer(lines)
    fits = {sign: _fit(lines, sign, given) for sign in CANDIDATES}
    best = max(CANDIDATES, key=lambda sign: fits[sign])
    share, width = fits[best]
    if given or (width > 1 and (share == 1.0 or share >= _share_of_one(lines))):
        return best
    return _at_line_ends(lines)


def _above_footer(lines: Sequence[str]) -> Sequence[str]:
    """The lines above a blank one with few lines below it, which may be a footer."""
    full = [at for at, line in enumerate(lines) if line.strip()]
    for above, below in pairwise(full[1:]):
        if below > above + 1:
            few = len(full) - full.index(below) <= LONGEST
            return lines[: above + 1] if few else lines
    return lines


def _fit(lines: Sequence[str], sign: str, given: int | None) -> tuple[float, int]:
    """The share of rows as wide as the header, and that width; a width of 1 fits nothing."""
    if not given and not any(sign in line for line in lines):
        return -1.0, 1
    rows = sample_rows(lines, sign)
    width = given or len(rows[0])
    body = rows if given else rows[1:]
    if width == 1:
        return -1.0, 1
    if not body:
        return 1.0, width
    fitting = sum(len(row) == width or _only_longer_by_nothing(row, width) for row in body)
    return round(fitting / len(body), 2), width


def _share_of_one(lines: Sequence[str]) -> float:
    """The share of rows below the header that no candidate cuts."""
    body = [line.rstrip() for line in lines[1:_SAMPLE_ROWS] if line.strip()]
    whole = sum(all(len(row) < 2 for row in _cuts(line)) for line in body)
    return round(whole / len(body), 2) if body else 0.0


def _cuts(line: str) -> list[list[str]]:
    return [row for sign in CANDIDATES for row in sample_rows([line], sign)]


def _only_longer_by_nothing(row: list[str], width: int) -> bool:
    return len(row) > width and not any(field.strip() for field in row[width:])


def _at_line_ends(lines: Sequence[str]) -> str:
    """A sign that stands at the ends of lines alone leaves one column and empty fields."""
    bodies = [line.rstrip("\r\n") for line in lines[:_SAMPLE_ROWS]]
    for sign in CANDIDATES:
        trimmed = [line.rstrip(sign) for line in bodies]
        if trimmed != bodies and not any(sign in line for line in trimmed):
            return sign
    return NONE


def sample_rows(lines: Sequence[str], sign: str) -> list[list[str]]:
    """The first rows, blank ones left out, at least one; quotes that do not close are borne."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=sign):
            rows += [row] if row else []
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows or [[""]]
