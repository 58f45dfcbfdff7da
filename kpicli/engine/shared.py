"""What several KPIs of a run ask alike, found out once."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from kpicli.kinds.base import Answer


@dataclass
class Shared:
    """Answers in memory by what was asked, and what has been found sound."""

    answers: dict[Hashable, Answer] = field(default_factory=dict)
    sound: set[Hashable] = field(default_factory=set)

    def once(self, asked: Hashable, answer: Callable[[], Answer]) -> Answer:
        """The answer, computed where nobody has asked the same before."""
        if asked not in self.answers:
            told = answer()
            lazy: pl.LazyFrame = told.frame.to_native()
            frame = lazy.collect(engine="streaming").lazy()
            self.answers[asked] = Answer(nw.from_native(frame), told.types, told.dated)
        return self.answers[asked]
