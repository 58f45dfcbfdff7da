"""Which periods a step needs, which of them count, and the calendar table for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import narwhals as nw
import polars as pl

from kpicli.engine.reach import Reach
from kpicli.engine.stretches import STRETCH_SCHEMA, stretches
from kpicli.engine.versions import OWN_DAY
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.needs import Activity, Rows
from kpicli.planning.plan import Step
from kpicli.words.calendar import Calendar, Period, day_number, shift
from kpicli.words.durations import Duration

SNAPSHOT_PERIOD = 0


@dataclass(frozen=True)
class Spine:
    """The periods of a step, oldest first.

    shown are printed; needed are those and what they are compared with. earlier are those right
    before them that tell how often a target was missed. read_to, exclusive, is the KPI's own
    reading date. A snapshot has no periods: the list as it is. window is how far a KPI looks back
    for what was done, known_from the first day of the first period of the sources.
    """

    shown: tuple[Period, ...]
    needed: tuple[Period, ...]
    as_of: date
    read_to: date
    first: date | None
    snapshot: bool = False
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    window: Duration | None = None
    known_from: date | None = None
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
        """Whether the sources cover some of the period: outside, nothing is known.

        Of a window they must cover the whole: what was done in half of it says too little.
        """
        if self.first is None or self.known_from is None:
            return False
        covered = self.window is None or _window_first(period, self.window) >= self.known_from
        return covered and period.end > self.first and period.start < self.read_to

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
    first = max((reach.first for reach in dated), default=None)
    return Spine(
        shown=tuple(shown),
        needed=tuple(sorted(needed)),
        as_of=as_of,
        read_to=min((as_of, *(reach.good_to for reach in dated))),
        first=first,
        snapshot=snapshot,
        reaches=reaches,
        window=step.kpi.window if _looks_at_doings(step) else None,
        known_from=calendar.period_of(step.grain, first).start if first else None,
        earlier=earlier,
    )


def _looks_at_doings(step: Step) -> bool:
    """Whether a window that begins before the rows do would miss what entities did in it."""
    if step.kpi.crowd is None:
        return False
    needs = step.kpi.needs.values()
    return any(isinstance(need, Activity) or type(need) is Rows for need in needs)


def calendar_days(spine: Spine, window: Duration | None, calendar: Calendar) -> Days:
    """The needed periods as tables of days, cut at the KPI's reading date."""
    if spine.snapshot:
        day = pl.LazyFrame({"day": [0], "period": [SNAPSHOT_PERIOD]}, schema=_DAY_SCHEMA)
        no_spans = _lazy(pl.LazyFrame(schema=_SPAN_SCHEMA))
        nothing = _lazy(pl.LazyFrame(schema=STRETCH_SCHEMA))
        return Days(_lazy(day), _lazy(day), no_spans, _lazy(day), "day", nothing, _lazy(day), 0)
    upto = min(spine.as_of, spine.read_to)
    firsts = {period.index: _window_first(period, window) for period in spine.needed}
    grain = spine.needed[0].grain
    running = calendar.period_of(grain, upto)
    course = [
        calendar.period(grain, index) for index in range(spine.needed[0].index, running.index + 1)
    ]
    spans = [
        (
            period.index,
            day_number(period.start),
            day_number(period.end),
            day_number(firsts[period.index]),
            day_number(upto),
            _micros(calendar, upto),
            running.index - 1,
            day_number(spine.known_from or upto),
        )
        for period in spine.needed
    ]
    return Days(
        _lazy(_day_rows([(one, one.start) for one in spine.needed], upto)),
        _lazy(_day_rows([(one, firsts[one.index]) for one in spine.needed], upto)),
        _lazy(pl.LazyFrame(spans, schema=_SPAN_SCHEMA, orient="row")),
        _lazy(_day_rows([(one, one.start) for one in course], upto)),
        grain,
        _lazy(stretches(spine.needed, window, calendar, upto)),
        _lazy(_days_before(spine.needed, window, calendar, upto)),
        since_day(spine, window, calendar),
    )


def since_day(spine: Spine, window: Duration | None, calendar: Calendar) -> int:
    """The first day that the periods and what is compared with them look at; 0 of a snapshot."""
    if spine.snapshot:
        return 0
    return min(day_number(_before(one, window, calendar)) for one in spine.needed)


def period_ends(days: Days, read_to: date | None) -> pl.LazyFrame:
    """As of when entities are told: columns period, end_day, as of day (the period's last).

    Of a running period the last day that is read; a list as it is has one, the reading date.
    """
    spans: pl.LazyFrame = days.spans.to_native()
    last = pl.min_horizontal("end_day", "read_day") - 1
    ends = spans.select("period", "end_day", last.alias(OWN_DAY)).collect()
    if ends.height == 0 and read_to is not None:
        upto = day_number(read_to)
        ends = pl.DataFrame([(SNAPSHOT_PERIOD, upto, upto - 1)], schema=ends.schema, orient="row")
    return ends.lazy()


def only_period(days: Days, index: int) -> Days:
    """The tables of one period alone; what came after it stays."""
    chosen = nw.col("period") == index
    return replace(
        days,
        days=days.days.filter(chosen),
        window=days.window.filter(chosen),
        spans=days.spans.filter(chosen),
        stretches=days.stretches.filter(chosen),
        before=days.before.filter(chosen),
    )


def _window_first(period: Period, window: Duration | None) -> date:
    return period.start if window is None else shift(period.end, window, -1)


def _days_before(
    periods: Sequence[Period], window: Duration | None, calendar: Calendar, upto: date
) -> pl.LazyFrame:
    """The days of the window before; without a window those of the period before."""
    rows: list[tuple[int, int]] = []
    for period in periods:
        first, end = _before(period, window, calendar), _window_first(period, window)
        days = range(day_number(first), day_number(min(end, upto)))
        rows += [(day, period.index) for day in days]
    return pl.LazyFrame(rows, schema=_DAY_SCHEMA, orient="row")


def _before(period: Period, window: Duration | None, calendar: Calendar) -> date:
    """The first day of the window before; without a window of the period before."""
    if window is None:
        return calendar.period(period.grain, period.index - 1).start
    return shift(_window_first(period, window), window, -1)


def _day_rows(begins: Sequence[tuple[Period, date]], upto: date) -> pl.LazyFrame:
    rows = [
        (day, period.index)
        for period, first in begins
        for day in range(day_number(first), day_number(min(period.end, upto)))
    ]
    return pl.LazyFrame(rows, schema=_DAY_SCHEMA, orient="row")


def _micros(calendar: Calendar, day: date) -> int:
    return int(calendar.instant(day).timestamp()) * 1_000_000


def _lazy(frame: pl.LazyFrame) -> Lazy:
    return nw.from_native(frame)


_DAY_SCHEMA = {"day": pl.Int32, "period": pl.Int32}
_SPAN_SCHEMA = {
    "period": pl.Int32,
    "first_day": pl.Int32,
    "end_day": pl.Int32,
    "window_first": pl.Int32,
    "read_day": pl.Int32,
    "read_at": pl.Int64,
    "last_whole": pl.Int32,
    "known_day": pl.Int32,
}


def span_of(periods: Iterable[Period]) -> tuple[date, date]:
    """The first day and the day after the last of some periods."""
    listed = list(periods)
    return min(period.start for period in listed), max(period.end for period in listed)
