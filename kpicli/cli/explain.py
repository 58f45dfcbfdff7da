"""Explain a number: every rule in force, and what each took away on the way to it.

NAME is a KPI: its definition in a sentence, the rule at every choice, the rows that each rule
removed, the value with what it is held against, what is read. Of a formula: its inputs. Or NAME
is a kind, such as share, a definition of the library, a preset, or what stands beside the KPIs,
such as segments: its page. Without NAME: what there is.
"""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from shlex import quote

from kpicli.cli.cachefolder import open_cache, write_cache
from kpicli.cli.librarypage import is_ready, print_ready
from kpicli.cli.namedpages import is_kind, is_page, page_names, print_named, print_names
from kpicli.cli.options import (
    Age,
    AsOf,
    Data,
    Definitions,
    For,
    Grain,
    KpiOrPage,
    NoCache,
    PageFormat,
    Part,
    Period,
    Where,
)
from kpicli.cli.outcome import Asked, local_today, written_again
from kpicli.cli.pages import check_page_format, print_page
from kpicli.cli.presetpage import is_preset, print_preset
from kpicli.cli.question import question_of
from kpicli.cli.screen import print_text, progress
from kpicli.cli.soundpart import read_sound, warn_of_rest
from kpicli.definitions.book import Book
from kpicli.errors import DefinitionError, RequestError, nearest
from kpicli.flow import explain
from kpicli.kinds import ALIASES
from kpicli.library import library_definitions
from kpicli.render.explanation import explanation_json
from kpicli.reports.blocks import Note
from kpicli.reports.explanation import explanation_blocks
from kpicli.sources.presets import preset_names


def command(  # noqa: PLR0913, PLR0917
    name: KpiOrPage = None,
    period: Period = None,
    for_: For = None,
    part: Part = None,
    age: Age = None,
    definitions: Definitions = "kpi_definitions.yaml",
    data: Data = None,
    as_of: AsOf = "latest",
    grain: Grain = None,
    where: Where = None,
    format_: PageFormat = "table",
    no_cache: NoCache = False,
) -> int:
    """Print a kind's page, or how a number came about."""
    check_page_format(format_)
    if name is None:
        print_names(_kpis(definitions, data), format_)
        return 0
    asked = Asked(definitions, data, [name], as_of, grain, for_=for_, where=where, period=period)
    book = _book(name, asked)
    if book is None or name not in (*book.kpis, *book.reports):
        _print_ready_page(name, book, format_)
        return 0
    today = local_today(book)
    question = question_of(asked, book, today, part, age)
    cache = open_cache(off=no_cache)
    with progress("computing …"):
        explained = explain(book, question, today, cache)
    options = written_again(asked) + (f" --part {quote(part)}" if part else "")
    options += "" if age is None else f" --age {age}"
    blocks = (*explanation_blocks(explained, options), *_note_kind(name))
    print_page(format_, blocks, lambda: explanation_json(explained))
    write_cache(cache)
    return 0


def _note_kind(name: str) -> tuple[Note, ...]:
    if not is_kind(name):
        return ()
    return (Note(f"{name} is a kind, too; this is the KPI of that name", "coverage"),)


def _print_ready_page(name: str, book: Book | None, format_: str) -> None:
    """A page, or that of a library's definition that the file does not use, or of a preset."""
    if name in ALIASES and is_ready(name):
        print_ready(name, format_)
        if format_ == "table":
            print_text(
                f"The kind {ALIASES[name]} is also written {name}: kpi explain {ALIASES[name]}\n"
            )
    elif is_page(name):
        print_named(name, format_)
    elif is_ready(name):
        print_ready(name, format_)
    elif is_preset(name):
        print_preset(name, format_)
    else:
        known = book.shown() if book else ()
        near = _nearest(name, known)
        hint = f"did you mean {near}? " if near else ""
        hint += "kpi explain without a name lists what there is"
        raise RequestError(f"there is no KPI or kind {name!r}", hint, "unknown_name")


def _nearest(name: str, kpis: Iterable[str]) -> str | None:
    """What may be meant: a KPI, else a page."""
    pages = chain(*page_names().values())
    return nearest(name, (*kpis, *pages, *library_definitions(), *preset_names()))


def _book(name: str, asked: Asked) -> Book | None:
    """The definitions; a ready page needs none, so that it helps to write them."""
    try:
        book, wrong = read_sound(asked.definitions, asked.data)
    except DefinitionError:
        if _is_ready(name) or (not Path(asked.definitions).exists() and _nearest(name, ())):
            return None
        raise
    if name not in book.kpis and any(one.kpi for one in wrong) and not _is_ready(name):
        raise DefinitionError(wrong)
    warn_of_rest(wrong)
    return book


def _is_ready(name: str) -> bool:
    """Whether there is a page of this name, which needs no definitions."""
    return is_page(name) or is_ready(name) or is_preset(name)


def _kpis(definitions: str, data: Path | None) -> tuple[str, ...]:
    """The names of the KPIs, if there are definitions that can be read."""
    try:
        return read_sound(definitions, data)[0].shown()
    except DefinitionError:
        return ()
