"""What a KPI may ask of the data."""

from dataclasses import dataclass
from typing import Literal

from kpicli.words.expressions import Expression
from kpicli.words.types import ColumnType

Shape = Literal["moment", "span"]


@dataclass(frozen=True)
class Asked:
    """One value per row: its name in the answer, how it is told, and the type it must have.

    A row whose asked value is null does not count and is left out as unknown. A value outside
    within, both ends included, is an error: the column is on another scale; with full_scale so is
    one of which nobody uses the upper half.
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


Need = Rows
