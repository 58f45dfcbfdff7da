"""Rows of totals under a table, which would be counted once more."""

import re
from collections.abc import Callable
from dataclasses import replace

from kpicli.engine.looks import ROWS, TEXT, Look
from kpicli.errors import SourceError
from kpicli.sources.reading import Reading

_TOTAL = re.compile(
    r"(grand |sub|report |overall )?totals?( (?!\w).*)?|total: .*|(gesamt)?summe|gesamt|insgesamt"
    r"|somme|total général|totaal|suma|sum",
    re.IGNORECASE,
)
# Totals stand in the last rows of a file, no more of them than these.
_MOST = 3
_WITH_FOOTERS = ("CSV", "XLSX")


def without_totals(look: Look, again: Callable[[Reading], Look]) -> tuple[Look, str | None]:
    """The look at the rows above the totals, and how the first of these begins, where some are.

    again looks with another reading.
    """
    word = _last_total(look)
    if word is None or look.reading.footer_from or not look.written.startswith(_WITH_FOOTERS):
        return look, None
    try:
        above = again(replace(look.reading, footer_from=word))
    except SourceError:
        return look, None
    left_out = look.rows - above.rows
    return (above, word) if 0 < left_out <= _MOST * len(look.files) else (look, None)


def _last_total(look: Look) -> str | None:
    """The first word of a total in the first column, if it stands once in each file."""
    words = look.columns[0].words if look.columns else None
    if words is None:
        return None
    for text, rows in words.select(TEXT, ROWS).tail(_MOST).iter_rows():
        if rows <= len(look.files) and _TOTAL.fullmatch(text.strip()):
            return str(text.strip())
    return None
