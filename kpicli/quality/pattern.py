"""How the texts of a column are written."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, BeforeValidator

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import OverRows, mapped
from kpicli.sources.declaration import Text as Word

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = False, True, False, False
others, judged, keys = base.no_others, None, base.no_keys
_AROUND = re.compile(r"\(\?(?:<?[=!])")


def _known(pattern: str) -> str:
    """The pattern; ValueError where it is none."""
    try:
        re.compile(pattern)
    except re.error as wrong:
        at = "" if wrong.pos is None else f" at character {wrong.pos + 1}"
        raise ValueError(f"{pattern!r} is no pattern: {wrong.msg}{at}") from wrong
    if _AROUND.search(pattern):
        raise ValueError(f"{pattern!r}: look-around (?=…), (?!…) is not understood")
    # The two languages differ in small things: the one that will read it decides.
    try:
        pl.Series([""]).str.contains(_whole(pattern))
    except pl.exceptions.PolarsError as wrong:
        raise ValueError(f"{pattern!r} is no pattern that is understood here") from wrong
    return pattern


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


class Written(OverRows):
    """How the texts of columns are written."""

    pattern: Annotated[
        Mapping[Word, Annotated[Word, AfterValidator(_known)]],
        BeforeValidator(lambda written: mapped(written, "pattern: {COLUMN: 'PATTERN'}")),
    ]


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """Each column, as a text."""
    for column in written.pattern:
        yield Wanted(("pattern", column), column, "text")


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows whose whole text is written otherwise; a row without any is not held against it."""
    for column, pattern in written.pattern.items():
        text = seen.text(column)
        filled = ~text.is_null()
        said = f"{column} is not written as {pattern}"
        breaks = ~text.str.contains(_whole(pattern))
        yield Mark(column, said, breaks, filled, written.at, written.allow)
