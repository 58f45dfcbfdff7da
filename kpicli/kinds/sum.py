"""Adds up a column or an expression."""

from collections.abc import Mapping

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import Answer, Contributions, Total, grows, no_inputs, no_look_back, not_told
from kpicli.kinds.written import OverRows, Value
from kpicli.needs import Asked, Rows
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = grows


class Written(OverRows):
    """`of` is what is added up."""

    of: Value


def needs(written: Written) -> Mapping[str, Rows]:
    """The rows and the value of each."""
    asked = Asked("value", written.of, "number")
    return {"rows": Rows(written.source, (asked,), written.where, written.time, alone=True)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of the source; numerator its value."""
    rows = in_periods(answers["rows"].frame, calendar.days).with_columns(
        numerator=nw.col("value"), denominator=nw.lit(None, dtype=nw.Int64)
    )
    return (Contributions(rows, Total(of_values=True), numerator=answers["rows"].types["value"]),)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """Money where money is added up."""
    return "money" if types.get("value") == "money" else "number"


def sentence(written: Written) -> str:
    """Say it in words."""
    return f"Sum of {written.of.text} over the rows of {written.source}"
