"""Sources and KPIs tried by the program itself, and why some of them were not kept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from kpicli.definitions.book import Book
from kpicli.discovery.drafts import Draft
from kpicli.discovery.proposal import Keys, Proposal
from kpicli.engine.survey import survey_sources
from kpicli.errors import Problem
from kpicli.flow import run
from kpicli.library import library_definitions
from kpicli.planning.plan import EVERYTHING
from kpicli.planning.request import Request
from kpicli.results import Outcome, Result, SourceRecord

_NO_COLUMN = re.compile(r"(\w+) has no column '([^']+)'")
_NO_SOURCE = re.compile(r"there is no source '([^']+)'")
# What a source loses, one after the other, until it can be opened.
_REPAIRS: tuple[tuple[str, ...], ...] = (
    ("unique",),
    ("key",),
    ("end",),
    ("types",),
    ("values",),
)


@dataclass(frozen=True)
class Lack:
    """Why a KPI cannot be told: columns or sources that are not there, or another reason."""

    reason: str
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What came of trying: the KPIs that give numbers, and why the others do not."""

    kept: Mapping[str, Keys]
    lacks: Mapping[str, Lack]


def try_sources(proposal: Proposal) -> tuple[Proposal, Mapping[str, SourceRecord]]:
    """The proposal with sources that can be opened, and what was read of each.

    A source that cannot be opened loses its least certain keys until it can, or is left out.
    """
    records: dict[str, SourceRecord] = {}
    for _ in range(len(_REPAIRS) + 1):
        records, failed = _surveyed(proposal)
        if not failed:
            return proposal, records
        drafts = tuple(
            _repaired(one, failed[one.name]) if one.name in failed else one
            for one in proposal.drafts
        )
        if drafts == proposal.drafts:
            break
        proposal = replace(proposal, drafts=drafts)
    _, failed = _surveyed(proposal)
    sound = tuple(one for one in proposal.drafts if one.name not in failed)
    proposal = replace(proposal, drafts=sound)
    return proposal, _surveyed(proposal)[0]


def _surveyed(proposal: Proposal) -> tuple[dict[str, SourceRecord], dict[str, list[Problem]]]:
    records: dict[str, SourceRecord] = {}
    failed: dict[str, list[Problem]] = {}
    for found in survey_sources(proposal.book()):
        if isinstance(found, SourceRecord):
            records[found.name] = found
        elif found.level == "error" and found.source:
            failed.setdefault(found.source, []).append(found)
    return records, failed


def _repaired(draft: Draft, problems: Sequence[Problem]) -> Draft:
    told = problems[0]
    for keys in _REPAIRS:
        if any(key in draft.keys for key in keys):
            return draft.without(f"without {', '.join(keys)}: {told.message}", *keys)
    return draft


def try_kpis(proposal: Proposal, wanted: Mapping[str, Keys], today: date) -> Trial:
    """Which of the wanted KPIs give a number in any period."""
    lacks: dict[str, Lack] = {}
    kpis = dict(wanted)
    book: Book | None = None
    while kpis and book is None:
        loaded, places = proposal.with_kpis(kpis).load()
        book = loaded.book
        if book is None:
            failed = _blamed(loaded.problems, places, kpis)
            if not failed:
                raise ValueError(f"nobody is to blame: {loaded.problems[:3]}")
            for name, problems in failed.items():
                lacks[name] = _lack(problems)
                del kpis[name]
    if book is None:
        return Trial({}, lacks)
    outcome = run(book, Request(names=(EVERYTHING,)), today)
    told = _numbers(outcome)
    for name in tuple(kpis):
        if set(told.get(name, ())) <= {0} or _always_one(name, book, told[name]):
            lacks[name] = _why(name, outcome, told.get(name, ()))
            del kpis[name]
    return Trial(kpis, lacks)


def _blamed(
    problems: Iterable[Problem], places: Mapping[int, str], kpis: Mapping[str, Keys]
) -> dict[str, list[Problem]]:
    """The KPIs that problems stand at; of an input that is not asked for, those told from it."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.level != "error":
            continue
        line = problem.place.line if problem.place else None
        name = places.get(line or 0) or problem.kpi or ""
        for one in [name] if name in kpis else [one for one in kpis if name in _told_from(one)]:
            found.setdefault(one, []).append(problem)
    return found


@cache
def _told_from(name: str) -> frozenset[str]:
    """All library KPIs that one of them is told from, by the names in its formula."""
    ready = library_definitions()
    formula = str(ready.get(name, {}).get("formula", ""))
    inputs = [word for word in re.findall(r"\w+", formula) if word in ready]
    return frozenset(inputs).union(*(_told_from(one) for one in inputs))


def _numbers(outcome: Outcome) -> dict[str, list[float]]:
    """The values of every KPI, null ones left out."""
    found: dict[str, list[float]] = {}
    for one in outcome.results:
        if one.value is not None and not one.by and _is_headline(one):
            found.setdefault(one.kpi, []).append(one.value)
    return found


def _always_one(name: str, book: Book, values: Sequence[float]) -> bool:
    """Whether a share is all of it, whenever it is told: then it tells nothing."""
    return book.kpis[name].unit == "ratio" and len(values) > 2 and set(values) == {1}


def _is_headline(result: Result) -> bool:
    return result.part is None


def _why(name: str, outcome: Outcome, values: Sequence[float]) -> Lack:
    if values:
        return Lack("100 % in every period" if values[0] else "0 in every period")
    names = {name, *_told_from(name)}
    problems = [one for one in outcome.problems if one.kpi in names and one.level == "error"]
    if problems:
        return _lack(problems)
    reasons = [one.reason for one in outcome.results if one.kpi == name and one.reason]
    told = {
        "immature": "too young for its window",
        "no_rows": "no rows count",
        "zero_denominator": "nothing to divide by",
        "current_state": "known as of today only",
        "stale_source": "its files end too early",
    }
    return Lack(told.get(reasons[-1], reasons[-1].replace("_", " ")) if reasons else "no number")


def _lack(problems: Sequence[Problem]) -> Lack:
    columns: dict[str, None] = {}
    sources: dict[str, None] = {}
    for problem in problems:
        if hit := _NO_COLUMN.search(problem.message):
            columns[f"{hit[1]}.{hit[2]}"] = None
        elif hit := _NO_SOURCE.search(problem.message):
            sources[hit[1]] = None
    return Lack(problems[0].message, tuple(columns), tuple(sources))
