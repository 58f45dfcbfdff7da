"""Which groups a contribution belongs to; the total is one of them."""

from collections.abc import Sequence

import narwhals as nw

from kpicli.frames.lazy import Lazy

TOTAL = 0
# Parts of a crossed group's name; a sign that no export writes.
CROSS = "\x1f"
NONE = "(none)"
OTHER = "(other)"


def by_column(split: int) -> str:
    """The column that holds a row's value of a split; splits count from 1, 0 is the total."""
    return f"by {split}"


def spread(contributions: Lazy, columns: Sequence[str], splits: int) -> Lazy:
    """Every contribution once per group it stands in.

    contributions: columns, and one text column per split with the row's value of it. One row per
    (contribution, split); columns split (0 is the total) and group are added.
    """
    total = contributions.select(*columns, split=nw.lit(TOTAL, dtype=nw.Int32), group=nw.lit(""))
    groups = [
        contributions.select(
            *columns,
            split=nw.lit(split, dtype=nw.Int32),
            group=nw.col(by_column(split)),
        )
        for split in range(1, splits + 1)
    ]
    return nw.concat([total, *groups], how="vertical")
