"""How often, how regularly and how widely entities do something, on average."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, assert_never

import narwhals as nw
from pydantic import Field, model_validator

from kpicli.frames.crowds import listed, on_own_days, throughout, while_there
from kpicli.frames.days import Days
from kpicli.frames.habits import Beat, beats, habits, possible_beats
from kpicli.frames.lazy import Lazy, once
from kpicli.frames.places import per_entity, with_beside
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
from kpicli.needs import Activity, Asked, Need, Rows, of_entity, population
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back

Measure = Literal["actions", "days", "weeks", "participation", "actions_per_day", "distinct"]
Estimator = Literal["ratio_of_sums", "mean_of_ratios"]
# The measures whose denominator differs from one entity to the next, and what they are by default.
ESTIMATORS: Mapping[Measure, Estimator] = {
    "participation": "mean_of_ratios",
    "actions_per_day": "ratio_of_sums",
}
_FEATURE = "feature"
_NO_FEATURE = ""


class Written(OverEntities):
    """`measure` says what is counted, `did` the actions (default: any row).

    estimator: whether ratios are averaged or their sides added up first. distinct: the column
    whose different values are counted, with available of how many (seen: of those that anybody
    showed in the window). among: `everyone` also counts those who did nothing.
    """

    did: Condition | None = None
    measure: Measure = "actions"
    estimator: Estimator | None = None
    distinct: Text | None = None
    available: Annotated[int, Field(ge=1)] | Literal["seen"] | None = None
    among: Literal["active", "everyone"] = "active"

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if (self.measure == "distinct") != (self.distinct is not None):
            raise ValueError("measure: distinct and distinct: COLUMN go together")
        if self.available is not None and self.distinct is None:
            raise ValueError("available: says how many values distinct: can have")
        if self.is_seen and self.among == "everyone":
            raise ValueError("among: everyone needs a source that lists them")
        if self.estimator and self.measure not in ESTIMATORS:
            names = " and ".join(ESTIMATORS)
            raise ValueError(f"estimator: is of ratios: measure: {names}, not {self.measure}")
        if self.measure == "weeks":
            whole_weeks(self.window)
        return self

    @property
    def title_note(self) -> str | None:
        """What is counted, where it is not actions, and how it is put together."""
        if self.measure in ESTIMATORS:
            return f"{_NOTES[self.measure]}, {_IN_WORDS[self.estimated]}"
        return None if self.measure == "actions" else _NOTES[self.measure]

    @property
    def estimated(self) -> Estimator:
        """Whether everybody's own ratio is averaged; where all have one divisor both are one."""
        return self.estimator or ESTIMATORS.get(self.measure, "ratio_of_sums")


def needs(written: Written) -> Mapping[str, Need]:
    """The activity, or the rows with the values that are told apart; and everyone."""
    asked = (of_entity(written.entity),)
    rows = (written.source, asked, written.did, written.time)
    split = written.among == "active"
    active: Need = Activity(*rows, splits=split, reasons=True, history="none", final=True)
    if written.distinct:
        value = Asked(
            _FEATURE,
            Expression(written.distinct, Name(written.distinct)),
            "text",
            # Who did something without a feature was active.
            empty=_NO_FEATURE,
        )
        active = Rows(written.source, (*asked, value), written.did, written.time, splits=split)
    return {"active": active, "everyone": population(written.entity, seen=written.is_seen)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, entity): what it did; the denominator is what it is divided by."""
    of: Beat = "week" if written.measure == "weeks" else "day"
    days = beats(calendar, of)
    active, everyone = answers["active"].frame, answers["everyone"].frame
    if written.measure == "participation":
        active = while_there(active, everyone)
    done = _distinct(active, calendar) if written.distinct else habits(active, days, of)
    own = on_own_days(everyone, calendar.spans)
    rows = listed(done, everyone)
    if written.among == "everyone":
        there = own if written.measure == "participation" else throughout(everyone, calendar.spans)
        rows = _with_idle(done, there)
    elif written.measure == "participation":
        rows = with_beside(rows, own.drop("left_out"))
    rows = rows.join(possible_beats(days), on="period", how="inner")
    if written.available == "seen":
        rows = rows.join(_shown(active, calendar), on="period", how="left")
    above, below = _sides(written)
    told = {"numerator": above, "denominator": below}
    if written.estimated == "mean_of_ratios":
        told = {"numerator": above / below, "denominator": nw.lit(1)}
    rows = once(rows.with_columns(**told))
    headline = Contributions(rows, Ratio(interval=_interval(written)))
    if not _is_carried(written):
        return (headline,)
    # A few heavy users carry the mean: the one in the middle stands beside it.
    return headline, Contributions(rows, Quantile(0.5), part="median")


def _interval(written: Written) -> Literal["mean"] | None:
    """That of a mean of shares, each of one divisor."""
    pooled = written.measure in ESTIMATORS and written.estimated == "ratio_of_sums"
    return "mean" if unit(written, {}) == "ratio" and not pooled else None


def _is_carried(written: Written) -> bool:
    """Whether it is a mean of numbers without a most: everybody's own, not of all together."""
    if unit(written, {}) == "ratio":
        return False
    return written.measure != "actions_per_day" or written.estimated == "mean_of_ratios"


def _distinct(rows: Lazy, calendar: Days) -> Lazy:
    dated = in_periods(rows, calendar.window)
    counted = per_entity(dated, n=_different())
    nothing = nw.lit(None, dtype=nw.String)
    return counted.with_columns(beats=nw.col("n"), left_out=nothing)


def _shown(rows: Lazy, calendar: Days) -> Lazy:
    """How many different values anybody showed in a window."""
    dated = in_periods(rows, calendar.window)
    return dated.group_by("period").agg(shown=_different())


def _different() -> nw.Expr:
    """How many different values there are; no value is none."""
    without = (nw.col(_FEATURE) == _NO_FEATURE).cast(nw.Int64)
    return nw.col(_FEATURE).n_unique().cast(nw.Int64) - without.max()


def _with_idle(done: Lazy, there: Lazy) -> Lazy:
    """Everyone who was there in the whole window; those who did nothing did it 0 times."""
    met = with_beside(there, done.drop("left_out"))
    return met.with_columns(nw.col("n").fill_null(0), nw.col("beats").fill_null(0))


def _sides(written: Written) -> tuple[nw.Expr, nw.Expr]:
    match written.measure:
        case "actions":
            return nw.col("n"), nw.lit(1)
        case "days":
            return nw.col("beats"), nw.lit(1)
        case "weeks":
            return nw.col("beats"), nw.col("possible")
        case "participation":
            return nw.col("beats"), nw.col("own")
        case "actions_per_day":
            return nw.col("n"), nw.col("beats")
        case "distinct":
            seen = written.available == "seen"
            return nw.col("n"), nw.col("shown") if seen else nw.lit(written.available or 1)
        case never:
            assert_never(never)


def per_period(written: Written) -> bool:
    """Longer periods hold more actions, unless a window fixes how far back one looks."""
    return written.window is None and written.measure in ("actions", "days", "distinct")


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio where there is a most that can be done, else a number."""
    shares = written.measure in ("weeks", "participation") or written.available
    return "ratio" if shares else "number"


_NOTES: Mapping[Measure, str] = {
    "actions": "mean",
    "days": "days, mean",
    "weeks": "share of weeks, mean",
    "participation": "share of own days",
    "actions_per_day": "actions per active day",
    "distinct": "different values, mean",
}


_IN_WORDS: Mapping[Estimator, str] = {
    "ratio_of_sums": "ratio of sums",
    "mean_of_ratios": "mean of ratios",
}


def sentence(written: Written) -> str:
    """Say it in words."""
    did = f" with {written.did.text}" if written.did else ""
    rows = f"rows{did} of {written.source}"
    who = f"{written.whom} that had any"
    if written.among == "everyone":
        who = f"{written.whom} that were there all the time, with and without any"
        if written.measure == "participation":
            who = f"{written.whom} that were there on any, with and without such rows"
    return f"{_counted(written, rows)}, {_put_together(written)} {who}"


def _counted(written: Written, rows: str) -> str:
    match written.measure:
        case "actions":
            return f"Number of {rows} in {written.when}"
        case "days":
            return f"Number of days with {rows} in {written.when}"
        case "weeks":
            return f"Share of the weeks of {written.when} with {rows}"
        case "participation":
            return f"Share of the days of {written.when} on which somebody was there with {rows}"
        case "actions_per_day":
            return f"Number of {rows} in {written.when} divided by the days with any"
        case "distinct":
            most = f", of {_most(written.available)}" if written.available else ""
            return f"Number of different {written.distinct} in {rows} in {written.when}{most}"
        case never:
            assert_never(never)


def _most(available: int | str) -> str:
    return "all that anybody showed in it" if available == "seen" else str(available)


def _put_together(written: Written) -> str:
    pooled = written.measure in ESTIMATORS and written.estimated == "ratio_of_sums"
    return "both added up over" if pooled else "the mean over"
