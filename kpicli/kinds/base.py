"""What a KPI kind is: six names that every file on this shelf gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

import narwhals as nw
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, WithJsonSchema

from kpicli.needs import Need
from kpicli.words.expressions import Expression
from kpicli.words.types import ColumnType

Interval = Literal["wilson", "mean"]


@dataclass(frozen=True)
class Total:
    """The value is Σ numerator; nothing is 0 inside a source's span."""


@dataclass(frozen=True)
class Ratio:
    """The value is scale × Σ numerator ÷ Σ denominator; nothing is null."""

    scale: float = 1
    interval: Interval | None = None


@dataclass(frozen=True)
class Quantile:
    """The value is a quantile of the numerators, interpolated; nothing is null."""

    p: float


Estimate = Total | Ratio | Quantile


@dataclass(frozen=True)
class Contributions:
    """A table of contributions, see kpicli.results, and how it becomes a value.

    once: rows with the same entity count once per period and group. counted False: the rows do
    not add to n, because another table of the KPI counts.
    """

    frame: nw.LazyFrame
    estimate: Estimate
    part: str | None = None
    numerator: ColumnType = "number"
    denominator: ColumnType = "number"
    once: bool = False
    counted: bool = True


@dataclass(frozen=True)
class Answer:
    """What the engine gives for a need: a lazy frame, and the types of the asked columns."""

    frame: nw.LazyFrame
    types: Mapping[str, ColumnType]


class Kind(Protocol):
    """A module of this shelf: what the author may write, what it needs, what it contributes."""

    Written: type[Any]

    def needs(self, written: Any) -> Mapping[str, Need]:
        """What it asks of the data, by a name of its own."""

    def contributions(
        self, written: Any, answers: Mapping[str, Answer], calendar: nw.LazyFrame
    ) -> tuple[Contributions, ...]:
        """Its tables, the headline first; calendar has one row per (day, period)."""

    def unit(self, written: Any, types: Mapping[str, ColumnType]) -> str:
        """Its unit where the author gives none; types are by asked name, as far as known."""

    def sentence(self, written: Any) -> str:
        """The definition, in a sentence that a reader of the report understands."""
