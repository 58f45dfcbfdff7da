"""How long it takes from a start to a goal, those who have not got there yet among them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

import narwhals as nw
from pydantic import Field, model_validator

from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy, once
from kpicli.frames.moments import first_after, first_moments, starts_in_periods
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Quantile,
    Ratio,
    Survival,
    no_inputs,
    no_look_back,
    not_told,
    stays,
)
from kpicli.kinds.written import Lost, Span, Step, Text, WrittenKpi, loss_of
from kpicli.needs import ENTITY, History, Moments, Need, of_entity, population
from kpicli.words.durations import Duration
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays

MEDIAN, MEAN = "plain median", "plain mean"
_A_DAY: Mapping[str, int] = {"days": 1, "hours": 24, "minutes": 1440}
_MICROSECONDS_A_DAY = 86_400_000_000


DayNumber = Annotated[int, Field(ge=0, le=10_000)]


class Written(WrittenKpi):
    """`from` is the start, `to` the goal; the unit is days, hours or minutes.

    `lost` says who can no longer get there, from when on: a condition on the rows of the goal, or a
    step of its own. by_day adds the share that was there by that day, or by each of several.
    starts: an entity's `first` (default), its first in `every` period, or `each`. dated_by: `start`
    (default), or `goal`, which knows only those who got there.
    """

    entity: Text
    start: Step = Field(alias="from")
    to: Step
    lost: Lost | None = None
    by_day: DayNumber | Annotated[tuple[DayNumber, ...], Field(min_length=1)] | None = None
    starts: Literal["first", "every", "each"] = "first"
    dated_by: Literal["start", "goal"] = "start"
    window: Span | None = None
    population: Literal["seen"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for wrong in self._misfits():
            raise ValueError(wrong)
        return self

    def _misfits(self) -> Iterator[str]:
        if self.measured not in _A_DAY:
            yield f"unit: {self.unit} is no unit of time here; write days, hours or minutes"
        extra = self.lost is not None or self.by_day is not None or self.starts != "first"
        if self.dated_by == "goal" and extra:
            yield "dated_by: goal knows only who got there, without lost:, by_day: and starts:"

    @property
    def days(self) -> tuple[int, ...]:
        """The days by which shares are told."""
        told = (self.by_day,) if isinstance(self.by_day, int) else self.by_day or ()
        return tuple(dict.fromkeys(told))

    @property
    def measured(self) -> str:
        """The unit of a duration."""
        return self.unit or "days"

    @property
    def loss(self) -> Step | None:
        """Who can no longer get there; a condition speaks of the goal's rows."""
        return loss_of(self.lost, self.to)

    @property
    def at_once(self) -> bool:
        """Whether the start's own instant may be the goal; never where it is the start again."""
        return not self.start.is_like(self.to)


def needs(written: Written) -> Mapping[str, Need]:
    """The moments of start, goal and loss."""
    begins, later = _histories(written)
    bare = replace(_moments(written.start, written, begins), reasons=True)
    start = replace(bare, splits=True)
    ends = {_end(day): replace(bare, within=Duration(day, "d")) for day in written.days}
    loss = {"lost": _moments(written.loss, written, later)} if written.loss else {}
    everyone = population(written.entity, seen=written.population == "seen")
    goal = _moments(written.to, written, later)
    return {"from": start, "to": goal, **loss, **ends, "everyone": everyone}


def _end(day: int) -> str:
    return f"end of day {day}"


def _histories(written: Written) -> tuple[History, History]:
    """What matters of earlier starts, and of what came after them."""
    if written.dated_by == "goal":
        return "all", "all"
    return ("first" if written.starts == "first" else "none"), "none"


def _moments(step: Step, written: Written, history: History) -> Moments:
    asked = (of_entity(step.entity or written.entity),)
    return Moments(step.source, asked, step.where, step.time, history=history)


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per start: numerator how long it took, or has taken so far; observed 1 if it is over.

    The parts know only those who got there; the share by a day only those old enough for it.
    """
    if written.dated_by == "goal":
        over = _reached_in_periods(written, answers, calendar)
        return Contributions(over, Quantile(0.5)), _mean(over)
    rows = once(_followed(written, answers, calendar))
    over = rows.filter((nw.col("observed") == 1) | ~nw.col("left_out").is_null())
    found = (
        Contributions(rows, Survival()),
        Contributions(over, Quantile(0.5), part=MEDIAN),
        _mean(over),
    )
    return (*found, *(_share(day, rows, answers) for day in written.days))


def _mean(over: Lazy) -> Contributions:
    return Contributions(over.with_columns(denominator=nw.lit(1)), Ratio(), part=MEAN)


def _followed(written: Written, answers: Mapping[str, Answer], calendar: Days) -> Lazy:
    """Every start with what became of it by the reading date."""
    begun = starts_in_periods(answers["from"].frame, calendar.window, written.starts, ())
    met = _met(written, listed(begun, answers["everyone"].frame), answers)
    read = calendar.spans.select("period", "read_day", "read_at")
    rows = met.join(read, on="period", how="inner")
    won, left = ~nw.col("reached").is_null(), ~nw.col("lost").is_null()
    first = won & ~(left & (nw.col("lost") < nw.col("reached")))
    # What happens on the reading date has not been read: a date is sure up to the day before.
    last_day = nw.col("read_day") - 1
    return _timed(
        rows.with_columns(
            observed=nw.when(first).then(nw.lit(1)).otherwise(nw.lit(0)),
            stop=nw.when(first)
            .then(nw.col("reached"))
            .otherwise(nw.coalesce("lost", nw.col("read_at"))),
            stop_day=nw.when(first)
            .then(nw.col("reached_day"))
            .otherwise(nw.coalesce("lost_day", last_day)),
        ),
        written,
        answers,
    )


def _met(written: Written, begun: Lazy, answers: Mapping[str, Answer]) -> Lazy:
    """Starts with the first goal and the first loss after them, their instants and days."""
    goals = _first(begun, answers["to"].frame, "reached", at_once=written.at_once)
    if "lost" in answers:
        return _first(goals, answers["lost"].frame, "lost", at_once=True)
    nothing = nw.lit(None, dtype=nw.Int64)
    return goals.with_columns(lost=nothing, lost_day=nothing.cast(nw.Int32))


def _first(begun: Lazy, goals: Lazy, told: str, *, at_once: bool) -> Lazy:
    found = first_after(begun, goals, at_once=at_once, told=told)
    days = goals.group_by(ENTITY, "at").agg(nw.col("day").min().alias(f"{told}_day"))
    return found.join(days.rename({"at": told}), on=[ENTITY, told], how="left")


def _reached_in_periods(written: Written, answers: Mapping[str, Answer], calendar: Days) -> Lazy:
    """First starts in the period of their goal."""
    counting = answers["from"].frame.filter(nw.col("left_out").is_null())
    begun = listed(first_moments(counting, ("left_out",)), answers["everyone"].frame)
    met = _met(written, begun, answers).filter(~nw.col("reached").is_null())
    goal = met.rename({"day": "began", "reached_day": "day"})
    there = in_periods(goal, calendar.window).rename({"day": "stop_day", "began": "day"})
    return _timed(there.with_columns(observed=nw.lit(1), stop=nw.col("reached")), written, answers)


def _timed(rows: Lazy, written: Written, answers: Mapping[str, Answer]) -> Lazy:
    """The duration in the KPI's unit: whole days between dates, else the time that has passed."""
    a_day = _A_DAY[written.measured]
    if _by_dates(answers):
        passed = (nw.col("stop_day") - nw.col("day")).cast(nw.Int64) * a_day
    else:
        passed = (nw.col("stop") - nw.col("at")) / (_MICROSECONDS_A_DAY // a_day)
    return rows.with_columns(numerator=passed, denominator=nw.lit(None, dtype=nw.Int64))


def _by_dates(answers: Mapping[str, Answer]) -> bool:
    return "date" in (answers["from"].dated, answers["to"].dated)


def _share(by_day: int, rows: Lazy, answers: Mapping[str, Answer]) -> Contributions:
    """Of all starts old enough, those who were there by the day; its clock time still counts."""
    if _by_dates(answers):
        end = nw.col("day") + by_day
        in_time, young = nw.col("reached_day") <= end, end >= nw.col("read_day")
    else:
        ends = answers[_end(by_day)].frame.select(ENTITY, "at", "until")
        met = ends.unique([ENTITY, "at"], keep="any")
        rows = rows.join(met, on=[ENTITY, "at"], how="left")
        in_time = nw.col("reached") <= nw.col("until")
        young = nw.col("until") >= nw.col("read_at")
    there = (nw.col("observed") == 1) & in_time
    told = rows.with_columns(
        numerator=nw.when(there).then(nw.lit(1)).otherwise(nw.lit(0)),
        denominator=nw.lit(1),
        left_out=nw.coalesce("left_out", nw.when(young).then(nw.lit("immature"))),
    )
    part = f"share by day {by_day}"
    return Contributions(told, Ratio(interval="wilson"), part=part, unit="ratio")


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """Days, unless the author measures hours or minutes."""
    return written.measured


def sentence(written: Written) -> str:
    """Say it in words."""
    way = f"from {written.start.text} to {written.to.text}"
    if written.dated_by == "goal":
        return f"Median {written.measured} {way}, of {written.entity} that got there in the period"
    loss = f"; with {written.loss.text} nobody waits any longer" if written.loss else ""
    when = f"the {written.window} up to the period's end" if written.window else "the period"
    return (
        f"Median {written.measured} {way}, of {written.entity} that started in {when}, those still "
        f"on the way among them (Kaplan–Meier){loss}"
    )
