"""Tables that are computed once and kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Cache:
    """Tables by what they depend on."""

    held: dict[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, key: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The table of a key, made where it is not there."""
        if key not in self.held:
            self.held[key] = make()
        return self.held[key]
