"""Verdicts: results held against their targets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kpicli.errors import Problem
from kpicli.results import Edge, Outcome, Reason, Result, Summary, Verdict
from kpicli.words.calendar import SNAPSHOT
from kpicli.words.target_keys import EACH
from kpicli.words.targets import (
    Band,
    Better,
    TargetRule,
    WrittenTargets,
    distance,
    judge,
    rule_in_force,
)

_COLOURS = ("green", "yellow", "red")
Group = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Judged:
    """What is expected of a KPI.

    grain None: it may be judged in any. mute_until is exclusive, like the end of a period.
    if_no_data None: fail for the total, pass for segments. file and line are the KPI's own.
    """

    name: str
    unit: str
    better: Better
    rules: tuple[TargetRule, ...] = ()
    min_n: int | None = None
    red_after: int = 1
    gate: bool = True
    mute_until: date | None = None
    mute_reason: str | None = None
    if_no_data: Literal["fail", "pass"] | None = None
    owner: tuple[str, ...] = ()
    if_red: str | None = None
    file: str | None = None
    line: int | None = None
    grain: str | None = None

    def as_written(self, written: WrittenTargets) -> "Judged":
        """Take over what its author wrote beside the targets."""
        return replace(
            self,
            min_n=written.min_n,
            red_after=written.red_after,
            gate=written.gate,
            mute_until=written.mute.until if written.mute else None,
            mute_reason=written.mute.reason if written.mute else None,
            if_no_data=written.if_no_data,
            owner=written.owner,
            if_red=written.if_red,
        )


def judge_results(
    results: Sequence[Result], judged: Mapping[str, Judged], as_of: date | None
) -> tuple[tuple[Result, ...], tuple[Verdict, ...], Summary]:
    """Hold results against their targets: the same results coloured, a verdict per target, counts.

    judged holds the KPIs of this run, each with the rules for the segments that were asked for.
    Only headlines (no part, no age) are judged: every complete period by the rule in force at its
    start. The verdict is that of the newest complete period, of those that are not immature; groups
    are judged in the period of their total. A rule for a named segment that has no result is a
    verdict without data.
    as_of is exclusive; None (nothing has a date) leaves a mute in force.
    """
    coloured = list(results)
    series: dict[Group, list[Result]] = {}
    for group, positions in _series_positions(results, judged).items():
        series[group] = _colour_series([results[at] for at in positions], judged[group[0]], as_of)
        for at, result in zip(positions, series[group], strict=True):
            coloured[at] = result
    coloured = [_greyed(result, judged.get(result.kpi)) for result in coloured]
    verdicts = tuple(_all_verdicts(series, judged, as_of))
    return tuple(coloured), verdicts, summarise(verdicts)


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """Count targets by their verdict; no_data holds everything else that was not judged."""
    words = [_summary_word(verdict) for verdict in verdicts]
    return Summary(
        targets=len(words),
        green=words.count("green"),
        yellow=words.count("yellow"),
        red=words.count("red"),
        no_data=words.count("no_data"),
        muted=words.count("muted"),
    )


def exit_code(outcome: Outcome, strict: bool = False) -> int:
    """Give the exit code of a check: 3 before 1; strict takes yellow for a miss."""
    gates = [verdict for verdict in outcome.verdicts if verdict.gate]
    if _has_error(outcome.problems) or any(verdict.fails for verdict in gates):
        return 3
    misses = ("red", "yellow") if strict else ("red",)
    return 1 if any(verdict.status in misses for verdict in gates) else 0


def report_exit_code(outcome: Outcome) -> int:
    """Give the exit code of a report: 3 where a part of it is missing; a miss is no error."""
    return 3 if _has_error(outcome.problems) else 0


def _series_positions(
    results: Sequence[Result], judged: Mapping[str, Judged]
) -> dict[Group, list[int]]:
    """Find where each KPI and segment's headlines stand, oldest period first."""
    positions: dict[Group, list[int]] = {}
    for at, result in enumerate(results):
        if result.kpi in judged and result.part is None and result.age is None:
            positions.setdefault(_group(result.kpi, result.by), []).append(at)
    for found in positions.values():
        found.sort(key=lambda at: results[at].start or date.min)
    return positions


def _group(kpi: str, by: Mapping[str, str]) -> Group:
    return kpi, tuple(sorted(by.items()))


def _colour_series(series: list[Result], kpi: Judged, as_of: date | None) -> list[Result]:
    coloured = [_colour(result, kpi, as_of) for result in series]
    return [_delay_red(coloured, at, kpi.red_after) for at in range(len(coloured))]


def _colour(result: Result, kpi: Judged, as_of: date | None) -> Result:
    if _in_other_grain(result, kpi):
        return replace(result, reason=result.reason or "other_grain")
    rule = rule_in_force(kpi.rules, result.by, _day_in_force(result.start, as_of))
    if rule:
        target, yellow = _edge(rule.target.at), _edge(rule.target.yellow)
        result = replace(result, target=target, yellow=yellow)
    if result.value is None:
        return _colour_empty(result, rule is not None and not _is_muted(kpi, as_of))
    reason = _why_not_judged(result, kpi, rule, as_of)
    if reason or not rule:
        return replace(result, reason=reason)
    return replace(result, status=judge(result.value, rule.target))


def _colour_empty(result: Result, expected: bool) -> Result:
    """Say no_data where a value was expected; a period that still runs owes none yet."""
    reason = result.reason if result.complete else result.reason or "running"
    is_owed = expected and reason != "running"
    return replace(result, reason=reason, status="no_data" if is_owed else None)


def _in_other_grain(result: Result, kpi: Judged) -> bool:
    declared = kpi.grain is not None and result.grain not in (kpi.grain, SNAPSHOT)
    return declared or result.reason == "other_grain"


def _day_in_force(start: date | None, as_of: date | None) -> date | None:
    """Take a period's first day; of a list as it is today, the last day that was read."""
    return start or (as_of - timedelta(days=1) if as_of else None)


def _why_not_judged(
    result: Result, kpi: Judged, rule: TargetRule | None, as_of: date | None
) -> Reason | None:
    """Say why a value is shown and not judged; None where it may be."""
    if not result.complete:
        return result.reason or "running"
    if rule and _is_muted(kpi, as_of):
        return "muted"
    if result.reason:
        return result.reason
    return "too_few" if kpi.min_n is not None and result.n < kpi.min_n else None


def _greyed(result: Result, kpi: Judged | None) -> Result:
    """A cell of a grid, which nobody judges, may be of too few, too."""
    few = kpi is not None and kpi.min_n is not None and result.n < kpi.min_n
    told = result.age is not None and result.value is not None and result.reason is None
    return replace(result, reason="too_few") if few and told else result


def _is_muted(kpi: Judged, as_of: date | None) -> bool:
    return kpi.mute_until is not None and (as_of is None or as_of < kpi.mute_until)


def _edge(edge: float | Band | None) -> Edge | None:
    return {"from": edge.low, "to": edge.high} if isinstance(edge, Band) else edge


def _delay_red(series: Sequence[Result], at: int, red_after: int) -> Result:
    """Keep red only where the newest complete periods up to here all miss, else yellow."""
    result = series[at]
    # A list without time has one value, which could never miss twice.
    if result.status != "red" or result.grain == SNAPSHOT:
        return result
    newest = [earlier for earlier in series[: at + 1] if earlier.complete][-red_after:]
    missed = sum(earlier.status == "red" for earlier in newest)
    return result if missed == red_after else replace(result, status="yellow")


def _all_verdicts(
    series: Mapping[Group, list[Result]], judged: Mapping[str, Judged], as_of: date | None
) -> Iterable[Verdict]:
    """Give one verdict per target: KPIs as in the results, segments without a result last."""
    for name in dict.fromkeys([*(kpi for kpi, _ in series), *judged]):
        kpi = judged[name]
        own = {group: found for group, found in series.items() if group[0] == name}
        newest = _newest_of_all(own, kpi)
        for result in (*newest.values(), *_missing(kpi, newest, as_of)):
            rule = rule_in_force(kpi.rules, result.by, _day_in_force(result.start, as_of))
            if rule:
                yield _verdict(result, rule, kpi, as_of)


def _newest_of_all(series: Mapping[Group, list[Result]], kpi: Judged) -> dict[Group, Result]:
    """Find the period of each group: that of the total, which stands above it, where it has it."""
    label = _newest(series[kpi.name, ()], kpi).label if (kpi.name, ()) in series else ""
    shared = {
        group: [one for one in found if one.label == label] for group, found in series.items()
    }
    return {group: (shared[group] or [_newest(series[group], kpi)])[0] for group in series}


def _newest(series: Sequence[Result], kpi: Judged) -> Result:
    """Find the newest period that has ended; where most of that is immature, the latest mature one.

    A period that its source does not reach stays the newest: an older value would hide that.
    """
    own_grain = [result for result in series if not _in_other_grain(result, kpi)]
    ended = [result for result in own_grain if result.reason != "running"]
    mature = [result for result in ended if result.reason != "immature"]
    told = [result for result in ended if result.value is not None]
    return (mature or told or ended or own_grain or series)[-1]


def _missing(kpi: Judged, newest: Mapping[Group, Result], as_of: date | None) -> Iterable[Result]:
    """Make a result without a value for each rule whose segment has no result at all."""
    named = {
        _group(kpi.name, rule.for_): rule for rule in kpi.rules if EACH not in rule.for_.values()
    }
    pattern = newest.get((kpi.name, ())) or next(iter(newest.values()), None)
    for group, rule in named.items():
        if group not in newest:
            yield _colour(_without_value(kpi, rule.for_, pattern), kpi, as_of)


def _without_value(kpi: Judged, by: Mapping[str, str], pattern: Result | None) -> Result:
    """Make a result without a value in the period that the KPI's other results speak of."""
    if pattern is None:
        return Result(kpi.name, kpi.grain or SNAPSHOT, None, None, None, by=by, reason="no_rows")
    reason: Reason = "no_rows"
    if pattern.reason and (pattern.value is None or not pattern.complete):
        reason = pattern.reason
    place = (pattern.grain, pattern.label, pattern.start, pattern.end)
    return Result(kpi.name, *place, complete=pattern.complete, by=by, reason=reason)


def _verdict(result: Result, rule: TargetRule, kpi: Judged, as_of: date | None) -> Verdict:
    muted = _is_muted(kpi, as_of)
    coloured = result.value if result.status in _COLOURS else None
    return Verdict(
        kpi.name,
        result.by,
        result,
        result.status,
        "muted" if muted else result.reason,
        None if coloured is None else distance(coloured, rule.target),
        rule.owner or kpi.owner,
        rule.if_red or kpi.if_red,
        gate=kpi.gate,
        fails=not muted and coloured is None and _is_failure(result, kpi),
        file=kpi.file,
        line=kpi.line,
        mute_reason=kpi.mute_reason if muted else None,
    )


def _is_failure(result: Result, kpi: Judged) -> bool:
    """Whether a target that was not judged fails; asked in another grain, its data is there."""
    policy = kpi.if_no_data or ("pass" if result.by else "fail")
    return policy == "fail" and not _in_other_grain(result, kpi)


def _summary_word(verdict: Verdict) -> str:
    if verdict.reason == "muted":
        return "muted"
    return verdict.status if verdict.status in _COLOURS else "no_data"


def _has_error(problems: Iterable[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)
