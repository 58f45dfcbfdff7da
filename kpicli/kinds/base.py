"""What a KPI kind is: the names that every file on this shelf gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.needs import Need
from kpicli.words.types import ColumnType

Interval = Literal["wilson", "mean"]


@dataclass(frozen=True)
class Total:
    """The value is Σ numerator; nothing is 0 inside a source's span.

    of_values: what is added up are values; where there are rows and none has one, nothing is known.
    """

    of_values: bool = False


@dataclass(frozen=True)
class Ratio:
    """The value is scale × Σ numerator ÷ Σ denominator; nothing is null.

    apart: nobody stands in two periods, so that several of them together have an interval, too.
    ripens: who is immature will be old enough one day; until most are, a period is not judged.
    """

    scale: float = 1
    interval: Interval | None = None
    apart: bool = False
    ripens: bool = False


@dataclass(frozen=True)
class Quantile:
    """The value is a quantile of the numerators, interpolated; nothing is null."""

    p: float


@dataclass(frozen=True)
class Survival:
    """The value is the Kaplan–Meier median of the numerators; nothing is null.

    Rows with observed 0 are still running: they say no more than that it takes longer.
    """


Estimate = Total | Ratio | Quantile | Survival


@dataclass(frozen=True)
class Contributions:
    """A table of contributions, see kpicli.results, and how it becomes a value.

    unit: that of a part whose values are in another than the KPI's, such as a share of durations.

    once: rows with the same entity count once per period and group. counted False: the rows do
    not add to n, because another table of the KPI counts. values names the side whose values the
    table adds up: where it has rows and none has a value, nothing is known of that side. aged: the
    column age, in periods of the grain, is part of the key: the table is a grid of periods and
    ages, its mean row beside it. stands names the splits that the rows belong to, 0 the total;
    None is all of them. adds_up: together with the other parts that say so it gives the headline,
    in whole numbers; asserted in every run. beside: columns that stand beside the evidence, in the
    numerator's type. quotes: the table is no number but a column of texts, dated by at, of
    which the newest stand beside the headline where it is red.
    """

    frame: Lazy
    estimate: Estimate
    part: str | None = None
    numerator: ColumnType = "number"
    denominator: ColumnType = "number"
    once: bool = False
    counted: bool = True
    values: Literal["numerator", "denominator"] | None = None
    aged: bool = False
    stands: tuple[int, ...] | None = None
    adds_up: bool = False
    unit: str | None = None
    beside: tuple[str, ...] = ()
    quotes: str | None = None

    def stands_in(self, split: int) -> bool:
        """Whether its rows belong to a split; 0 is the total."""
        return self.stands is None or split in self.stands


@dataclass(frozen=True)
class Answer:
    """What the engine gives for a need: a lazy frame, and the types of the asked columns.

    dated: the type of the column that dates rows, date or time; None for a list without one.
    """

    frame: Lazy
    types: Mapping[str, ColumnType]
    dated: ColumnType | None = None


@dataclass(frozen=True)
class Told:
    """A value told from other KPIs' values, or why there is none."""

    value: float | None
    reason: str | None = None


# The value of another KPI of the same period and segment, so many periods back.
Lookup = Callable[[str, int], float | None]


class Kind(Protocol):
    """A module of this shelf: what the author may write, what it needs, what it contributes."""

    Written: type[Any]

    def needs(self, written: Any) -> Mapping[str, Need]:
        """What it asks of the data, by a name of its own."""

    def contributions(
        self, written: Any, answers: Mapping[str, Answer], calendar: Days
    ) -> tuple[Contributions, ...]:
        """Its tables, the headline first."""

    def unit(self, written: Any, types: Mapping[str, ColumnType]) -> str:
        """Its unit where the author gives none; types are by asked name, as far as known."""

    def sentence(self, written: Any) -> str:
        """The definition, in a sentence that a reader of the report understands."""

    def inputs(self, written: Any) -> tuple[str, ...]:
        """The KPIs it is told from; none for kinds over data."""

    def told(self, written: Any, lookup: Lookup) -> Told:
        """Its value from its inputs' values; only for kinds with inputs."""

    def look_back(self, written: Any) -> int:
        """How many periods before its own it asks its inputs for."""

    # Whether a value grows with its period's length, so that a target needs a grain.
    def per_period(self, written: Any) -> bool:
        """A count or a sum of a period is; a share, an average or a balance is not."""


def no_inputs(written: Any) -> tuple[str, ...]:
    """The kind is told from data."""
    return ()


def not_told(written: Any, lookup: Lookup) -> Told:
    """The kind is told from data; nobody asks."""
    raise NotImplementedError


def no_look_back(written: Any) -> int:
    """It asks nothing of the past."""
    return 0


def no_needs(written: Any) -> Mapping[str, Need]:
    """The kind is told from other KPIs."""
    return {}


def no_contributions(
    written: Any, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """The kind is told from other KPIs."""
    return ()


def grows(written: Any) -> bool:
    """Twice the period, about twice the value."""
    return True


def stays(written: Any) -> bool:
    """The value does not depend on the period's length."""
    return False
