"""The values of a step by part, group and period."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kpicli.engine.estimates import Estimated, Sums, estimate
from kpicli.engine.periods import SNAPSHOT_PERIOD, Spine
from kpicli.engine.series import PartSums, by_of
from kpicli.kinds.base import Lookup
from kpicli.planning.plan import Step
from kpicli.results import Reason
from kpicli.words.calendar import Period

By = tuple[tuple[str, str], ...]
TOTAL_BY: By = ()


@dataclass(frozen=True)
class Value:
    """A group's estimate in a period, and the sums that it comes from."""

    estimated: Estimated
    sums: Sums = field(default_factory=Sums)


NOTHING = Value(Estimated(None, reason="no_rows"))


@dataclass(frozen=True)
class Values:
    """All values of a step: by part, then group, then period index; the total stands first."""

    step: Step
    spine: Spine
    parts: Mapping[str | None, Mapping[By, Mapping[int, Value]]]

    def at(self, part: str | None, by: By, period: Period) -> Value:
        """The value of a period, or nothing; a snapshot has the same at any time."""
        index = SNAPSHOT_PERIOD if self.spine.snapshot else period.index
        return self.parts.get(part, {}).get(by, {}).get(index, NOTHING)


def values_of(
    step: Step, spine: Spine, parts: tuple[PartSums, ...], *, today_only: Collection[int]
) -> Values:
    """Estimates for every group in every needed period, also where there are no rows.

    today_only are the splits of which earlier periods are not known; 0 is the total.
    """
    groups = _groups(step, spine, parts)
    told = {
        part.part: {
            by: {
                index: _value(part, key, index, spine, today_only=key[0] in today_only)
                for index in _indexes(spine)
            }
            for by, key in groups.items()
        }
        for part in parts
    }
    return Values(step, spine, told)


def _indexes(spine: Spine) -> tuple[int, ...]:
    return (SNAPSHOT_PERIOD,) if spine.snapshot else tuple(p.index for p in spine.needed)


def _groups(step: Step, spine: Spine, parts: tuple[PartSums, ...]) -> dict[By, tuple[int, str]]:
    """The total, then every group that has rows in a period shown, as named in results.

    A group of excluded rows only is no group.
    """
    shown = {SNAPSHOT_PERIOD} if spine.snapshot else {p.index for p in spine.shown}
    found: dict[By, tuple[int, str]] = {TOTAL_BY: (0, "")}
    for part in parts:
        for (group, period), sums in part.sums.items():
            if period in shown and not sums.only_excluded:
                found[tuple(by_of(step, group).items())] = group
    return found


def _value(
    part: PartSums, group: tuple[int, str], index: int, spine: Spine, *, today_only: bool
) -> Value:
    sums = part.sums.get((group, index), Sums())
    if spine.snapshot:
        return Value(estimate(part.estimate, sums), sums)
    period = next(p for p in spine.needed if p.index == index)
    if not spine.inside(period):
        return NOTHING
    if today_only and spine.passed(period):
        return Value(Estimated(None, reason="current_state"))
    return Value(estimate(part.estimate, sums), sums)


def told_values(step: Step, spine: Spine, inputs: Mapping[str, Values]) -> Values:
    """A formula's values: its inputs' values of the same group and period, put together."""
    groups: dict[By, None] = {TOTAL_BY: None}
    for values in inputs.values():
        groups |= dict.fromkeys(
            by for by in values.parts.get(None, {}) if tuple(name for name, _ in by) in step.by
        )
    told = {by: _told_group(step, spine, inputs, by) for by in groups}
    return Values(step, spine, {None: told})


def _told_group(step: Step, spine: Spine, inputs: Mapping[str, Values], by: By) -> dict[int, Value]:
    if spine.snapshot:
        anywhere = Period(SNAPSHOT_PERIOD, step.grain, spine.as_of, spine.as_of, "")
        return {SNAPSHOT_PERIOD: _told(step, inputs, by, anywhere, {})}
    by_index = {period.index: period for period in spine.needed}
    return {period.index: _told(step, inputs, by, period, by_index) for period in spine.needed}


def _told(
    step: Step,
    inputs: Mapping[str, Values],
    by: By,
    period: Period,
    periods: Mapping[int, Period],
) -> Value:
    lookup = _lookup(inputs, by, period, periods)
    told = step.kpi.shelf.told(step.kpi.written, lookup)
    reason = told.reason or (_first_reason(inputs, by, period) if told.value is None else None)
    n = max((values.at(None, by, period).sums.n for values in inputs.values()), default=0)
    return Value(Estimated(told.value, reason=reason), Sums(n=n))  # type: ignore[arg-type]


def _lookup(
    inputs: Mapping[str, Values], by: By, period: Period, periods: Mapping[int, Period]
) -> Lookup:
    def look(name: str, back: int) -> float | None:
        earlier = period if back == 0 else periods.get(period.index - back)
        return None if earlier is None else inputs[name].at(None, by, earlier).estimated.value

    return look


def _first_reason(inputs: Mapping[str, Values], by: By, period: Period) -> Reason:
    for values in inputs.values():
        found = values.at(None, by, period).estimated
        if found.value is None and found.reason:
            return found.reason
    return "no_rows"
