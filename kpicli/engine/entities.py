"""Entities told by numbers, which meet faster than their names do."""

from collections.abc import Iterable

import narwhals as nw
import polars as pl

from kpicli.frames.lazy import Lazy
from kpicli.needs import ENTITY, Activity, Moments, Need, Population


def may_be_numbered(needs: Iterable[Need]) -> bool:
    """Whether nothing but who and when is asked, so that no name is ever looked into."""
    return all(
        isinstance(need, Population)
        or (isinstance(need, Activity | Moments) and len(need.asked) == 1)
        for need in needs
    )


def numbered(rows: Lazy, names: pl.Series) -> Lazy:
    """The rows with a number for each entity, the same wherever these names are meant."""
    number = pl.col(ENTITY).cast(names.dtype).to_physical()
    told: Lazy = nw.from_native(rows.to_native().with_columns(number))
    return told
