"""What is there at a period's end: rows that have started and have not ended."""

from collections.abc import Mapping

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.windows import alive_at_end
from kpicli.kinds.base import Answer, Contributions, Total, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.written import Condition, Text, Value, WrittenKpi
from kpicli.needs import POSITION, Asked, Rows
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


class Written(WrittenKpi):
    """`of` is added up; without it rows are counted.

    as_if_constant: conditions on a column that changes over a row's life hold for the past too.
    states_of: the column that names what the rows are states of; each lasts until the next.
    """

    source: Text
    where: Condition | None = None
    of: Value | None = None
    start: str | None = None
    end: str | None = None
    as_if_constant: bool = False
    states_of: Text | None = None


def needs(written: Written) -> Mapping[str, Rows]:
    """The rows with their start, end and value."""
    asked = [Asked("value", written.of, "number")] if written.of else []
    if written.states_of:
        of = Expression(written.states_of, Name(written.states_of))
        order = Expression(POSITION, Name(POSITION))
        asked += [Asked("states of", of, "text")]
        asked += [Asked(POSITION, order, "number", empty=0, optional=True)]
    rows = Rows(
        written.source,
        tuple(asked),
        written.where,
        shape="span",
        start=written.start,
        end=written.end,
        as_if_constant=written.as_if_constant,
        states_of=written.states_of,
    )
    return {"rows": rows}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of the source and period end at which it is there."""
    value = nw.col("value") if written.of else nw.lit(1)
    rows = alive_at_end(answers["rows"].frame, calendar.days).with_columns(
        numerator=value, denominator=nw.lit(None, dtype=nw.Int64)
    )
    kind = Total(of_values=written.of is not None)
    return (Contributions(rows, kind, numerator=answers["rows"].types.get("value", "number")),)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """Money where money is added up, a count where rows are."""
    if written.of is None:
        return "count"
    return "money" if types.get("value") == "money" else "number"


def sentence(written: Written) -> str:
    """Sum or number at the period's end."""
    what = f"Sum of {written.of.text} over" if written.of else "Number of"
    if written.states_of:
        return (
            f"{what} what is open at the period's end, each {written.states_of} as of its newest "
            f"row of {written.source} by then"
        )
    return f"{what} the rows of {written.source} that are open at the period's end"
