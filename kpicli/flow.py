"""The whole program on one page: load, plan, run, judge, report."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from kpicli import __version__
from kpicli.cards import card_of
from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.loading import load_book
from kpicli.engine.cache import Cache
from kpicli.engine.evidence import Evidence, evidence_of
from kpicli.engine.focus import Focus, focus_on
from kpicli.engine.followed import crowd_of, followed_rows
from kpicli.engine.funnel import funnels_of
from kpicli.engine.joins import StepKey, followed, with_joined
from kpicli.engine.routes import Hop
from kpicli.engine.run import Computed, compute
from kpicli.engine.voices import voices_of
from kpicli.library import library_definitions
from kpicli.planning.plan import Plan, Step, make_plan
from kpicli.planning.question import Question
from kpicli.planning.request import Request
from kpicli.reports.explanation import Explained
from kpicli.reports.series import in_unit
from kpicli.results import Card, Meta, Outcome
from kpicli.verdicts import Judged, judge_results
from kpicli.words.targets import TargetRule, matches

Found = tuple[Evidence, ...]


def open_book(path: Path, environment: Mapping[str, str], folder: Path | None = None) -> Book:
    """The definitions of a file; DefinitionError with all that is wrong with them."""
    return load_book(path, library_definitions(), environment, shown=str(path), folder=folder)


def run(book: Book, request: Request, today: date, cache: Cache | None = None) -> Outcome:
    """Everything a report or a check shows. today is the clock's local day."""
    plan = make_plan(book, request)
    computed = compute(book, plan, today, cache)
    judged = {step.kpi.name: _judged(plan, step.kpi.name, book) for step in plan.shown}
    earlier = computed.earlier
    told = (*earlier, *computed.results)
    results, verdicts, summary = judge_results(told, judged, computed.as_of)
    missed = [one.result for one in verdicts if one.status == "red"]
    return Outcome(
        meta=_meta(book, plan, computed),
        kpis=tuple(_card(step, book, computed.joins) for step in plan.shown),
        results=results[len(earlier) :],
        verdicts=verdicts,
        problems=(*book.warnings, *computed.problems),
        summary=summary,
        voices=voices_of(plan, computed, missed),
    )


def rows_behind(
    book: Book, question: Question, today: date, cache: Cache | None = None
) -> tuple[Outcome, Found]:
    """The one number that is asked about, and the rows that it is made of."""
    focus = focus_on(book, question, today, cache)
    return _outcome_of(book, focus), evidence_of(focus)


def explain(book: Book, question: Question, today: date, cache: Cache | None = None) -> Explained:
    """The one number that is asked about, and what each rule did on the way to it."""
    focus = focus_on(book, question, today, cache)
    funnels = funnels_of(focus) or followed_rows(focus)
    return Explained(book, _outcome_of(book, focus), focus, funnels, crowd_of(focus))


def _outcome_of(book: Book, focus: Focus) -> Outcome:
    """An outcome of a single result, judged among its like."""
    step, room = focus.step, focus.room
    judged = {step.kpi.name: _judged(focus.plan, step.kpi.name, book)}
    results, verdicts, _ = judge_results(focus.records(), judged, room.as_of)
    result = focus.pick(results)
    sound = (one for one in focus.plan.steps if one.key not in room.broken)
    joins = followed(sound, room.desk)
    records = with_joined(room.desk.opened, joins.get(step.key, ()), room.desk.cache)
    return Outcome(
        meta=_meta(book, focus.plan, Computed(results, (), records, room.as_of)),
        kpis=(in_unit(_card(step, book, joins), result),),
        results=(result,),
        verdicts=tuple(one for one in verdicts if one.result == result),
    )


def _card(step: Step, book: Book, joins: Mapping[StepKey, tuple[Hop, ...]]) -> Card:
    """The card of a KPI with the references that are followed for it."""
    hops = joins.get(step.key, ())
    named = tuple((hop.source, hop.column, hop.table) for hop in hops)
    return replace(card_of(step, book), joins=named)


def _judged(plan: Plan, name: str, book: Book) -> Judged:
    kpi = book.kpis[name]
    step = next(step for step in plan.shown if step.kpi.name == name)
    judged = Judged(
        name=name,
        unit=kpi.unit,
        better=kpi.better,  # type: ignore[arg-type]
        rules=_rules(kpi, step, plan.request),
        file=kpi.place.file,
        line=kpi.place.line,
        grain=kpi.grain,
    )
    return judged.as_written(kpi.written)


def _rules(kpi: Kpi, step: Step, request: Request) -> tuple[TargetRule, ...]:
    """The targets that are meant for what is shown.

    A part of the rows is not held against the target of all; one segment value has its own.
    """
    if request.where:
        return ()
    if request.for_:
        meant = (rule for rule in kpi.rules if matches(rule, request.for_))
        return tuple(replace(rule, for_={}) for rule in meant)
    splits = {frozenset(split) for split in step.printed}
    return tuple(rule for rule in kpi.rules if not rule.for_ or frozenset(rule.for_) in splits)


def _only(request: Request) -> str | None:
    """The part of the rows that the command line asks for."""
    asked = [f"{name} = {value}" for name, value in request.for_.items()]
    return ", ".join([*asked, *([request.where] if request.where else [])]) or None


def _meta(book: Book, plan: Plan, computed: Computed) -> Meta:
    return Meta(
        version=__version__,
        title=plan.title,
        own_title=plan.own_title,
        only=_only(plan.request),
        report=plan.report,
        as_of=computed.as_of,
        timezone=book.calendar.zone_name,
        definitions_file=book.file,
        definitions_fingerprint=book.fingerprint,
        sources=computed.records,
        compare=plan.compare,
        grain=plan.grain,
        periods=plan.periods,
    )
