"""Of those who started in a period, the share that reached the goal within a time."""

from collections.abc import Mapping
from typing import Literal

import narwhals as nw
from pydantic import Field

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.moments import first_after, first_moments
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Ratio,
    no_inputs,
    no_look_back,
    not_told,
    stays,
)
from kpicli.kinds.written import Span, Step, Text, WrittenKpi
from kpicli.needs import ENTITY, Moments, Need, of_entity, population
from kpicli.words.durations import Duration
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


class Written(WrittenKpi):
    """`from` is where it starts, `to` the goal, `within` how long there is for it.

    starts: `first`, the entity's first ever (default), or `every`, its first in each period.
    window_edge: exclusive leaves out a goal at exactly `within`.
    """

    entity: Text
    start: Step = Field(alias="from")
    to: Step
    within: Span
    starts: Literal["first", "every"] = "first"
    window_edge: Literal["inclusive", "exclusive"] = "inclusive"
    population: Literal["seen"] | None = None


def needs(written: Written) -> Mapping[str, Need]:
    """The moments of start and goal; a start carries until when the goal counts."""
    return {
        "from": _moments(written.start, written, within=written.within),
        "to": _moments(written.to, written, within=None),
        "everyone": population(written.entity, seen=written.population == "seen"),
    }


def _moments(step: Step, written: Written, within: Duration | None) -> Moments:
    asked = (of_entity(step.entity or written.entity),)
    return Moments(step.source, asked, step.where, step.time, within=within)


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per start: denominator 1, numerator 1 if the goal came in time.

    A start whose time is not over by the reading date is immature, whether it converted or not.
    """
    starts = _starts(written, answers["from"].frame, calendar)
    reached = first_after(starts, answers["to"].frame)
    early = nw.col("reached") < nw.col("until")
    in_time = early if written.window_edge == "exclusive" else nw.col("reached") <= nw.col("until")
    rows = reached.join(calendar.spans.select("period", "read_at"), on="period", how="inner")
    young = nw.col("until") > nw.col("read_at")
    told = rows.with_columns(
        numerator=nw.when(in_time).then(nw.lit(1)).otherwise(nw.lit(0)),
        denominator=nw.lit(1),
        left_out=nw.when(young).then(nw.lit("immature")),
    )
    return (Contributions(told, Ratio(interval="wilson")),)


def _starts(written: Written, moments: Lazy, calendar: Days) -> Lazy:
    """The starts that count, with their period: an entity's first ever, or first in a period."""
    if written.starts == "first":
        return in_periods(first_moments(moments, ("until",)), calendar.days)
    every = in_periods(moments, calendar.days)
    first = every.group_by(ENTITY, "period").agg(at=nw.col("at").min())
    alike = every.unique([ENTITY, "period", "at"], keep="any")
    return first.join(alike, on=[ENTITY, "period", "at"], how="inner")


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    first = "the first" if written.starts == "first" else "a"
    return (
        f"Of {written.entity} with {first} {written.start.text} in the period, "
        f"the share with {written.to.text} within {written.within}"
    )
