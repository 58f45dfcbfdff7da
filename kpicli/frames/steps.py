"""Steps taken one after the other, from a start."""

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.moments import first_after
from kpicli.needs import ENTITY


@dataclass(frozen=True)
class Course:
    """The steps after the first: the moments of each, and what counts as taking it.

    steps: columns entity, at, until (the end of the time that begins there). again: whether a step
    is like an earlier one, so that it takes a later moment. exclusive: the very end of the time is
    too late. from_previous: the time begins anew with every step.
    """

    steps: tuple[Lazy, ...]
    again: tuple[bool, ...]
    exclusive: bool
    from_previous: bool

    def in_time(self, at: str, until: str) -> nw.Expr:
        """Whether a moment is early enough."""
        return nw.col(at) < nw.col(until) if self.exclusive else nw.col(at) <= nw.col(until)


def step_column(place: int) -> str:
    """The column with the instant at which a step was taken, null where it was not."""
    return f"step {place}"


def in_order(starts: Lazy, course: Course) -> Lazy:
    """The starts with the instants of the steps, each at or after the one before.

    starts: columns entity, at, until and others. With a time from the first step the earliest
    moment of each is taken; with one from the step before, any that leads on.
    """
    if course.from_previous:
        return _leading_on(starts, course)
    taken, before = starts.with_columns(nw.col("at").alias(step_column(1))), step_column(1)
    for place, (moments, again) in enumerate(zip(course.steps, course.again, strict=True), 2):
        name = step_column(place)
        found = first_after(taken, moments, at_once=not again, since=before, told="found")
        in_time = nw.when(course.in_time("found", "until")).then(nw.col("found"))
        taken = found.with_columns(in_time.alias(name)).drop("found")
        before = name
    return taken


def _leading_on(starts: Lazy, course: Course) -> Lazy:
    """For each start every moment of a step that one of the step before leads to."""
    key = starts.select(ENTITY, "at", "until").unique([ENTITY, "at"], keep="any")
    reached = key.with_columns(here=nw.col("at"))
    taken = starts
    for place, (moments, again) in enumerate(zip(course.steps, course.again, strict=True), 2):
        goals = moments.select(ENTITY, goal=nw.col("at"), later=nw.col("until"))
        pairs = reached.join(goals, on=ENTITY, how="inner")
        after = nw.col("goal") > nw.col("here") if again else nw.col("goal") >= nw.col("here")
        led = pairs.filter(after & course.in_time("goal", "until"))
        reached = led.select(ENTITY, "at", here=nw.col("goal"), until=nw.col("later")).unique(
            [ENTITY, "at", "here"], keep="any"
        )
        first = reached.group_by(ENTITY, "at").agg(nw.col("here").min().alias(step_column(place)))
        taken = taken.join(first, on=[ENTITY, "at"], how="left")
    return taken


def any_order(starts: Lazy, course: Course) -> Lazy:
    """The starts with the first instant of every step, whichever of them came first."""
    taken = starts
    for place, (moments, again) in enumerate(zip(course.steps, course.again, strict=True), 2):
        found = first_after(taken, moments, at_once=not again, told="found")
        in_time = nw.when(course.in_time("found", "until")).then(nw.col("found"))
        taken = found.with_columns(in_time.alias(step_column(place))).drop("found")
    return taken


def directly_after(starts: Lazy, course: Course, every: Sequence[Lazy]) -> Lazy:
    """The starts with the instants of steps that follow each other without any row between.

    every: all rows that could lie between; columns entity, at. A step at the same instant as the
    one before follows directly, too.
    """
    instants = nw.concat([one.select(ENTITY, "at") for one in every], how="vertical")
    each = instants.unique([ENTITY, "at"], keep="any")
    following = each.with_columns(next=nw.col("at").shift(-1).over(ENTITY, order_by="at"))
    taken = starts.with_columns(here=nw.col("at"), deadline=nw.col("until"))
    for place, (moments, again) in enumerate(zip(course.steps, course.again, strict=True), 2):
        taken = _next_step(taken, moments, following, course, again=again, name=step_column(place))
    return taken.drop("here", "deadline")


def _next_step(
    taken: Lazy, moments: Lazy, following: Lazy, course: Course, *, again: bool, name: str
) -> Lazy:
    goals = moments.select(ENTITY, goal=nw.col("at"), later=nw.col("until")).unique(
        [ENTITY, "goal"], keep="any"
    )
    nexts = following.select(ENTITY, here=nw.col("at"), next=nw.col("next"))
    beside = taken.join(nexts, on=[ENTITY, "here"], how="left")
    now = goals.select(ENTITY, "goal", now=nw.col("goal"), until_now=nw.col("later"))
    then = goals.select(ENTITY, "goal", then=nw.col("goal"), until_then=nw.col("later"))
    met = beside.join(now, left_on=[ENTITY, "here"], right_on=[ENTITY, "goal"], how="left").join(
        then, left_on=[ENTITY, "next"], right_on=[ENTITY, "goal"], how="left"
    )
    at_once = nw.lit(value=False) if again else ~nw.col("now").is_null()
    goal = nw.when(at_once).then(nw.col("now")).otherwise(nw.col("then"))
    later = nw.when(at_once).then(nw.col("until_now")).otherwise(nw.col("until_then"))
    told = met.with_columns(goal=goal, later=later)
    in_time = nw.when(course.in_time("goal", "deadline"))
    deadline = in_time.then(nw.col("later")) if course.from_previous else nw.col("deadline")
    found = told.with_columns(
        in_time.then(nw.col("goal")).alias(name),
        here=in_time.then(nw.col("goal")),
        deadline=deadline,
    )
    return found.drop("next", "now", "then", "until_now", "until_then", "goal", "later")
