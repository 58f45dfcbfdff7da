"""Counts rows, or the distinct values of a column."""

from collections.abc import Mapping
from typing import ClassVar

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
    """`distinct` names what is counted once per period; without it every row counts."""

    meant: ClassVar[Mapping[str, str]] = {
        "of": "write distinct: to count the different values of a column; sum adds values up"
    }

    distinct: Value | None = None


def needs(written: Written) -> Mapping[str, Rows]:
    """The rows, and what makes them distinct."""
    asked = (Asked("distinct", written.distinct, "text"),) if written.distinct else ()
    return {"rows": Rows(written.source, asked, written.where, written.time, alone=True)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of the source; numerator 1."""
    rows = in_periods(answers["rows"].frame, calendar.days).with_columns(
        numerator=nw.lit(1), denominator=nw.lit(None, dtype=nw.Int64)
    )
    if written.distinct is None:
        return (Contributions(rows, Total()),)
    return (Contributions(rows.with_columns(entity=nw.col("distinct")), Total(), once=True),)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A count."""
    return "count"


def sentence(written: Written) -> str:
    """Say it in words."""
    what = f"distinct {written.distinct.text}" if written.distinct else "rows"
    return f"Number of {what} of {written.source}"
