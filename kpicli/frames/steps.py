"""Steps taken one after the other, from a start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.frames.moments import first_after
from kpicli.needs import ENTITY


@dataclass(frozen=True)
class Course:
    """The steps after the first: the moments of each, and what counts as taking it.

    steps: columns entity, at, until (the end of the time that begins there). alike: the place of
    the last earlier step that the same rows could be, or None: a row is not both. exclusive: the
    very end of the time is too late. from_previous: the time begins anew with every step.
    """

    steps: tuple[Lazy, ...]
    alike: tuple[int | None, ...]
    exclusive: bool
    from_previous: bool

    def in_time(self, at: str, until: str) -> nw.Expr:
        """Whether a moment is early enough."""
        return nw.col(at) < nw.col(until) if self.exclusive else nw.col(at) <= nw.col(until)

    def places(self) -> Iterator[tuple[int, Lazy, int | None]]:
        """Each step's place, counted from 2, with its moments and the place of its like."""
        for place, (moments, alike) in enumerate(zip(self.steps, self.alike, strict=True), start=2):
            yield place, moments, alike


def step_column(place: int) -> str:
    """The column with the instant at which a step was taken, null where it was not."""
    return f"step {place}"


def _earliest(before: str, alike: int | None) -> nw.Expr:
    """From when on the next step counts: the step before, and later than its like."""
    if alike is None:
        return nw.col(before)
    return nw.max_horizontal(nw.col(before), nw.col(step_column(alike)) + 1)


def in_order(starts: Lazy, course: Course) -> Lazy:
    """The starts with the instants of the steps, each at or after the one before.

    starts: columns entity, at, until and others. With a time from the first step the earliest
    moment of each is taken; with one from the step before, any that leads on.
    """
    if course.from_previous:
        return _joined(starts, _reached(starts, course, None))
    taken = _begun(starts)
    for place, moments, alike in course.places():
        before = step_column(place - 1)
        # Nothing follows a step that was not taken: of a null the later instant is null, too.
        held = ~nw.col(before).is_null()
        since = taken.with_columns(since=nw.when(held).then(_earliest(before, alike)))
        found = first_after(since, moments, since="since", told="found")
        taken = _in_time(found, course, place).drop("since")
    return taken


def any_order(starts: Lazy, course: Course) -> Lazy:
    """The starts with the first instant of every step, whichever of them came first."""
    taken = _begun(starts)
    for place, moments, alike in course.places():
        since = taken.with_columns(since=_earliest("at", alike))
        found = first_after(since, moments, since="since", told="found")
        taken = _in_time(found, course, place).drop("since")
    return taken


def directly_after(starts: Lazy, course: Course, every: Sequence[Lazy]) -> Lazy:
    """The starts with the instants of steps that follow each other without any row between.

    every: all rows that could lie between; columns entity, at. A step at the same instant as the
    one before follows directly, too.
    """
    instants = nw.concat([one.select(ENTITY, "at") for one in every], how="vertical")
    each = instants.unique([ENTITY, "at"], keep="any")
    nexts = each.with_columns(goal=nw.col("at").shift(-1).over(ENTITY, order_by="at"))
    follows = nw.concat([nexts, each.with_columns(goal=nw.col("at"))], how="vertical")
    return _joined(starts, _reached(starts, course, follows))


def _begun(starts: Lazy) -> Lazy:
    return starts.with_columns(nw.col("at").alias(step_column(1)))


def _in_time(found: Lazy, course: Course, place: int) -> Lazy:
    in_time = nw.when(course.in_time("found", "until")).then(nw.col("found"))
    return found.with_columns(in_time.alias(step_column(place))).drop("found")


def _reached(starts: Lazy, course: Course, follows: Lazy | None) -> Sequence[Lazy]:
    """For each step every moment that leads to it from a start, any way there is.

    follows: which instant may come after which; columns entity, at, goal; None is any later one.
    One table per step; one row per (entity, at of the start, here).
    """
    key = starts.select(ENTITY, "at", deadline=nw.col("until"))
    ways = _begun(key.unique([ENTITY, "at"], keep="any")).with_columns(here=nw.col("at"))
    found: list[Lazy] = []
    for place, moments, alike in course.places():
        goals = moments.select(ENTITY, goal=nw.col("at"), later=nw.col("until")).unique(
            [ENTITY, "goal"], keep="any"
        )
        led = _led(ways, goals, follows)
        late = nw.col("goal") >= _earliest("here", alike)
        in_time = led.filter(late & course.in_time("goal", "deadline"))
        deadline = nw.col("later") if course.from_previous else nw.col("deadline")
        ways = in_time.group_by(ENTITY, "at", "goal").agg(
            *(nw.col(step_column(earlier)).min() for earlier in range(1, place)),
            deadline=deadline.max(),
        )
        ways = ways.with_columns(nw.col("goal").alias(step_column(place))).rename({"goal": "here"})
        found.append(ways)
    return found


def _led(ways: Lazy, goals: Lazy, follows: Lazy | None) -> Lazy:
    if follows is None:
        return ways.join(goals, on=ENTITY, how="inner")
    nexts = follows.select(ENTITY, here=nw.col("at"), goal=nw.col("goal"))
    beside = ways.join(nexts, on=[ENTITY, "here"], how="inner")
    return beside.join(goals, on=[ENTITY, "goal"], how="inner")


def _joined(starts: Lazy, steps: Sequence[Lazy]) -> Lazy:
    taken = starts
    for place, ways in enumerate(steps, start=2):
        name = step_column(place)
        first = ways.group_by(ENTITY, "at").agg(nw.col("here").min().alias(name))
        taken = taken.join(first, on=[ENTITY, "at"], how="left")
    return taken
