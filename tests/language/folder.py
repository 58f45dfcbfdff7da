"""A folder with definitions and exports, run as a user would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import polars as pl
import pytest

from kpicli.errors import DefinitionError, KpiError, Problem
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.render.formats import FORMATS
from kpicli.render.options import Options
from kpicli.results import Outcome, Result, SourceRecord

TODAY = date(2026, 6, 1)
FILE = "kpi.yaml"


@dataclass(frozen=True)
class Told:
    """What a run gave."""

    outcome: Outcome

    def record(self, kpi: str, label: str, part: str | None = None, **by: str) -> Result:
        """The one record of a KPI in a period, segment and part."""
        found = [
            one
            for one in self.outcome.results
            if (one.kpi, one.label, one.part, dict(one.by)) == (kpi, label, part, by)
        ]
        assert len(found) == 1, (kpi, label, by, self.known(), self.problems)
        return found[0]

    def value(self, kpi: str, label: str, part: str | None = None, **by: str) -> float | None:
        """The value of that record."""
        return self.record(kpi, label, part, **by).value

    def values(self, kpi: str) -> dict[str | None, float | None]:
        """The totals of a KPI by period."""
        return {
            one.label: one.value
            for one in self.outcome.results
            if (one.kpi, one.part, dict(one.by)) == (kpi, None, {})
        }

    def split(self, kpi: str, label: str) -> dict[str, float | None]:
        """The values of a period by segment value, in the order of the results."""
        return {
            " × ".join(one.by.values()): one.value
            for one in self.outcome.results
            if (one.kpi, one.label, one.part) == (kpi, label, None) and one.by
        }

    def known(self) -> list[tuple[str, str | None, dict[str, str]]]:
        """What there is, for a failing test to show."""
        return [(one.kpi, one.label, dict(one.by)) for one in self.outcome.results]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong beside the results."""
        return self.outcome.problems

    @property
    def codes(self) -> list[str]:
        """The codes of the problems."""
        return [one.code for one in self.outcome.problems]

    def source(self, name: str) -> SourceRecord:
        """What was read of a source."""
        return next(one for one in self.outcome.meta.sources if one.name == name)

    def written(self, form: str = "table") -> str:
        """The report in one of its formats."""
        text = FORMATS[form].render(self.outcome, Options())
        assert isinstance(text, str)
        return text


class Folder:
    """Writes files, and runs definitions over them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, files: Mapping[str, str | bytes | pl.DataFrame]) -> "Folder":
        """Writes each file: a text (dedented), bytes as they are, or a frame as Parquet."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, pl.DataFrame):
                content.write_parquet(path)
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(dedent(content).lstrip("\n"), encoding="utf-8", newline="\n")
        return self

    def tell(
        self,
        definitions: str,
        *,
        today: date = TODAY,
        environment: Mapping[str, str] | None = None,
        data: Path | None = None,
        **request: Any,
    ) -> Told:
        """The outcome of definitions, whose first line is the version; KpiError as it comes."""
        self.put({FILE: "version: 1\n" + dedent(definitions).lstrip("\n")})
        book = open_book(self.path / FILE, environment or {}, data)
        return Told(run(book, Request(**request), today))

    def refusal(self, definitions: str, **options: Any) -> tuple[Problem, ...]:
        """What keeps the definitions from running at all, or a KPI from having a value."""
        try:
            told = self.tell(definitions, **options)
        except KpiError as wrong:
            return wrong.problems
        assert told.problems, "nothing was refused"
        return told.problems

    def refusal_of_file(self) -> tuple[Problem, ...]:
        """What keeps the definitions in the folder from being opened."""
        with pytest.raises(DefinitionError) as refused:
            open_book(self.path / FILE, {})
        return refused.value.problems

    def one_refusal(self, definitions: str, **options: Any) -> Problem:
        """The only problem there is."""
        problems = self.refusal(definitions, **options)
        assert len(problems) == 1, problems
        return problems[0]
