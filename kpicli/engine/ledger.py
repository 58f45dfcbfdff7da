"""The assertion that a ledger closes: its parts give the headline, to the last unit."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from kpicli.kinds.base import Contributions

_KEY = ("period", "split", "group")


def check_ledger(tables: Sequence[Contributions], frames: Sequence[pl.DataFrame]) -> None:
    """AssertionError where parts that add up do not: a fault of ours.

    frames are the reduced tables; their sums are whole numbers.
    """
    if not any(table.adds_up for table in tables):
        return
    open_sums: Counter[tuple[int, int, str]] = Counter()
    for table, frame in zip(tables, frames, strict=True):
        sign = -1 if table.part is None else 1
        if table.part is None or table.adds_up:
            for *key, x in frame.select(*_KEY, "x").iter_rows():
                open_sums[tuple(key)] += sign * (x or 0)
    unclosed = {key: rest for key, rest in open_sums.items() if rest}
    if unclosed:
        raise AssertionError(f"the ledger does not close: {unclosed}")
