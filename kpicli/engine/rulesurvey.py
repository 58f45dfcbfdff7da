"""Every rule of good data of every source, whether a KPI reads it or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Catalogue, as_found, list_sources
from kpicli.engine.column_types import column_types
from kpicli.engine.damage import UNREADABLE, unreadable_source
from kpicli.engine.everything import wish_everything
from kpicli.engine.freshness import freshness_problems
from kpicli.engine.opened import Opened
from kpicli.engine.opening import open_source
from kpicli.engine.quality import Held, Judgement, judge
from kpicli.engine.routes import Routes
from kpicli.engine.rulecolumns import wish_columns
from kpicli.engine.wants import Wishes
from kpicli.errors import Problem, SourceError
from kpicli.quality.base import Rule
from kpicli.words.types import ColumnType

Uses = Mapping[str, set[ColumnType]]
Tried = Opened | tuple[Problem, ...]


def survey_rules(book: Book, today: date, now: datetime) -> Judgement:
    """What breaks the rules of all sources; now is the clock, today its local day."""
    dated = tuple(name for name, source in book.sources.items() if source.freshness)
    if not (book.rules or dated):
        return Judgement()
    catalogue = list_sources(book)
    book = as_found(book, catalogue)
    wishes = Wishes(
        book, catalogue, Routes(book.sources, catalogue.has_column, catalogue.gives_column)
    )
    there = [name for name in book.sources if not catalogue.listed[name].problem]
    for name in there:
        wish_everything(book, wishes, name)
    ruled = [name for name in there if name in book.rules]
    in_vain = {name: list(wish_columns(book, wishes, name, book.rules[name])) for name in ruled}
    survey = _Survey(book, catalogue, wishes, today)
    told = [survey.judged(name, _sound(book.rules[name], in_vain[name])) for name in ruled]
    lacking = (problem for found in in_vain.values() for _, problem in found)
    return Judgement(
        (
            *lacking,
            *(problem for one in told for problem in one.problems),
            *(problem for name in dated for problem in survey.aged(name, now)),
        ),
        tuple(breach for one in told for breach in one.breaches),
    )


def _sound(rules: tuple[Rule, ...], in_vain: list[tuple[Rule, Problem]]) -> tuple[Rule, ...]:
    """The rules whose columns are there."""
    return tuple(one for one in rules if all(one is not other for other, _ in in_vain))


@dataclass(frozen=True)
class _Survey:
    """Opens sources as all definitions read them, each once."""

    book: Book
    catalogue: Catalogue
    wishes: Wishes
    today: date
    tried: dict[tuple[str, bool], Tried] = field(default_factory=dict)

    def judged(self, name: str, rules: tuple[Rule, ...]) -> Judgement:
        """What breaks the rules of a source, or why that cannot be told."""
        copies = any(one.kind.WITH_COPIES for one in rules)
        opened, whole = self.opened(name), self.opened(name, copies=copies)
        if not isinstance(opened, Opened) or not isinstance(whole, Opened):
            return Judgement(opened if isinstance(opened, tuple) else whole)  # type: ignore[arg-type]
        others = {other: self.opened(other) for other in _others(rules)}
        tables = {other: one for other, one in others.items() if isinstance(one, Opened)}
        failed = [one for found in others.values() if isinstance(found, tuple) for one in found]
        try:
            told = judge(self.book, Held(opened, rules, tables, whole), self.today, Cache())
        except UNREADABLE as wrong:
            return Judgement((*failed, unreadable_source(name, wrong)))
        return replace(told, problems=(*failed, *told.problems))

    def aged(self, name: str, now: datetime) -> Iterator[Problem]:
        """That a source is older than it may be."""
        opened = self.opened(name)
        found = [opened] if isinstance(opened, Opened) else []
        for problem in freshness_problems(found, now, self.book.calendar):
            yield problem.at(self.book.place("sources", name))

    def opened(self, name: str, *, copies: bool = False) -> Tried:
        """A source; with the copies that its `unique:` leaves out, if asked for."""
        known = (name, copies and bool(self.catalogue.listed[name].source.unique))
        if known not in self.tried:
            self.tried[known] = self._open(*known)
        return self.tried[known]

    def _open(self, name: str, copies: bool) -> Tried:
        listed, book = self.catalogue.listed[name], self.book
        in_vain = (listed.problem,) if listed.problem else tuple(self.wishes.of_source(name))
        if in_vain:
            # Without the columns that its own keys name a source cannot be opened.
            return tuple(replace(one, source=name) for one in in_vain)
        if copies:
            bare = {"unique": (), "keep": None, "key": None}
            listed = replace(listed, source=listed.source.model_copy(update=bare))
        place = book.place("sources", name)
        try:
            return open_source(listed, self._uses(name), book.calendar, book.folder, Cache())
        except SourceError as wrong:
            wants = self.wishes.wants
            if uses := wants.unruled(name, [one.message for one in wrong.problems]):
                wants.columns[name] = dict(uses)
                wants.ruled.pop(name)
                return self._open(name, copies)
            return tuple(replace(one, source=name).at(place) for one in wrong.problems)
        except UNREADABLE as wrong:
            return (unreadable_source(name, wrong).at(place),)

    def _uses(self, name: str) -> Uses:
        """The columns in the types that they have, and as they are written beside."""
        uses = self.wishes.wants.of(name)
        types = column_types(self.catalogue.listed[name], uses)
        return {column: {*asked, types[column], "text"} for column, asked in uses.items()}


def _others(rules: tuple[Rule, ...]) -> Iterator[str]:
    for rule in rules:
        yield from (other for _, other in rule.kind.others(rule.written))
