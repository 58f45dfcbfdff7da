"""The part of the definitions that is right, where some KPIs alone are wrong."""

import os
from pathlib import Path

from kpicli.cli.outcome import check_folder
from kpicli.cli.screen import warn
from kpicli.definitions.book import Book
from kpicli.definitions.loading import read_book
from kpicli.errors import DefinitionError, Problem
from kpicli.library import library_definitions

Problems = tuple[Problem, ...]


def read_sound(definitions: str, data: Path | None) -> tuple[Book, Problems]:
    """The definitions without the KPIs that are wrong, and what is; DefinitionError without any."""
    check_folder(data)
    loaded = read_book(
        Path(definitions), library_definitions(), os.environ, shown=definitions, folder=data
    )
    if loaded.sound is None:
        raise DefinitionError(loaded.problems)
    return loaded.sound, () if loaded.book else loaded.problems


def warn_of_rest(problems: Problems) -> None:
    """That other KPIs are wrong, and what tells more."""
    wrong = dict.fromkeys(one.kpi for one in problems if one.level == "error" and one.kpi)
    if wrong:
        warn(f"kpi: without {', '.join(wrong)}, whose definition is wrong: kpi validate")
