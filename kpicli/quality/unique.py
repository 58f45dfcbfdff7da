"""Columns whose values, taken together, stand in one row only."""

from collections.abc import Iterator

import narwhals as nw

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import Columns, OverRows

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = False, False, True, False
others, judged, keys = base.no_others, None, base.no_keys


class Written(OverRows):
    """Columns whose values, taken together, stand in one row only."""

    unique: Columns


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """The columns, as whatever they are."""
    for number, column in enumerate(written.unique):
        yield Wanted(("unique", number), column)


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows whose values an earlier row has; rows that lack one of them are not compared."""
    columns = list(written.unique)
    filled = ~nw.any_horizontal(*(nw.col(one).is_null() for one in columns), ignore_nulls=True)
    again = filled & (seen.position != seen.position.min().over(*columns))
    verb = "repeats" if len(columns) == 1 else "repeat together"
    said = f"{' and '.join(columns)} {verb} an earlier row"
    yield Mark(columns[0], said, again, filled, written.at, written.allow)
