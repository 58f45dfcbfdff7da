"""The columns that rules of good data read, held against the headers and the types."""

from collections.abc import Iterator, Mapping, Sequence

from kpicli.definitions.book import Book
from kpicli.engine.wants import Wishes
from kpicli.errors import Place, Problem
from kpicli.quality.base import Declared, Rule, Wanted
from kpicli.sources.declaration import Source
from kpicli.words.agreement import NUMERIC, WORDS_FOR, check
from kpicli.words.demands import demands
from kpicli.words.expressions import Expression, ExpressionError
from kpicli.words.types import ColumnType

_TIMES = ("date", "time")


def declared(name: str, source: Source) -> Declared:
    """What rules are told of a source."""
    return Declared(name, source.happened, source.currency_column)


def wish_columns(
    book: Book, wishes: Wishes, name: str, rules: Sequence[Rule]
) -> Iterator[tuple[Rule, Problem]]:
    """Ask for the columns of rules; a problem for each that no file of the source has."""
    told = declared(name, wishes.catalogue.listed[name].source)
    for rule in rules:
        for wanted in rule.kind.wanted(rule.written, told):
            for problem in _asked(wishes, name, wanted):
                yield rule, problem.at(_place(book, rule, wanted))
        for path, other in rule.kind.others(rule.written):
            key = book.sources[other].key or ""
            for problem in wishes.of_column(other, key, "text"):
                yield rule, problem.at(_place(book, rule, Wanted(path, key)))


def _asked(wishes: Wishes, name: str, wanted: Wanted) -> Iterator[Problem]:
    if isinstance(wanted.told, str):
        yield from _column(wishes, name, wanted.told, wanted.want)
        return
    try:
        asked = demands(wanted.told, wanted.want)
    except ExpressionError as wrong:
        yield Problem("types", wrong.message, wrong.hint, source=name)
        return
    for column in wanted.told.names:
        yield from _column(wishes, name, column, asked.get(column))


def _column(wishes: Wishes, name: str, column: str, want: ColumnType | None) -> Iterator[Problem]:
    """A column of a rule; one that KPIs read as another type stays what it is."""
    others = wishes.wants.of(name).get(column, set()) - {"text"}
    clash = want and any(not _meets(other, want) for other in others)
    if want and not clash:
        wishes.wants.add_ruled(name, column, want)
    yield from wishes.of_column(name, column, None if clash else want)


def disagreements(
    book: Book, rule: Rule, told: Declared, types: Mapping[str, ColumnType]
) -> Iterator[Problem]:
    """What a rule says of columns that are of another type."""
    for wanted in rule.kind.wanted(rule.written, told):
        place = _place(book, rule, wanted)
        if isinstance(wanted.told, Expression):
            for wrong in check(wanted.told, types, wanted.want):
                yield Problem("types", wrong.message, wrong.hint, place, source=told.name)
        elif wanted.want and not _meets(types[wanted.told], wanted.want):
            found, want = WORDS_FOR[types[wanted.told]], WORDS_FOR[wanted.want]
            message = f"{told.name}.{wanted.told} is {found}, not {want}"
            hint = f"if it is, add types: {{{wanted.told}: {wanted.want}}} to {told.name}"
            yield Problem("types", message, hint, place, source=told.name)


def columns_of(rule: Rule, told: Declared) -> tuple[str, ...]:
    """The columns of its own source that a rule reads."""
    found: dict[str, None] = {}
    for wanted in rule.kind.wanted(rule.written, told):
        names = (wanted.told,) if isinstance(wanted.told, str) else wanted.told.names
        found |= dict.fromkeys(names)
    return tuple(found)


def _meets(found: ColumnType, want: ColumnType) -> bool:
    if want == "text":
        return True
    return found in (NUMERIC if want in NUMERIC else _TIMES if want in _TIMES else (want,))


def _place(book: Book, rule: Rule, wanted: Wanted) -> Place | None:
    return book.pages.place((*rule.path, *wanted.path)) if book.pages else rule.place
