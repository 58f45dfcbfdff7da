"""Check the definitions, and every file they speak of.

Finds every problem of the definitions in one pass, each with file:line:column, what is allowed
and the nearest right word. Then opens all sources: columns that are not there or of another type,
keys that repeat, cells and rows that cannot be read, every rule under quality:, for each source
what was read of it. --rows FILE.csv writes all rows that break a rule, with their texts as they
are. --no-data opens nothing. Exit 2 where the definitions are wrong, 3 where the data is.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from kpicli.cli.faults import warn_of
from kpicli.cli.files import replace_files
from kpicli.cli.options import BrokenRows, Data, Definitions, NoData, TableOrJson
from kpicli.cli.outcome import check_folder
from kpicli.cli.output import check_word
from kpicli.cli.screen import print_document, print_text, progress, screen
from kpicli.cli.sourcelines import source_lines
from kpicli.definitions.book import Book
from kpicli.definitions.loading import Loaded, read_book
from kpicli.engine.breaches import Breach
from kpicli.engine.rulesurvey import survey_rules
from kpicli.engine.survey import survey_kpis, survey_sources
from kpicli.errors import DefinitionError, Problem, RequestError
from kpicli.library import library_definitions
from kpicli.render.breaches import breaches_csv
from kpicli.render.json import render_problems
from kpicli.results import SourceRecord


def command(
    definitions: Definitions = "kpi_definitions.yaml",
    data: Data = None,
    no_data: NoData = False,
    rows: BrokenRows = None,
    format_: TableOrJson = "table",
) -> int:
    """Read, open, say what was found."""
    check_word(format_, ("table", "json"))
    _check_rows(rows, no_data=no_data)
    loaded = _loaded(definitions, data)
    if loaded.book is None:
        raise DefinitionError(loaded.problems)
    records: tuple[SourceRecord, ...] = ()
    found: tuple[Problem, ...] = ()
    if not no_data:
        with progress("opening everything …"):
            records, found, breaches = _opened(loaded.book)
        if rows is not None:
            replace_files({rows: breaches_csv(breaches).encode(errors="replace")})
    problems = (*loaded.problems, *found)
    warn_of(problems, shown=True)
    if format_ == "json":
        print_document(render_problems(problems))
    else:
        plain = screen().plain_signs
        print_text("".join(f"{line}\n" for line in _lines(loaded.book, records, problems, plain)))
    return 3 if any(problem.level == "error" for problem in found) else 0


def _check_rows(rows: Path | None, *, no_data: bool) -> None:
    if rows is not None and no_data:
        raise RequestError("--no-data opens no file: there are no rows to write", "leave one out")
    if rows is not None and rows.suffix.lower() in (".xlsx", ".xls", ".json", ".parquet"):
        hint = f"write --rows {rows.with_suffix('.csv')}"
        raise RequestError(f"the rows that break a rule are written as CSV, not {rows.name}", hint)


def _loaded(definitions: str, data: Path | None) -> Loaded:
    check_folder(data)
    return read_book(
        Path(definitions), library_definitions(), os.environ, shown=definitions, folder=data
    )


def _opened(
    book: Book,
) -> tuple[tuple[SourceRecord, ...], tuple[Problem, ...], tuple[Breach, ...]]:
    """What each source gave, what is wrong with it and with the KPIs, and rows that break rules."""
    now = datetime.now(UTC)
    today = book.calendar.day_at(now)
    surveyed = tuple(survey_sources(book))
    found = [one for one in surveyed if isinstance(one, Problem)]
    records = {one.name: one for one in surveyed if isinstance(one, SourceRecord)}
    if book.shown():
        problems, read = survey_kpis(book, today)
        found += (*book.warnings, *problems)
        records |= {record.name: record for record in read}
    judgement = survey_rules(book, today, now)
    ordered = tuple(records[name] for name in book.sources if name in records)
    return ordered, tuple(_once([*found, *judgement.problems])), judgement.breaches


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """A problem stands once, whoever met it, in the order of the places."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.code, problem.message), problem)
    yield from sorted(first.values(), key=lambda one: (one.place is None, one.place))


def _lines(
    book: Book, records: Iterable[SourceRecord], problems: tuple[Problem, ...], plain: bool
) -> Iterator[str]:
    for record in records:
        yield from source_lines(record, plain)
    counts = [_count(len(book.shown()), "KPI"), _count(len(book.sources), "source")]
    wrong = _count(len(problems), "problem") if problems else "no problems"
    yield f"{book.file}: {', '.join(counts)}, {wrong}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
