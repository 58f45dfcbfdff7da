"""What a source holds: its files, its columns as they were read, what it refers to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import SESSION_COLUMNS, Catalogue, Listed, as_found, list_sources
from kpicli.engine.column_types import Origin, type_origin
from kpicli.engine.damage import UNREADABLE, unreadable_source
from kpicli.engine.everything import wish_everything
from kpicli.engine.opened import FILE, ROW, Opened, bad
from kpicli.engine.opening import open_source
from kpicli.engine.reading_date import with_reaches
from kpicli.engine.references import Reference, references_of
from kpicli.engine.routes import Routes
from kpicli.engine.wants import Wishes
from kpicli.errors import Problem, RequestError, SourceError, did_you_mean
from kpicli.results import SourceRecord
from kpicli.sources.declaration import Source
from kpicli.sources.headers import plain_form
from kpicli.words.types import MONEY_SCALE, ColumnType

FIRST_VALUES = 3
# In so many rows of each file the first distinct values are looked for.
_LOOKED_AT = 20_000
_NUMBER = re.compile(r"[-+]?\d[\d.,' ]*")
Uses = dict[str, set[ColumnType]]
Shown = str | float | bool | date | datetime


@dataclass(frozen=True)
class ColumnProfile:
    """A column as it was read.

    name is ours, header the file's, empty where other sources tell the column. kind None: two
    headers have this name, so it cannot be read.
    filled is the share of rows with something in the cell, None without rows. first holds the
    first distinct values, times local, money in whole currency; None where they are ids or
    e-mail addresses. dates is the pattern by which texts were read. like_numbers: nothing uses
    the column yet, so that it is text, and its first values would be numbers.
    """

    name: str
    header: str
    kind: ColumnType | None
    origin: Origin
    filled: float | None = None
    unparsable: int = 0
    first: tuple[Shown, ...] | None = ()
    dates: str | None = None
    like_numbers: bool = False


@dataclass(frozen=True)
class FileProfile:
    """A file of the source: rows in use, and how it is written ("utf-8, comma")."""

    path: str
    rows: int
    format: str
    written: str


@dataclass(frozen=True)
class Profile:
    """A source; problems are why a report could not use it as it is.

    source is what is said of it; lacking are the columns that its preset knows and no file has.
    """

    record: SourceRecord
    columns: tuple[ColumnProfile, ...]
    files: tuple[FileProfile, ...]
    references: tuple[Reference, ...]
    problems: tuple[Problem, ...] = ()
    source: Source | None = None
    lacking: tuple[str, ...] = ()


def profile_of(book: Book, name: str, today: date) -> Profile:
    """Reads all of a source; RequestError where there is none, SourceError where it cannot be."""
    if name not in book.sources:
        hint = did_you_mean(name, book.sources)
        raise RequestError(f"there is no source {name!r}", hint, "unknown_source")
    catalogue = list_sources(book)
    book = as_found(book, catalogue)
    if problem := catalogue.listed[name].problem:
        raise SourceError([problem])
    try:
        return _profile(book, catalogue, name, today)
    except UNREADABLE as wrong:
        raise SourceError([unreadable_source(name, wrong)]) from wrong


def _profile(book: Book, catalogue: Catalogue, name: str, today: date) -> Profile:
    listed = catalogue.listed[name]
    routes = Routes(book.sources, catalogue.has_column, catalogue.gives_column)
    if in_vain := tuple(Wishes(book, catalogue, routes).of_source(name)):
        raise SourceError(in_vain)
    uses = _uses(book, catalogue, routes, name)
    inner = {column: address for column in uses if (address := listed.inner(column))}
    named = {**_named(listed), **inner}
    whole = {ours: uses.get(ours, set()) for ours in named if _can_be_asked(listed, ours)}
    opened, problems = _opened(book, listed, whole)
    happened = [opened.source.happened] if opened.source.happened else []
    opened = with_reaches({name: opened}, {name: happened}, book.calendar, today, Cache())[name]
    references = tuple(references_of(book, catalogue, routes, opened))
    ids = _ids(opened, references)
    return Profile(
        opened.record,
        tuple(_columns(listed, opened, named, whole, ids, book.calendar.zone)),
        tuple(_files(listed, opened)),
        references,
        problems,
        opened.source,
        listed.lacking(),
    )


def _uses(book: Book, catalogue: Catalogue, routes: Routes, name: str) -> Uses:
    """What all definitions together ask of the source's columns; their problems are not ours."""
    wishes = Wishes(book, catalogue, routes)
    wish_everything(book, wishes, name)
    asked: Uses = {}
    declared = set(book.sources[name].columns)
    for column, uses in wishes.wants.of(name).items():
        kept = column in declared or catalogue.listed[name].inner(column)
        ours = column if kept else plain_form(column)
        asked.setdefault(ours, set()).update(uses)
    return asked


def _can_be_asked(listed: Listed, column: str) -> bool:
    """Whether one header alone has this name: none that another column of ours is called by."""
    return listed.has(column) and not listed.ambiguous(column)


def _named(listed: Listed) -> dict[str, str]:
    """Every header of the files by our name; of sessions also what they have beside.

    A column that other sources alone tell has none.
    """
    if listed.base:
        beside = {name: name for name in SESSION_COLUMNS}
        return beside | {
            ours: one for ours, one in _named(listed.base).items() if ours not in beside
        }
    found: dict[str, str] = {}
    for header, ours in listed.named().items():
        for name in ours or (plain_form(header) or header,):
            free = (one for one in (name, header, f"{header} (in the file)") if one not in found)
            found[next(free)] = header
    given = listed.kinship.leads if listed.kinship else ()
    return found | {name: "" for name in given if name not in found}


def _opened(book: Book, listed: Listed, uses: Uses) -> tuple[Opened, tuple[Problem, ...]]:
    """The source as a report opens it, else without its limits, and why a report could not."""
    try:
        return open_source(listed, uses, book.calendar, book.folder, Cache()), ()
    except SourceError as wrong:
        problems = wrong.problems
    lenient = listed.source.model_copy(update={"skip_bad_rows": 1.0, "key": None})
    plain: Uses = {column: asked or {"text"} for column, asked in uses.items()}
    opened = open_source(
        replace(listed, source=lenient), plain, book.calendar, book.folder, Cache()
    )
    place = book.place("sources", listed.name)
    told = tuple(replace(one, source=listed.name).at(place) for one in problems)
    return replace(opened, source=listed.source), told


def _ids(opened: Opened, references: Sequence[Reference]) -> frozenset[str]:
    """Columns that name people and things: their values are shown on request only."""
    source = opened.source
    named = {source.key, *source.unique, *(one.column for one in references)}
    alike = {name for name in opened.types if name == "id" or name.endswith("_id")}
    return frozenset({name for name in named if name} | alike)


def _columns(
    listed: Listed,
    opened: Opened,
    named: Mapping[str, str],
    uses: Uses,
    ids: frozenset[str],
    zone: ZoneInfo,
) -> Iterator[ColumnProfile]:
    counts = _counts(opened)
    rows, values = counts["rows"], _first_values(opened)
    for name, header in named.items():
        if name not in opened.types:
            yield ColumnProfile(name, header, None, "file")
            continue
        kind = opened.types[name]
        first = tuple(_plain(one, kind, zone) for one in values[name])
        hidden = name in ids or any(isinstance(one, str) and "@" in one for one in first)
        yield ColumnProfile(
            name,
            header,
            kind,
            type_origin(listed, name, uses[name]),
            counts[f"filled {name}"] / rows if rows else None,
            counts[f"bad {name}"],
            None if hidden else first,
            opened.dates.get(name, "").removeprefix("exactly ") or None,
            not hidden and not uses[name] and kind == "text" and _like_numbers(values[name]),
        )


def _like_numbers(values: Sequence[Shown]) -> bool:
    return bool(values) and all(_NUMBER.fullmatch(str(value).strip()) for value in values)


def _counts(opened: Opened) -> dict[str, Any]:
    told = [pl.len().alias("rows")]
    for name in opened.types:
        unread = pl.col(bad(name)) if name in opened.unreadable else pl.lit(value=False)
        told += [
            (pl.col(name).is_not_null() | unread).sum().alias(f"filled {name}"),
            unread.sum().alias(f"bad {name}"),
        ]
    return opened.frame.select(told).collect(engine="streaming").row(0, named=True)


def _first_values(opened: Opened) -> dict[str, list[Shown]]:
    """The first distinct values of each column, in the order of the files."""
    names = [pl.col(name) for name in opened.types]
    rows = opened.frame.filter(pl.col(ROW) <= _LOOKED_AT).select(FILE, ROW, *names)
    frame = rows.collect(engine="streaming").sort(FILE, ROW)
    return {
        name: frame[name].drop_nulls().unique(maintain_order=True).head(FIRST_VALUES).to_list()
        for name in opened.types
    }


def _plain(value: Shown, kind: ColumnType, zone: ZoneInfo) -> Shown:
    if kind == "money" and isinstance(value, int | float):
        return value / MONEY_SCALE
    if isinstance(value, datetime):
        return value.astimezone(zone)
    return value


def _files(listed: Listed, opened: Opened) -> Iterator[FileProfile]:
    counted = opened.frame.group_by(FILE).len().collect(engine="streaming")
    rows = dict(counted.iter_rows())
    for number, path in enumerate(opened.files):
        header = listed.headers[number]
        yield FileProfile(path, rows.get(number, 0), listed.formats[number].name, header.written)
