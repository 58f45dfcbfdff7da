"""Look at a folder of exports and write definitions for them.

Recognises what the files are by their names, headers and contents, tries every KPI of the
library on them, and writes those that give numbers into a commented kpi_definitions.yaml, with
the sources, their columns and types. Says what was found, what was guessed and why, and what
could not be placed. Asks a few questions at a terminal, none with --yes or in a pipe. Writes over
nothing without --force. The same files give the same definitions.
"""

from datetime import UTC, datetime
from pathlib import Path

from kpicli.cli.files import replace_files
from kpicli.cli.options import (
    Definitions,
    Folder,
    Force,
    InitCurrency,
    InitDates,
    InitTimezone,
    Yes,
)
from kpicli.cli.questions import ask_terminal, check_answers, somebody_there
from kpicli.cli.screen import print_text, screen
from kpicli.discovery.answers import Answers, ask_nobody
from kpicli.discovery.inquiry import inquire
from kpicli.discovery.page import write_page
from kpicli.discovery.summary import summary_lines
from kpicli.errors import RequestError
from kpicli.render.signs import write_plain


def command(
    folder: Folder,
    definitions: Definitions = "kpi_definitions.yaml",
    yes: Yes = False,
    force: Force = False,
    timezone: InitTimezone = None,
    currency: InitCurrency = None,
    dates: InitDates = None,
) -> int:
    """Look, try, write, say."""
    target = Path(definitions)
    if target.is_dir():
        hint = f"name the file to write: -f {(target / 'kpi_definitions.yaml').as_posix()}"
        raise RequestError(f"{definitions} is a folder", hint, "folder")
    if target.exists() and not force:
        hint = "write elsewhere with -f FILE, or over it with --force"
        raise RequestError(f"{definitions} is there already", hint, "exists")
    answers = Answers(timezone=timezone, currency=currency, dates=dates)
    check_answers(answers)
    ask = ask_nobody if yes or not somebody_there() else ask_terminal
    # Paths are seen from there, and tried, before anything is written.
    target.parent.mkdir(parents=True, exist_ok=True)
    today = datetime.now(UTC).date()
    told = inquire(folder, target.parent, definitions, answers, ask, today)
    replace_files({target: write_page(told).encode()})
    plain = screen().plain_signs
    lines = summary_lines(told, folder, definitions)
    print_text("".join(f"{write_plain(line, plain)}\n" for line in lines))
    return 0
