"""What stands behind numbers dated by another table, and behind windows older than the file."""

from datetime import date
from pathlib import Path

import pytest

from kpicli.flow import explain, open_book, rows_behind
from kpicli.planning.question import Question

FILES = {
    "kpi_definitions.yaml": """
version: 1
currency: EUR
sources:
  accounts: {path: accounts.csv, key: account_id, valid_from: since}
  deals: {path: deals.csv, key: deal_id, start: created, end: closed}
  leads: {path: leads.csv, key: lead_id, start: created}
  rates: {path: rates.csv, time: day}
  paid: {path: paid.csv, key: id, start: start, end: end, types: {amount: money},
         currency_column: currency, rates: {source: rates, on: start}, quiet: 1y}
kpis:
  mrr: {kind: recurring, source: paid, entity: account_id, measure: mrr, rates: of_period,
        population: seen, grain: month}
  won: {kind: count, source: leads, time: deals.closed, where: accounts.region = 'n', grain: month}
  wide: {kind: active, source: leads, entity: account_id, window: 21d, grain: week}
""",
    "accounts.csv": "account_id,since,region\nA,2024-01-01,s\nA,2025-01-10,n\nB,2024-01-01,n\n",
    "deals.csv": "deal_id,created,closed\nD1,2025-01-02,2025-01-20\nD2,2025-01-02,2025-01-05\n",
    "rates.csv": "day,currency,rate\n2024-12-01,USD,0.5\n",
    "paid.csv": "id,account_id,start,end,amount,currency,interval\n1,A,2025-01-01,,10,USD,month\n",
    "leads.csv": "lead_id,created,account_id,deal_id\nL1,2025-01-01,A,D1\nL2,2025-01-02,A,D2\n"
    "L3,2025-01-03,B,D2\nL4,2025-02-02,B,\n",
}
TODAY = date(2025, 2, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "kpi_definitions.yaml"


def test_rows_dated_by_another_table_show_what_held_on_that_day(folder: Path) -> None:
    """A is in the north when D1 closes, and was not when D2 did."""
    asked = Question("won", period="2025-01", as_of=TODAY)
    outcome, (found,) = rows_behind(open_book(folder, {}), asked, TODAY)
    assert [result.value for result in outcome.results] == [2]
    told = found.frame.select("lead_id", "accounts.region", "deals.closed").sort("lead_id").rows()
    days = [(lead, region, str(day)[:10]) for lead, region, day in told]
    assert days == [("L1", "n", "2025-01-20"), ("L3", "n", "2025-01-05")]


def test_a_window_older_than_the_file_is_explained(folder: Path) -> None:
    """Three weeks up to 12 January, of which the file has two: nothing is known."""
    asked = Question("wide", period="2025-W02", as_of=TODAY)
    explained = explain(open_book(folder, {}), asked, TODAY)
    assert explained.outcome.results[0].reason == "no_rows"
    assert explained.crowd is None


def test_money_at_the_rates_of_a_period_is_explained(folder: Path) -> None:
    """Rates are nobody's rows."""
    explained = explain(open_book(folder, {}), Question("mrr", as_of=TODAY), TODAY)
    assert explained.outcome.results[0].value == 5
