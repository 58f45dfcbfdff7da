"""Definitions over files that no one here wrote, run as a user would."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpicli.discovery.answers import Answers, ask_nobody
from kpicli.discovery.inquiry import inquire
from kpicli.discovery.page import write_page
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.render.json import render
from kpicli.render.options import Options
from kpicli.verdicts import report_exit_code

_BESIDE = Path(__file__).parents[3] / "shared" / "data"
REAL = Path(os.environ.get("KPI_REAL_DATA", _BESIDE))
TODAY = date(2026, 1, 1)

Record = Mapping[str, Any]


class Reported:
    """The document of a run; records by KPI, label, part and segment."""

    def __init__(self, document: Record) -> None:
        self.document = document
        self.results: list[Record] = document["results"]

    def record(self, kpi: str, label: str, part: str | None = None, **by: str) -> Record:
        """The one record of a KPI in a period."""
        found = [
            one
            for one in self.results
            if (one["kpi"], one["label"], one["part"], one["by"]) == (kpi, label, part, by)
        ]
        assert len(found) == 1, (kpi, label, part, by)
        return found[0]

    def value(self, kpi: str, label: str, part: str | None = None, **by: str) -> float | None:
        """The value of that record."""
        value: float | None = self.record(kpi, label, part, **by)["value"]
        return value

    def split(self, kpi: str, label: str, segment: str) -> dict[str, float | None]:
        """The values of a period by the values of one segment."""
        return {
            one["by"][segment]: one["value"]
            for one in self.results
            if one["kpi"] == kpi and one["label"] == label and list(one["by"]) == [segment]
        }


@pytest.fixture(scope="session")
def reported() -> Callable[..., Reported]:
    """Runs FILE.yaml of this folder; the request's options by name."""

    def report(file: str, **options: Any) -> Reported:
        if not REAL.is_dir():
            pytest.skip(f"no real data at {REAL}; KPI_REAL_DATA says where it is")
        environment = {**os.environ, "KPI_REAL_DATA": str(REAL)}
        book = open_book(Path(__file__).parent / f"{file}.yaml", environment)
        document = json.loads(render(run(book, Request(**options), TODAY), Options()))
        assert document["problems"] == []
        return Reported(document)

    return report


@pytest.fixture
def init(tmp_path: Path) -> Callable[..., Reported]:
    """Writes definitions for a folder and runs one report of them, or all that they hold."""

    def report(folder: str, *names: str, **options: Any) -> Reported:
        if not REAL.is_dir():
            pytest.skip(f"no real data at {REAL}; KPI_REAL_DATA says where it is")
        file = tmp_path / "kpi_definitions.yaml"
        if not file.exists():
            told = inquire(REAL / folder, tmp_path, file.name, Answers(), ask_nobody, TODAY)
            file.write_text(write_page(told), encoding="utf-8")
        outcome = run(open_book(file, {}), Request(names=names, **options), TODAY)
        assert options or report_exit_code(outcome) == 0
        return Reported(json.loads(render(outcome, Options())))

    return report
