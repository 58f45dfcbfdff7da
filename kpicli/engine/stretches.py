"""The stretches of time that a KPI compares with what was before them."""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from kpicli.words.calendar import Calendar, Period, day_number, shift
from kpicli.words.durations import Duration

_Days = tuple[date, date]
STRETCH_SCHEMA = {
    "period": pl.Int32,
    "of": pl.String,
    "first_day": pl.Int32,
    "end_day": pl.Int32,
    "before_first": pl.Int32,
    "before_end": pl.Int32,
}


def stretches(
    periods: Sequence[Period], window: Duration | None, calendar: Calendar, upto: date
) -> pl.LazyFrame:
    """The stretches of each period that had begun by the reading date, cut there.

    One row per (period, stretch); of says which it is: the `period` itself, beside the one before;
    the `window` as a whole, beside the same days one window earlier; or a `step` of the window, of
    which the first is cut where the window begins. Days are numbers, ends exclusive.
    """
    rows = [
        (period.index, of, *(day_number(day) for day in (first, min(end, upto), *before)))
        for period in periods
        for of, (first, end), before in _stretches(period, window, calendar)
        if first < upto
    ]
    return pl.LazyFrame(rows, schema=STRETCH_SCHEMA, orient="row")


def _stretches(
    period: Period, window: Duration | None, calendar: Calendar
) -> Iterator[tuple[str, _Days, _Days]]:
    own = (period.start, period.end)
    before = calendar.period(period.grain, period.index - 1)
    yield "period", own, (before.start, before.end)
    if window is not None:
        begin = shift(period.end, window, -1)
        yield "window", own, (shift(period.start, window, -1), begin)
        yield from _steps(period, begin, calendar)


def _steps(period: Period, begin: date, calendar: Calendar) -> Iterator[tuple[str, _Days, _Days]]:
    step = period
    while step.end > begin:
        before = calendar.period(step.grain, step.index - 1)
        first = max(step.start, begin)
        yield "step", (first, step.end), (before.start, first)
        step = before
