"""Columns whose values are keys of another source."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import narwhals as nw
from pydantic import BeforeValidator

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Path, Seen, Wanted
from kpicli.quality.written import OverRows, mapped
from kpicli.sources.declaration import Text

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = False, False, False, False
judged, keys = None, base.no_keys


class Written(OverRows):
    """Columns whose values are keys of another source."""

    reference: Annotated[
        Mapping[Text, Text],
        BeforeValidator(lambda written: mapped(written, "reference: {COLUMN: SOURCE}")),
    ]


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """Each column, compared with keys as a text."""
    for column in written.reference:
        yield Wanted(("reference", column), column, "text")


def others(written: Written) -> Iterator[tuple[Path, str]]:
    """The sources that are referred to."""
    for column, table in written.reference.items():
        yield ("reference", column), table


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows without a partner; a row without a value is not held against it."""
    for column, table in written.reference.items():
        filled = ~nw.col(column).is_null()
        alone = filled & ~seen.partner(column, table)
        said = f"{column} has no partner in {table}"
        yield Mark(column, said, alone, filled, written.at, written.allow)
