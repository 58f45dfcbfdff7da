"""Of those who started in a period, who came back so many periods later: cohort by age."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

import narwhals as nw
from pydantic import Field, model_validator

from kpicli.errors import Problem, SourceError
from kpicli.frames.ages import Ages, ages_of, done_at_each_age, done_from_each_age
from kpicli.frames.cohorts import MEMBER, by_day, cohorts_of, lasting, shown_at_start, with_shown
from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy, once
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
from kpicli.kinds.written import Condition, Step, Text, Value, WrittenKpi
from kpicli.needs import (
    AMOUNT,
    ENTITY,
    SAME,
    Activity,
    Asked,
    History,
    Moments,
    Need,
    Rows,
    of_entity,
    of_same,
    population,
)
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays

Age = Annotated[int, Field(ge=0, le=1000)]


class Return(Step):
    """A step, or a state: rows that last count in every period that has one of their days."""

    lasting: Literal["end_exclusive", "end_inclusive"] | None = None


class Written(WrittenKpi):
    """`from` is where a cohort starts, `to` what coming back is; without `from` it is the same.

    `source` with `did` is short for `to`. starts: `first`, an entity's first ever (default), or
    `every` period with a start. mode: `on` (in that period, default), `on_or_after` or `bracket`,
    with `brackets`, where each begins and the last ends. clock: `calendar` (default) or `rolling`,
    periods of 24 hours from each entity's own start. age_in: day or hour counts ages in those from
    each entity's own start. same: a column whose value start and return must share. `of` counts
    money instead of heads.
    """

    entity: Text
    source: Text | None = None
    did: Condition | None = None
    time: Text | None = None
    start: Step | None = Field(None, alias="from")
    to: Return | None = None
    population: Literal["seen"] | None = None
    starts: Literal["first", "every"] = "first"
    mode: Literal["on", "on_or_after", "bracket"] = "on"
    brackets: tuple[Age, ...] = ()
    clock: Literal["calendar", "rolling"] = "calendar"
    age_in: Literal["hour", "day"] | None = None
    same: Text | None = None
    at_least: Annotated[int, Field(ge=1)] = 1
    of: Value | None = None
    at_age: Age = 1
    ages: Age = 12

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for wrong in (*self._misfits(), *self._misfits_of_age()):
            raise ValueError(wrong)
        return self

    def _misfits(self) -> Iterator[str]:
        if (self.source is None) == (self.to is None):
            yield "one of source: (with did:) and to: (with a source of its own) is needed"
        if self.source is None and (self.did or self.time):
            yield "did: and time: go with source:; inside to: they are where: and time:"
        if self.of and (self.mode != "on" or self.at_least > 1):
            yield "of: counts the money of one period: mode: on, without at_least:"
        state = self.to is not None and self.to.lasting
        if state and (self.of or self.own_clock or self.start is None):
            yield "lasting: needs from:, goes by the calendar and counts heads"
        if state and (self.same or self.age_in):
            yield "lasting: goes by the KPI's grain, without same: and age_in:"

    def _misfits_of_age(self) -> Iterator[str]:
        if (self.mode == "bracket") != bool(self.brackets):
            yield "mode: bracket and brackets: go together, such as brackets: [0, 1, 4, 8]"
        if self.brackets and (len(self.brackets) < 2 or not _rise(self.brackets)):
            yield "brackets: are ages that rise; the last is where the last bracket ends"
        if self.brackets and not self.brackets[0] <= self.at_age < self.brackets[-1]:
            yield f"at_age: {self.at_age} is in none of the brackets"
        if self.age_in == "hour" and "clock" in self.model_fields_set and self.clock == "calendar":
            yield "age_in: hour runs from each start: leave clock: out, or write clock: rolling"

    @property
    def returns(self) -> Return:
        """What coming back is."""
        return self.to or Return(source=self.source or "", where=self.did, time=self.time)

    @property
    def begins(self) -> Step:
        """Where a cohort starts."""
        return self.start or self.returns

    @property
    def own_clock(self) -> bool:
        """Whether ages run from each entity's own instant."""
        return self.clock == "rolling" or self.age_in == "hour"

    @property
    def columns(self) -> tuple[tuple[int, int], ...]:
        """The columns of the grid: the first age of each, and the age after its last."""
        if self.brackets:
            return tuple(zip(self.brackets, self.brackets[1:], strict=False))
        return tuple((age, age + 1) for age in range(max(self.ages, self.at_age) + 1))

    @property
    def headline(self) -> tuple[int, int]:
        """The column that holds at_age."""
        return next(one for one in self.columns if one[0] <= self.at_age < one[1])


def _rise(ages: tuple[int, ...]) -> bool:
    return list(ages) == sorted(set(ages))


def needs(written: Written) -> Mapping[str, Need]:
    """Starts and returns by day; by the moment where an entity has its own clock or a value."""
    return {
        "from": _started(written),
        "to": _returned(written),
        "everyone": population(written.entity, seen=written.population == "seen"),
    }


def _started(written: Written) -> Need:
    step = written.begins
    # Who shows no value has started all the same.
    same = (replace(one, empty="") for one in of_same(written.same))
    asked = (of_entity(step.entity or written.entity), *same)
    rows = (step.source, asked, step.where, step.time)
    if written.same:
        return Moments(*rows, reasons=True, splits=True, owned=True)
    history: History = "first" if written.starts == "first" else "none"
    return Activity(*rows, reasons=True, splits=True, owned=True, clock=True, history=history)


def _returned(written: Written) -> Need:
    step = written.returns
    asked = (of_entity(step.entity or written.entity), *of_same(written.same))
    asked += (Asked(AMOUNT, written.of, "number"),) if written.of else ()
    if step.lasting:
        return Rows(step.source, asked, step.where, shape="span", start=step.time)
    need = Moments if written.own_clock or written.same else Activity
    return need(step.source, asked, step.where, step.time, history="none")


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per member of a cohort and age: denominator 1, numerator 1 if it came back.

    With money: denominator what it brought at age 0, numerator what it brought at this age. An age
    that is not over by the reading date is immature. The headline is the column of at_age.
    """
    _check_hours(written, answers)
    begun = answers["from"].frame
    activity = by_day(begun) if written.same else begun
    starts = cohorts_of(activity, calendar, first=written.starts == "first")
    shown = shown_at_start(begun, calendar, SAME) if written.same else None
    members = listed(with_shown(starts, shown), answers["everyone"].frame)
    acts = _acts(written, members, answers, calendar)
    grid = once(_marked(written, _counted(written, members, acts), answers, calendar))
    kind = answers["to"].types.get(AMOUNT, "number")
    # Money is no draw of yes and no; of recurring cohorts one entity stands in several.
    interval: Interval | None = None if written.of else "wilson"
    ratio = Ratio(interval=interval, apart=written.starts == "first", ripens=True)
    table = Contributions(grid, ratio, numerator=kind, denominator=kind)
    column = grid.filter(nw.col("age") == written.headline[0])
    return replace(table, frame=column), replace(table, aged=True)


def _check_hours(written: Written, answers: Mapping[str, Answer]) -> None:
    if written.age_in == "hour" and _by_dates(answers):
        message = "age_in: hour, and the starts or the returns are dated by days alone"
        raise SourceError([Problem("no_hours", message, "write age_in: day")])


def _acts(written: Written, members: Lazy, answers: Mapping[str, Answer], calendar: Days) -> Lazy:
    """What members did since they started; columns entity, period (the cohort's), acted, n, amount.

    acted is the age. On the day of the start everything counts: a date knows no hours.
    """
    start, on = members.select(*MEMBER, "at", began="day", since="day"), [ENTITY]
    if written.same:
        shown = shown_at_start(answers["from"].frame, calendar, SAME)
        start, on = start.drop("since").join(shown, on=list(MEMBER), how="inner"), [ENTITY, SAME]
    done = _returns(written, answers["to"].frame, calendar)
    since = start.join(done, on=on, how="inner").filter(nw.col("day") >= nw.col("since"))
    aged = since.with_columns(acted=_ages(written, answers, calendar).age)
    amount = nw.col(AMOUNT) if written.of else nw.lit(0)
    return aged.filter(nw.col("acted") >= 0).select(*MEMBER, "acted", "n", amount=amount)


def _returns(written: Written, rows: Lazy, calendar: Days) -> Lazy:
    if written.returns.lasting:
        included = written.returns.lasting == "end_inclusive"
        return lasting(rows, calendar, ends_included=included).rename({"period": "later"})
    if written.own_clock or written.same:
        rows = rows.rename({"at": "came"}).with_columns(n=nw.lit(1))
    if written.own_clock or written.age_in:
        return rows
    return in_periods(rows, calendar.course).rename({"period": "later"})


def _ages(written: Written, answers: Mapping[str, Answer], calendar: Days) -> Ages:
    """How old a return is; where there are dates alone, in days even by the own clock."""
    step = written.age_in or calendar.grain
    if written.own_clock and not _by_dates(answers):
        return ages_of(step, "instant")
    return ages_of(step, "day" if written.own_clock or written.age_in else "period")


def _by_dates(answers: Mapping[str, Answer]) -> bool:
    return "date" in (answers["from"].dated, answers["to"].dated)


def _counted(written: Written, members: Lazy, acts: Lazy) -> Lazy:
    if written.mode == "on_or_after":
        return done_from_each_age(members, acts, written.columns, written.at_least)
    return done_at_each_age(members, acts, written.columns)


def _marked(written: Written, grid: Lazy, answers: Mapping[str, Answer], calendar: Days) -> Lazy:
    """Numerator and denominator, and which ages are not over yet."""
    spans = calendar.spans.select("period", "read_day", "read_at", "last_whole")
    came = nw.when(nw.col("n") >= written.at_least).then(nw.lit(1)).otherwise(nw.lit(0))
    money = nw.col("amount").fill_null(0)
    young = ~_ages(written, answers, calendar).over
    first = nw.when(nw.col("age") == 0).then(money).otherwise(nw.lit(0)).sum().over(*MEMBER)
    return grid.join(spans, on="period", how="inner").with_columns(
        numerator=money if written.of else came,
        denominator=first if written.of else nw.lit(1),
        left_out=nw.coalesce("left_out", nw.when(young).then(nw.lit("immature"))),
    )


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    first = "their first" if written.starts == "first" else "a"
    often = f"at least {written.at_least} times " if written.at_least > 1 else ""
    back = f"{often}{written.returns.text}"
    shown = (
        f"what they brought ({written.of.text}) that came" if written.of else f"those with {back}"
    )
    same = f" with the same {written.same} as at the start" if written.same else ""
    clock = ", each from the own start" if written.own_clock or written.age_in else ""
    return (
        f"Of {written.entity} with {first} {written.begins.text} in the period, "
        f"the share of {shown}{same} {_when(written)}{clock}"
    )


def _when(written: Written) -> str:
    first, end = written.headline
    age = written.age_in or "period"
    later = f"{first} {age}{'s' if first != 1 else ''} later"
    match written.mode:
        case "on":
            return later
        case "on_or_after":
            return f"{later} or after that"
        case "bracket":
            return f"{first} to {end - 1} {age}s later"
