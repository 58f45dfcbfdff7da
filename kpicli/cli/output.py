"""An outcome written to stdout or to files, whole or not at all."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from kpicli.cli.faults import warn_of
from kpicli.cli.files import append_text, replace_files
from kpicli.cli.screen import is_terminal, print_document, print_text, screen, streams_meet
from kpicli.errors import RequestError, did_you_mean
from kpicli.render.formats import FORMATS, format_of_path, formats_for
from kpicli.render.json import render_problems
from kpicli.render.options import Format, Options, View
from kpicli.reports.series import report_period
from kpicli.results import Outcome

PLACEHOLDERS = ("report", "label", "start", "last_day")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
# What is written for people, in the signs of the screen; the rest is for programs, in UTF-8.
_ON_SCREEN = ("table", "line", "github")
_WITH_PROBLEMS = ("table", "markdown", "html", "json", "github")
SUMMARY_FILE = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True)
class Output:
    """Where an outcome goes: stdout in a format, or files each in its own."""

    options: Options
    format: Format
    files: tuple[tuple[str, Format], ...] = ()
    all_or_nothing: bool = False


def choose_output(
    options: Options, word: str | None, paths: Sequence[str], all_or_nothing: bool = False
) -> Output:
    """Check formats and placeholders before any work; RequestError with what is allowed.

    A path's ending is its format; word is for paths whose ending is none, and for stdout.
    """
    chosen = named_format(word or "table", options.view)
    files = tuple((path, _format_of_file(path, word, options.view)) for path in paths)
    for path in paths:
        check_placeholders(path)
    return Output(options, chosen, files, all_or_nothing)


def named_format(word: str, view: View) -> Format:
    """The format of --format; RequestError where the view has none of this name."""
    if word not in FORMATS or view not in FORMATS[word].views:
        check_word(word, formats_for(view))
    return FORMATS[word]


def check_word(word: str, allowed: Sequence[str]) -> None:
    """RequestError where a command has no format of this name."""
    if word not in allowed:
        message = f"--format {word}: this command has no such format"
        raise RequestError(message, did_you_mean(word, allowed), "format")


def write_outcome(outcome: Outcome, output: Output, failed: bool) -> None:
    """Write to the files or to stdout, problems to stderr; failed: a part is missing.

    Where all or nothing was asked for and a part is missing nothing is written but the problems.
    """
    if not (failed and output.all_or_nothing):
        if output.files:
            replace_files(dict(_rendered_files(outcome, output)))
        else:
            _print(outcome, output)
        _append_summary(outcome, output)
    elif not output.files and output.format.name == "json":
        print_document(render_problems(outcome.problems))
    if output.files or output.all_or_nothing or not _has_said(output.format):
        warn_of(outcome.problems)


def _has_said(chosen: Format) -> bool:
    """Whether who reads stderr has just read the problems on the page itself."""
    return chosen.name in _WITH_PROBLEMS and (is_terminal() or streams_meet())


def fill_path(path: str, outcome: Outcome) -> Path:
    """The path with its placeholders filled in from the newest complete period."""
    period = report_period(outcome)
    start, end = (period.start, period.end) if period else (None, None)
    values = {
        "report": outcome.meta.report or "-".join(card.name for card in outcome.kpis[:3]),
        "label": (period.label if period else None) or "snapshot",
        "start": start.isoformat() if start else "snapshot",
        "last_day": (end - timedelta(days=1)).isoformat() if end else "snapshot",
    }
    return Path(_PLACEHOLDER.sub(lambda found: _file_name(values[found[1]]), path))


def _rendered_files(outcome: Outcome, output: Output) -> list[tuple[Path, bytes]]:
    plain = replace(output.options, width=79, colour=False, plain_signs=False)
    return [
        (fill_path(path, outcome), chosen.render(outcome, plain).encode("utf-8", "replace"))
        for path, chosen in output.files
    ]


def _print(outcome: Outcome, output: Output) -> None:
    shown = screen()
    options = replace(
        output.options, width=shown.width, colour=shown.colour, plain_signs=shown.plain_signs
    )
    text = output.format.render(outcome, options)
    if output.format.name in _ON_SCREEN:
        print_text(text)
    else:
        print_document(text)


def _append_summary(outcome: Outcome, output: Output) -> None:
    path = os.environ.get(SUMMARY_FILE)
    if path and output.format.summarise:
        append_text(Path(path), output.format.summarise(outcome, output.options))


def _format_of_file(path: str, word: str | None, view: View) -> Format:
    found = format_of_path(path)
    if found is None and word is None:
        endings = [ending for name in formats_for(view) for ending in FORMATS[name].endings]
        hint = "write --format, or one of the endings " + ", ".join(sorted(endings))
        raise RequestError(f"-o {path}: its ending names no format", hint, "format")
    if found is None or word is None:
        return named_format(found.name if found else str(word), view)
    if found.name != word:
        message = f"-o {path} is {found.name} by its ending, --format says {word}"
        raise RequestError(message, "leave --format out, or change the ending", "format")
    return named_format(word, view)


def check_placeholders(path: str) -> None:
    """RequestError where a path has a placeholder that nobody fills in."""
    for name in _PLACEHOLDER.findall(path):
        if name not in PLACEHOLDERS:
            hint = did_you_mean(name, PLACEHOLDERS)
            raise RequestError(f"-o {path}: there is no {{{name}}}", hint, "placeholder")


def _file_name(value: str) -> str:
    """A week that starts on Sunday is 2025-09-21/7d; a path may not gain a folder by it."""
    return _NOT_IN_NAMES.sub("-", value).lstrip(".")
