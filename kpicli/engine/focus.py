"""One number of a run, and everything that it was computed from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.engine.records import MEAN, records_of
from kpicli.engine.room import Room, StepKey, open_room
from kpicli.engine.run import compute_values
from kpicli.engine.values import By, Value, Values, input_part
from kpicli.errors import RequestError, SourceError, did_you_mean
from kpicli.planning.plan import Plan, Step
from kpicli.planning.question import Question, period_asked, plan_question
from kpicli.results import Result
from kpicli.words.calendar import Period


@dataclass(frozen=True)
class Focus:
    """A step, a period (None: a list as it is), part, group and age, in the room they stand in.

    all_values holds every step of the run, the inputs of a formula among them.
    """

    room: Room
    plan: Plan
    step: Step
    all_values: Mapping[StepKey, Values]
    period: Period | None
    part: str | None
    by: By
    age: int | None = None

    @property
    def values(self) -> Values:
        """All values of the step."""
        return self.all_values[self.step.key]

    @property
    def value(self) -> Value:
        """The number, with the sums it comes from."""
        return self.values.at(self.part, self.by, self.period or _anywhere(self.step), self.age)

    @property
    def unit(self) -> str:
        """The unit of the number: the part's own, or the KPI's."""
        return self.values.units.get(self.part) or self.step.kpi.unit

    def records(self) -> tuple[Result, ...]:
        """All results of the step, as a report has them before they are judged."""
        return tuple(records_of(self.values, self.room.desk.calendar, self.plan.compare))

    def pick(self, results: Iterable[Result]) -> Result:
        """The number among the results of its step."""
        label = self.period.label if self.period else None
        return next(
            one
            for one in results
            if (one.part, tuple(one.by.items()), one.age) == (self.part, self.by, self.age)
            and label in (None, one.label)
        )

    def inputs(self) -> tuple["Focus", ...]:
        """The numbers that a formula is told from, each once; none for kinds over data."""
        return tuple(_inputs(self))


def focus_on(book: Book, question: Question, today: date, cache: Cache | None = None) -> Focus:
    """The number that is asked about.

    RequestError where the KPI, its period, part, age or segment value is not there; SourceError
    where the KPI cannot be computed.
    """
    plan = plan_question(book, question)
    asked = period_asked(book, question)
    step = plan.shown[0]
    room = open_room(book, plan, today, cache or Cache())
    values = _values(book, plan, room, step)
    spine = values[step.key].spine
    if asked and not spine.snapshot and asked not in spine.shown:
        room = replace(room, last=asked)
        values = _values(book, plan, room, step)
    part, by = _part(question, values[step.key]), _by(question, step, values[step.key])
    _check_age(question, values[step.key])
    period = _period(asked, values[step.key], part, by, question.age)
    return Focus(room, plan, step, values, period, part, by, question.age)


def _values(book: Book, plan: Plan, room: Room, step: Step) -> dict[StepKey, Values]:
    values, broken = compute_values(book, plan, room)
    if step.key in broken:
        raise SourceError(broken[step.key])
    return values


def _part(question: Question, values: Values) -> str | None:
    if question.part in values.parts:
        return question.part
    parts = [part for part in values.parts if part]
    hint = did_you_mean(str(question.part), parts) if parts else "it has one number: leave it out"
    if question.part == MEAN and values.grid:
        hint = "a mean is of many cohorts: --period and --age name a cell, whose members are shown"
    raise RequestError(f"{question.kpi} has no part {question.part!r}", hint, "unknown_part")


def _check_age(question: Question, values: Values) -> None:
    if question.age is None or (question.part, question.age) in values.grid:
        return
    ages = [age for part, age in values.grid if part == question.part and age is not None]
    hint = f"it has {min(ages)} to {max(ages)}" if ages else "only a grid of cohorts has ages"
    raise RequestError(f"{question.kpi} has no age {question.age}", hint, "unknown_age")


def _by(question: Question, step: Step, values: Values) -> By:
    """The group asked for, its names in the order of the split."""
    if not question.by:
        return ()
    split = next(one for one in step.by if set(one) == set(question.by))
    wanted = tuple((name, question.by[name]) for name in split)
    groups = [by for by in values.parts[question.part] if tuple(name for name, _ in by) == split]
    if wanted in groups:
        return wanted
    written = ", ".join(f"{name}={value}" for name, value in wanted)
    known = [" × ".join(value for _, value in by) for by in groups]
    hint = did_you_mean(" × ".join(question.by[name] for name in split), known)
    raise RequestError(f"{question.kpi} has no rows of {written}", hint, "unknown_value")


def _period(
    asked: Period | None, values: Values, part: str | None, by: By, age: int | None
) -> Period | None:
    """The period asked for, else the newest complete one that is mature enough to tell."""
    spine, name = values.spine, values.step.kpi.name
    if spine.snapshot:
        if asked:
            raise RequestError(f"{name} counts a list as it is today", "leave --period out")
        return None
    if asked:
        if asked not in spine.shown:
            upto = f"the data is read up to {spine.as_of}, exclusive"
            raise RequestError(f"{asked.label} has not begun: {upto}", None, "unknown_period")
        return asked
    complete = [period for period in spine.shown if spine.complete(period)]
    told = {one: values.at(part, by, one, age).estimated for one in complete}
    mature = [one for one in complete if told[one].reason != "immature"]
    known = [one for one in complete if told[one].value is not None]
    return (mature or known or complete or list(spine.shown))[-1]


def _inputs(focus: Focus) -> Iterator[Focus]:
    asked: dict[tuple[str, int], None] = {}

    def look(name: str, back: int) -> float | None:
        asked[(name, back)] = None
        return _input(focus, name, back).value.estimated.value

    if focus.step.kpi.inputs:
        focus.step.kpi.shelf.told(focus.step.kpi.written, look)
    for name, back in asked:
        if focus.part in (None, input_part(name, back)):
            yield _input(focus, name, back)


def _input(focus: Focus, name: str, back: int) -> Focus:
    step = next(one for one in focus.plan.steps if one.key == (name, focus.step.grain))
    period = focus.period
    if period and back:
        period = focus.room.desk.calendar.period(period.grain, period.index - back)
    return replace(focus, step=step, period=period, part=None, age=None)


def _anywhere(step: Step) -> Period:
    """A period for what has none: its values are the same at any time."""
    return Period(0, step.grain, date.min, date.min, "")
