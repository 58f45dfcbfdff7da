"""Sources and KPIs tried by the program itself, and why some of them were not kept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from kpicli.definitions.book import Book
from kpicli.discovery.drafts import Draft
from kpicli.discovery.proposal import Keys, Proposal, first_messages
from kpicli.engine.survey import survey_sources
from kpicli.errors import Problem
from kpicli.flow import run
from kpicli.library import library_definitions
from kpicli.planning.plan import EVERYTHING
from kpicli.planning.request import Request
from kpicli.results import Outcome, Result

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
# What a problem of one KPI alone is about; any other of a source touches all that read it.
_OF_ONE = ("missing_column", "no_route", "two_routes", "types", "condition")
# What weighs by an amount that lost deals do not have says nothing, whichever way it is told.
_TOGETHER = {"win_rate_created_by_amount": "win_rate_by_amount"}
_SEEN = ("population", "seen")
_REASONS = {
    "immature": "too young for its window",
    "no_rows": "no rows count",
    "zero_denominator": "nothing to divide by",
    "current_state": "known as of today only",
    "stale_source": "its files end too early",
    "not_reached": "too few have got there",
}


@dataclass(frozen=True)
class Lack:
    """Why a KPI cannot be told: columns or sources that are not there, or another reason."""

    reason: str
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def near(self) -> bool:
        """Whether nothing but columns is missing."""
        return bool(self.columns) and not self.sources


@dataclass(frozen=True)
class Trial:
    """What came of trying: the KPIs that give numbers, and why the others do not.

    late says of sources that they end before others do.
    """

    kept: Mapping[str, Keys]
    lacks: Mapping[str, Lack]
    late: tuple[str, ...] = ()

    @property
    def of_seen(self) -> tuple[str, ...]:
        """Those over people whom no file lists: who is seen in the rows is everyone."""
        return tuple(name for name, keys in self.kept.items() if keys.get(_SEEN[0]) == _SEEN[1])


def try_sources(proposal: Proposal) -> tuple[Proposal, tuple[Draft, ...]]:
    """The proposal with sources that can be opened, and those that cannot.

    A source that cannot be opened loses its least certain keys until it can, or is left out.
    """
    for _ in range(len(_REPAIRS) + 2):
        failed = _failed(proposal)
        if not failed:
            return proposal, ()
        drafts = tuple(
            _repaired(one, failed[one.name]) if one.name in failed else one
            for one in proposal.drafts
        )
        if drafts == proposal.drafts:
            break
        proposal = replace(proposal, drafts=drafts)
    failed = _failed(proposal)
    sound = tuple(one for one in proposal.drafts if one.name not in failed)
    lost = tuple(
        one.without(_told(failed[one.name][0])) for one in proposal.drafts if one.name in failed
    )
    return replace(proposal, drafts=sound), lost


def _told(problem: Problem) -> str:
    """What is wrong with a source and where, without the source's name."""
    message = problem.message.removeprefix(f"{problem.source}: ")
    place = problem.place
    row = f", row {place.line}" if place and place.line else ""
    return f"{message}{row}"


def _failed(proposal: Proposal) -> dict[str, list[Problem]]:
    """What is wrong with the sources that cannot be opened."""
    failed: dict[str, list[Problem]] = {}
    for found in survey_sources(proposal.book()):
        if isinstance(found, Problem) and found.level == "error" and found.source:
            failed.setdefault(found.source, []).append(found)
    return failed


def _repaired(draft: Draft, problems: Sequence[Problem]) -> Draft:
    told = problems[0]
    if draft.fallback is not None:
        return replace(draft.fallback, dropped=(f"not as {draft.keys['preset']}: {told.message}",))
    for keys in _REPAIRS:
        if any(key in draft.keys for key in keys):
            return draft.without(f"without {', '.join(keys)}: {told.message}", *keys)
    return draft


def try_kpis(proposal: Proposal, wanted: Mapping[str, Keys], today: date) -> Trial:
    """Which of the wanted KPIs give a number in any period."""
    lacks: dict[str, Lack] = {}
    kpis = dict(wanted)
    book = _loaded(proposal, kpis, lacks)
    outcome = run(book, Request(names=(EVERYTHING,)), today) if kpis else None
    told = _numbers(outcome) if outcome else {}
    for name in tuple(kpis):
        values = told.get(name, [])
        if outcome and (set(values) <= {0} or _always_one(name, book, values)):
            lacks[name] = _why(name, book, outcome, values)
            del kpis[name]
    for name, sibling in _TOGETHER.items():
        if name in kpis and sibling in lacks:
            lacks[name] = lacks[sibling]
            del kpis[name]
    # A formula may have been told from a KPI that is gone, and speak of the library's now.
    _loaded(proposal, kpis, lacks)
    problems = outcome.problems if outcome else ()
    late = tuple(one.message for one in problems if one.code == "stale_source")
    return Trial(kpis, lacks, late)


def _loaded(proposal: Proposal, kpis: dict[str, Keys], lacks: dict[str, Lack]) -> Book:
    """The book of those KPIs that can be defined; the others go from kpis to lacks."""
    while True:
        loaded, places = proposal.with_kpis(kpis).load()
        if loaded.book is not None:
            return loaded.book
        failed = _blamed(loaded.problems, places, kpis)
        if not failed:
            raise ValueError(f"nobody is to blame: {first_messages(loaded.problems)}")
        for name, problems in failed.items():
            if _is_unlisted(problems) and not _has_formula(name) and _SEEN[0] not in kpis[name]:
                kpis[name] = {**kpis[name], _SEEN[0]: _SEEN[1]}
            else:
                lacks[name] = _lack(problems)
                del kpis[name]


def _is_unlisted(problems: Iterable[Problem]) -> bool:
    """Whether all that is wrong is that no file lists the people."""
    return all(one.code == "no_population" for one in problems)


def _has_formula(name: str) -> bool:
    return "formula" in library_definitions().get(name, {})


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


def _why(name: str, book: Book, outcome: Outcome, values: Sequence[float]) -> Lack:
    if values:
        return Lack("100 % in every period" if values[0] else "0 in every period")
    names = {name, *_told_from(name)}
    read = {source for one in names & set(book.kpis) for source in book.kpis[one].sources}
    wrong = [one for one in outcome.problems if one.level == "error"]
    # A source that is wrong as a whole is told once, with the first KPI that reads it.
    problems = [one for one in wrong if one.kpi in names] or [
        one for one in wrong if one.source in read and one.code not in _OF_ONE
    ]
    if problems:
        return _lack(problems)
    reasons = [one.reason for one in outcome.results if one.kpi == name and one.reason]
    last = reasons[-1] if reasons else "no number"
    return Lack(_REASONS.get(last, last.replace("_", " ")))


def _lack(problems: Sequence[Problem]) -> Lack:
    columns: dict[str, None] = {}
    sources: dict[str, None] = {}
    for problem in problems:
        if hit := _NO_COLUMN.search(problem.message):
            columns[f"{hit[1]}.{hit[2]}"] = None
        elif hit := _NO_SOURCE.search(problem.message):
            sources[hit[1]] = None
    return Lack(problems[0].message, tuple(columns), tuple(sources))
