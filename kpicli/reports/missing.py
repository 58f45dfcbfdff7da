"""Which KPIs and segments have no number, or no verdict, and why."""

from collections.abc import Iterable

from kpicli.errors import Problem
from kpicli.reports.blocks import Note
from kpicli.reports.reasons import (
    explain_reason,
    explain_verdict,
    is_unread,
    name_reason,
    why_missing,
)
from kpicli.reports.series import Series, splits_of
from kpicli.reports.urgency import is_judged
from kpicli.reports.wording import name_place
from kpicli.results import Outcome

_BROKEN = ("stale_source", "missing_source")
_UNSAID = ("running", "other_grain", "muted", None)


def note_missing(series: Iterable[Series], outcome: Outcome) -> tuple[Note, ...]:
    """A line per broken or stale source, naming the KPIs that have no number because of it."""
    found: dict[str, list[Series]] = {}
    for one in series:
        if one.newest.reason in _BROKEN and not _own_problems(one, outcome):
            why = explain_reason(one.newest, one.card, outcome)
            found.setdefault(why, []).append(one)
    return tuple(_note_broken(why, group) for why, group in found.items())


def touched_by(series: Iterable[Series], outcome: Outcome) -> dict[Problem, list[str]]:
    """The titles of the KPIs that a problem of their own, not of a whole file, leaves without."""
    found: dict[Problem, list[str]] = {}
    for one in series:
        for problem in _own_problems(one, outcome):
            if one.card.title not in found.setdefault(problem, []):
                found[problem].append(one.card.title)
    return found


def _own_problems(series: Series, outcome: Outcome) -> tuple[Problem, ...]:
    """What leaves a KPI without a number though its files were read; none beside a broken file."""
    if series.newest.reason != "missing_source":
        return ()
    broken = why_missing(series.card, outcome)
    return () if any(is_unread(problem) for problem in broken) else broken


def note_unjudged(series: Iterable[Series], outcome: Outcome) -> tuple[Note, ...]:
    """A line per KPI and reason, naming the segments without a number or without a verdict."""
    splits = splits_of(outcome)
    found: dict[tuple[str, str], list[Series]] = {}
    for one in series:
        if _is_told_here(one):
            found.setdefault((one.card.title, _reason_of(one)), []).append(one)
    return tuple(
        Note(_write_group(title, group, splits, outcome), "unjudged", "no_data")
        for (title, _), group in found.items()
    )


def _note_broken(why: str, group: list[Series]) -> Note:
    titles = ", ".join(dict.fromkeys(one.card.title for one in group))
    new = "new " if any(one.headline.value is not None for one in group) else ""
    return Note(f"No {new}number for {titles}: {why}", "missing", "no_data")


def _is_told_here(series: Series) -> bool:
    if series.verdict and not is_judged(series.verdict):
        return series.newest.reason not in _BROKEN
    if series.newest.reason == "immature" and series.headline.value is not None:
        return False
    return series.newest.reason not in (*_BROKEN, *_UNSAID) and not series.by


def _reason_of(series: Series) -> str:
    if series.verdict and not is_judged(series.verdict):
        return str(series.verdict.reason)
    return str(series.newest.reason)


def _write_group(title: str, group: list[Series], splits: dict[str, int], outcome: Outcome) -> str:
    places = [name_place(one.by, one.card, splits[one.card.name]) or "total" for one in group]
    subject = title if places == ["total"] else f"{title}, {'; '.join(places)}"
    why = _explain(group[0], outcome) if len(group) == 1 else name_reason(_reason_of(group[0]))
    return f"{subject}: {why}"


def _explain(series: Series, outcome: Outcome) -> str:
    if series.verdict and not is_judged(series.verdict):
        return explain_verdict(series.verdict, series.card, outcome)
    return explain_reason(series.newest, series.card, outcome)
