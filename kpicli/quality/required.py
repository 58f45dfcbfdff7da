"""Columns in which every row has a value."""

from collections.abc import Iterator

import narwhals as nw

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import Columns, OverRows

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = True, True, False, False
others, judged, keys = base.no_others, None, base.no_keys


class Written(OverRows):
    """Columns in which every row has a value."""

    required: Columns


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """The columns, as whatever they are."""
    for number, column in enumerate(written.required):
        yield Wanted(("required", number), column)


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows without a value, or with nothing but spaces."""
    for column in written.required:
        empty = nw.col(column).is_null()
        if seen.types[column] == "text":
            empty = empty | (nw.col(column).str.strip_chars() == "")
        said = f"{column} has no value"
        yield Mark(column, said, empty, None, written.at, written.allow)
