"""What must hold between definitions: a tuple of rules, each a small function."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpicli.definitions.book import Book, Kpi, leaves
from kpicli.definitions.inclusion import Pages
from kpicli.definitions.readymade import ready_made
from kpicli.definitions.tree import Path
from kpicli.errors import Problem, did_you_mean
from kpicli.needs import Need, Population, Rates
from kpicli.words.dates import day_from


@dataclass(frozen=True)
class Scope:
    """The book, and every name that its file uses, also of entries that are refused themselves."""

    book: Book
    library: Collection[str]
    sources: Collection[str]
    kpis: Collection[str]


Found = Iterator[tuple[Path, Problem]]
Rule = Callable[[Scope], Found]


def check_book(book: Book, pages: Pages, library: Collection[str]) -> Iterator[Problem]:
    """Every problem between definitions, with its place."""
    scope = Scope(
        book,
        library,
        {*book.sources, *_names(pages.value, "sources")},
        {*book.kpis, *_names(pages.value, "kpis")},
    )
    for rule in RULES:
        for path, problem in rule(scope):
            yield problem.at(pages.place(path))


def _names(value: Mapping[str, Any], section: str) -> Collection[str]:
    entries = value.get(section)
    return entries.keys() if isinstance(entries, Mapping) else ()


def names_are_single(scope: Scope) -> Found:
    """A name is a report or a KPI, not both."""
    for name in scope.book.reports:
        if name in scope.kpis:
            yield ("reports", name), Problem("twice", f"{name} is both a report and a KPI")
        if name == "all":
            yield ("reports", name), Problem("reserved", "'all' is the report of everything")


def reports_name_kpis(scope: Scope) -> Found:
    """A report's KPIs are there."""
    for name, report in scope.book.reports.items():
        for place, kpi in enumerate(report.kpis):
            if kpi not in scope.kpis:
                hint = did_you_mean(kpi, scope.kpis)
                if kpi in scope.library:
                    hint = f"the library has it: add `{kpi}: {{use: {kpi}}}` to kpis:"
                path = ("reports", name, "kpis", place)
                yield path, Problem("unknown_kpi", f"there is no KPI {kpi!r}", hint)


def kpis_name_sources(scope: Scope) -> Found:
    """A KPI's sources are there."""
    for kpi in scope.book.kpis.values():
        for source in kpi.sources:
            path = _path(kpi, "source") if kpi.shown else _path(_told_from(scope, kpi), "formula")
            for place, problem in _known_source(scope, source, path, kpi.name):
                yield place, ready_made(problem, kpi, source)


def exclusions_name_sources(scope: Scope) -> Found:
    """What is excluded is of a source."""
    for number, exclusion in enumerate(scope.book.exclude):
        yield from _known_source(scope, exclusion.source, ("exclude", number, "source"))


def segments_name_sources(scope: Scope) -> Found:
    """What an entity did, it did in a source, at a time."""
    for name, segment in scope.book.segments.items():
        if segment.did:
            source, path = segment.did.source, ("segments", name, "did")
            yield from _known_source(scope, source, path)
            declared = scope.book.sources.get(source)
            if declared and declared.happened is None:
                message = f"{source} is a list without time: nothing says when it was done"
                hint = f"add time: to {source}, or write where: instead of did:"
                yield path, Problem("no_time", message, hint)


def references_meet_keys(scope: Scope) -> Found:
    """What a source refers to is a source with a key; so is what its rates come from there."""
    for name, declared in scope.book.sources.items():
        if declared.made_from:
            yield from _made_of_files(scope, declared.made_from, ("sources", name, "from"))
        if declared.rates:
            yield from _known_source(scope, declared.rates.source, ("sources", name, "rates"))
        for other in declared.refers_to:
            path = ("sources", name, "refers_to")
            yield from _known_source(scope, other, path)
            if other in scope.book.sources and scope.book.sources[other].key is None:
                hint = f"add key: to {other}, the column that identifies its rows"
                message = f"{other} has no key, so nothing can refer to it"
                yield path, Problem("no_key", message, hint)


def targets_name_splits(scope: Scope) -> Found:
    """A target for a segment needs the split."""
    for kpi in scope.book.kpis.values():
        splits = {frozenset(split) for split in kpi.by}
        for rule in kpi.rules:
            if rule.for_ and frozenset(rule.for_) not in splits:
                names = ", ".join(rule.for_)
                nested = f"[{names}]" if len(rule.for_) > 1 else names
                message = f"a target for {names}, but {kpi.name} is not split by it"
                path = (*_path(kpi), *rule.place_path)
                hint = f"add by: [{nested}]"
                yield path, Problem("target", message, hint, kpi=kpi.name)


def formulas_name_kpis(scope: Scope) -> Found:
    """A formula's names are KPIs."""
    for kpi in scope.book.kpis.values():
        for name in kpi.inputs:
            several = name not in scope.book.kpis and scope.book.meant_by(name)
            if name not in scope.kpis or several:
                known = several or (*scope.book.shown(), *scope.kpis, *scope.library)
                hint = did_you_mean(name, known, ordered=True)
                problem = Problem("unknown_kpi", f"there is no KPI {name!r}", hint, kpi=kpi.name)
                yield _path(kpi, "formula"), problem


def formulas_end(scope: Scope) -> Found:
    """No formula leads back to itself."""
    for kpi in scope.book.kpis.values():
        circle = _circle(kpi.name, scope.book)
        if circle:
            message = f"{kpi.name} is told from itself: {' → '.join(circle)}"
            yield _path(kpi, "formula"), Problem("circle", message, kpi=kpi.name)


def grains_agree(scope: Scope) -> Found:
    """The inputs of a formula are stated in one grain."""
    for kpi in scope.book.kpis.values():
        known = scope.book.kpis
        stated = {name: grain for name in leaves(kpi, known) if (grain := known[name].grain)}
        if len(set(stated.values())) > 1:
            told = ", ".join(f"{name} is per {grain}" for name, grain in stated.items())
            message = f"inputs of different grains: {told}"
            hint = f"leave grain: to {kpi.name}: its inputs are computed in its grain"
            yield _path(kpi, "formula"), Problem("grain", message, hint, kpi=kpi.name)


def targets_have_grain(scope: Scope) -> Found:
    """What grows with its period has a target only where the period is stated."""
    for kpi in scope.book.kpis.values():
        if kpi.rules and kpi.grain is None and kpi.shelf.per_period(kpi.written):
            if all(_is_list(scope, need) for need in kpi.needs.values()):
                continue
            message = f"{kpi.name} grows with its period: a target per what?"
            hint = "add grain: week, or month, …"
            path = (*_path(kpi), *kpi.rules[0].place_path)
            yield path, Problem("grain", message, hint, kpi=kpi.name)


def balances_have_start(scope: Scope) -> Found:
    """What is there at a period's end has a start."""
    for kpi in scope.book.kpis.values():
        for need in kpi.needs.values():
            source = scope.book.sources.get(need.source)
            begun = source and (need.start or source.start or (need.states_of and source.time))
            if need.shape == "span" and source and not begun:
                message = f"{need.source} has no start:, so nothing says when a row begins"
                hint = f"add start: and end: to {need.source}, or to the KPI"
                yield _path(kpi, "source"), Problem("no_start", message, hint, kpi=kpi.name)


def revalued_have_rates(scope: Scope) -> Found:
    """What is told at the rate of each period needs rates."""
    for kpi in scope.book.kpis.values():
        for need in kpi.needs.values():
            source = scope.book.sources.get(need.source)
            if not isinstance(need, Rates) or source is None:
                continue
            if source.rates is None or source.currency_column is None:
                message = f"{need.source} is in one currency: there are no rates of a period"
                hint = f"add currency_column: and rates: {{source: …, on: …}} to {need.source}"
                yield _path(kpi, "rates"), Problem("no_rates", message, hint, kpi=kpi.name)


def days_are_days(scope: Scope) -> Found:
    """Dates that authors write are days of the calendar."""
    for kpi in scope.book.kpis.values():
        written = [("notes", day) for day in kpi.written.notes]
        written += [("review", kpi.written.review)] if kpi.written.review else []
        for key, text in written:
            try:
                day_from(text)
            except ValueError as wrong:
                yield _path(kpi, key), Problem("wrong_value", f"{key}: {wrong}", kpi=kpi.name)


def sides_have_time(scope: Scope) -> Found:
    """Both sides of a ratio belong to periods, or neither does.

    Whoever stands in a list of everyone without a start has always been there.
    """
    for kpi in scope.book.kpis.values():
        told = [need for need in kpi.needs.values() if not isinstance(need, Population)]
        known = [need for need in told if need.source in scope.book.sources]
        lists = [need.source for need in known if _is_list(scope, need)]
        if lists and len(lists) < len(known):
            message = f"{lists[0]} is a list without time, and the other side has periods"
            hint = f"add time: or start: to {lists[0]}, or time: to its side"
            yield _path(kpi), Problem("no_time", message, hint, kpi=kpi.name)


RULES: tuple[Rule, ...] = (
    names_are_single,
    reports_name_kpis,
    kpis_name_sources,
    exclusions_name_sources,
    segments_name_sources,
    references_meet_keys,
    targets_name_splits,
    formulas_name_kpis,
    formulas_end,
    grains_agree,
    targets_have_grain,
    balances_have_start,
    revalued_have_rates,
    sides_have_time,
    days_are_days,
)


def _path(kpi: Kpi, *keys: str) -> Path:
    return ("kpis", kpi.origin, *keys)


def _splits(kpi: Kpi) -> tuple[str, ...]:
    return tuple(name for split in kpi.by for name in split)


def _known_source(scope: Scope, name: str, path: Path, kpi: str | None = None) -> Found:
    if name not in scope.sources:
        hint = did_you_mean(name, scope.sources)
        yield path, Problem("unknown_source", f"there is no source {name!r}", hint, kpi=kpi)


def _told_from(scope: Scope, kpi: Kpi) -> Kpi:
    """The first KPI of the file that is told from an input which it does not show."""
    kpis = scope.book.kpis
    return next((one for one in kpis.values() if one.shown and kpi.name in leaves(one, kpis)), kpi)


def _made_of_files(scope: Scope, base: str, path: Path) -> Found:
    yield from _known_source(scope, base, path)
    source = scope.book.sources.get(base)
    if source and source.made_from:
        message = f"{base} are sessions themselves; sessions are made of files"
        yield path, Problem("wrong_value", message, f"write from: {source.made_from}")


def _is_list(scope: Scope, need: Need) -> bool:
    """Whether nothing dates the rows; the time of the KPI's own goes before the source's."""
    declared = scope.book.sources.get(need.source)
    own = need.time or need.start
    return own is None and (declared is None or declared.happened is None)


def _circle(start: str, book: Book) -> tuple[str, ...] | None:
    waiting: list[tuple[str, ...]] = [(start,)]
    while waiting:
        way = waiting.pop()
        for name in book.kpis[way[-1]].inputs if way[-1] in book.kpis else ():
            if name == start:
                return (*way, name)
            if name not in way:
                waiting.append((*way, name))
    return None
