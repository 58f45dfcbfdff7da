"""Values told as the records of results."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kpicli.engine.values import By, Value, Values
from kpicli.frames.membership import NONE, OTHER
from kpicli.planning.plan import Step
from kpicli.results import Comparison, Reason, Result
from kpicli.words.calendar import SNAPSHOT, Calendar, Period

# The part that holds a grid's mean row.
MEAN = "mean"


def records_of(values: Values, calendar: Calendar, compare: Sequence[str]) -> Iterator[Result]:
    """One record per part, group and shown period, in the order of the contract."""
    for part in values.parts:
        groups = [by for by in values.parts[part] if not by or _names(by) in values.step.printed]
        for by in sorted(groups, key=lambda by: _order(values.step, by)):
            if values.spine.snapshot:
                yield _snapshot(values, part, by, compare)
                continue
            for period in values.spine.shown:
                yield _record(values, part, by, period, calendar, compare)
    yield from _grid(values)


def _grid(values: Values) -> Iterator[Result]:
    """A record per cohort and age, then the mean of the cohorts as a part of its own."""
    for (part, age), groups in sorted(values.grid.items(), key=lambda one: one[0][1] or 0):
        shown = [by for by in groups if not by or _names(by) in values.step.printed]
        for by in sorted(shown, key=lambda by: _order(values.step, by)):
            for period in values.spine.shown:
                bare = replace(_bare(values, part, by, period), age=age)
                yield _judgeable(
                    values, period, _filled(values.step, bare, groups[by][period.index])
                )
            yield _mean(values, by, (part, age))


def _mean(values: Values, by: By, key: tuple[str | None, int | None]) -> Result:
    """All cohorts shown that are old enough, together: from the first to the last of them."""
    (_, age), value = key, values.means[key][by]
    cells, shown = values.grid[key][by], values.spine.shown
    told = [one for one in shown if cells[one.index].known]
    first, last = (told or shown)[0], (told or shown)[-1]
    label = f"{first.label}..{last.label}"
    bare = Result(values.step.kpi.name, first.grain, label, first.start, last.end)
    return _filled(values.step, replace(bare, part=MEAN, by=dict(by), age=age), value)


def earlier_of(values: Values, calendar: Calendar) -> Iterator[Result]:
    """The headlines right before the periods shown, by which `red_after` is told."""
    groups = [by for by in values.parts[None] if not by or _names(by) in values.step.printed]
    for by in groups:
        for period in () if values.spine.snapshot else values.spine.earlier:
            yield _record(values, None, by, period, calendar, ())


def _order(step: Step, by: By) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """The total first, splits as written, values as in the cut or by text, then (other), (none)."""
    if not by:
        return -1, ()
    return step.by.index(_names(by)), tuple(_place(step, name, value) for name, value in by)


def _place(step: Step, name: str, value: str) -> tuple[int, int, str]:
    last, cut = {OTHER: 1, NONE: 2}, step.cuts.get(name, ())
    return last.get(value, 0), cut.index(value) if value in cut else 0, value


def _names(by: By) -> tuple[str, ...]:
    return tuple(name for name, _ in by)


def _snapshot(values: Values, part: str | None, by: By, compare: Sequence[str]) -> Result:
    value = next(iter(values.parts[part][by].values()))
    bare = Result(values.step.kpi.name, SNAPSHOT, SNAPSHOT, None, None, part=part, by=dict(by))
    unknown = {word: Comparison(None, None, None) for word in compare}
    return replace(_filled(values.step, bare, value), compare=unknown)


def _record(
    values: Values,
    part: str | None,
    by: By,
    period: Period,
    calendar: Calendar,
    compare: Sequence[str],
) -> Result:
    bare = _bare(values, part, by, period)
    record = _judgeable(values, period, _filled(values.step, bare, values.at(part, by, period)))
    told = {
        word: _compared(values, part, by, record, calendar.back(word, period)) for word in compare
    }
    return replace(record, compare=told)


def _bare(values: Values, part: str | None, by: By, period: Period) -> Result:
    return Result(
        values.step.kpi.name,
        period.grain,
        period.label,
        period.start,
        period.end,
        complete=values.spine.complete(period),
        part=part,
        by=dict(by),
        unit=values.units.get(part),
    )


def _judgeable(values: Values, period: Period, record: Result) -> Result:
    """The record with the reason why it cannot be judged, if there is one."""
    if not record.complete:
        why: Reason = "running" if values.spine.running(period) else "stale_source"
        return replace(record, reason=why)
    if not values.step.judged and record.reason is None:
        return replace(record, reason="other_grain")
    return record


def _filled(step: Step, bare: Result, value: Value) -> Result:
    """The record with its value and sums; what is told from other values has no sums."""
    sums, found = value.sums, value.estimated
    known = sums.y is not None or sums.n > 0 or found.value is not None
    told = known and not step.kpi.inputs
    return replace(
        bare,
        value=found.value,
        numerator=None if sums.x_of.nothing or not told else sums.x,
        denominator=None if sums.y_of.nothing else sums.y,
        n=sums.n,
        low=found.low,
        high=found.high,
        reason=found.reason,
        left_out=dict(sums.left_out or {}),
    )


def _compared(
    values: Values, part: str | None, by: By, record: Result, earlier: Period
) -> Comparison:
    """The change since an earlier period; unknown where either value is, or is not complete."""
    before = values.at(part, by, earlier).estimated.value
    if record.value is None or before is None or not record.complete:
        return Comparison(before if record.complete else None, None, None)
    change = record.value - before
    growth = None if values.step.kpi.unit == "ratio" or before <= 0 else change / before
    return Comparison(before, change, growth)
