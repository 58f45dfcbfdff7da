"""How often, how regularly and how widely entities do something, on average."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, assert_never

import narwhals as nw
from pydantic import Field, model_validator

from kpicli.frames.crowds import listed, throughout
from kpicli.frames.days import Days
from kpicli.frames.habits import beats, habits, possible_beats
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Quantile,
    Ratio,
    no_inputs,
    no_look_back,
    not_told,
)
from kpicli.kinds.written import Condition, OverEntities, Text, whole_weeks
from kpicli.needs import ENTITY, Activity, Asked, Need, Rows, of_entity, population
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back

Measure = Literal["actions", "days", "weeks", "actions_per_day", "distinct"]
_FEATURE = "feature"


class Written(OverEntities):
    """`measure` names the estimator, `did` the actions (default: any row).

    distinct: the column whose different values are counted, with available of how many. among:
    `everyone` also counts those who did nothing.
    """

    did: Condition | None = None
    measure: Measure = "actions"
    distinct: Text | None = None
    available: Annotated[int, Field(ge=1)] | None = None
    among: Literal["active", "everyone"] = "active"

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if (self.measure == "distinct") != (self.distinct is not None):
            raise ValueError("measure: distinct and distinct: COLUMN go together")
        if self.available is not None and self.distinct is None:
            raise ValueError("available: says how many values distinct: can have")
        if self.is_seen and self.among == "everyone":
            raise ValueError("among: everyone needs a source that lists them")
        if self.measure == "weeks":
            whole_weeks(self.window)
        return self

    @property
    def title_note(self) -> str | None:
        """The estimator, where it is not the default one."""
        return None if self.measure == "actions" else _NOTES[self.measure]


def needs(written: Written) -> Mapping[str, Need]:
    """The activity, or the rows with the values that are told apart; and everyone."""
    asked = (of_entity(written.entity),)
    rows = (written.source, asked, written.did, written.time)
    split = written.among == "active"
    active: Need = Activity(*rows, splits=split, reasons=True)
    if written.distinct:
        value = Asked(_FEATURE, Expression(written.distinct, Name(written.distinct)), "text")
        active = Rows(written.source, (*asked, value), written.did, written.time, splits=split)
    return {"active": active, "everyone": population(written.entity, seen=written.is_seen)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, entity): what it did; the denominator is what it is divided by."""
    days = beats(calendar, "week" if written.measure == "weeks" else "day")
    active, everyone = answers["active"].frame, answers["everyone"].frame
    done = _distinct(active, calendar) if written.distinct else habits(active, days)
    rows = listed(done, everyone)
    if written.among == "everyone":
        rows = _with_idle(done, throughout(everyone, calendar.spans))
    rows = rows.join(possible_beats(days), on="period", how="inner")
    above, below = _sides(written)
    rows = rows.with_columns(numerator=above, denominator=below)
    interval: Literal["mean"] | None = "mean" if unit(written, {}) == "ratio" else None
    headline = Contributions(rows, Ratio(interval=interval))
    if written.available or written.measure in ("weeks", "actions_per_day"):
        return (headline,)
    # A few heavy users carry the mean: the one in the middle stands beside it.
    return headline, Contributions(rows, Quantile(0.5), part="median")


def _distinct(rows: Lazy, calendar: Days) -> Lazy:
    dated = in_periods(rows, calendar.window)
    counted = dated.group_by("period", ENTITY).agg(n=nw.col(_FEATURE).n_unique().cast(nw.Int64))
    nothing = nw.lit(None, dtype=nw.String)
    return counted.with_columns(beats=nw.col("n"), left_out=nothing)


def _with_idle(done: Lazy, there: Lazy) -> Lazy:
    """Everyone who was there in the whole window; those who did nothing did it 0 times."""
    met = there.join(done.drop("left_out"), on=["period", ENTITY], how="left")
    return met.with_columns(nw.col("n").fill_null(0), nw.col("beats").fill_null(0))


def _sides(written: Written) -> tuple[nw.Expr, nw.Expr]:
    match written.measure:
        case "actions":
            return nw.col("n"), nw.lit(1)
        case "days":
            return nw.col("beats"), nw.lit(1)
        case "weeks":
            return nw.col("beats"), nw.col("possible")
        case "actions_per_day":
            return nw.col("n"), nw.col("beats")
        case "distinct":
            return nw.col("n"), nw.lit(written.available or 1)
        case never:
            assert_never(never)


def per_period(written: Written) -> bool:
    """Longer periods hold more actions, unless a window fixes how far back one looks."""
    return written.window is None and written.measure in ("actions", "days", "distinct")


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio where there is a most that can be done, else a number."""
    return "ratio" if written.measure == "weeks" or written.available else "number"


_NOTES: Mapping[Measure, str] = {
    "actions": "mean",
    "days": "days, mean",
    "weeks": "share of weeks, mean",
    "actions_per_day": "all actions / all days",
    "distinct": "different values, mean",
}


def sentence(written: Written) -> str:
    """Say it in words."""
    did = f" with {written.did.text}" if written.did else ""
    rows = f"rows{did} of {written.source}"
    who = f"{written.whom} that had any"
    if written.among == "everyone":
        who = f"{written.whom} that were there all the time, with and without any"
    match written.measure:
        case "actions":
            what = f"Number of {rows} in {written.when}"
        case "days":
            what = f"Number of days with {rows} in {written.when}"
        case "weeks":
            what = f"Share of the weeks of {written.when} with {rows}"
        case "actions_per_day":
            whole = f"{rows} in {written.when}"
            return f"{whole[0].upper()}{whole[1:]} divided by the days with any, of {who} together"
        case "distinct":
            most = f" of {written.available}" if written.available else ""
            what = f"Number of different {written.distinct}{most} in {rows} in {written.when}"
        case never:
            assert_never(never)
    return f"{what}, the mean over {who}"
