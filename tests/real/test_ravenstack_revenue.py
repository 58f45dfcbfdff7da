"""Recurring revenue against the result tables that the data's author published."""

import csv
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pytest
from conftest import REAL

PUBLISHED = REAL / "ravenstack" / "published"
SUBSCRIPTIONS = REAL / "ravenstack" / "ravenstack_subscriptions.csv"


@pytest.fixture(scope="module")
def revenue(reported: Callable[..., Any]) -> Any:
    return reported("ravenstack_revenue", as_of=date(2025, 1, 1), periods=24)


def published(table: str, column: str) -> dict[str, int]:
    """A column of a published table by month."""
    with (PUBLISHED / f"outputs_{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row["month_label"]: int(row[column]) for row in csv.DictReader(file)}


def reported_values(revenue: Any, kpi: str) -> dict[str, Any]:
    """The values of a KPI by month."""
    return {
        one["label"]: one["value"]
        for one in revenue.results
        if one["kpi"] == kpi and one["part"] is None
    }


def test_24_months_of_mrr(revenue: Any) -> None:
    expected = published("mrr_monthly_aggregate_mrr", "aggregate_subscription_mrr")
    assert len(expected) == 24
    assert reported_values(revenue, "mrr") == expected


def test_24_months_of_mrr_by_plan(revenue: Any) -> None:
    expected = published("mrr_monthly_mrr_by_plan_tier", "pro_mrr")
    assert reported_values(revenue, "mrr_of_pro") == expected


def test_live_at_the_months_end(revenue: Any) -> None:
    """From the note on the data: the boundary matters."""
    assert revenue.value("mrr_at_end", "2024-06") == 3_833_405
    assert revenue.value("mrr_at_end", "2024-12") == 10_159_608


def test_24_months_of_churn(revenue: Any) -> None:
    table = "churn_monthly_churn_events"
    assert reported_values(revenue, "churn_events") == published(table, "churn_events")
    expected = published(table, "unique_churned_accounts")
    assert reported_values(revenue, "churned_accounts") == expected


def test_retention_of_money_is_what_sql_says(revenue: Any) -> None:
    live = "start_date <= day and (end_date is null or end_date > day)"
    query = f"""
        with paid as (select account_id, day, sum(mrr_amount) as m
            from read_csv('{SUBSCRIPTIONS.as_posix()}'),
                (values (date '2023-12-31'), (date '2024-12-31')) t(day)
            where {live} group by all having m > 0)
        select sum(coalesce(n.m, 0)) / sum(o.m), sum(least(o.m, coalesce(n.m, 0))) / sum(o.m),
            (select count(*) from paid where day = '2024-12-31')
        from paid o left join paid n on n.account_id = o.account_id and n.day = '2024-12-31'
        where o.day = '2023-12-31'"""  # noqa: S608
    found = duckdb.sql(query).fetchall()[0]
    told = [revenue.value(name, "2024-12") for name in ("nrr", "grr", "customers")]
    assert told == pytest.approx(list(found))
