"""Recurring revenue of the sample by the library's definitions, beside SQL and what is planted."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from definition_oracles import VIEWS
from revenue_oracles import ASKED, LEDGER
from sample_truths import SAMPLE

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

TODAY = date(2026, 1, 1)


def book_of(folder: Path, kpis: dict[str, Any]) -> Path:
    """The shipped definitions' sources with other KPIs."""
    shipped = (SAMPLE.parent / "kpi_definitions.yaml").read_text(encoding="utf-8")
    sources, _, _ = shipped.partition("\nkpis:\n")
    file = folder / "kpi.yaml"
    file.write_text(f"{sources}\n{yaml.safe_dump({'kpis': kpis})}", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    file = book_of(tmp_path_factory.mktemp("revenue"), {name: {"use": name} for name in ASKED})
    return run(open_book(file, {}, SAMPLE.parent), Request(periods=24), TODAY)


@pytest.fixture(scope="module")
def ledger(sample: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    own = sample.cursor()
    for statement in VIEWS.split(";")[:-1]:
        own.execute(statement.replace("create view", "create or replace temp view"))
    own.execute(LEDGER)
    return own


@pytest.mark.parametrize("name", ASKED)
def test_24_months(name: str, outcome: Outcome, ledger: duckdb.DuckDBPyConnection) -> None:
    told = {one.start: one.value for one in outcome.results if (one.kpi, one.part) == (name, None)}
    query = f"select date_trunc('month', day)::date, {ASKED[name]} from ledger group by 1"  # noqa: S608
    found = dict(ledger.execute(query).fetchall())
    assert len(told) == 24
    assert told == pytest.approx({start: found[start] for start in told}, rel=1e-6, abs=0.01)


def test_parts_add_up_to_mrr(outcome: Outcome) -> None:
    of_mrr = [one for one in outcome.results if one.kpi == "mrr"]
    for total in (one for one in of_mrr if one.part is None):
        parts = [one for one in of_mrr if one.part and one.label == total.label]
        assert len(parts) == 6
        assert sum(round(10_000 * (one.value or 0)) for one in parts) == round(
            10_000 * (total.value or 0)
        )


def test_everybody_who_is_planted_to_leave_is_churned(
    tmp_path: Path, sample: duckdb.DuckDBPyConnection
) -> None:
    """Day by day, whose use of Report Suite ended, and who came back."""
    of_suite = {"and_where": "product = 'Report Suite'", "grain": "day", "of": "customers"}
    kpis = {
        "left": {"use": "churned_mrr", "unit": "count", **of_suite},
        "returned": {"use": "reactivation_mrr", "unit": "count", **of_suite},
    }
    book = open_book(book_of(tmp_path, kpis), {}, SAMPLE.parent)
    told = run(book, Request(periods=1700), TODAY).results

    def counted(kpi: str, first: date, end: date) -> float:
        return sum(
            one.value or 0
            for one in told
            if one.kpi == kpi and one.part is None and one.start and first <= one.start < end
        )

    # TRUTHS.md, churn: 60 + 9 + 21 + 14 + 2 + 8 left; of 119 who left before, 23 came back.
    assert counted("left", date(2023, 10, 30), date(2025, 9, 29)) == 114
    assert counted("left", date(2021, 1, 1), date(2025, 1, 29)) == 119
    returns = """
        with stays as (select *, lead(first) over (partition by account_id order by first) as next
            from terms where status <> 'trial')
        select count(next) from stays where canceled"""
    assert (
        counted("returned", date(2021, 1, 1), date(2025, 9, 29))
        == (sample.execute(returns).fetchall()[0][0])
    )
