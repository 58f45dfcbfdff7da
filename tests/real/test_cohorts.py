"""Cohort tables that somebody else published, cell by cell."""

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

REAL = Path(os.environ.get("KPI_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
RELAY = REAL / "relay_foods"
RAVENSTACK = REAL / "ravenstack" / "published" / "outputs_retention_pooled_retention_curve.csv"
COHORTS = (*(f"2009-{month:02}" for month in range(1, 13)), "2010-01", "2010-02", "2010-03")
SIZES = (22, 15, 13, 39, 50, 32, 50, 31, 37, 54, 130, 65, 95, 100, 24)
AFTER_A_MONTH = (8, 3, 4, 13, 13, 15, 23, 11, 15, 17, 32, 17, 50, 19)


@pytest.fixture(scope="module")
def relay(reported: Callable[..., Any]) -> Any:
    """March 2010 has orders to the 9th and is read as a whole month, as the article does."""
    return reported("relay_foods", names=("retention", "retention_of_money"), periods=15,
                    as_of=date(2010, 4, 1))  # fmt: skip


def cells(reported: Any, kpi: str) -> dict[tuple[str, int], Any]:
    return {
        (one["label"], one["age"]): one
        for one in reported.results
        if one["kpi"] == kpi and one["age"] is not None and one["part"] is None
    }


def means(reported: Any, kpi: str) -> dict[int, Any]:
    return {one["age"]: one for one in reported.results
            if one["kpi"] == kpi and one["part"] == "mean"}  # fmt: skip


def test_relay_foods_sizes_and_first_month_as_published(relay: Any) -> None:
    found = cells(relay, "retention")
    assert tuple(found[label, 0]["n"] for label in COHORTS) == SIZES
    assert tuple(found[label, 0]["value"] for label in COHORTS) == (1,) * 15
    first = tuple(found[label, 1]["numerator"] for label in COHORTS[:-1])
    assert first == AFTER_A_MONTH
    assert (found["2010-03", 1]["value"], found["2010-03", 1]["reason"]) == (None, "immature")


def test_relay_foods_ten_rows_of_the_published_table(relay: Any) -> None:
    found = cells(relay, "retention")
    with (RELAY / "published_user_retention_head10.csv").open(encoding="utf-8") as file:
        header, _, *rows = csv.reader(file)
    compared = 0
    for period, *values in rows:
        for label, value in zip(header[1:], values, strict=True):
            told = found[label, int(period) - 1]["value"]
            assert told == (pytest.approx(float(value), abs=5e-7) if value else None)
            compared += bool(value)
    assert compared == 105


def test_relay_foods_every_cell_of_the_counted_table(relay: Any) -> None:
    found = cells(relay, "retention")
    with (RELAY / "derived_calendar_retention_counts.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    for label, *counts in rows:
        for age, count in zip(header[1:], counts, strict=True):
            cell = found[label, int(age)]
            # Nobody came is 0 where the month has passed; the table leaves it blank.
            over = COHORTS.index(label) + int(age) < len(COHORTS)
            assert cell["numerator"] == ((float(count) if count else 0) if over else None)


def test_relay_foods_money_beside_sql(relay: Any) -> None:
    query = f"""
      with orders as (select "UserId" as who, date_trunc('month', "OrderDate"::date) as month,
          round("TotalCharges"::decimal(18, 6), 6) as amount
        from read_csv('{RELAY.as_posix()}/relay_foods_orders.csv', all_varchar = true)),
      firsts as (select who, min(month) as cohort from orders group by who)
      select strftime(cohort, '%Y-%m'), date_diff('month', cohort, month), sum(amount)::double
      from orders join firsts using (who) group by all
    """  # noqa: S608
    spent = {(label, age): amount for label, age, amount in duckdb.sql(query).fetchall()}
    found = cells(relay, "retention_of_money")
    for (label, age), amount in spent.items():
        assert found[label, age]["numerator"] == pytest.approx(amount, rel=1e-9, abs=0.005)
        assert found[label, age]["value"] == pytest.approx(amount / spent[label, 0], rel=1e-4)


def test_ravenstack_pooled_retention_as_published(reported: Callable[..., Any]) -> None:
    raven = reported("ravenstack_retention", periods=24, as_of=date(2025, 1, 1))
    found = means(raven, "retention")
    with RAVENSTACK.open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    assert len(published) == 19
    for row in published:
        mean = found[int(row["months_since_signup"])]
        counts = (int(row["active_accounts"]), int(row["eligible_accounts"]))
        assert (mean["numerator"], mean["denominator"]) == counts
        rate = float(row["retention_rate_pct_eligible_cohorts_only"])
        assert round(100 * mean["value"], 1) == rate
