"""Of those who started in a period, who came back so many periods later: cohort by age."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

import narwhals as nw
from pydantic import Field, model_validator

from kpicli.frames.cohorts import MEMBER, at_each_age, every_start, first_ever, lasting
from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
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
from kpicli.needs import AMOUNT, ENTITY, Activity, Asked, Moments, Need, Rows, of_entity, population
from kpicli.words.calendar import Grain
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays

Age = Annotated[int, Field(ge=0, le=400)]
# Where every entity has its own clock a month has 30 days, as elsewhere.
_DAYS: Mapping[Grain, int] = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_MICROSECONDS_A_DAY = 86_400_000_000


class Return(Step):
    """A step, or a state: rows that last count in every period that has one of their days."""

    lasting: Literal["end_exclusive", "end_inclusive"] | None = None


class Written(WrittenKpi):
    """`from` is where a cohort starts, `to` what coming back is; without `from` it is the same.

    `source` with `did` is short for `to`. starts: `first`, an entity's first ever (default), or
    `every` period with a start. mode: `on` (in that period, default), `on_or_after` or `bracket`,
    with `brackets`, where each begins and the last ends. clock: `calendar` (default) or `rolling`,
    periods of 24 hours from each entity's own start. `of` counts money instead of heads.
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
    at_least: Annotated[int, Field(ge=1)] = 1
    of: Value | None = None
    at_age: Age = 1
    ages: Age = 12

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for wrong in self._misfits():
            raise ValueError(wrong)
        return self

    def _misfits(self) -> Iterator[str]:
        if (self.source is None) == (self.to is None):
            yield "one of source: (with did:) and to: (with a source of its own) is needed"
        if self.source is None and (self.did or self.time):
            yield "did: and time: go with source:; inside to: they are where: and time:"
        if (self.mode == "bracket") != bool(self.brackets):
            yield "mode: bracket and brackets: go together, such as brackets: [0, 1, 4, 8]"
        if self.brackets and (len(self.brackets) < 2 or not _rise(self.brackets)):
            yield "brackets: are ages that rise; the last is where the last bracket ends"
        if self.brackets and not self.brackets[0] <= self.at_age < self.brackets[-1]:
            yield f"at_age: {self.at_age} is in none of the brackets"
        if self.of and (self.mode != "on" or self.at_least > 1):
            yield "of: counts the money of one period: mode: on, without at_least:"
        state = self.to is not None and self.to.lasting
        if state and (self.of or self.clock == "rolling" or self.start is None):
            yield "lasting: needs from:, goes by the calendar and counts heads"

    @property
    def returns(self) -> Return:
        """What coming back is."""
        return self.to or Return(source=self.source or "", where=self.did, time=self.time)

    @property
    def begins(self) -> Step:
        """Where a cohort starts."""
        return self.start or self.returns

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
    """Starts and returns by day; returns by the moment where every entity has its own clock."""
    start = written.begins
    return {
        "from": Activity(
            start.source,
            (_who(start, written),),
            start.where,
            start.time,
            reasons=True,
            splits=True,
        ),
        "to": _returned(written),
        "everyone": population(written.entity, seen=written.population == "seen"),
    }


def _who(step: Step, written: Written) -> Asked:
    return of_entity(step.entity or written.entity)


def _returned(written: Written) -> Need:
    step = written.returns
    asked = (_who(step, written), *([Asked(AMOUNT, written.of, "number")] if written.of else []))
    if step.lasting:
        return Rows(step.source, asked, step.where, shape="span", start=step.time)
    need = Moments if written.clock == "rolling" else Activity
    return need(step.source, asked, step.where, step.time)


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per member of a cohort and age: denominator 1, numerator 1 if it came back.

    With money: denominator what it brought at age 0, numerator what it brought at this age. An age
    that is not over by the reading date is immature. The headline is the column of at_age.
    """
    cohorts = first_ever if written.starts == "first" else every_start
    members = listed(cohorts(answers["from"].frame, calendar), answers["everyone"].frame)
    acts = _acts(written, members, answers, calendar)
    grid = _marked(written, _counted(written, members, acts), answers, calendar)
    kind = answers["to"].types.get(AMOUNT, "number")
    # Money is no draw of yes and no.
    interval: Interval | None = None if written.of else "wilson"
    table = Contributions(grid, Ratio(interval=interval), numerator=kind, denominator=kind)
    column = grid.filter(nw.col("age") == written.headline[0])
    return replace(table, frame=column), replace(table, aged=True)


def _acts(written: Written, members: Lazy, answers: Mapping[str, Answer], calendar: Days) -> Lazy:
    """What members did since they started; columns entity, period (the cohort's), acted, n, amount.

    acted is the age. On the day of the start everything counts: a date knows no hours.
    """
    start = members.select(*MEMBER, "at", began="day")
    done = _returns(written, answers["to"].frame, calendar)
    since = start.join(done, on=ENTITY, how="inner").filter(nw.col("day") >= nw.col("began"))
    if written.clock == "rolling":
        passed, length = _own_clock(answers, calendar)
        since = since.with_columns(acted=passed // length).filter(nw.col("acted") >= 0)
    else:
        since = since.with_columns(acted=nw.col("later") - nw.col("period"))
    amount = nw.col(AMOUNT) if written.of else nw.lit(0)
    return since.select(*MEMBER, nw.col("acted").cast(nw.Int64), "n", amount=amount)


def _returns(written: Written, rows: Lazy, calendar: Days) -> Lazy:
    if written.returns.lasting:
        included = written.returns.lasting == "end_inclusive"
        return lasting(rows, calendar, ends_included=included).rename({"period": "later"})
    if written.clock == "calendar":
        return in_periods(rows, calendar.course).rename({"period": "later"})
    return rows.rename({"at": "came"}).with_columns(n=nw.lit(1))


def _own_clock(answers: Mapping[str, Answer], calendar: Days) -> tuple[nw.Expr, int]:
    """How long after its start an entity came, and how long a period is; dates count in days."""
    days = _DAYS[calendar.grain]
    if _by_dates(answers):
        return nw.col("day") - nw.col("began"), days
    return nw.col("came") - nw.col("at"), days * _MICROSECONDS_A_DAY


def _by_dates(answers: Mapping[str, Answer]) -> bool:
    return "date" in (answers["from"].dated, answers["to"].dated)


def _counted(written: Written, members: Lazy, acts: Lazy) -> Lazy:
    """Every member once per column, with what it did there; null is nothing."""
    each = at_each_age(members, written.columns)
    sums = acts.group_by(*MEMBER, "acted").agg(n=nw.col("n").sum(), amount=nw.col("amount").sum())
    if written.mode == "on_or_after":
        last = sums.with_columns(after=_from_then_on("n")).filter(
            nw.col("after") >= written.at_least
        )
        until = last.group_by(*MEMBER).agg(until=nw.col("acted").max())
        some = nw.when(nw.col("until") >= nw.col("age")).then(nw.lit(written.at_least))
        return each.join(until, on=list(MEMBER), how="left").with_columns(n=some, amount=nw.lit(0))
    placed = sums.with_columns(age=_column_of("acted", written)).group_by(*MEMBER, "age")
    done = placed.agg(n=nw.col("n").sum(), amount=nw.col("amount").sum())
    return each.join(done, on=[*MEMBER, "age"], how="left")


def _from_then_on(column: str) -> nw.Expr:
    return nw.col(column).cum_sum(reverse=True).over(*MEMBER, order_by="acted")


def _column_of(age: str, written: Written) -> nw.Expr:
    """The first age of the column that an age belongs to; null for one of no bracket."""
    if not written.brackets:
        return nw.col(age)
    found = nw.lit(None, dtype=nw.Int64)
    for first, end in written.columns:
        inside = (nw.col(age) >= first) & (nw.col(age) < end)
        found = nw.when(inside).then(nw.lit(first, dtype=nw.Int64)).otherwise(found)
    return found


def _marked(written: Written, grid: Lazy, answers: Mapping[str, Answer], calendar: Days) -> Lazy:
    """Numerator and denominator, and which ages are not over yet."""
    spans = calendar.spans.select("period", "read_day", "read_at", "last_whole")
    came = nw.when(nw.col("n") >= written.at_least).then(nw.lit(1)).otherwise(nw.lit(0))
    money = nw.col("amount").fill_null(0)
    young = ~_over(written, answers, calendar)
    first = nw.when(nw.col("age") == 0).then(money).otherwise(nw.lit(0)).sum().over(*MEMBER)
    return grid.join(spans, on="period", how="inner").with_columns(
        numerator=money if written.of else came,
        denominator=first if written.of else nw.lit(1),
        left_out=nw.coalesce("left_out", nw.when(young).then(nw.lit("immature"))),
    )


def _over(written: Written, answers: Mapping[str, Answer], calendar: Days) -> nw.Expr:
    """Whether the last age of a column has passed for the member by the reading date."""
    end = nw.col("end_age")
    if written.clock == "calendar":
        return nw.col("period") + end - 1 <= nw.col("last_whole")
    days = _DAYS[calendar.grain]
    if _by_dates(answers):
        return nw.col("day") + end * days <= nw.col("read_day")
    return nw.col("at") + end * (days * _MICROSECONDS_A_DAY) <= nw.col("read_at")


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
    clock = ", each from the own start" if written.clock == "rolling" else ""
    return (
        f"Of {written.entity} with {first} {written.begins.text} in the period, "
        f"the share of {shown} {_when(written)}{clock}"
    )


def _when(written: Written) -> str:
    first, end = written.headline
    later = f"{first} period{'s' if first != 1 else ''} later"
    match written.mode:
        case "on":
            return later
        case "on_or_after":
            return f"{later} or after that"
        case "bracket":
            return f"{first} to {end - 1} periods later"
