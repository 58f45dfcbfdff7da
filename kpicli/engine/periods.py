"""Which periods a step needs, which of them count, and the calendar table for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kpicli.engine.reach import Reach
from kpicli.planning.plan import Step
from kpicli.words.calendar import Calendar, Period, day_number

SNAPSHOT_PERIOD = 0


@dataclass(frozen=True)
class Spine:
    """The periods of a step, oldest first.

    shown are printed; needed are those and what they are compared with. earlier are those right
    before them that tell how often a target was missed. read_to, exclusive, is the KPI's own
    reading date. A snapshot has no periods: the list as it is.
    """

    shown: tuple[Period, ...]
    needed: tuple[Period, ...]
    as_of: date
    read_to: date
    first: date | None
    snapshot: bool = False
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    earlier: tuple[Period, ...] = ()

    def complete(self, period: Period) -> bool:
        """Whether a period has ended, and every source reaches its end."""
        return period.end <= self.as_of and period.end <= self.read_to

    def running(self, period: Period) -> bool:
        """Whether a period has not ended by the reading date."""
        return period.end > self.as_of

    def passed(self, period: Period) -> bool:
        """Whether the file shows a later state than that of the period's end.

        A reading date in the past does not bring back what the rows said then. Rows of the
        reading day itself were read that day.
        """
        shown = max((self.as_of, *(reach.last for reach in self.reaches.values())))
        return min(period.end, self.as_of) < shown

    def inside(self, period: Period) -> bool:
        """Whether the sources cover some of the period: outside, nothing is known."""
        return self.first is not None and period.end > self.first and period.start < self.read_to

    def begun(self, period: Period) -> bool:
        """Whether the sources had begun by the period's end; a list as it is has no beginning."""
        return self.snapshot or (self.first is not None and period.end > self.first)


def spine_of(
    step: Step,
    calendar: Calendar,
    as_of: date,
    compare: Sequence[str],
    reaches: Mapping[str, Reach],
    last: Period | None,
    *,
    partial: bool,
    snapshot: bool,
) -> Spine:
    """The periods a step computes, up to the reading date or a chosen last period."""
    dated = list(reaches.values())
    upto = min(last.end, as_of) if last else as_of
    shown = list(calendar.complete(step.grain, upto, step.periods))
    if (partial and last is None) or (last and last.end > as_of):
        shown.append(calendar.period_of(step.grain, upto))
    before = range(step.kpi.written.red_after - 1, 0, -1)
    earlier = tuple(calendar.period(step.grain, shown[0].index - back) for back in before)
    needed = {*earlier, *shown}
    for period in shown:
        for word in compare:
            needed.add(calendar.back(word, period))
    for period in tuple(needed):
        for back in range(1, step.depth + 1):
            needed.add(calendar.period(step.grain, period.index - back))
    return Spine(
        shown=tuple(shown),
        needed=tuple(sorted(needed)),
        as_of=as_of,
        read_to=min((as_of, *(reach.good_to for reach in dated))),
        first=max((reach.first for reach in dated), default=None),
        snapshot=snapshot,
        reaches=reaches,
        earlier=earlier,
    )


def calendar_table(spine: Spine) -> pl.LazyFrame:
    """One row per (day, period) of the needed periods, cut at the KPI's reading date."""
    if spine.snapshot:
        return pl.LazyFrame({"day": [0], "period": [SNAPSHOT_PERIOD]}, schema=_SCHEMA)
    upto = day_number(min(spine.as_of, spine.read_to))
    days = [
        (day, period.index)
        for period in spine.needed
        for day in range(day_number(period.start), min(day_number(period.end), upto))
    ]
    return pl.LazyFrame(days, schema=_SCHEMA, orient="row")


_SCHEMA = {"day": pl.Int32, "period": pl.Int32}


def span_of(periods: Iterable[Period]) -> tuple[date, date]:
    """The first day and the day after the last of some periods."""
    listed = list(periods)
    return min(period.start for period in listed), max(period.end for period in listed)
