"""One KPI's numbers for one segment and part over time, and which of them is the headline."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kpicli.results import Card, Outcome, Result, Status, Verdict

Key = tuple[str, str | None, int | None, tuple[tuple[str, str], ...]]
_LAST_VALUES = {"(other)": 1, "(none)": 2}


@dataclass(frozen=True)
class Series:
    """The results of one KPI, part, age and segment, oldest first; never empty.

    of_total: the period of the total that it stands below.
    """

    card: Card
    part: str | None
    age: int | None
    by: Mapping[str, str]
    results: tuple[Result, ...]
    verdict: Verdict | None
    of_total: str | None = None

    @property
    def headline(self) -> Result:
        """What was judged; else the period of the total; else the newest complete one.

        Of those mature enough to tell.
        """
        if self.verdict:
            return self.verdict.result
        beside = [result for result in self.results if self.of_total and self._stands(result)]
        return beside[0] if beside else self._own_headline()

    def _stands(self, result: Result) -> bool:
        return result.label == self.of_total and result.complete

    def _own_headline(self) -> Result:
        complete = [result for result in self.results if result.complete]
        mature = [result for result in complete if result.reason != "immature"]
        told = [result for result in complete if result.value is not None]
        return (mature or told or complete or self.results)[-1]

    @property
    def newest(self) -> Result:
        """The newest period that is not still running: the one the report is about."""
        over = [result for result in self.results if result.reason != "running"]
        return (over or self.results)[-1]

    @property
    def running(self) -> Result | None:
        """The period that is still running, if it was asked for."""
        last = self.results[-1]
        return last if last.reason == "running" and last.value is not None else None

    @property
    def status(self) -> Status | None:
        """The verdict, which knows more than one period, before the result's own status."""
        if self.verdict is not None:
            return status_of(self.verdict)
        return self.headline.status


def collect_series(outcome: Outcome) -> tuple[Series, ...]:
    """Every series of an outcome, in the order of `sort_results`."""
    grouped: dict[Key, list[Result]] = {}
    for result in sort_results(outcome):
        grouped.setdefault(_key(result), []).append(result)
    cards = {card.name: card for card in outcome.kpis}
    verdicts = {(verdict.kpi, frozenset(verdict.by.items())): verdict
                for verdict in outcome.verdicts}  # fmt: skip
    told = [
        Series(
            in_unit(cards[kpi], results[0]), part, age, dict(by), tuple(results),
            verdicts.get((kpi, frozenset(by))) if part is None and age is None else None,
        )
        for (kpi, part, age, by), results in grouped.items()
    ]  # fmt: skip
    totals = {(one.card.name, one.part, one.age): one.headline.label for one in told if not one.by}
    return tuple(
        replace(one, of_total=totals.get((one.card.name, one.part, one.age))) if one.by else one
        for one in told
    )


def in_unit(card: Card, result: Result) -> Card:
    """The card as a number needs it: a part may be in a unit of its own."""
    return replace(card, unit=result.unit) if result.unit else card


def sort_results(outcome: Outcome) -> tuple[Result, ...]:
    """Results in the contract's order: KPI, part, total first, segment, value, start, age.

    Parts, segments and values of a cut stand in the order in which the results first name them.
    """
    kpis = _ranks(card.name for card in outcome.kpis)
    parts = _ranks((result.kpi, result.part) for result in outcome.results)
    splits = _ranks((result.kpi, tuple(result.by)) for result in outcome.results)
    values = _ranks((result.kpi, _pairs(result.by)) for result in outcome.results)

    def place(result: Result) -> tuple[object, ...]:
        return (
            kpis[result.kpi],
            result.part is not None,
            parts[result.kpi, result.part],
            bool(result.by),
            splits[result.kpi, tuple(result.by)],
            tuple(_LAST_VALUES.get(value, 0) for value in result.by.values()),
            values[result.kpi, _pairs(result.by)],
            result.start or date.min,
            -1 if result.age is None else result.age,
        )

    return tuple(sorted(outcome.results, key=place))


def status_of(verdict: Verdict) -> Status | None:
    """The colour of a verdict; no_data where it has none, but for want of its own grain."""
    if verdict.reason == "other_grain":
        return None
    judged = verdict.status in ("green", "yellow", "red") and verdict.reason != "muted"
    return verdict.status if judged else "no_data"


def report_period(outcome: Outcome) -> Result | None:
    """A result of the newest complete period in the report's grain; None for snapshots alone."""
    complete = [result for result in outcome.results if result.complete and result.end]
    grain = outcome.meta.grain or _commonest(result.grain for result in complete)
    named = [result for result in complete if result.grain == grain]
    return max(named, key=lambda result: result.end or date.min, default=None)


def spines(outcome: Outcome) -> dict[str, tuple[date, ...]]:
    """Per grain the starts of the periods that are over for some KPI, oldest first."""
    found: dict[str, set[date]] = {}
    for result in outcome.results:
        if result.start and result.reason != "running":
            found.setdefault(result.grain, set()).add(result.start)
    return {grain: tuple(sorted(starts)) for grain, starts in found.items()}


def splits_of(outcome: Outcome) -> dict[str, int]:
    """Per KPI in how many ways it is split; from two on a segment's value alone is not clear."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for result in outcome.results:
        found.setdefault(result.kpi, set()).add(tuple(result.by))
    return {kpi: len(splits - {()}) for kpi, splits in found.items()}


def _key(result: Result) -> Key:
    return result.kpi, result.part, result.age, _pairs(result.by)


def _pairs(by: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(by.items())


def _ranks(keys: Iterable[object]) -> dict[object, int]:
    return {key: rank for rank, key in enumerate(dict.fromkeys(keys))}


def _commonest(grains: Iterable[str]) -> str | None:
    counted = Counter(grains).most_common(1)
    return counted[0][0] if counted else None
