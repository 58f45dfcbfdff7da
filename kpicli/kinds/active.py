"""How many distinct entities did something in the period, or in a window that ends with it."""

from collections.abc import Mapping
from typing import Annotated

import narwhals as nw
from pydantic import Field

from kpicli.frames.crowds import listed, often_enough
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Ratio,
    Total,
    grows,
    no_inputs,
    no_look_back,
    not_told,
)
from kpicli.kinds.written import Condition, OverEntities
from kpicli.needs import Activity, Need, of_entity, population
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back


class Written(OverEntities):
    """`did` says what counts as being active (default: any row); `at_least` how often.

    above: only those with more such rows than this percentile of all who are active.
    """

    did: Condition | None = None
    at_least: Annotated[int, Field(ge=1)] = 1
    above: Annotated[float, Field(gt=0, lt=100)] | None = None


def needs(written: Written) -> Mapping[str, Need]:
    """The activity, and everyone for the segments."""
    asked = (of_entity(written.entity),)
    rows = (written.source, asked, written.did, written.time)
    active = Activity(*rows, splits=True, reasons=True, history="none", final=True)
    return {"active": active, "everyone": population(written.entity, seen=written.is_seen)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, entity) that was active often enough; numerator 1.

    With `above` only the heaviest users, and what they did of all that was done as a part.
    """
    days = in_periods(answers["active"].frame, calendar.window)
    often = often_enough(days, written.at_least)
    rows = listed(often, answers["everyone"].frame).with_columns(
        numerator=nw.lit(1), denominator=nw.lit(None, dtype=nw.Int64)
    )
    if written.above is None:
        return (Contributions(rows, Total()),)
    marked = _marked(rows, written.above)
    mine = nw.when(nw.col("heavy")).then(nw.col("n")).otherwise(nw.lit(0))
    shares = marked.with_columns(numerator=mine, denominator=nw.col("n"))
    headline = Contributions(marked.filter(nw.col("heavy")), Total())
    return headline, Contributions(shares, Ratio(), part="share of actions")


def _marked(rows: Lazy, percentile: float) -> Lazy:
    """Whether an entity did it more often than the percentile of its period."""
    counting = rows.filter(nw.col("left_out").is_null())
    edge = nw.col("n").quantile(percentile / 100, interpolation="linear")
    edges = counting.group_by("period").agg(edge=edge)
    met = rows.join(edges, on="period", how="left")
    heavy = (nw.col("n") > nw.col("edge")) | ~nw.col("left_out").is_null()
    return met.with_columns(heavy=heavy).drop("edge")


def per_period(written: Written) -> bool:
    """Longer periods see more people, unless a window fixes how far back one looks."""
    return written.window is None and grows(written)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A count."""
    return "count"


def sentence(written: Written) -> str:
    """Say it in words."""
    did = f" with {written.did.text}" if written.did else ""
    above = f", more of them than the {written.above:g}th percentile" if written.above else ""
    often = f" at least {written.at_least} times" if written.at_least > 1 else ""
    rows = f"rows{did}{often} of {written.source}"
    return f"Distinct {written.whom} with {rows} in {written.when}{above}"
