"""Of those who took the first step in a period, the share that took all of several steps."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

import narwhals as nw
from pydantic import Field, model_validator

from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.moments import starts_in_periods
from kpicli.frames.sharing import earliest_of_values, moments_of_values, starts_of_values
from kpicli.frames.steps import Course, any_order, directly_after, in_order, step_column
from kpicli.kinds.base import Answer, Contributions, Ratio, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.written import Span, Step, Text, WrittenKpi
from kpicli.needs import ENTITY, Asked, History, Moments, Need, of_entity, of_same, population
from kpicli.words.durations import Duration
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays
_COMPLETE = "complete"


class Written(WrittenKpi):
    """`steps` are taken one after the other, `within` a time.

    order: `ordered` (default), `any` after the first, or `strict`, with no other row between.
    window_from: the time runs from the `first` step (default) or anew from each `previous` one.
    same: a column whose value all steps must share.
    """

    entity: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=20)]
    within: Span
    order: Literal["ordered", "any", "strict"] = "ordered"
    window_from: Literal["first", "previous"] = "first"
    window_edge: Literal["inclusive", "exclusive"] = "inclusive"
    starts: Literal["first", "every"] = "first"
    same: Text | None = None
    population: Literal["seen"] | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.order != "any":
            return self
        if self.window_from == "previous":
            raise ValueError("order: any has no previous step; leave window_from: out")
        for place, step in enumerate(self.steps):
            if any(step.is_like(other) for other in self.steps[:place]):
                raise ValueError(f"order: any, and two steps are alike: {step.text}")
        return self


def needs(written: Written) -> Mapping[str, Need]:
    """The moments of every step, when the last one is over, and all rows where no other may lie."""
    found: dict[str, Need] = {
        _step(place): _moments(step, written, written.within, first=place == 1)
        for place, step in enumerate(written.steps, start=1)
    }
    if written.window_from == "previous":
        # The first user may be another's forerunner, who begins as late as the time allows.
        times = len(written.steps) - (0 if written.same else 1)
        whole = Duration(written.within.amount * times, written.within.unit)
        found["whole"] = _moments(written.steps[0], written, whole, first=False)
    if written.order == "strict":
        found |= {f"all {source}": need for source, need in _all_rows(written)}
    return {**found, "everyone": population(written.entity, seen=written.population == "seen")}


def _step(place: int) -> str:
    return f"step {place}"


def _moments(step: Step, written: Written, within: Duration | None, *, first: bool) -> Moments:
    return Moments(
        step.source,
        _asked(step, written),
        step.where,
        step.time,
        within=within,
        reasons=first,
        splits=first,
        history=_history(written, first=first),
    )


def _history(written: Written, *, first: bool) -> History:
    """Of users apart every earlier row may count."""
    if written.same:
        return "all"
    return "first" if first and written.starts == "first" else "none"


def _asked(step: Step, written: Written) -> tuple[Asked, ...]:
    return (of_entity(step.entity or written.entity), *of_same(written.same))


def _all_rows(written: Written) -> Iterator[tuple[str, Need]]:
    """Every row of the sources that the steps are taken in."""
    for step in {(one.source, one.time, one.entity): one for one in written.steps}.values():
        history: History = "all" if written.same else "none"
        rows = Moments(step.source, _asked(step, written), None, step.time, history=history)
        yield f"{step.source} {step.time}", rows


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per entrant: denominator 1, numerator 1 where the step was reached in time.

    An entrant who may still reach the last step is immature, at every step.
    """
    starts = starts_in_periods(answers["step 1"].frame, calendar.days, written.starts, ("until",))
    taken = _taken(written, _over(written, starts, answers), answers)
    rows = listed(taken, answers["everyone"].frame)
    read = rows.join(calendar.spans.select("period", "read_at"), on="period", how="inner")
    late = nw.col("over") > nw.col("read_at")
    if written.window_edge == "inclusive":
        late = nw.col("over") >= nw.col("read_at")
    told = read.with_columns(
        denominator=nw.lit(1),
        left_out=nw.coalesce("left_out", nw.when(late).then(nw.lit("immature"))),
    )
    return tuple(_tables(written, told))


def _over(written: Written, starts: Lazy, answers: Mapping[str, Answer]) -> Lazy:
    """The starts with the instant from which nothing can follow in time."""
    if written.window_from == "first":
        return starts.with_columns(over=nw.col("until"))
    whole = answers["whole"].frame.select(ENTITY, "at", over=nw.col("until"))
    ends = whole.unique([ENTITY, "at"], keep="any")
    return starts.join(ends, on=[ENTITY, "at"], how="left")


def _taken(written: Written, starts: Lazy, answers: Mapping[str, Answer]) -> Lazy:
    """The starts with the instant of each later step, null where it was not reached.

    The column complete says when the last of all steps was taken, of users apart by one of them.
    """
    frames = {name: answer.frame for name, answer in answers.items()}
    if written.same is None:
        return _course(written, starts, frames)
    own_time = written.window_from == "previous"
    own = starts_of_values(starts, frames["step 1"], own_time=own_time)
    mine = {
        name: moments_of_values(frame, own)
        for name, frame in frames.items()
        if name.startswith(("step ", "all "))
    }
    return earliest_of_values(starts, _course(written, own, mine), [*_columns(written), _COMPLETE])


def _columns(written: Written) -> list[str]:
    return [step_column(place) for place in range(2, len(written.steps) + 1)]


def _course(written: Written, starts: Lazy, moments: Mapping[str, Lazy]) -> Lazy:
    taken = _taken_in_order(written, starts, moments)
    steps = [nw.col(name) for name in _columns(written)]
    every = ~nw.any_horizontal(*(step.is_null() for step in steps), ignore_nulls=False)
    return taken.with_columns(nw.when(every).then(nw.max_horizontal(*steps)).alias(_COMPLETE))


def _taken_in_order(written: Written, starts: Lazy, moments: Mapping[str, Lazy]) -> Lazy:
    places = range(2, len(written.steps) + 1)
    course = Course(
        steps=tuple(moments[_step(place)] for place in places),
        alike=tuple(_alike(written, place) for place in places),
        exclusive=written.window_edge == "exclusive",
        from_previous=written.window_from == "previous",
    )
    match written.order:
        case "ordered":
            return in_order(starts, course)
        case "any":
            return any_order(starts, course)
    every = [rows for name, rows in moments.items() if name.startswith("all ")]
    return directly_after(starts, course, every)


def _alike(written: Written, place: int) -> int | None:
    """The place of the last earlier step that a row of this one could be."""
    step = written.steps[place - 1]
    like = [at for at, other in enumerate(written.steps[: place - 1], 1) if step.is_like(other)]
    return like[-1] if like else None


def _tables(written: Written, rows: Lazy) -> Iterator[Contributions]:
    """The last step of all, each from the first and from the one before, and all steps due."""
    ratio = Ratio(interval="wilson", ripens=True)
    places = range(2, len(written.steps) + 1)
    done = {place: ~nw.col(step_column(place)).is_null() for place in places}
    yield Contributions(_counted(rows, ~nw.col(_COMPLETE).is_null()), ratio)
    for place in places:
        yield Contributions(_counted(rows, done[place]), ratio, part=_step(place))
        before = rows if place == 2 else rows.filter(done[place - 1])
        part = f"{_step(place)} from previous"
        yield Contributions(_counted(before, done[place]), ratio, part=part)
    due = nw.lit(len(places))
    steps = nw.sum_horizontal(*(nw.when(one).then(1).otherwise(0) for one in done.values()))
    told = rows.with_columns(numerator=steps, denominator=due)
    yield Contributions(told, Ratio(interval="mean"), part="steps done")


def _counted(rows: Lazy, done: nw.Expr) -> Lazy:
    return rows.with_columns(numerator=nw.when(done).then(nw.lit(1)).otherwise(nw.lit(0)))


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


_ORDER = {
    "ordered": "then",
    "any": "and, in any order,",
    "strict": "then directly, with no other row between,",
}


def sentence(written: Written) -> str:
    """Say it in words, with every choice in force."""
    first, *others = (step.text for step in written.steps)
    begin = "their first" if written.starts == "first" else "a"
    word = f" {_ORDER[written.order]} "
    since = "the first step" if written.window_from == "first" else "the step before"
    edge = "included" if written.window_edge == "inclusive" else "excluded"
    same = f", all with the same {written.same}" if written.same else ""
    return (
        f"Of {written.entity} with {begin} {first} in the period, the share with "
        f"{word.join(others).strip()}{same}, within {written.within} of {since} "
        f"(at exactly {written.within}: {edge})"
    )
