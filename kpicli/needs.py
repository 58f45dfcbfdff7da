"""What a KPI may ask of the data."""

from dataclasses import dataclass
from typing import Literal

from kpicli.words.durations import Duration
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

Shape = Literal["moment", "span", "crowd"]


@dataclass(frozen=True)
class Asked:
    """One value per row: its name in the answer, how it is told, and the type it must have.

    A row whose asked value is null does not count and is left out as unknown. A value outside
    within, both ends included, is an error: the column is on another scale; with full_scale so is one of which nobody uses the
    upper half.
    """

    name: str
    expression: Expression
    want: ColumnType | None = None
    within: tuple[float, float] | None = None
    full_scale: bool = False


@dataclass(frozen=True)
class Rows:
    """The rows of a source that satisfy a condition, dated by a column.

    The answer is one row per row of the source; columns row, left_out (null where it counts), the
    asked names, and day (shape moment) or start_day and end_day (shape span; a null end is open).
    time, start and end name columns to use instead of the source's own.
    Days are numbers since 1970-01-01; 0 throughout for a list without time.
    """

    source: str
    asked: tuple[Asked, ...] = ()
    where: Expression | None = None
    time: str | None = None
    shape: Shape = "moment"
    start: str | None = None
    end: str | None = None
    as_if_constant: bool = False

    def expressions(self) -> tuple[Expression, ...]:
        """Everything that it tells from the source's columns."""
        told = tuple(asked.expression for asked in self.asked)
        return (*told, self.where) if self.where else told


@dataclass(frozen=True)
class Activity(Rows):
    """What each entity did on each day, over all history up to the reading date.

    The answer is one row per (entity, day) with a row that counts; columns entity, day, n (rows),
    first and last (UTC microseconds). asked begins with the entity.
    """


@dataclass(frozen=True)
class Moments(Rows):
    """Every row that counts: columns entity, day, at (UTC microseconds).

    within adds until: the instant so long after, at the same clock time for calendar steps.
    """

    within: Duration | None = None


@dataclass(frozen=True)
class Population(Rows):
    """Everyone who could have: the rows of the source whose key the entity is.

    The answer is one row per entity; columns entity, start_day, end_day (exclusive; null while it
    lasts), left_out (excluded; ineligible where the asked `eligible` does not hold; unknown where
    that cannot be told). seen: no source has the key, so it is everyone seen among the rows of
    the source, from the first day on which they were.
    """

    seen: bool = False


Need = Rows
ENTITY = "entity"
ELIGIBLE = "eligible"


def of_entity(entity: str) -> Asked:
    """The asked value that names who a row is of."""
    return Asked(ENTITY, Expression(entity, Name(entity)), "text")


def population(entity: str, eligible: Expression | None = None, *, seen: bool = False) -> Population:
    """Everyone with this key; which source lists them is settled when definitions are read."""
    asked = [of_entity(entity)]
    if eligible is not None:
        asked.append(Asked(ELIGIBLE, eligible, "yes_no"))
    return Population("", tuple(asked), shape="crowd", seen=seen)
