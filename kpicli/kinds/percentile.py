"""A percentile of a column or an expression over rows."""

from collections.abc import Mapping
from typing import Annotated

import narwhals as nw
from pydantic import Field

from kpicli.frames.days import Days
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Quantile,
    no_inputs,
    no_look_back,
    not_told,
    stays,
)
from kpicli.kinds.sum import Written as WrittenSum
from kpicli.kinds.sum import needs, unit

__all__ = ["Written", "contributions", "needs", "sentence", "unit"]

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


class Written(WrittenSum):
    """`p` is the percentile: 50 is the median, 95 the value that 95 % do not exceed."""

    p: Annotated[float, Field(ge=0, le=100)] = 50


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of the source; numerator its value."""
    rows = in_periods(answers["rows"].frame, calendar.days).with_columns(
        numerator=nw.col("value"), denominator=nw.lit(None, dtype=nw.Int64)
    )
    kind = Quantile(written.p / 100)
    return (Contributions(rows, kind, numerator=answers["rows"].types["value"]),)


def sentence(written: Written) -> str:
    """Median of …, or the p-th percentile."""
    what = "Median" if written.p == 50 else f"{written.p:g}th percentile"
    return f"{what} of {written.of.text} over the rows of {written.source} that have one"
