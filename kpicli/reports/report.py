"""A whole report: numbers by group, what was missed, what did not count, what stands behind it."""

from collections.abc import Sequence
from itertools import groupby

from kpicli.reports.blocks import Block, Blocks, Detail, Heading, Note, Tally
from kpicli.reports.cohorts import cohort_grids
from kpicli.reports.coverage import (
    note_caveats,
    note_excluded,
    note_left_out,
    note_lost,
    note_not_read,
    note_outside,
    note_unmatched,
)
from kpicli.reports.detail import describe_kpi
from kpicli.reports.figure import draw_trend
from kpicli.reports.layout import ordered_groups
from kpicli.reports.missing import note_missing, note_unjudged, touched_by
from kpicli.reports.periods import describe_period
from kpicli.reports.problems import note_errors, note_warnings
from kpicli.reports.sentences import count_misses, note_verdict, write_read_to, write_title
from kpicli.reports.series import Series, collect_series, report_period, spines
from kpicli.reports.table import headline_table
from kpicli.reports.urgency import is_judged, is_met
from kpicli.reports.wide import wide_tables
from kpicli.results import Outcome


def report_blocks(outcome: Outcome, wide: bool = False, parts: bool = False) -> Blocks:
    """The blocks of a report, in reading order: what is missing stands before the numbers.

    wide has a column per period; parts adds the further numbers of each KPI as rows.
    """
    series = tuple(one for one in collect_series(outcome) if parts or is_shown(one))
    totals = tuple(one for one in series if not one.by and one.part is None)
    return (
        _heading(outcome),
        *_note_only(outcome),
        *note_errors(outcome, touched_by(series, outcome)),
        *note_missing(series, outcome),
        *(wide_tables(series, outcome) if wide else headline_table(series, outcome)),
        *cohort_grids(outcome),
        *_targets(outcome),
        *note_unjudged(series, outcome),
        *_note_unseen(outcome),
        *note_outside(series),
        *note_caveats(totals),
        *note_left_out(totals),
        *note_not_read(outcome),
        *note_excluded(outcome),
        *note_unmatched(outcome),
        *note_lost(outcome),
        *note_warnings(outcome),
        *_details(totals, outcome),
        _foot(outcome),
    )


def is_shown(series: Series) -> bool:
    """Whether a series is a headline, or a total that its definition says to show with it."""
    told_from = series.card.parts and not series.by
    return (series.part is None or told_from) and series.age is None


def _note_only(outcome: Outcome) -> tuple[Note, ...]:
    """What a page that is passed on must say: it is of a part of the rows."""
    only = outcome.meta.only
    return (Note(f"Only {only}", "warning"),) if only else ()


def _heading(outcome: Outcome) -> Heading:
    period = report_period(outcome)
    return Heading(
        write_title(outcome.meta), describe_period(period) if period else "", write_read_to(outcome)
    )


def _targets(outcome: Outcome) -> Sequence[Block]:
    if not outcome.summary.targets:
        return ()
    judged = [one for one in outcome.verdicts if is_judged(one) and not is_met(one)]
    judged.sort(key=lambda verdict: verdict.status != "red")
    notes = (note_verdict(verdict, outcome, in_report=True) for verdict in judged)
    return (Tally(count_misses(outcome.summary), outcome.summary), *notes)


def _note_unseen(outcome: Outcome) -> tuple[Note, ...]:
    """Targets of segments that no row of the data belongs to."""
    seen = {(result.kpi, frozenset(result.by.items())) for result in outcome.results}
    return tuple(
        note_verdict(verdict, outcome, in_report=True)
        for verdict in outcome.verdicts
        if (verdict.kpi, frozenset(verdict.by.items())) not in seen
    )


def _details(totals: Sequence[Series], outcome: Outcome) -> tuple[Detail, ...]:
    starts = spines(outcome)
    groups = ordered_groups(totals)
    ordered = sorted(totals, key=lambda one: groups.index(one.card.group))
    first = {card: next(of_card) for card, of_card in groupby(ordered, lambda one: one.card.name)}
    return tuple(
        describe_kpi(one, draw_trend(one, one.card.title, starts.get(one.headline.grain, ())))
        for one in first.values()
    )


def _foot(outcome: Outcome) -> Note:
    meta = outcome.meta
    return Note(f"kpi {meta.version} · {meta.definitions_file} · {meta.timezone}", "foot")
