"""What the definition of a KPI claims and no file shows."""

from collections.abc import Iterable, Iterator, Sequence

from kpicli.definitions.book import Book, Kpi
from kpicli.needs import ELIGIBLE, Need, Population
from kpicli.words.expressions import Expression, Name
from kpicli.words.vocabulary import word_type

Splits = Sequence[Sequence[str]]


def caveats_of(kpi: Kpi, book: Book, by: Splits) -> tuple[str, ...]:
    """The claims of a KPI split so, and of those that it is told from, each once."""
    return tuple(dict.fromkeys(_claims(kpi, book, by)))


def _claims(kpi: Kpi, book: Book, by: Splits) -> Iterator[str]:
    for name in kpi.inputs:
        yield from _claims(book.kpis[name], book, ())
    if kpi.crowd:
        yield from _of_crowd(kpi.crowd, book)
    yield from _of_splits(by, book)
    for need in kpi.needs.values():
        yield from _of_rows(need, book, listed=kpi.crowd is not None)
    if any(need.as_if_constant for need in kpi.needs.values()):
        yield "Earlier periods are told as if its rows had always been as they are today"


def _of_crowd(crowd: Population, book: Book) -> Iterator[str]:
    if crowd.seen:
        named = crowd.asked[0].expression.text.removesuffix("_id")
        yield f"Of {named}s seen in {crowd.source}: no source lists them"
    told = [one.expression for one in crowd.asked if one.name == ELIGIBLE]
    if tables := _undated(told, book, crowd.source):
        yield f"Who is eligible is told by {' and '.join(tables)} as {_it_is(tables)} today"


def _of_splits(by: Splits, book: Book) -> Iterator[str]:
    """Groups by attributes of which only today's value is known."""
    for name in dict.fromkeys(name for split in by for name in split):
        segment = book.segments.get(name)
        told = (segment.of, segment.where) if segment else (Expression(name, Name(name)),)
        if tables := _undated([one for one in told if one], book, ""):
            named = name[0].upper() + name[1:]
            yield f"{named} is told by {' and '.join(tables)} as {_it_is(tables)} today"


def _of_rows(need: Need, book: Book, *, listed: bool) -> Iterator[str]:
    named = [name for one in need.asked for name in one.expression.names if "." in name]
    today = [name for name in named if not _is_dated(name.rpartition(".")[0], book)]
    if need.states_of and today:
        yield f"Of the past, too, {' and '.join(today)} is what it is today"
    chosen = [need.where] if need.where else []
    if not need.states_of and (tables := _undated(chosen, book, "")):
        yield f"Which rows count is told by {' and '.join(tables)} as {_it_is(tables)} today"
    if not listed and book.sources[need.source].valid_from:
        yield f"Each row of {need.source} is one of its versions: what changed counts again"


def _undated(told: Iterable[Expression], book: Book, own: str) -> tuple[str, ...]:
    """The tables behind expressions that know only what is true today."""
    named = (name for one in told for name in one.names if not _is_lasting(name, book))
    owners = [name.rpartition(".")[0] or own for name in named]
    tables = dict.fromkeys(one for one in owners if one in book.sources)
    return tuple(one for one in tables if not _is_dated(one, book))


def _is_dated(table: str, book: Book) -> bool:
    return table in book.sources and book.sources[table].valid_from is not None


def _is_lasting(name: str, book: Book) -> bool:
    """Whether a column of a table never changes: its key, and when something was."""
    table, _, column = name.rpartition(".")
    declared = book.sources.get(table)
    told = declared.types.get(column, word_type(column)) if declared else None
    return declared is not None and (column == declared.key or told in ("date", "time"))


def _it_is(tables: tuple[str, ...]) -> str:
    return "it is" if len(tables) == 1 else "they are"
