"""A report says what was not read of the files behind its own numbers, and of no other file."""

from datetime import date
from pathlib import Path

import pytest

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.reports.coverage import note_not_read

BOOK = """
version: 1
sources:
  deals: {path: deals.csv, time: won_at, unique: deal_id}
  leads: {path: leads.csv, time: made_at, unique: lead_id}
kpis:
  won: {kind: count, source: deals, grain: month}
  made: {kind: count, source: leads, grain: month}
  both: {kind: formula, formula: won / made, grain: month}
"""
DEALS = "deal_id,won_at\nD1,2025-01-03\nD1,2025-01-03\nD2,2025-01-31\n"
LEADS = "lead_id,made_at\nL1,2025-01-04\nL1,2025-01-04\nL2,2025-01-31\n"


@pytest.mark.parametrize(
    ("asked", "named"), [("won", ["deals"]), ("made", ["leads"]), ("both", ["deals", "leads"])]
)
def test_only_what_is_behind_the_numbers(tmp_path: Path, asked: str, named: list[str]) -> None:
    (tmp_path / "kpi.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    book = open_book(tmp_path / "kpi.yaml", {})
    outcome = run(book, Request(names=(asked,), periods=1), date(2025, 3, 1))
    notes = [note.text for note in note_not_read(outcome)]
    assert [any(name in note for note in notes) for name in ("deals", "leads")] == [
        name in named for name in ("deals", "leads")
    ]
