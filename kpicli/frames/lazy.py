"""The frame that kinds and verbs speak: a lazy one, whatever engine stands behind it."""

from typing import Any

import narwhals as nw

Lazy = nw.LazyFrame[Any]


def once(rows: Lazy) -> Lazy:
    """The same rows, computed once for all that is told from them together."""
    # Polars' own: Narwhals has no word for it.
    kept: Lazy = nw.from_native(rows.to_native().cache())
    return kept
