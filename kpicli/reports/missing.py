"""Which KPIs and segments have no number, or no verdict, and why."""

from collections.abc import Iterable

from kpicli.reports.blocks import Note
from kpicli.reports.reasons import explain_reason, explain_verdict, name_reason
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
        if one.newest.reason in _BROKEN:
            why = explain_reason(one.newest, one.card, outcome)
            found.setdefault(why, []).append(one)
    return tuple(_note_broken(why, group) for why, group in found.items())


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
