"""From the words of a command line to an outcome."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from shlex import quote
from time import perf_counter

from kpicli.cli.askednames import check_names
from kpicli.cli.screen import progress, warn
from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.errors import RequestError, did_you_mean
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome, SourceRecord
from kpicli.words.calendar import GRAINS, Grain
from kpicli.words.dates import day_from
from kpicli.words.expressions import ExpressionError
from kpicli.words.parsing import parse_condition

_DEFINITIONS = "kpi_definitions.yaml"


@dataclass(frozen=True)
class Asked:
    """What stands on the command line, as it was written; None where nothing stands."""

    definitions: str
    data: Path | None = None
    names: Iterable[str] | None = None
    as_of: str = "latest"
    grain: str | None = None
    periods: int | None = None
    by: Iterable[str] | None = None
    for_: Iterable[str] | None = None
    where: str | None = None
    include_partial: bool = False
    period: str | None = None
    every_target: bool = False
    verbose: bool = False


def written_again(asked: Asked) -> str:
    """The options of a number as the command line has them: " --period 2025-W38"."""
    told = (
        ("-f", asked.definitions if asked.definitions != _DEFINITIONS else None),
        ("--data", asked.data),
        ("--as-of", asked.as_of if asked.as_of != "latest" else None),
        ("--grain", asked.grain),
        ("--period", asked.period),
        *(("--for", one) for one in asked.for_ or ()),
        ("--where", asked.where),
    )
    return "".join(f" {option} {quote(str(value))}" for option, value in told if value is not None)


def compute(asked: Asked, cache: Cache) -> Outcome:
    """Read the definitions and compute what is asked for; KpiError with what is wrong."""
    started = perf_counter()
    book = read_book(asked.definitions, asked.data)
    now = datetime.now(UTC)
    today = book.calendar.day_at(now)
    request = replace(request_of(asked, book, today), now=now)
    request = check_names(book, request)
    for name, split in sorted(request.unsplit):
        warn(f"{book.kpis[name].title}: cannot be split by {split}, its total is shown")
    read = perf_counter()
    with progress("computing …"):
        outcome = run(book, request, today, cache)
    if asked.verbose:
        tell_work(asked, outcome.meta.sources, read - started, perf_counter() - read)
    return outcome


def read_book(definitions: str, data: Path | None) -> Book:
    """The definitions that are asked for; DefinitionError with all that is wrong with them."""
    check_folder(data)
    return open_book(Path(definitions), os.environ, data)


def check_folder(data: Path | None) -> None:
    """RequestError where --data names no folder."""
    if data is not None and not data.is_dir():
        raise RequestError(f"--data {data}: there is no such folder", code="data")


def local_today(book: Book) -> date:
    """The clock's day where the project is; the one place that reads the clock."""
    return book.calendar.day_at(datetime.now(UTC))


def request_of(asked: Asked, book: Book, today: date) -> Request:
    """The request in the words of planning; RequestError for what cannot be read."""
    return Request(
        names=tuple(asked.names or ()),
        grain=_grain(asked.grain),
        periods=asked.periods,
        by=None if asked.by is None else tuple(dict.fromkeys(_pieces(asked.by))),
        for_=dict(_values(asked.for_ or ())),
        where=_condition(asked.where),
        as_of=_reading_date(asked.as_of, today),
        include_partial=asked.include_partial,
        period=_period(asked.period, book),
        every_target=asked.every_target,
    )


def tell_work(
    asked: Asked, sources: Iterable[SourceRecord], reading: float, computing: float
) -> None:
    """What -v says: what was opened, how much was in it, how long it took."""
    warn(f"{asked.definitions}: read in {reading:.2f} s")
    for source in sources:
        files = f"{len(source.files)} files" if len(source.files) > 1 else source.files[0].path
        span = f", {source.first} to {source.last}" if source.first else ""
        warn(f"{source.name}: {files}, {source.rows:,} rows{span}")
    warn(f"opened and computed in {computing:.2f} s")


def _grain(written: str | None) -> Grain | None:
    for grain in GRAINS:
        if written is None or written == grain:
            return grain if written else None
    hint = did_you_mean(str(written), GRAINS)
    raise RequestError(f"--grain {written}: there is no such grain", hint, "grain")


def _reading_date(written: str, today: date) -> date | None:
    """None is the newest row."""
    if written in ("latest", "today"):
        return today if written == "today" else None
    try:
        return day_from(written)
    except ValueError as wrong:
        raise RequestError(f"--as-of: {wrong}", "or today, or latest", "as_of") from wrong


def _pieces(written: Iterable[str]) -> Iterator[str]:
    return (piece.strip() for one in written for piece in one.split(",") if piece.strip())


def _values(written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Segment and value; a comma in a value is told from the next pair by the `=` that lacks."""
    seen: dict[str, str] = {}
    for one in written:
        for name, value in _pairs(one):
            if seen.setdefault(name, value) != value:
                message = f"--for names two values of {name}: {seen[name]} and {value}"
                raise RequestError(message, f"--by {name} shows them side by side", "for")
            yield name, value


def _pairs(written: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for piece in written.split(","):
        name, equals, value = piece.partition("=")
        if equals and name.strip():
            pairs.append((name.strip(), value.strip()))
        elif pairs and not equals:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]},{piece}")
        else:
            message = f"--for {written}: a segment and its value are needed"
            raise RequestError(message, "write --for plan=enterprise", "for")
    return pairs


def _condition(written: str | None) -> str | None:
    if written is None:
        return None
    try:
        parse_condition(written)
    except ExpressionError as wrong:
        raise RequestError(f"--where: {wrong.message}", wrong.hint, "where") from wrong
    return written


def _period(written: str | None, book: Book) -> str | None:
    if written is None:
        return None
    try:
        book.calendar.named(written)
    except ValueError as wrong:
        hint = "write 2025-09-21, 2025-W38, 2025-09, 2025-Q3 or 2025"
        raise RequestError(
            f"--period {written}: there is no such period", hint, "period"
        ) from wrong
    return written
