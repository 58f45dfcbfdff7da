"""Recurring revenue of the sample by the library's definitions, beside SQL and what is planted."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from definition_oracles import VIEWS
from sample_truths import SAMPLE

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

TODAY = date(2026, 1, 1)
# What each account pays at a month's end (c), a month (o) and a year (y) before, and since when.
LEDGER = """
    create or replace temp table ledger as
    with months as (select last_day(d)::date as day from (select unnest(generate_series(
            date '2022-08-01', date '2025-08-01', interval 1 month)) as d)),
        paid as (select account_id, first, till, monthly from bills where status <> 'trial'),
        held as (select day, account_id, sum(monthly) as m from months join paid
            on first <= day and (till is null or till > day) group by all having m > 0),
        since as (select account_id, min(first) as since from paid
            where monthly > 0 and (till is null or till > first) group by 1)
    select day, account_id, since, coalesce(c.m, 0) as c, coalesce(o.m, 0) as o,
        coalesce(y.m, 0) as y
    from months cross join since left join held c using (day, account_id)
        left join held o on o.account_id = since.account_id and o.day = last_day(months.day - 31)
        left join held y on y.account_id = since.account_id
            and y.day = last_day(months.day - interval 1 year)
"""
OLD = "since < date_trunc('month', day)"
ASKED = {
    "mrr": "sum(c)",
    "arr": "12 * sum(c)",
    "customers": "count(*) filter (c > 0)",
    "arpa": "sum(c) / count(*) filter (c > 0)",
    "new_mrr": f"sum(if(o = 0 and not {OLD}, c, 0))",
    "expansion_mrr": "sum(if(o > 0 and c > o + 1e-9, c - o, 0))",
    "contraction_mrr": "sum(if(c > 0 and c < o - 1e-9, o - c, 0))",
    "churned_mrr": "sum(if(c = 0, o, 0))",
    "reactivation_mrr": f"sum(if(o = 0 and {OLD}, c, 0))",
    "new_paying_customers": f"count(*) filter (o = 0 and c > 0 and not {OLD})",
    "churned_customers": "count(*) filter (o > 0 and c = 0)",
    "nrr": "sum(if(y > 0, c, 0)) / sum(y)",
    "grr": "sum(least(c, y)) / sum(y)",
    "logo_churn": "count(*) filter (o > 0 and c = 0) / count(*) filter (o > 0)",
    "revenue_churn": "sum(greatest(o - c, 0)) / sum(o)",
    "expanded_accounts": "count(*) filter (o > 0 and c > o + 1e-9) / count(*) filter (o > 0)",
}


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
