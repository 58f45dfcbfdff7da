"""Which targets need somebody, and which most."""

from collections.abc import Iterable, Mapping

from kpicli.results import Verdict

_URGENCY = {"red": 0, "no_data": 1, "yellow": 2, "green": 3}


def is_met(verdict: Verdict) -> bool:
    """Whether there is nothing to say about a target."""
    return verdict.status == "green" and verdict.reason != "muted"


def is_judged(verdict: Verdict) -> bool:
    """Whether a target has a colour that counts; a muted one has none."""
    return verdict.reason != "muted" and verdict.status in ("green", "yellow", "red")


def worst_first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """What fails a check before what does not, then by how far the target is missed."""
    return sorted(
        (verdict for verdict in verdicts if not is_met(verdict)),
        key=lambda verdict: (not fails_check(verdict), _urgency(verdict), -_gap(verdict)),
    )


def fails_check(verdict: Verdict, strict: bool = False) -> bool:
    """Whether this target alone would end a check with an error."""
    if not verdict.gate or verdict.reason == "muted":
        return False
    missed = ("red", "yellow") if strict else ("red",)
    return verdict.status in missed or (verdict.fails and not is_judged(verdict))


def _urgency(verdict: Verdict) -> int:
    return _URGENCY[verdict.status or "no_data"] if is_judged(verdict) else 1


def _gap(verdict: Verdict) -> float:
    """How far a target is missed, as a share of the target, so that units do not matter."""
    target = verdict.result.target
    edges = list(target.values()) if isinstance(target, Mapping) else [target or 0.0]
    return (verdict.short or 0.0) / (max(map(abs, edges)) or 1.0)
