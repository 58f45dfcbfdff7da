"""Texts that conditions look for and no row has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from kpicli.definitions.book import Book, Kpi
from kpicli.engine.opened import Opened
from kpicli.errors import Place, Problem, nearest
from kpicli.planning.plan import Step
from kpicli.words.expressions import Call, Expression, Name, Text, walk

_COMPARING = ("=", "<>", "in")
# Among so many values the near one is looked for; so few are listed.
_KNOWN, _LISTED = 10_000, 6


@dataclass(frozen=True)
class Sought:
    """Texts that one comparison looks for in a column of a source.

    any_will_do: a ready-made list, of which a file has what it has.
    """

    source: str
    column: str
    texts: tuple[str, ...]
    places: tuple[Place | None, ...]
    kpi: str | None = None
    any_will_do: bool = False


def sought_by_step(step: Step, book: Book) -> Iterator[Sought]:
    """What the conditions of a KPI and of its segments compare with columns."""
    for need in step.kpi.needs.values():
        for told in need.expressions():
            yield from _sought(need.source, told, book, step.kpi)
        for name in (name for split in step.by for name in split):
            segment = book.segments.get(name)
            for condition in (segment.where, segment.of) if segment else ():
                if condition:
                    yield from _sought(need.source, condition, book, None)
            if segment and segment.did and segment.did.where:
                yield from _sought(segment.did.source, segment.did.where, book, None)


def sought_by_exclusions(book: Book) -> Iterator[Sought]:
    """What exclusions compare with columns."""
    for exclusion in book.exclude:
        yield from _sought(exclusion.source, exclusion.where, book, None)


def sought_by_request(
    steps: Iterable[Step], condition: Expression | None, book: Book
) -> Iterator[Sought]:
    """What the condition of the command line compares with columns of each KPI's sources."""
    if condition is None:
        return
    for source in dict.fromkeys(need.source for step in steps for need in step.kpi.needs.values()):
        yield from _sought(source, condition, book, None)


def texts_in_vain(opened: Mapping[str, Opened], sought: Iterable[Sought]) -> Iterator[Problem]:
    """A warning for each text that no row has; a column without any value says nothing."""
    for one in dict.fromkeys(sought):
        table, column = _column(opened, one)
        source = opened.get(table)
        if source is None or source.types.get(column) != "text":
            continue
        missing = _missing(source.frame, column, one.texts)
        if not missing or (one.any_will_do and len(missing) < len(one.texts)):
            continue
        known = _known(source.frame, column)
        for text, place in zip(one.texts, one.places, strict=True):
            if known and text in missing:
                message = f"no row of {table} has {column} {text!r}"
                hint = _hint(column, text, known)
                yield Problem("no_such_value", message, hint, place, "warning", one.kpi, table)


def _sought(source: str, told: Expression, book: Book, kpi: Kpi | None) -> Iterator[Sought]:
    for call in walk(told.tree):
        if not isinstance(call, Call) or call.verb not in _COMPARING:
            continue
        names = [one.name for one in call.operands if isinstance(one, Name)]
        texts = [one for one in call.operands if isinstance(one, Text)]
        if len(names) == 1 and texts and len(texts) == len(call.operands) - 1:
            name = kpi.name if kpi else None
            places = [book.spot(name, told.text, text.offset) for text in texts]
            ready_made = kpi is not None and kpi.library is not None and None in places
            yield Sought(
                source,
                names[0],
                tuple(text.value for text in texts),
                tuple(place or (kpi.place if kpi else None) for place in places),
                name,
                ready_made,
            )


def _column(opened: Mapping[str, Opened], sought: Sought) -> tuple[str, str]:
    """The table that holds a column, and what it is called there."""
    table, dot, column = sought.column.partition(".")
    own = opened.get(sought.source)
    if not dot or (own and sought.column in own.types):
        return sought.source, sought.column
    return table, column


def _missing(frame: pl.LazyFrame, column: str, texts: tuple[str, ...]) -> set[str]:
    found = frame.filter(pl.col(column).is_in(texts)).select(pl.col(column).unique())
    return set(texts) - set(found.collect(engine="streaming")[column].to_list())


def _known(frame: pl.LazyFrame, column: str) -> tuple[str, ...]:
    values = frame.select(pl.col(column).drop_nulls().unique()).head(_KNOWN)
    return tuple(values.collect(engine="streaming")[column].sort().to_list())


def _hint(column: str, text: str, known: tuple[str, ...]) -> str | None:
    """The value that is near, else all of a few; ids and addresses are not shown."""
    if column == "id" or column.endswith("_id") or any("@" in one for one in known):
        return None
    near = nearest(text, known)
    if near is not None:
        return f"did you mean {near!r}?"
    return f"it has {', '.join(map(repr, known))}" if len(known) <= _LISTED else None
