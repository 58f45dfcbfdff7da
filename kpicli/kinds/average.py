"""The mean of a column or an expression over rows."""

from collections.abc import Mapping

import narwhals as nw

from kpicli.frames.windows import in_periods
from kpicli.kinds.base import Answer, Contributions, Ratio
from kpicli.kinds.sum import Written, needs, unit

__all__ = ["Written", "contributions", "needs", "sentence", "unit"]


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: nw.LazyFrame
) -> tuple[Contributions, ...]:
    """One row per row of the source; numerator its value, denominator 1."""
    rows = in_periods(answers["rows"].frame, calendar).with_columns(
        numerator=nw.col("value"), denominator=nw.lit(1)
    )
    return (Contributions(rows, Ratio(), numerator=answers["rows"].types["value"]),)


def sentence(written: Written) -> str:
    """Mean of …"""
    return f"Mean of {written.of.text} over the rows of {written.source} that have one"


