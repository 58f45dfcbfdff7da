"""Small files run as the program runs them, and their values by KPI, period and segment."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome, Result

TODAY = date(2026, 1, 1)
DEFINITIONS = "kpi_definitions.yaml"


def outcome_of(
    folder: Path, definitions: str, files: Mapping[str, str | pl.DataFrame], **request: Any
) -> Outcome:
    """What the definitions give of the files; a frame becomes a Parquet file."""
    (folder / DEFINITIONS).write_text(definitions, encoding="utf-8")
    for name, content in files.items():
        if isinstance(content, pl.DataFrame):
            content.write_parquet(folder / name)
        else:
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return run(open_book(folder / DEFINITIONS, {}), Request(**request), TODAY)


def records(outcome: Outcome, kpi: str, **by: str) -> dict[str | None, Result]:
    """The headlines of a KPI and segment, by period."""
    return {
        one.label: one
        for one in outcome.results
        if (one.kpi, one.part, dict(one.by)) == (kpi, None, by)
    }


def values(outcome: Outcome, kpi: str, **by: str) -> dict[str | None, float | None]:
    """Their values."""
    return {label: one.value for label, one in records(outcome, kpi, **by).items()}
