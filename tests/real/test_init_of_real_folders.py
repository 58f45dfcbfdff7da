"""Definitions that kpi init writes for files that no one here wrote, against published numbers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

Init = Callable[..., Any]


def test_deals_of_a_crm(init: Init) -> None:
    year = init("crm_maven", "all", grain="quarter", as_of=date(2018, 1, 1), include_partial=True)
    quarters = ("2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4")
    revenue = [year.value("revenue_won", quarter) for quarter in quarters]
    assert revenue == [1134672, 3086111, 2982255, 2802496]
    assert sum(revenue) == 10005534
    rates = [year.record("win_rate", quarter) for quarter in quarters]
    won, closed = (sum(one[side] for one in rates) for side in ("numerator", "denominator"))
    assert (won, closed, f"{won / closed:.4%}") == (4238, 6711, "63.1501%")
    assert init("crm_maven").document["meta"]["report"] == "monthly"


def test_subscriptions_of_a_company(init: Init) -> None:
    told = init("ravenstack", "mrr", "customers", "tickets_opened", periods=24)
    assert told.value("mrr", "2024-06") == 3833405
    assert told.value("mrr", "2024-12") == 10159608
    assert sum(told.value("tickets_opened", one["label"]) or 0
               for one in told.results if one["kpi"] == "tickets_opened") == 2000  # fmt: skip


def test_retention_of_a_shop(init: Init) -> None:
    told = init("relay_foods", "account_retention", "purchase_value", periods=15,
                as_of=date(2010, 4, 1), include_partial=True)  # fmt: skip
    grid = {
        (one["label"], one["age"]): (one["numerator"], one["denominator"])
        for one in told.results
        if one["kpi"] == "account_retention" and one["age"] is not None and not one["by"]
    }
    sizes = [22, 15, 13, 39, 50, 32, 50, 31, 37, 54, 130, 65, 95]
    month_1 = [8, 3, 4, 13, 13, 15, 23, 11, 15, 17, 32, 17, 50]
    labels = [f"2009-{month:02}" for month in range(1, 13)] + ["2010-01"]
    assert [grid[label, 1] for label in labels] == list(zip(month_1, sizes, strict=True))


def test_churn_of_a_list_that_no_library_kpi_reads(init: Init) -> None:
    told = init("telco_ibm")
    values = {one["kpi"]: one["value"] for one in told.results if not one["by"]}
    assert values["churn_share"] == 0.2653698707936959
    assert (values["monthly_charges"], round(values["average_monthly_charges"], 2)) == (
        456116.6,
        64.76,
    )


def test_campaigns_and_answers(init: Init, tmp_path: Path) -> None:
    mails = init("mailchimp_sample", "email_open_rate", "email_ctr", grain="quarter",
                 include_partial=True)  # fmt: skip
    opened, clicked = (mails.record(name, "2018-Q2") for name in ("email_open_rate", "email_ctr"))
    assert (opened["numerator"], clicked["numerator"], opened["denominator"]) == (95, 16, 375)
    (tmp_path / "kpi_definitions.yaml").unlink()
    answers = init("nps_airbnb_scaler")
    assert [one["value"] for one in answers.results if one["part"] is None] == [23.736075407026565]
