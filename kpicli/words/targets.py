"""Targets: what a value is judged by, for whom and from when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kpicli.words.edges import EdgeError, parse_edge
from kpicli.words.target_keys import EACH, WrittenBand, WrittenRule
from kpicli.words.target_keys import WrittenTargets as WrittenTargets
from kpicli.words.units import format_edge

Better = Literal["higher", "lower"]
Colour = Literal["green", "yellow", "red"]
Path = tuple[str | int, ...]

# 0.1 + 0.2 meets a target of 0.3: what a spreadsheet takes as equal is equal here.
_NOISE = 1e-12


@dataclass(frozen=True)
class Band:
    """Good is inside; both ends belong to it, in the KPI's unit."""

    low: float
    high: float


@dataclass(frozen=True)
class Target:
    """The edges in force, in the KPI's unit; yellow None: what is not green is red."""

    at: float | Band
    yellow: float | Band | None = None
    better: Better = "higher"


@dataclass(frozen=True)
class TargetRule:
    """A target, for whom and from when; owner and if_red empty: those of the KPI.

    for_ {} is the total. place_path is where it is written, seen from the KPI.
    """

    target: Target
    for_: Mapping[str, str] = field(default_factory=dict)
    from_: date | None = None
    owner: tuple[str, ...] = ()
    if_red: str | None = None
    place_path: Path = ()


@dataclass(frozen=True)
class TargetProblem:
    """One thing wrong with a target; path is seen from the KPI: ("targets", 0, "yellow")."""

    path: Path
    code: str
    message: str
    hint: str


def resolve_targets(
    written: WrittenTargets, unit: str, better: Better
) -> tuple[tuple[TargetRule, ...], tuple[TargetProblem, ...]]:
    """Read every target in the KPI's unit: the good rules top-down, and all problems at once."""
    problems = list(_lonely_yellow(written))
    rules = []
    for path, rule in _written_rules(written):
        target, wrong = _resolve(rule, unit, better, path)
        problems += wrong
        if target:
            place = path or ("target",)
            rules.append(TargetRule(target, rule.for_, rule.from_, rule.owner, rule.if_red, place))
    return tuple(rules), tuple(problems)


def rule_in_force(
    rules: Sequence[TargetRule], by: Mapping[str, str], start: date | None
) -> TargetRule | None:
    """Find the last rule that is for this segment and in force at a period's start, or None.

    A rule is for exactly the splits it names: {plan: pro} judges the split by plan, and within
    the cross of plan and size only {plan: pro, size: each} does. `each` is every value, `(none)`
    too, but not the rest, `(other)`. Without a start only rules without `from` are in force.
    """
    found = [rule for rule in rules if matches(rule, by) and _has_begun(rule, start)]
    return found[-1] if found else None


def judge(value: float, target: Target) -> Colour:
    """Colour an unrounded value; an edge belongs to its better side."""
    if _reaches(value, target.at, target.better):
        return "green"
    if target.yellow is not None and _reaches(value, target.yellow, target.better):
        return "yellow"
    return "red"


def distance(value: float, target: Target) -> float:
    """Say how far a value falls short of its target, in its unit; 0 where it is met."""
    if _reaches(value, target.at, target.better):
        return 0.0
    if isinstance(target.at, Band):
        return max(target.at.low - value, value - target.at.high)
    return abs(target.at - value)


def _written_rules(written: WrittenTargets) -> list[tuple[Path, WrittenRule]]:
    rules: list[tuple[Path, WrittenRule]] = []
    if written.target is not None:
        plain = {"target": written.target, "yellow": written.yellow}
        rules.append(((), WrittenRule.model_validate(plain)))
    return rules + [(("targets", number), rule) for number, rule in enumerate(written.targets)]


def _lonely_yellow(written: WrittenTargets) -> list[TargetProblem]:
    if written.target is not None or written.yellow is None:
        return []
    hint = "add target:, or write the yellow beside its target in targets:"
    return [TargetProblem(("yellow",), "yellow_alone", "yellow stands without a target", hint)]


def _resolve(
    rule: WrittenRule, unit: str, better: Better, path: Path
) -> tuple[Target | None, list[TargetProblem]]:
    at, problems = _read(rule.target, unit, (*path, "target"))
    yellow = None
    if rule.yellow is not None:
        yellow, wrong = _read(rule.yellow, unit, (*path, "yellow"))
        problems += wrong
    if at is None or problems:
        return None, problems
    target = Target(at, yellow, better)
    problems = _side_problems(target, unit, (*path, "yellow"))
    return (None if problems else target), problems


def _read(
    written: str | float | WrittenBand, unit: str, path: Path
) -> tuple[float | Band | None, list[TargetProblem]]:
    if isinstance(written, WrittenBand):
        return _read_band(written, unit, path)
    try:
        return parse_edge(written, unit), []
    except EdgeError as wrong:
        return None, [TargetProblem(path, "target_value", wrong.message, wrong.hint)]


def _read_band(
    written: WrittenBand, unit: str, path: Path
) -> tuple[Band | None, list[TargetProblem]]:
    low, problems = _read(written.from_, unit, (*path, "from"))
    high, more = _read(written.to, unit, (*path, "to"))
    problems += more
    if not isinstance(low, float) or not isinstance(high, float):
        return None, problems
    if low > high:
        message = f"the band begins at {format_edge(low, unit)}, above its end"
        hint = f"write {{from: {written.to}, to: {written.from_}}}"
        return None, [TargetProblem(path, "band_order", message, hint)]
    return Band(low, high), []


def _side_problems(target: Target, unit: str, path: Path) -> list[TargetProblem]:
    """Refuse a yellow that could never show, because whatever reaches it is green already."""
    match target.at, target.yellow:
        case _, None:
            return []
        case Band() as band, Band() as wider:
            return [] if wider.low <= band.low and band.high <= wider.high else [_narrow(path)]
        case float() as at, float() as yellow:
            better = at != yellow and _reaches(yellow, at, target.better)
            return [_better_side(target.better, at, yellow, unit, path)] if better else []
    hint = "write both as a band {from: …, to: …}, or both as one value"
    return [TargetProblem(path, "yellow_form", "target and yellow differ in form", hint)]


def _narrow(path: Path) -> TargetProblem:
    hint = "yellow is the wider band: begin it lower and end it higher than the target"
    return TargetProblem(path, "yellow_side", "the yellow band does not hold the target", hint)


def _better_side(better: Better, at: float, yellow: float, unit: str, path: Path) -> TargetProblem:
    other = "lower" if better == "higher" else "higher"
    shown = f"{format_edge(yellow, unit)} is better than target {format_edge(at, unit)}"
    hint = f"is {other} better? add better: {other}"
    return TargetProblem(path, "yellow_side", f"yellow {shown}", hint)


def matches(rule: TargetRule, by: Mapping[str, str]) -> bool:
    """Tell whether a rule is for exactly this segment."""
    return rule.for_.keys() == by.keys() and all(
        by[split] == value or (value == EACH and by[split] != "(other)")
        for split, value in rule.for_.items()
    )


def _has_begun(rule: TargetRule, start: date | None) -> bool:
    return rule.from_ is None or (start is not None and rule.from_ <= start)


def _reaches(value: float, edge: float | Band, better: Better) -> bool:
    if isinstance(edge, Band):
        return _reaches(value, edge.low, "higher") and _reaches(value, edge.high, "lower")
    noise = _NOISE * max(1.0, abs(edge))
    return value >= edge - noise if better == "higher" else value <= edge + noise
