"""A row whose end cannot be read is left out of a balance: only an empty end is still open."""

from datetime import date
from pathlib import Path

from kpicli.flow import open_book, run
from kpicli.planning.request import Request

BOOK = """
version: 1
sources:
  deals: {path: deals.csv, start: created_at, end: closed_at, skip_bad_rows: 50%}
kpis:
  open_deals: {kind: balance, source: deals, grain: month}
"""
DEALS = """deal_id,created_at,closed_at
D1,2025-01-03,
D2,2025-01-04,Q3 2025
D3,2025-01-05,2025-01-20
D4,2025-01-31,
"""


def test_an_unreadable_end_is_not_an_open_one(tmp_path: Path) -> None:
    (tmp_path / "kpi.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    outcome = run(open_book(tmp_path / "kpi.yaml", {}), Request(periods=1), date(2025, 3, 1))
    told = [(one.label, one.value, dict(one.left_out)) for one in outcome.results]
    assert told == [("2025-01", 2.0, {"unparsable": 1})]
