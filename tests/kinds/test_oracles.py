"""Every kind and option against hand-written SQL over the same files, by DuckDB."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from running import run_folder
from sql_cases import CASES, Case, compare, month, week

from kpicli.results import Outcome

AS_OF = date(2021, 5, 1)
BY_NAME = {case.kpi: case for case in CASES if case.part is None}


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: "-".join(filter(None, (case.kpi, case.part)))
)
def test_the_same_as_sql(case: Case, outcome: Outcome, database: duckdb.DuckDBPyConnection) -> None:
    results = [one for one in outcome.results if (one.kpi, one.part) == (case.kpi, case.part)]
    compare(results, case, database)


def test_every_kpi_of_the_definitions_has_its_sql(outcome: Outcome) -> None:
    assert set(BY_NAME) == {card.name for card in outcome.kpis}


def of_rows(case: Case, condition: str) -> Case:
    """The case over fewer rows."""
    return replace(case, rows=f"{case.rows} and {condition}")


def in_days(case: Case) -> Case:
    """The case with weeks from Sunday."""
    return replace(case, label=case.label.replace("by_week", "by_sunday"))


# A request beside the KPI's own SQL, changed by hand as the request says.
REQUESTS: dict[str, tuple[dict[str, Any], Case]] = {
    "for": (
        {"names": ("paid_share",), "for_": {"plan": "pro"}, "by": ()},
        of_rows(replace(BY_NAME["paid_share"], by={}), "plan = 'pro'"),
    ),
    "for none": (
        {"names": ("order_value",), "for_": {"plan": "(none)"}, "by": ()},
        of_rows(replace(BY_NAME["order_value"], by={}), "plan = '(none)'"),
    ),
    "for a cut": (
        {"names": ("weight",), "for_": {"size": "mid"}},
        of_rows(BY_NAME["weight"], "employees between 50 and 999"),
    ),
    "for a condition, of two sources": (
        {"names": ("tickets_per_order",), "for_": {"plan": "free"}, "by": ()},
        replace(
            BY_NAME["tickets_per_order"],
            by={},
            rows=f"{BY_NAME['tickets_per_order'].rows} where plan = 'free'",
        ),
    ),
    "where": (
        {"names": ("order_value",), "where": "device = 'phone' and pieces >= 2"},
        of_rows(BY_NAME["order_value"], "device = 'phone' and pieces >= 2"),
    ),
    "where on a sum": (
        {"names": ("revenue",), "where": "city in ('C01', 'C02') or city > 'C20'"},
        of_rows(BY_NAME["revenue"], "(city in ('C01', 'C02') or city > 'C20')"),
    ),
    "where of another table": (
        {"names": ("buyers",), "where": "accounts.employees > 50"},
        of_rows(BY_NAME["buyers"], "employees > 50"),
    ),
    "by": (
        {"names": ("order_value",), "by": ("region", "device")},
        replace(BY_NAME["order_value"], by={"region": "region", "device": "device"}),
    ),
    "grain": (
        {"names": ("orders_by_week",), "grain": "month", "by": ()},
        replace(BY_NAME["orders_by_week"], label=month(), by={}),
    ),
    "grain of a formula": (
        {"names": ("revenue_per_buyer",), "grain": "week", "by": ()},
        replace(BY_NAME["revenue_per_buyer"], label=week(), by={}),
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_changes_the_rows_it_names(
    name: str, folder: Path, database: duckdb.DuckDBPyConnection
) -> None:
    request, case = REQUESTS[name]
    outcome = run_folder(folder, "oracle.yaml", as_of=AS_OF, periods=75, **request)
    assert outcome.problems == ()
    compare(outcome.results, case, database)


@pytest.mark.parametrize(
    "kpi", ["orders_by_week", "paid_share", "weight", "paid_by_payment", "hours_to_solve"]
)
def test_weeks_from_sunday(kpi: str, folder: Path, database: duckdb.DuckDBPyConnection) -> None:
    outcome = run_folder(folder, "sunday.yaml", names=(kpi,), as_of=AS_OF, periods=75)
    assert outcome.problems == ()
    compare(outcome.results, in_days(BY_NAME[kpi]), database)


@pytest.mark.parametrize("kpi", ["orders_by_day", "revenue", "nps", "hours_to_solve", "unpaid"])
def test_another_zone_has_other_days(
    kpi: str, folder: Path, database_of_kolkata: duckdb.DuckDBPyConnection
) -> None:
    outcome = run_folder(folder, "kolkata.yaml", names=(kpi,), as_of=AS_OF, periods=75)
    assert outcome.problems == ()
    headline = [one for one in outcome.results if one.part is None]
    compare(headline, BY_NAME[kpi], database_of_kolkata)


# Why the rows of a month do not count, the first reason that holds.
LEFT_OUT = """
    select by_month(day), why, count(*) from (
        select day, case
            when excluded then 'excluded'
            when amount_text is not null and amount_as_written is null then 'unparsable'
            when amount_as_written is not null and amount is null then 'not_converted'
            when amount_as_written is null then 'unknown' end as why
        from orders where day < '2021-05-01')
    where why is not null group by 1, 2"""


def test_rows_left_out_are_counted_by_reason(
    outcome: Outcome, database: duckdb.DuckDBPyConnection
) -> None:
    told: dict[str, dict[str, int]] = {}
    for label, why, count in database.execute(LEFT_OUT).fetchall():
        told.setdefault(label, {})[why] = count
    results = [one for one in outcome.results if one.kpi == "order_value" and not one.by]
    found = {str(one.label): dict(one.left_out) for one in results if one.n}
    assert found == told
    assert {why for reasons in told.values() for why in reasons} == {
        "excluded",
        "unparsable",
        "not_converted",
        "unknown",
    }


def test_rows_counted_and_left_out_are_all_rows(
    outcome: Outcome, database: duckdb.DuckDBPyConnection
) -> None:
    query = "select by_month(day), count(*) from orders where day < '2021-05-01' group by 1"
    rows = dict(database.execute(query).fetchall())
    for kpi in ("order_value", "orders_by_month", "paid_share_of_money"):
        results = [one for one in outcome.results if one.kpi == kpi and not one.by and one.n]
        assert {str(one.label): one.n + sum(one.left_out.values()) for one in results} == rows


def test_what_was_not_read_is_counted(outcome: Outcome) -> None:
    """40 rows twice in a file, 60 in both files, 20 in a later state; every 211th has no time."""
    (orders,) = [one for one in outcome.meta.sources if one.name == "orders"]
    assert orders.rows == 4000
    assert orders.not_read["duplicate"] + orders.not_read["conflict"] == 40 + 60 + 20
    assert orders.not_read["undated"] == len(range(0, 4000, 211))
