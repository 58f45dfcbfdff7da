"""What several KPIs of a run ask alike, found out once."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from kpicli.kinds.base import Answer


def _names() -> pl.Series:
    return pl.Series(dtype=pl.Categorical(pl.Categories.random("entities", pl.UInt32)))


@dataclass
class Shared:
    """Answers in memory by what was asked, and what has been found sound.

    names has no rows: its type knows the number of each entity, as long as a column of it is there.
    """

    answers: dict[Hashable, Answer] = field(default_factory=dict)
    sound: set[Hashable] = field(default_factory=set)
    names: pl.Series = field(default_factory=_names)

    def once(self, asked: Hashable, answer: Callable[[], Answer]) -> Answer:
        """The answer, computed where nobody has asked the same before."""
        if asked not in self.answers:
            told = answer()
            lazy: pl.LazyFrame = told.frame.to_native()
            frame = lazy.collect(engine="streaming").lazy()
            self.answers[asked] = Answer(nw.from_native(frame), told.types, told.dated)
        return self.answers[asked]
