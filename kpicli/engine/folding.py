"""Which values of a split are shown by name; the rest stand together as (other)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpicli.engine.answers import Fold, Split
from kpicli.engine.estimates import Sums
from kpicli.engine.periods import Spine
from kpicli.planning.plan import Step

Place = tuple[str, str, Split]
Key = tuple[tuple[int, str], int]


@dataclass
class Folds:
    """What the first step of a family decided, for the others.

    names: the values shown, by family, grain and split; folded: where there are others.
    """

    names: dict[Place, list[str]] = field(default_factory=dict)
    folded: set[Place] = field(default_factory=set)


@dataclass(frozen=True)
class Folding:
    """How a step folds: over the periods shown; keep are values that targets name."""

    spine: Spine
    keep: Mapping[Split, set[str]]
    folds: Folds

    def fold(self, step: Step, sums: Mapping[Key, Sums]) -> Fold:
        """The values to keep of every split that has too many."""
        fold: dict[Split, Sequence[str]] = {}
        for place, split in enumerate(step.by, start=1):
            sizes = self._sizes(place, sums)
            names = self._names(step, split, sizes)
            if set(sizes) - set(names):
                fold[split] = names
        return fold

    def _sizes(self, place: int, sums: Mapping[Key, Sums]) -> dict[str, float]:
        """How large each value is over the periods shown, by denominator where there is one."""
        shown = {period.index for period in self.spine.shown}
        sizes: dict[str, float] = {}
        for ((number, group), period), one in sums.items():
            inside = self.spine.snapshot or period in shown
            if number == place and inside and not one.only_excluded:
                size = one.y if one.y is not None else one.x
                sizes[group] = sizes.get(group, 0.0) + size
        return sizes

    def _names(self, step: Step, split: Split, sizes: Mapping[str, float]) -> list[str]:
        """The largest, up to top, and those to keep; what the family decided goes before."""
        place = (step.family or step.kpi.name, step.grain, split)
        known = self.folds.names.get(place, [])
        if place in self.folds.folded:
            return known
        top = step.top or step.kpi.written.top
        others = sorted(set(sizes) - set(known), key=lambda group: (-sizes[group], group))
        names = {*known, *others[: max(0, top - len(known))]}
        names |= self.keep.get(split, set()) & set(sizes)
        self.folds.names[place] = sorted(names)
        if set(sizes) - names:
            self.folds.folded.add(place)
        return self.folds.names[place]
