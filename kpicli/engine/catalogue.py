"""What the files of every source are and which columns they have, before a row is read."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock

import polars as pl

from kpicli.definitions.book import Book
from kpicli.definitions.shape import Exclusion
from kpicli.engine.foundkeys import currency_found, keys_found
from kpicli.engine.kin import Kin
from kpicli.engine.kinship import Lead, find_leads, origins_of, says_ids
from kpicli.engine.sharedids import shared_ids
from kpicli.errors import Problem, SourceError, did_you_mean
from kpicli.sources.declaration import Identity, Source
from kpicli.sources.files import expand
from kpicli.sources.formats import format_of
from kpicli.sources.headers import Matched, match_columns, plain_form
from kpicli.sources.inner import address_of, stored_type
from kpicli.sources.reading import Format, Header
from kpicli.words.expressions import Expression
from kpicli.words.types import TypeWord

# What a session has beside the columns of its first row.
SESSION_COLUMNS = ("session_id", "start", "end", "page_views")


@dataclass(frozen=True)
class Kinship:
    """What sources with `identity:` say of the columns of another.

    leads: the columns that are told, each after those it is told from, with these. said: the
    sources that say which ids are one; lists: those with a key. told: what was found, once a run.
    """

    leads: Mapping[str, tuple[Lead, ...]]
    said: tuple["Listed", ...]
    lists: tuple["Listed", ...]
    told: dict[str, Kin]
    lock: AbstractContextManager[object]

    @property
    def ways(self) -> tuple[Identity, ...]:
        """What leads to what."""
        return tuple(one.source.identity for one in self.said if one.source.identity)


@dataclass(frozen=True)
class Listed:
    """The files of a source with their headers; problem says why there are none.

    plain holds the names of each file as they are written and in their plain form. base is the
    source that sessions are made of, without its rows that are excluded. kinship says which ids
    are one, None where no source does. tables are all sources of the book: a dotted name that
    begins with one is a column there. currency is that of amounts whose row names none.
    """

    name: str
    source: Source
    files: tuple[Path, ...] = ()
    formats: tuple[Format, ...] = ()
    headers: tuple[Header, ...] = ()
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    plain: tuple[frozenset[str], ...] = ()
    base: "Listed | None" = None
    without: tuple[Expression, ...] = ()
    kinship: "Kinship | None" = None
    tables: frozenset[str] = frozenset()
    currency: str = ""

    def header(self, column: str, number: int) -> str | None:
        """What a file calls our column, by its address within an object; None where it has none."""
        if self.base:
            return column if column in SESSION_COLUMNS else self.base.header(column, number)
        told, plain = self.source.headers_of(column), self.plain[number]
        if not any(plain_form(one) in plain or one in plain for one in told):
            return self._address(column, number)
        return self._matched(column, number).headers.get(column)

    def _address(self, column: str, number: int) -> str | None:
        if column not in self.source.columns and column.partition(".")[0] in self.tables:
            return None
        found = (address_of(self.headers[number], one) for one in self.source.headers_of(column))
        return next(filter(None, found), None)

    def holds(self, address: str) -> bool:
        """Whether a file surely has such a field within an object."""
        if self.base:
            return self.base.holds(address)
        return any(address in header.inner for header in self.headers)

    def inner(self, column: str) -> str | None:
        """The address of a column that is a field within an object; None for all others."""
        if self.base:
            return None if column in SESSION_COLUMNS else self.base.inner(column)
        for number, header in enumerate(self.headers):
            found = self.header(column, number)
            if found is not None:
                return None if found in header.names else found
        return None

    def ambiguous(self, column: str) -> Problem | None:
        """Why a column cannot be told from another, if so."""
        if self.base:
            return None if column in SESSION_COLUMNS else self.base.ambiguous(column)
        for number in range(len(self.files)):
            for problem in self._matched(column, number).problems:
                if problem.code != "missing_column":
                    return problem
        return None

    def _matched(self, column: str, number: int) -> Matched:
        header, file = self.headers[number], self.files[number].name
        return match_columns(file, header, (column,), self.source.columns)

    def has(self, column: str) -> bool:
        """Whether any file has the column, or another source tells it."""
        return self.gives(column) or self.stores(column)

    def stores(self, column: str) -> bool:
        """Whether any file has the column."""
        return any(self.header(column, number) for number in range(len(self.files)))

    def gives(self, column: str) -> bool:
        """Whether another source tells the column, by an id of the row."""
        if self.base:
            return column not in SESSION_COLUMNS and self.base.gives(column)
        return self.kinship is not None and column in self.kinship.leads

    def origins(self, column: str) -> frozenset[str]:
        """The columns that a column is told from by other sources, itself among them."""
        if self.base:
            return self.base.origins(column) if self.gives(column) else frozenset()
        return origins_of(column, self.kinship.leads if self.kinship else {})

    def dtype(self, column: str) -> pl.DataType | None:
        """The physical type of a column in the first file that has it; made ones have none.

        A column whose words have a meaning is a text.
        """
        if self.base:
            return None if column in SESSION_COLUMNS else self.base.dtype(column)
        for number, header in enumerate(self.headers):
            found = self.header(column, number)
            if found is not None and column in self.source.values:
                return pl.String()
            if found is not None:
                return stored_type(header, found)
        return None

    def columns(self) -> tuple[str, ...]:
        """Every column, by our name where there is one."""
        if self.base:
            return tuple(dict.fromkeys((*SESSION_COLUMNS, *self.base.columns())))
        named = [name for theirs, ours in self.named().items() for name in ours or (theirs,)]
        inner = [address for header in self.headers for address in header.inner]
        told = self.kinship.leads if self.kinship else ()
        return tuple(dict.fromkeys((*named, *told, *inner)))

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Every header, and every address in use, with the names that the source gives it."""
        found: dict[str, dict[str, None]] = {
            name: {} for header in self.headers for name in header.names
        }
        for column in self.source.columns:
            for number in range(len(self.files)):
                if (theirs := self.header(column, number)) is not None:
                    found.setdefault(theirs, {})[column] = None
        return {theirs: tuple(ours) for theirs, ours in found.items()}

    def nearest_to(self, column: str) -> str:
        """What may be meant by a column that no file has; the headers, where one is declared."""
        told = self.source.columns.get(column)
        if told is None:
            return did_you_mean(column, self.columns())
        headers = [name for header in self.headers for name in (*header.names, *header.inner)]
        return f"columns: says {' or '.join(told)}; {did_you_mean(told[0], headers)}"

    def lacking(self) -> tuple[str, ...]:
        """The columns that the preset knows and no file has."""
        declared = self.source.columns if self.source.preset else ()
        return tuple(column for column in declared if not self.has(column))


@dataclass(frozen=True)
class Catalogue:
    """Every source of a book as its files are."""

    listed: Mapping[str, Listed] = field(default_factory=dict)

    def has_column(self, source: str, column: str) -> bool:
        """Whether a source has a column; a source that cannot be read has none."""
        listed = self.listed[source]
        return listed.problem is None and listed.has(column)

    def gives_column(self, source: str, column: str) -> bool:
        """Whether a source has a column because another says which ids are one."""
        listed = self.listed[source]
        return listed.problem is None and listed.gives(column)


def list_sources(book: Book) -> Catalogue:
    """The catalogue of a book; a source that cannot be opened carries its problem."""
    listed = {name: _listed(name, book) for name in book.sources}
    has_column = Catalogue(listed).has_column
    more = shared_ids({name: one.source for name, one in listed.items()}, has_column)
    found = {name: _as_told(one, more) for name, one in listed.items()}
    ways = {one.name: one.source.identity for one in found.values()}
    said = tuple(one for one in found.values() if says_ids(ways[one.name], one.problem, one.stores))
    if not said:
        return Catalogue(found)
    told = Kinship({}, said, tuple(one for one in found.values() if one.source.key), {}, RLock())
    return Catalogue({name: _with_kinship(one, told) for name, one in found.items()})


def _as_told(listed: Listed, more: Mapping[str, Mapping[str, TypeWord]]) -> Listed:
    """The source with the types of ids that it shares with others."""
    types = {**listed.source.types, **more.get(listed.name, {})}
    base = _as_told(listed.base, more) if listed.base else None
    return replace(listed, source=listed.source.model_copy(update={"types": types}), base=base)


def _with_kinship(listed: Listed, told: Kinship) -> Listed:
    """The source with the columns that others tell, each after those that it is told from."""
    if listed.base:
        return replace(listed, base=_with_kinship(listed.base, told))
    known = listed.problem is None
    leads = find_leads(told.ways, listed.stores, listed.source.key) if known else {}
    return replace(listed, kinship=replace(told, leads=leads))


def _listed(name: str, book: Book) -> Listed:
    source = book.sources[name]
    listed = Listed(name, source, tables=frozenset(book.sources))
    listed = replace(listed, currency=source.currency or book.currency)
    if source.made_from:
        base = _listed(source.made_from, book)
        excluded = (*book.exclude, *_offered(base))
        without = tuple(one.where for one in excluded if one.source == source.made_from)
        return _sessions(listed, base, without)
    try:
        files = tuple(path for pattern in source.path for path in expand(pattern, book.folder))
        reading = source.reading(book.calendar.zone_name)
        known = [format_of(path) for path in files]
        read = [kind.headers(path, reading) for path, (kind, _) in zip(files, known, strict=True)]
        notes = (*(note for _, note in known if note), *(n for head in read for n in head.notes))
        found = replace(
            listed,
            files=files,
            formats=tuple(kind for kind, _ in known),
            headers=tuple(read),
            notes=tuple(dict.fromkeys(notes)),
            plain=tuple(
                frozenset({*head.names, *(plain_form(name) for name in head.names)})
                for head in read
            ),
        )
        kept = replace(found, source=keys_found(found.source, found.has))
        return replace(kept, source=currency_found(kept.source, kept.dtype))
    except SourceError as wrong:
        place = book.place("sources", name)
        problem = replace(wrong.problems[0], source=name).at(place)
        return replace(listed, problem=problem)


def _sessions(listed: Listed, base: Listed, without: tuple[Expression, ...]) -> Listed:
    """Sessions as their source is: the same files, and columns that no file has."""
    own, told = listed.source, base.source
    kept = {"quiet": own.quiet or told.quiet, "history_starts": told.history_starts}
    return replace(
        base,
        name=listed.name,
        source=own.model_copy(update=kept),
        notes=(),
        base=base,
        without=without,
    )


def as_found(book: Book, catalogue: Catalogue) -> Book:
    """The book whose sources say of themselves what their files can keep."""
    found = {
        name: catalogue.listed[name].source if source.preset else source
        for name, source in book.sources.items()
    }
    offered = (one for listed in catalogue.listed.values() for one in _offered(listed))
    return replace(book, sources=found, exclude=(*book.exclude, *offered))


def _offered(listed: Listed) -> Iterator[Exclusion]:
    """What the preset leaves out, as far as the files have the columns that tell it."""
    preset = listed.source.known_as
    for told in preset.exclude if preset and listed.problem is None else ():
        exclusion = Exclusion(source=listed.name, where=told["where"], reason=told["reason"])
        if all(listed.has(name) for name in exclusion.where.names):
            yield exclusion
