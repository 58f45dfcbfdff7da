"""A sentence per target that was missed, nearly missed or not judged, and the sums of them."""

from datetime import timedelta

from kpicli.reports.blocks import Note
from kpicli.reports.periods import name_period, write_day
from kpicli.reports.quotes import quotes_behind
from kpicli.reports.reasons import explain_verdict, is_unread, why_missing
from kpicli.reports.series import report_period, splits_of
from kpicli.reports.urgency import is_judged
from kpicli.reports.wording import name_place, write_shortfall, write_target, write_value
from kpicli.results import Card, Meta, Outcome, Summary, Verdict


def note_verdict(
    verdict: Verdict, outcome: Outcome, in_report: bool = False, below: bool = False
) -> Note:
    """What, where, when, the value, its target, by how much; then who is to do what.

    In a report the period is left out where it is the report's own, and what people wrote who stand
    behind the number is added. below: the problems stand on
    the same page above, and are not said again.
    """
    subject = name_subject(verdict, outcome, in_report)
    card = _card_of(verdict, outcome)
    if not is_judged(verdict):
        return _note_unjudged(verdict, f"{subject}: not judged", card, outcome, below)
    value = write_value(verdict.result, card.unit)
    target = write_target(verdict.result.target, card.unit)
    missed = (
        "" if verdict.short is None else f", {write_shortfall(verdict, card.better, card.unit)}"
    )
    shown = "" if verdict.gate else " (shown only, no gate)"
    return Note(
        f"{subject}: {value}, target {target}{missed}{shown}",
        "near" if verdict.status == "yellow" else "miss",
        verdict.status,
        write_action(verdict),
        quotes_behind(verdict, outcome) if in_report else (),
    )


def _note_unjudged(
    verdict: Verdict, opening: str, card: Card, outcome: Outcome, below: bool
) -> Note:
    why = explain_verdict(verdict, card, outcome)
    if below and verdict.reason == "missing_source":
        why = _refer(card, outcome) or why
    if not verdict.fails:
        return Note(f"{opening}, {why}", "unjudged", "no_data")
    text = f"{opening}, {why}; this target fails without data"
    return Note(text, "miss", "no_data", write_action(verdict))


def _refer(card: Card, outcome: Outcome) -> str | None:
    """Where the page has said already what is wrong; None where it is a whole file."""
    broken = why_missing(card, outcome)
    places = dict.fromkeys(str(one.place) for one in broken if one.place and not is_unread(one))
    return f"see {' and '.join(places)}" if places else None


def name_subject(verdict: Verdict, outcome: Outcome, in_report: bool = False) -> str:
    """The KPI's title, its segment and its period: "Adoption of reports, pro (week 38)"."""
    card = _card_of(verdict, outcome)
    place = name_place(verdict.by, card, splits_of(outcome).get(verdict.kpi, 0))
    subject = card.title + (f", {place}" if place else "")
    period, ours = name_period(verdict.result), report_period(outcome)
    known = in_report and ours is not None and ours.label == verdict.result.label
    return subject if known else f"{subject} ({period})"


def write_action(verdict: Verdict) -> str | None:
    """Who is to do what: "Product: start a guided tour"; None where neither is written."""
    owner = ", ".join(verdict.owner)
    if not verdict.if_red:
        return f"Owner: {owner}" if owner else None
    return f"{owner}: {verdict.if_red}" if owner else verdict.if_red


def count_targets(summary: Summary) -> str:
    """The closing line, which always adds up; muted ones are among those not judged."""
    return (
        f"{summary.targets} target{'' if summary.targets == 1 else 's'}: {summary.green} met, "
        f"{summary.yellow} near, {summary.red} missed, {_unjudged(summary)} not judged"
    )


def count_misses(summary: Summary) -> str:
    """The report's line: "1 of 9 targets missed, 1 near"."""
    if summary.targets == 1:
        return _tell_one(summary)
    if summary.targets == summary.green:
        return f"{'Both' if summary.targets == 2 else f'All {summary.targets}'} targets met"
    if _unjudged(summary) == summary.targets:
        judged = "judged" if summary.muted == summary.targets else "could be judged"
        return f"{summary.targets} targets, none {judged}"
    line = f"{summary.red or 'None'} of {summary.targets} targets missed"
    line += f", {summary.yellow} near" if summary.yellow else ""
    return line + (f", {_unjudged(summary)} not judged" if _unjudged(summary) else "")


def _tell_one(summary: Summary) -> str:
    if summary.green:
        return "The target is met"
    if summary.yellow:
        return "The target is nearly met"
    return "The target is missed" if summary.red else "The target is not judged"


def write_title(meta: Meta) -> str:
    """What the page is called: "Acme KPIs · weekly", or the report's own title."""
    named = meta.report and not meta.own_title
    return f"{meta.title} · {meta.report}" if named else meta.title


def write_read_to(outcome: Outcome) -> str:
    """How far the data goes: "data to 21 Sep 2025"."""
    as_of = outcome.meta.as_of
    return f"data to {write_day(as_of - timedelta(days=1))}" if as_of else ""


def _unjudged(summary: Summary) -> int:
    return summary.no_data + summary.muted


def _card_of(verdict: Verdict, outcome: Outcome) -> Card:
    return next(card for card in outcome.kpis if card.name == verdict.kpi)
