"""The values of a step by part, group and period."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from kpicli.engine.answers import Split
from kpicli.engine.estimates import Estimated, Sums, estimate
from kpicli.engine.periods import SNAPSHOT_PERIOD, Spine
from kpicli.engine.series import Group, Part, PartSums, by_of
from kpicli.frames.membership import TOTAL
from kpicli.kinds.base import Estimate, Lookup, Ratio
from kpicli.planning.plan import Step
from kpicli.results import Reason
from kpicli.words.calendar import Period

By = tuple[tuple[str, str], ...]
TOTAL_BY: By = ()
ByGroup = Mapping[By, Mapping[int, "Value"]]
TOTAL_GROUP: Group = (TOTAL, "")
# A value of a split that no export writes.
_NOBODY = "\x00"


@dataclass(frozen=True)
class Value:
    """A group's estimate in a period, and the sums that it comes from."""

    estimated: Estimated
    sums: Sums = field(default_factory=Sums)

    @property
    def known(self) -> bool:
        """Whether its sums are: also where there was nothing to divide by, as in no money."""
        return self.estimated.value is not None or self.estimated.reason == "zero_denominator"


NOTHING = Value(Estimated(None, reason="no_rows"))


@dataclass(frozen=True)
class Values:
    """All values of a step: by part, then group, then period index; the total stands first.

    grid has those of each age of a part; means the same of all periods shown together, of those
    that are old enough. units are those of parts that have another than the KPI's. unshown holds
    the headlines of groups without rows in a period shown; empty those of a group without any
    rows, by the names of its split. told_from are the inputs of a formula.
    """

    step: Step
    spine: Spine
    parts: Mapping[str | None, ByGroup]
    grid: Mapping[Part, ByGroup] = field(default_factory=dict)
    means: Mapping[Part, Mapping[By, Value]] = field(default_factory=dict)
    units: Mapping[str | None, str | None] = field(default_factory=dict)
    unshown: ByGroup = field(default_factory=dict)
    empty: Mapping[Split, Mapping[int, Value]] = field(default_factory=dict)
    told_from: tuple["Values", ...] = ()

    def at(self, part: str | None, by: By, period: Period, age: int | None = None) -> Value:
        """The value of a period and age, or nothing; a snapshot has the same at any time."""
        index = SNAPSHOT_PERIOD if self.spine.snapshot else period.index
        groups = self.parts.get(part, {}) if age is None else self.grid.get((part, age), {})
        return groups.get(by, {}).get(index, NOTHING)

    def beside(self, by: By, period: Period) -> Value:
        """The headline for a formula, which may know the group from another of its inputs."""
        index = SNAPSHOT_PERIOD if self.spine.snapshot else period.index
        told = self.parts.get(None, {}).get(by) or self.unshown.get(by)
        return (told or self.empty.get(_split_of(by), {})).get(index, NOTHING)

    def begun(self, period: Period) -> bool:
        """Whether there is anything that it could be told from by the period's end."""
        if not self.told_from:
            return self.spine.begun(period)
        return any(values.begun(period) for values in self.told_from)


def values_of(
    step: Step, spine: Spine, parts: tuple[PartSums, ...], *, today_only: Collection[int]
) -> Values:
    """Estimates for every group in every needed period, also where there are no rows.

    today_only are the splits of which earlier periods are not known; 0 is the total.
    """
    known = _groups(step, parts)
    shown = _shown(spine, parts)

    def told(part: PartSums, key: Group) -> dict[int, Value]:
        return {
            index: _value(part, key, index, spine, today_only=key[0] in today_only)
            for index in _indexes(spine)
        }

    cells: dict[Part, dict[By, dict[int, Value]]] = {
        (part.part, part.age): {by: told(part, key) for by, key in known.items() if key in shown}
        for part in parts
    }
    means: dict[Part, dict[By, Value]] = {
        (part.part, part.age): {
            by: _mean(part.estimate, spine, values)
            for by, values in cells[part.part, part.age].items()
        }
        for part in parts
        if part.age is not None
    }
    return Values(
        step,
        spine,
        {part: values for (part, age), values in cells.items() if age is None},
        grid={key: values for key, values in cells.items() if key in means},
        means=means,
        units={part.part: part.unit for part in parts},
        unshown={by: told(parts[0], key) for by, key in known.items() if key not in shown},
        empty={split: told(parts[0], (place, "")) for place, split in enumerate(step.by, start=1)},
    )


def _mean(kind: Estimate, spine: Spine, values: Mapping[int, Value]) -> Value:
    """The sums of the periods shown that are old enough: no blank counts as 0."""
    every = [values[period.index] for period in spine.shown if spine.complete(period)]
    told = [value for value in every if value.known]
    sums = Sums()
    for value in told or every:
        sums = sums.with_table(value.sums)
    found = estimate(kind, sums)
    # Who stands in several cohorts is no independent draw: no interval.
    apart = isinstance(kind, Ratio) and kind.apart
    return Value(found if apart else replace(found, low=None, high=None), sums)


def _split_of(by: By) -> Split:
    return tuple(name for name, _ in by)


def _indexes(spine: Spine) -> tuple[int, ...]:
    return (SNAPSHOT_PERIOD,) if spine.snapshot else tuple(p.index for p in spine.needed)


def _groups(step: Step, parts: tuple[PartSums, ...]) -> dict[By, Group]:
    """The total, then every group that has rows, as named in results."""
    found: dict[By, Group] = {TOTAL_BY: TOTAL_GROUP}
    for part in parts:
        for group, _ in part.sums:
            found[tuple(by_of(step, group).items())] = group
    return found


def _shown(spine: Spine, parts: tuple[PartSums, ...]) -> set[Group]:
    """The total, and the groups with rows in a period shown; excluded rows alone are none.

    Nor are rows of periods that the sources do not cover, of which nothing is known.
    """
    covered = (one.index for one in spine.shown if spine.inside(one))
    shown = {SNAPSHOT_PERIOD} if spine.snapshot else set(covered)
    return {TOTAL_GROUP} | {
        group
        for part in parts
        for (group, period), sums in part.sums.items()
        if period in shown and not sums.only_excluded
    }


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
    hidden: dict[By, None] = {}
    for values in inputs.values():
        groups |= dict.fromkeys(by for by in values.parts.get(None, {}) if _split_of(by) in step.by)
        hidden |= dict.fromkeys(by for by in values.unshown if _split_of(by) in step.by)

    def told(by: By) -> dict[int, Value]:
        return _told_group(step, spine, inputs, by)

    parts: dict[str | None, ByGroup] = {None: {by: told(by) for by in groups}}
    units: dict[str | None, str | None] = {}
    for name, back in step.kpi.shown_inputs:
        beside = _Beside(inputs[name], back)
        parts[input_part(name, back)] = {by: beside.values(step, spine, by) for by in groups}
        units[input_part(name, back)] = inputs[name].step.kpi.unit
    return Values(
        step,
        spine,
        parts,
        units=units,
        unshown={by: told(by) for by in hidden if by not in groups},
        empty={split: told(tuple((name, _NOBODY) for name in split)) for split in step.by},
        told_from=tuple(inputs.values()),
    )


def input_part(name: str, back: int) -> str:
    """The part that an input is, so many periods earlier."""
    return f"{name}, {back} earlier" if back else name


@dataclass(frozen=True)
class _Beside:
    """An input that stands beside its formula, as it was so many periods back."""

    told: Values
    back: int

    def values(self, step: Step, spine: Spine, by: By) -> dict[int, Value]:
        """By period; what it is made of is the input's own to tell."""
        if spine.snapshot:
            return {
                SNAPSHOT_PERIOD: self._of(Period(0, step.grain, spine.as_of, spine.as_of, ""), by)
            }
        by_index = {period.index: period for period in spine.needed}
        found = {index: by_index.get(index - self.back) for index in by_index}
        return {index: self._of(one, by) if one else NOTHING for index, one in found.items()}

    def _of(self, period: Period, by: By) -> Value:
        value = self.told.beside(by, period)
        return Value(value.estimated, Sums(n=value.sums.n))


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
    if not any(values.begun(period) for values in inputs.values()):
        return NOTHING
    lookup = _lookup(inputs, by, period, periods)
    told = step.kpi.shelf.told(step.kpi.written, lookup)
    reason = told.reason or (_first_reason(inputs, by, period) if told.value is None else None)
    n = max((values.beside(by, period).sums.n for values in inputs.values()), default=0)
    return Value(Estimated(told.value, reason=reason), Sums(n=n))  # type: ignore[arg-type]


def _lookup(
    inputs: Mapping[str, Values], by: By, period: Period, periods: Mapping[int, Period]
) -> Lookup:
    def look(name: str, back: int) -> float | None:
        earlier = period if back == 0 else periods.get(period.index - back)
        return None if earlier is None else inputs[name].beside(by, earlier).estimated.value

    return look


def _first_reason(inputs: Mapping[str, Values], by: By, period: Period) -> Reason:
    for values in inputs.values():
        found = values.beside(by, period).estimated
        if found.value is None and found.reason:
            return found.reason
    return "no_rows"
