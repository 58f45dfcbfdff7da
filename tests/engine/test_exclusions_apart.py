"""An exclusion of a source that no KPI of the report touches is no concern of the report."""

from datetime import date
from pathlib import Path

from kpicli.flow import open_book, run
from kpicli.planning.request import Request

BOOK = """
version: 1
sources:
  users: {path: users.csv, key: user_id, start: created_at}
  deals: {path: deals.csv, time: won_at}
exclude:
  - {source: users, where: is_test, reason: test users}
kpis:
  deals_won: {kind: count, source: deals, grain: month}
"""


def test_a_source_that_is_opened_for_its_dates_alone_is_not_searched(tmp_path: Path) -> None:
    (tmp_path / "kpi.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "users.csv").write_text("user_id,created_at,is_test\nU1,2025-01-05,true\n")
    (tmp_path / "deals.csv").write_text("deal_id,won_at\nD1,2025-01-03\nD2,2025-01-31\n")
    book = open_book(tmp_path / "kpi.yaml", {})
    outcome = run(book, Request(periods=1), date(2025, 3, 1))
    assert [(one.label, one.value) for one in outcome.results] == [("2025-01", 2.0)]
