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


def spread(contributions: Lazy, columns: Sequence[str], splits: Sequence[int]) -> Lazy:
    """Every contribution once per group it stands in.

    contributions: columns, and one text column per split with the row's value of it, null where it
    belongs to no group; splits are those it belongs to, 0 the total. One row per (contribution,
    split); columns split and group are added.
    """
    groups = [
        contributions.select(
            *columns,
            split=nw.lit(split, dtype=nw.Int32),
            group=nw.col(by_column(split)).cast(nw.String) if split else nw.lit(""),
        )
        for split in splits
    ]
    return nw.concat(groups, how="vertical").filter(~nw.col("group").is_null())
