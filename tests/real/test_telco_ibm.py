"""Customers as a list without time, against numbers that several people published."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="module")
def telco(reported: Callable[..., Any]) -> Any:
    return reported("telco_ibm")


def test_a_list_has_one_value(telco: Any) -> None:
    assert {(one["grain"], one["label"]) for one in telco.results} == {("snapshot", "snapshot")}
    assert telco.document["meta"]["as_of"] is None
    record = telco.record("logo_churn", "snapshot")
    assert (record["start"], record["end"], record["complete"]) == (None, None, True)
    assert record["compare"] == {
        "previous": {"value": None, "change": None, "change_ratio": None, "p": None}
    }


def test_logo_churn(telco: Any) -> None:
    record = telco.record("logo_churn", "snapshot")
    assert (record["numerator"], record["denominator"]) == (1869, 7043)
    assert record["value"] == 0.2653698707936959
    by_contract = telco.split("logo_churn", "snapshot", "contract")
    assert {name: f"{rate:.2%}" for name, rate in by_contract.items()} == {
        "Month-to-month": "42.71%",
        "One year": "11.27%",
        "Two year": "2.83%",
    }


def test_revenue_churn_by_two_ways_to_say_it(telco: Any) -> None:
    assert telco.value("charges", "snapshot") == 456116.6
    assert telco.value("charges_of_churned", "snapshot") == 139130.85
    for name in ("revenue_churn", "revenue_churn_by_weight"):
        record = telco.record(name, "snapshot")
        assert (record["numerator"], record["denominator"]) == (139130.85, 456116.6)
        assert record["value"] == 139130.85 / 456116.6
        assert f"{record['value']:.2%}" == "30.50%"


def test_averages(telco: Any) -> None:
    assert f"{telco.value('average_charge', 'snapshot'):.2f}" == "64.76"
    assert f"{telco.value('average_tenure', 'snapshot'):.2f}" == "32.37"
