"""Definitions and files written to a folder and run as the program runs them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome, Result

TODAY = date(2026, 1, 1)
DEFINITIONS = "kpi_definitions.yaml"


def run_files(folder: Path, files: Mapping[str, str], **request: Any) -> Outcome:
    """What the definitions among the files give; request as Request takes it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return run_folder(folder, **request)


def run_folder(folder: Path, definitions: str = DEFINITIONS, **request: Any) -> Outcome:
    """The same where the files are there already."""
    return run(open_book(folder / definitions, {}), Request(**request), TODAY)


def group_of(result: Result) -> str:
    """A segment as CSV writes it: plan=pro; empty for the total."""
    return "; ".join(f"{name}={value}" for name, value in result.by.items())
