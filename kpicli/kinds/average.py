"""The mean of a column or an expression over rows."""

from collections.abc import Mapping

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import Answer, Contributions, Ratio, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.sum import Written, needs, unit

__all__ = ["Written", "contributions", "needs", "sentence", "unit"]

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of the source; numerator its value, denominator 1."""
    rows = in_periods(answers["rows"].frame, calendar.days).with_columns(
        numerator=nw.col("value"), denominator=nw.lit(1)
    )
    return (Contributions(rows, Ratio(), numerator=answers["rows"].types["value"]),)


def sentence(written: Written) -> str:
    """Say it in words."""
    return f"Mean of {written.of.text} over the rows of {written.source} that have one"
