"""What must hold between definitions: a tuple of rules, each a small function."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.inclusion import Pages
from kpicli.errors import Problem, did_you_mean
from kpicli.words.dates import day_from

Library = Mapping[str, Mapping[str, Any]]
Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, Problem]]
Rule = Callable[[Book, Library], Found]


def check_book(book: Book, pages: Pages, library: Library) -> Iterator[Problem]:
    """Every problem between definitions, with its place."""
    for rule in RULES:
        for path, problem in rule(book, library):
            yield problem.at(pages.place(path))


def names_are_single(book: Book, library: Library) -> Found:
    """A name is a report or a KPI, not both."""
    for name in book.reports:
        if name in book.kpis and book.kpis[name].shown:
            yield ("reports", name), Problem("twice", f"{name} is both a report and a KPI")
        if name == "all":
            yield ("reports", name), Problem("reserved", "'all' is the report of everything")


def reports_name_kpis(book: Book, library: Library) -> Found:
    """A report's KPIs are there."""
    for name, report in book.reports.items():
        for place, kpi in enumerate(report.kpis):
            if kpi not in book.kpis:
                hint = did_you_mean(kpi, book.shown())
                if kpi in library:
                    hint = f"the library has it: add `{kpi}: {{use: {kpi}}}` to kpis:"
                path = ("reports", name, "kpis", place)
                yield path, Problem("unknown_kpi", f"there is no KPI {kpi!r}", hint)


def sources_are_there(book: Book, library: Library) -> Found:
    """A KPI, an exclusion, rates and references name sources of the file."""
    for kpi in book.kpis.values():
        for source in kpi.sources:
            if source not in book.sources:
                yield _path(kpi, "source"), _unknown_source(source, book, kpi.name)
    for number, exclusion in enumerate(book.exclude):
        if exclusion.source not in book.sources:
            yield ("exclude", number, "source"), _unknown_source(exclusion.source, book)
    for name, declared in book.sources.items():
        named = [*declared.refers_to, *([declared.rates.source] if declared.rates else [])]
        for other in named:
            if other not in book.sources:
                yield ("sources", name), _unknown_source(other, book)
        for other in declared.refers_to:
            if other in book.sources and not book.sources[other].key:
                hint = f"add key: to {other}, the column that identifies its rows"
                message = f"{other} has no key, so nothing can refer to it"
                yield ("sources", name, "refers_to"), Problem("no_key", message, hint)


def splits_are_known(book: Book, library: Library) -> Found:
    """A split is a segment, or a plain column name; a dotted one names a source."""
    for kpi in book.kpis.values():
        for split in kpi.by:
            for name in split:
                owner, dot, _ = name.partition(".")
                if dot and name not in book.segments and owner not in book.sources:
                    hint = did_you_mean(owner, book.sources)
                    problem = Problem("unknown_source", f"by: {name}: no source {owner!r}", hint)
                    yield _path(kpi, "by"), problem
    for kpi in book.kpis.values():
        splits = {name for split in kpi.by for name in split}
        for number, rule in enumerate(kpi.rules):
            for name in rule.for_:
                if name not in splits:
                    hint = f"add by: [{name}]"
                    message = f"a target for {name}, but {kpi.name} is not split by it"
                    yield (*_path(kpi, "targets"), number), Problem("target", message, hint)


def formulas_close(book: Book, library: Library) -> Found:
    """A formula's names are KPIs, and no formula leads back to itself."""
    for kpi in book.kpis.values():
        for name in kpi.inputs:
            if name not in book.kpis:
                known = (*book.kpis, *library)
                hint = did_you_mean(name, known)
                problem = Problem("unknown_kpi", f"there is no KPI {name!r}", hint, kpi=kpi.name)
                yield _path(kpi, "formula"), problem
        circle = _circle(kpi.name, book)
        if circle and kpi.shown:
            way = " → ".join(circle)
            yield (
                _path(kpi, "formula"),
                Problem("circle", f"{kpi.name} is told from itself: {way}", kpi=kpi.name),
            )


def grains_agree(book: Book, library: Library) -> Found:
    """The inputs of a formula are stated in one grain."""
    for kpi in book.kpis.values():
        stated = {
            name: book.kpis[name].grain
            for name in kpi.inputs
            if name in book.kpis and book.kpis[name].grain
        }
        if kpi.grain:
            continue
        if len(set(stated.values())) > 1:
            told = ", ".join(f"{name} is per {grain}" for name, grain in stated.items())
            hint = f"write grain: on {kpi.name}"
            yield (
                _path(kpi, "formula"),
                Problem("grain", f"inputs of different grains: {told}", hint),
            )


def targets_have_grain(book: Book, library: Library) -> Found:
    """What grows with its period has a target only where the period is stated."""
    for kpi in book.kpis.values():
        if kpi.rules and kpi.grain is None and kpi.shelf.per_period(kpi.written):
            if all(_is_list(book, source) for source in kpi.sources):
                continue
            message = f"{kpi.name} grows with its period: a target per what?"
            yield (
                _path(kpi, "target"),
                Problem("grain", message, "add grain: week, or month, …", kpi=kpi.name),
            )


def balances_have_start(book: Book, library: Library) -> Found:
    """What is there at a period's end has a start."""
    for kpi in book.kpis.values():
        for need in kpi.needs.values():
            source = book.sources.get(need.source)
            if need.shape == "span" and source and not (need.start or source.start):
                message = (
                    f"{need.source} has no start:, so nothing says when a row begins to be there"
                )
                hint = f"add start: and end: to {need.source}, or to the KPI"
                yield _path(kpi, "source"), Problem("no_start", message, hint, kpi=kpi.name)


def days_are_days(book: Book, library: Library) -> Found:
    """Dates that authors write are days of the calendar."""
    for kpi in book.kpis.values():
        for key, text in (
            *(("notes", day) for day in kpi.written.notes),
            ("review", kpi.written.review),
        ):
            if text is None:
                continue
            try:
                day_from(text)
            except ValueError as wrong:
                yield _path(kpi, key), Problem("wrong_value", f"{key}: {wrong}", kpi=kpi.name)


def segments_are_supported(book: Book, library: Library) -> Found:
    """What an entity did is a segment of kinds over entities."""
    for name, segment in book.segments.items():
        if segment.did and segment.did.source not in book.sources:
            yield ("segments", name, "did"), _unknown_source(segment.did.source, book)


RULES: tuple[Rule, ...] = (
    names_are_single,
    reports_name_kpis,
    sources_are_there,
    splits_are_known,
    formulas_close,
    grains_agree,
    targets_have_grain,
    balances_have_start,
    days_are_days,
    segments_are_supported,
)


def _path(kpi: Kpi, key: str) -> Path:
    return ("kpis", kpi.name, key)


def _unknown_source(name: str, book: Book, kpi: str | None = None) -> Problem:
    hint = did_you_mean(name, book.sources)
    return Problem("unknown_source", f"there is no source {name!r}", hint, kpi=kpi)


def _is_list(book: Book, source: str) -> bool:
    declared = book.sources.get(source)
    return declared is None or declared.happened is None


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
