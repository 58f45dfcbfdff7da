"""A list of ids that cannot be read, or that nobody needs, is told."""

from datetime import date
from pathlib import Path

import pytest

from kpicli.engine.survey import survey_sources
from kpicli.errors import Problem
from kpicli.flow import open_book, run
from kpicli.planning.request import Request

BOOK = """
version: 1
sources:
  events: {path: events.csv, time: at}
  people: {path: people.csv, identity: {from: FROM, to: TO}}
kpis:
  mau: {kind: active, source: events, entity: user_id, population: seen, grain: month}
"""
CASES = [
    ("user_id", "person_id", "error", "people has no column 'person_id'"),
    ("nix", "user_id", "error", "people has no column 'nix'"),
    ("anon_id", "user_id", "warning", "no source has anon_id, so this list changes nothing"),
]


@pytest.mark.parametrize(("from_", "to", "level", "message"), CASES)
def test_a_list_of_ids_says_what_is_amiss(
    tmp_path: Path, from_: str, to: str, level: str, message: str
) -> None:
    (tmp_path / "events.csv").write_text("user_id,at\nu1,2025-01-02\nu1,2025-01-31\n")
    (tmp_path / "people.csv").write_text("anon_id,user_id\na1,u1\n")
    (tmp_path / "kpis.yaml").write_text(BOOK.replace("FROM", from_).replace("TO", to))
    book = open_book(tmp_path / "kpis.yaml", {})
    told = [one for one in survey_sources(book) if isinstance(one, Problem)]
    assert [(one.level, one.message) for one in told] == [(level, message)]
    assert told[0].place is not None
    assert told[0].place.line == 5
    outcome = run(book, Request(), date(2026, 1, 1))
    assert [one.value for one in outcome.results if one.value is not None] == [1]
    errors = [one.message for one in outcome.problems if one.level == "error"]
    assert errors == ([message] if level == "error" else [])
