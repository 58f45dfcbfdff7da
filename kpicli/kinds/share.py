"""The share of rows that satisfy a second condition."""

from collections.abc import Mapping

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Interval,
    Ratio,
    no_inputs,
    no_look_back,
    not_told,
    stays,
)
from kpicli.kinds.written import Condition, OverRows, Value
from kpicli.needs import Asked, Rows
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


class Written(OverRows):
    """`where` says which rows, `count_if` which of them count; `weight` counts by amount."""

    count_if: Condition
    weight: Value | None = None


def needs(written: Written) -> Mapping[str, Rows]:
    """The rows, whether each counts, and its weight."""
    asked = [Asked("counted", written.count_if, "yes_no")]
    if written.weight:
        asked.append(Asked("weight", written.weight, "number"))
    rows = (written.source, tuple(asked), written.where, written.time)
    return {"rows": Rows(*rows, alone=True)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of the source; denominator 1 or its weight, numerator that if it counts."""
    weight = nw.col("weight") if written.weight else nw.lit(1)
    rows = in_periods(answers["rows"].frame, calendar.days).with_columns(
        numerator=nw.when(nw.col("counted")).then(weight).otherwise(nw.lit(0)), denominator=weight
    )
    weighed = answers["rows"].types.get("weight", "number")
    # Weighted rows are not draws of one size: Wilson's interval would be too narrow.
    interval: Interval | None = None if written.weight else "wilson"
    return (Contributions(rows, Ratio(interval=interval), numerator=weighed, denominator=weighed),)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    by = f", by {written.weight.text}" if written.weight else ""
    return f"Share of the rows of {written.source} with {written.count_if.text}{by}"
