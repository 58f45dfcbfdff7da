"""Which part of those who could use something does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, Self

import narwhals as nw
from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from kpicli.frames.crowds import throughout
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy, once
from kpicli.frames.places import per_entity, with_beside
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import Answer, Contributions, Ratio, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.written import Condition, OverEntities
from kpicli.needs import ENTITY, Activity, Need, of_entity, population
from kpicli.words.calendar import day_number
from kpicli.words.dates import day_from
from kpicli.words.instances import Instance
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays

Measure = Literal["used", "new", "ever", "of_active"]
MEASURES: tuple[Measure, ...] = ("used", "new", "ever", "of_active")
Day = Annotated[
    date,
    Instance(),
    BeforeValidator(lambda written: day_from(written) if isinstance(written, str) else written),
    WithJsonSchema({"type": "string", "description": "a date: 2025-06-01"}),
]


class Written(OverEntities):
    """`did` is using it, `at_least` how often, `eligible` who can; `measure` names the headline.

    active: what counts as active for of_active (default: any row of the source). since_release:
    the first day of something new; nothing before it counts, and no window begins before it.
    """

    did: Condition
    measure: Measure = "used"
    at_least: Annotated[int, Field(ge=1)] = 1
    eligible: Condition | None = None
    active: Condition | None = None
    since_release: Day | None = None

    @model_validator(mode="after")
    def _listed(self) -> Self:
        if self.is_seen and self.eligible:
            raise ValueError(
                "eligible: is asked of the list of everyone; population: seen has none"
            )
        return self

    @property
    def title_note(self) -> str | None:
        """The measure: four numbers go by the name of adoption."""
        return self.measure.replace("_", " ")


def needs(written: Written) -> Mapping[str, Need]:
    """The use, any activity, and everyone with whether they are eligible."""
    asked = (of_entity(written.entity),)
    # The first time ever tells who had adopted it, unless more than that is asked of the past.
    simple = written.at_least == 1 and written.since_release is None
    used = Activity(written.source, asked, written.did, written.time, final=True)
    active = Activity(
        written.source, asked, written.active, written.time, history="none", final=True
    )
    return {
        "used": replace(used, history="first") if simple else used,
        "active": active,
        "everyone": population(written.entity, written.eligible, seen=written.is_seen, afresh=True),
    }


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, entity) that could: denominator 1, numerator 1 if it did.

    Whoever never appears among the events stands there with 0. The headline is the part named by
    `measure`.
    """
    window, spans = _since(calendar, written.since_release)
    used = answers["used"].frame
    if written.since_release:
        used = used.filter(nw.col("day") >= day_number(written.since_release))
    crowd = throughout(answers["everyone"].frame, spans)
    often = with_beside(crowd, _times(used, window))
    adopted = often.join(_adopted(used, written.at_least), on=ENTITY, how="left")
    known = with_beside(adopted, _seen(answers["active"].frame, window))
    rows = once(known).with_columns(
        used=_yes(nw.col("n") >= written.at_least),
        ever=_yes(nw.col("adopted_day") < nw.col("upto")),
        denominator=nw.lit(1),
    )
    found = {part: _part(rows, part) for part in MEASURES}
    ratio = Ratio(interval="wilson")
    headline = Contributions(found[written.measure], ratio)
    return headline, *(Contributions(found[part], ratio, part=part) for part in MEASURES)


def _since(calendar: Days, release: date | None) -> tuple[Lazy, Lazy]:
    """Windows and spans, cut where something was released."""
    if release is None:
        return calendar.window, calendar.spans
    first = day_number(release)
    later = nw.max_horizontal(nw.col("window_first"), nw.lit(first, dtype=nw.Int32))
    spans = calendar.spans.filter(nw.col("end_day") > first).with_columns(window_first=later)
    return calendar.window.filter(nw.col("day") >= first), spans


def _times(used: Lazy, window: Lazy) -> Lazy:
    return per_entity(in_periods(used, window), n=nw.col("n").sum())


def _adopted(used: Lazy, at_least: int) -> Lazy:
    """The day on which an entity had done it often enough, over all history."""
    reached = used
    if at_least > 1:
        so_far = nw.col("n").cum_sum().over(ENTITY, order_by="day")
        reached = used.with_columns(so_far=so_far).filter(nw.col("so_far") >= at_least)
    return reached.group_by(ENTITY).agg(adopted_day=nw.col("day").min())


def _seen(active: Lazy, window: Lazy) -> Lazy:
    return per_entity(in_periods(active, window), active=nw.len() > 0)


def _yes(holds: nw.Expr) -> nw.Expr:
    return nw.when(holds).then(nw.lit(1)).otherwise(nw.lit(0))


def _part(rows: Lazy, part: Measure) -> Lazy:
    match part:
        case "used":
            return rows.with_columns(numerator=nw.col("used"))
        case "ever":
            return rows.with_columns(numerator=nw.col("ever"))
        case "of_active":
            return rows.filter(nw.col("active")).with_columns(numerator=nw.col("used"))
    # Who had adopted it before the window began cannot do so for the first time.
    before = nw.when(nw.col("adopted_day") < nw.col("window_first")).then(nw.lit("ineligible"))
    return rows.with_columns(numerator=nw.col("ever"), left_out=nw.coalesce("left_out", before))


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    who = f"{written.whom}, there for all of it"
    who += f" and with {written.eligible.text}," if written.eligible else ","
    often = f" at least {written.at_least} times" if written.at_least > 1 else ""
    did = f"{written.did.text}{often}"
    since = f", from the release on {written.since_release} on" if written.since_release else ""
    base = f"with {written.active.text}" if written.active else f"with any row of {written.source}"
    words = {
        "used": f"Share of {who} with {did} in {written.when}",
        "new": f"Of {who} without {did} before, the share with it in {written.when}",
        "ever": f"Share of {who} with {did} ever, by the end of {written.when}",
        "of_active": f"Of {who} {base} in {written.when}, the share with {did} in it",
    }
    return f"{words[written.measure]} (measure: {written.measure}){since}"
