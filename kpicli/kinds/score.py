"""Net promoter score: the share of promoters minus the share of detractors, times 100."""

from collections.abc import Mapping
from typing import Literal

import narwhals as nw

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import Answer, Contributions, Ratio, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.written import OverRows, Value
from kpicli.needs import Asked, Rows
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


PROMOTER, PASSIVE = 9, 7
SCALE = (0, 10)


class Written(OverRows):
    """`of` is the answer, 0 to 10; `scale: 0-10` insists on it where all answers are low."""

    of: Value
    scale: Literal["0-10"] | None = None


def needs(written: Written) -> Mapping[str, Rows]:
    """The answers."""
    asked = Asked("answer", written.of, "number", within=SCALE, full_scale=written.scale is None)
    return {"rows": Rows(written.source, (asked,), written.where, written.time)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per answer; numerator +1, 0 or −1, denominator 1; and a table per band."""
    answer = nw.col("answer")
    rows = in_periods(answers["rows"].frame, calendar.days).with_columns(denominator=nw.lit(1))
    bands = {
        "promoters": answer >= PROMOTER,
        "passives": (answer >= PASSIVE) & (answer < PROMOTER),
        "detractors": answer < PASSIVE,
    }
    vote = (
        nw.when(bands["promoters"])
        .then(nw.lit(1))
        .otherwise(nw.when(bands["detractors"]).then(nw.lit(-1)).otherwise(nw.lit(0)))
    )
    headline = Contributions(rows.with_columns(numerator=vote), Ratio(100, "mean"))
    return (headline, *(_band(rows, name, inside) for name, inside in bands.items()))


def _band(rows: Lazy, name: str, inside: nw.Expr) -> Contributions:
    told = rows.with_columns(numerator=nw.when(inside).then(nw.lit(1)).otherwise(nw.lit(0)))
    return Contributions(told, Ratio(100, "wilson"), part=name)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A score from −100 to 100."""
    return "score"


def sentence(written: Written) -> str:
    """Share of 9 and 10 minus share of 0 to 6."""
    return (
        f"Share of answers with {written.of.text} 9 or 10 minus share with 0 to 6, times 100, "
        f"over the answers of {written.source}; 7 and 8 count in the denominator"
    )
