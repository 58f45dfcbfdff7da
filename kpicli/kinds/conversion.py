"""Of those who started in a period, the share that reached the goal within a time."""

from collections.abc import Mapping
from typing import Literal

import narwhals as nw
from pydantic import Field

from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.moments import Starts, first_after, last_before, starts_in_periods
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
from kpicli.kinds.written import Lost, Step, Text, Value, Within, WrittenKpi, loss_of
from kpicli.needs import (
    ENTITY,
    SAME,
    Asked,
    History,
    Moments,
    Need,
    lack_of,
    of_entity,
    of_same,
    population,
)
from kpicli.words.durations import Duration
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays

WEIGHT = "weight"
_LACK = lack_of(WEIGHT)
WON, LOST, OPEN = "won", "lost", "open"


class Written(WrittenKpi):
    """`from` is where it starts, `to` the goal, `within` how long there is for it.

    starts: `first`, the entity's first ever (default); `every`, its first in each period; `each`,
    every one by itself; `nearest`, the same, where a goal belongs to the last start before it.
    window_edge: exclusive leaves out a goal at exactly `within`. at_once: false leaves out a goal
    at the very instant of the start. same: a column whose value start and goal must share.
    """

    entity: Text
    start: Step = Field(alias="from")
    to: Step
    within: Within
    starts: Starts = "first"
    window_edge: Literal["inclusive", "exclusive"] = "inclusive"
    at_once: bool | None = None
    same: Text | None = None
    lost: Lost | None = None
    weight: Value | None = None
    population: Literal["seen"] | None = None

    @property
    def loss(self) -> Step | None:
        """Who can no longer get there."""
        return loss_of(self.lost, self.to)

    @property
    def may_be_at_once(self) -> bool:
        """Whether the start's own instant will do; never where the goal is the start again."""
        return not self.start.is_like(self.to) if self.at_once is None else self.at_once


def needs(written: Written) -> Mapping[str, Need]:
    """The moments of start, goal and loss; a start carries until when the goal counts."""
    within = written.within if isinstance(written.within, Duration) else None
    loss = {LOST: _moments(written.loss, written, None, start=False)} if written.loss else {}
    return {
        "from": _moments(written.start, written, within, start=True),
        "to": _moments(written.to, written, None, start=False),
        **loss,
        "everyone": population(written.entity, seen=written.population == "seen"),
    }


def _moments(step: Step, written: Written, within: Duration | None, *, start: bool) -> Moments:
    weight: tuple[Asked, ...] = ()
    if written.weight and start:
        # Who weighs nobody knows what has started all the same.
        weight = (Asked(WEIGHT, written.weight, "number", may_lack=True),)
    return Moments(
        step.source,
        (of_entity(step.entity or written.entity), *of_same(written.same), *weight),
        step.where,
        step.time,
        within=within,
        reasons=start,
        # A goal belongs to one start, whatever that start shows.
        splits=start and written.starts != "nearest",
        history=_history(written) if start else "none",
    )


def _history(written: Written) -> History:
    """Of a value or a weight, or where goals seek their start, every earlier one may count."""
    if written.same or written.weight or written.starts == "nearest":
        return "all"
    return "first" if written.starts == "first" else "none"


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per start: denominator 1 or its weight, numerator that if the goal came in time.

    A start whose time is not over by the reading date is immature, whether it converted or not. The
    parts say of every start, a young one too, what had become of it by the reading date.
    """
    begun = _ending(answers["from"].frame, written)
    kept = ("until", WEIGHT, _LACK) if written.weight else ("until",)
    starts = starts_in_periods(_weighed(begun, written), calendar.days, written.starts, kept)
    reached = _reached(written, begun, _known(written, starts), answers["to"].frame)
    rows = listed(reached, answers["everyone"].frame)
    read = rows.join(calendar.spans.select("period", "read_at"), on="period", how="inner")
    young = nw.when(_young(written)).then(nw.lit("immature"))
    told = read.with_columns(left_out=nw.coalesce("left_out", young))
    weighed = answers["from"].types.get(WEIGHT, "number")
    headline = _share(written, told, _in_time(written), weighed)
    if LOST not in answers:
        return (headline,)
    met = first_after(read, answers[LOST].frame, told="gone")
    won, gone = ~nw.col("reached").is_null(), ~nw.col("gone").is_null()
    became = ((WON, won), (LOST, ~won & gone), (OPEN, ~won & ~gone))
    return headline, *(_share(written, met, holds, weighed, part) for part, holds in became)


def _share(
    written: Written, rows: Lazy, holds: nw.Expr, weighed: ColumnType, part: str | None = None
) -> Contributions:
    """The share of the starts, or of their weight, of which something holds."""
    weight = nw.col(WEIGHT) if written.weight else nw.lit(1)
    told = rows.with_columns(
        numerator=nw.when(holds).then(weight).otherwise(nw.lit(0)), denominator=weight
    )
    # Weighted starts are not draws of one size: Wilson's interval would be too narrow.
    interval: Interval | None = None if written.weight else "wilson"
    return Contributions(told, Ratio(interval=interval, ripens=True), part, weighed, weighed)


def _weighed(moments: Lazy, written: Written) -> Lazy:
    """Rows of an entity at one instant are one start, with what they weigh together."""
    if written.starts == "each" or (written.weight is None and written.starts != "nearest"):
        return moments
    names = moments.collect_schema().names()
    keys = [name for name in names if name not in (WEIGHT, _LACK, SAME)]
    if written.weight is None:
        # One goal belongs to one start.
        return moments.select(keys).unique(keep="any")
    summed = moments.group_by(*keys).agg(
        nw.col(WEIGHT).sum(), nw.col(_LACK).max(), known=nw.col(WEIGHT).count()
    )
    weight = nw.when(nw.col("known") > 0).then(nw.col(WEIGHT))
    return summed.with_columns(weight.alias(WEIGHT)).drop("known")


def _known(written: Written, starts: Lazy) -> Lazy:
    """The starts, of which those do not count that weigh nobody knows what."""
    if not written.weight:
        return starts
    lacks = nw.when(nw.col(WEIGHT).is_null()).then(nw.col(_LACK))
    return starts.with_columns(left_out=nw.coalesce("left_out", lacks)).drop(_LACK)


def _ending(moments: Lazy, written: Written) -> Lazy:
    if isinstance(written.within, Duration):
        return moments
    return moments.with_columns(until=nw.lit(None, dtype=nw.Int64))


def _reached(written: Written, begun: Lazy, starts: Lazy, goals: Lazy) -> Lazy:
    """The starts with the instant of their goal in the column reached, null where there is none."""
    if written.starts != "nearest" and not written.same:
        return first_after(starts, goals, at_once=written.may_be_at_once)
    counting = begun.filter(nw.col("left_out").is_null())
    if written.same:
        pairs = _by_the_same(written, starts, counting, goals)
    else:
        pairs = last_before(goals, counting, at_once=written.may_be_at_once)
    found = pairs.group_by(ENTITY, "begun").agg(reached=nw.col("at").min())
    return starts.join(found, left_on=[ENTITY, "at"], right_on=[ENTITY, "begun"], how="left")


def _by_the_same(written: Written, starts: Lazy, begun: Lazy, goals: Lazy) -> Lazy:
    """Goals whose value has started, too, and no earlier than the entity's own start."""
    own = starts.select(ENTITY, begun=nw.col("at")).unique([ENTITY, "begun"], keep="any")
    began = begun.select(ENTITY, SAME, started=nw.col("at")).join(own, on=ENTITY, how="inner")
    mine = began.filter(nw.col("started") >= nw.col("begun"))
    first = mine.group_by(ENTITY, SAME, "begun").agg(started=nw.col("started").min())
    pairs = goals.select(ENTITY, SAME, "at").join(first, on=[ENTITY, SAME], how="inner")
    after = nw.col("at") >= nw.col("started")
    return pairs.filter(after if written.may_be_at_once else nw.col("at") > nw.col("started"))


def _in_time(written: Written) -> nw.Expr:
    reached = ~nw.col("reached").is_null()
    if not isinstance(written.within, Duration):
        return reached
    early = nw.col("reached") < nw.col("until")
    return early if written.window_edge == "exclusive" else nw.col("reached") <= nw.col("until")


def _young(written: Written) -> nw.Expr:
    """Whether a goal may still come: nothing at the reading date itself has been read."""
    if not isinstance(written.within, Duration):
        return nw.lit(value=False)
    over = nw.col("until") > nw.col("read_at")
    return over if written.window_edge == "exclusive" else nw.col("until") >= nw.col("read_at")


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


_BEGIN = {
    "first": "with their first {} in the period",
    "every": "with {} in the period, from the first there",
    "each": "with {} in the period, every one by itself",
    "nearest": "with {} in the period, every one by itself until the next",
}


def sentence(written: Written) -> str:
    """Say it in words, with every choice in force."""
    begin = _BEGIN[written.starts].format(written.start.text)
    words = f"Of {written.entity} {begin}, the share with {written.to.text}"
    if written.same:
        words += f" by the same {written.same}"
    words += " at any later time" if written.within == "ever" else f" within {written.within}"
    edge = "included" if written.window_edge == "inclusive" else "excluded"
    words += "" if written.within == "ever" else f" (at exactly {written.within}: {edge})"
    words += f", by {written.weight.text}" if written.weight else ""
    return words if written.may_be_at_once else f"{words}, later than the start itself"
