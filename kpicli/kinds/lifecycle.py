"""Where the active entities come from: new, returning, resurrected; and who went dormant."""

from collections.abc import Mapping
from typing import Literal, Self

import narwhals as nw
from pydantic import model_validator

from kpicli.frames.crowds import listed, often_enough
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy, once
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Ratio,
    Total,
    grows,
    no_inputs,
    no_look_back,
    not_told,
)
from kpicli.kinds.written import Condition, OverEntities
from kpicli.needs import ENTITY, EVER, Activity, Need, of_entity, population
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back

STATES = ("new", "returning", "resurrected", "dormant")


class Written(OverEntities):
    """`did` says what counts as being active (default: any row).

    measure: `active` counts the active, `growth` is the share of gains among all who came or went.
    new_by: `activity`, whose first activity ever it is (default), or `created`, who is in the list
    since this window.
    """

    did: Condition | None = None
    measure: Literal["active", "growth"] = "active"
    new_by: Literal["activity", "created"] = "activity"

    @model_validator(mode="after")
    def _listed(self) -> Self:
        if self.is_seen and self.new_by == "created":
            raise ValueError("new_by: created needs a source that lists everyone, with their start")
        return self

    @property
    def title_note(self) -> str | None:
        """The measure, where it is not the default one."""
        return None if self.measure == "active" else "gains / gains and losses"


def needs(written: Written) -> Mapping[str, Need]:
    """The activity, and everyone."""
    asked = (of_entity(written.entity),)
    rows = (written.source, asked, written.did, written.time)
    active = Activity(*rows, splits=True, reasons=True, history="first")
    return {"active": active, "everyone": population(written.entity, seen=written.is_seen)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, entity) active in the window, or in the one before it; numerator 1.

    The headline counts the active; that of growth has 1 for who came or came back, 0 for who went.
    Where the sources begin within the window before, nobody knows who of them was there already:
    the parts are unknown.
    """
    active, everyone = answers["active"].frame, answers["everyone"].frame
    met = listed(_met(active, calendar), everyone)
    starts = everyone.select(ENTITY, "start_day")
    known = (
        met.join(starts, on=ENTITY, how="left")
        .join(_first_days(active), on=ENTITY, how="left")
        .join(_spans(calendar), on="period", how="inner")
    )
    rows = once(known).with_columns(
        state=_state(written),
        numerator=nw.lit(1),
        denominator=nw.lit(None, dtype=nw.Int64),
    )
    headline = Contributions(rows.filter(nw.col("now")), Total(), beside=("state",))
    if written.measure == "growth":
        headline = _growth(rows)
    counts = None if written.measure == "active" else "count"
    return headline, *(_part(rows, state, counts) for state in STATES)


def _met(active: Lazy, calendar: Days) -> Lazy:
    """Who was active in a window or in the one before: columns now, before, left_out."""
    flags = [
        often_enough(in_periods(active, days), 1).select(
            "period", ENTITY, "left_out", now=nw.lit(now), before=nw.lit(not now)
        )
        for days, now in ((calendar.window, True), (calendar.before, False))
    ]
    both = nw.concat(flags, how="vertical")
    counts = nw.col("left_out").is_null()
    found = (
        both.with_columns(counts=counts)
        .group_by("period", ENTITY)
        .agg(
            now=(nw.col("now") & nw.col("counts")).any(),
            before=(nw.col("before") & nw.col("counts")).any(),
            counts=nw.col("counts").any(),
            seen=nw.col("now").any(),
            why=nw.col("left_out").min(),
        )
    )
    # Of somebody all of whose rows are left out the window itself tells why.
    now = nw.when(nw.col("counts")).then(nw.col("now")).otherwise(nw.col("seen"))
    why = nw.when(~nw.col("counts")).then(nw.col("why"))
    return found.with_columns(now=now, left_out=why).drop("counts", "seen", "why")


def _first_days(active: Lazy) -> Lazy:
    counting = active.filter(nw.col("left_out").is_null())
    return counting.group_by(ENTITY).agg(first_active=nw.col("day").min())


def _spans(calendar: Days) -> Lazy:
    """The windows, and whether the window before is told whole."""
    begins = calendar.before.group_by("period").agg(before_first=nw.col("day").min())
    spans = calendar.spans.select("period", "window_first", "known_day")
    told = nw.col("before_first") >= nw.col("known_day")
    joined = spans.join(begins, on="period", how="inner")
    return joined.select("period", "window_first", "known_day", told=told)


def _state(written: Written) -> nw.Expr:
    """The state in words; unknown where the window before is not told whole."""
    begun = nw.col("window_first")
    if written.new_by == "created":
        new = nw.col("start_day") >= begun
    else:
        # Somebody older than the files was active before, whatever they show.
        dated = nw.col("start_day") > EVER
        older = (dated & (nw.col("start_day") < nw.col("known_day"))).fill_null(value=False)
        new = (nw.col("first_active") >= begun) & ~older
    return (
        nw.when(~nw.col("told"))
        .then(nw.lit("unknown"))
        .when(~nw.col("now"))
        .then(nw.lit("dormant"))
        .when(nw.col("before"))
        .then(nw.lit("returning"))
        .when(new)
        .then(nw.lit("new"))
        .otherwise(nw.lit("resurrected"))
    )


def _growth(rows: Lazy) -> Contributions:
    """Who came, came back or went; who stayed says nothing of growth."""
    unknown = nw.col("state") == "unknown"
    gained = nw.col("state").is_in(["new", "resurrected"])
    moved = rows.filter(nw.col("state") != "returning").with_columns(
        left_out=nw.coalesce("left_out", nw.when(unknown).then(nw.lit("unknown"))),
        numerator=nw.when(gained).then(nw.lit(1)).otherwise(nw.lit(0)),
        denominator=nw.lit(1),
    )
    return Contributions(moved, Ratio(interval="wilson"), beside=("state",))


def _part(rows: Lazy, state: str, counts: str | None) -> Contributions:
    unknown = nw.col("state") == "unknown"
    mine = (nw.col("state") == state) | (unknown & nw.col("now"))
    # Who does not count at all stands with the headline.
    counting = rows.filter(mine & nw.col("left_out").is_null())
    told = counting.with_columns(
        left_out=nw.when(unknown).then(nw.lit("unknown")),
        numerator=nw.when(~unknown).then(nw.col("numerator")),
    )
    return Contributions(told, Total(of_values=True), part=state, unit=counts)


def per_period(written: Written) -> bool:
    """Longer periods see more people, unless a window fixes how far back one looks."""
    return written.measure == "active" and written.window is None and grows(written)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A count; growth is a ratio."""
    return "count" if written.measure == "active" else "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    did = f" with {written.did.text}" if written.did else ""
    new = "for the first time ever"
    if written.new_by == "created":
        new = "and listed since then only"
    before = f"the {written.window} before" if written.window else "the period before"
    counted = f"Distinct {written.whom} with rows{did} of {written.source} in {written.when}"
    if written.measure == "growth":
        counted = f"{counted}: new and resurrected divided by new, resurrected and dormant"
    return (
        f"{counted}; "
        f"new: {new}; returning: in {before} too; resurrected: not in it, yet earlier; "
        "dormant: in it only"
    )
