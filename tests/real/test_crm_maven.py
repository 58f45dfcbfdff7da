"""Deals of a CRM against the pivots that somebody else published, in two ways to write dates."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

QUARTERS = ("2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4")
REVENUE = {
    "2017-Q1": 1134672,
    "2017-Q2": 3086111,
    "2017-Q3": 2982255,
    "2017-Q4": 2802496,
}
REVENUE_OF_MANAGERS = {
    "Cara Losch": (117389, 370692, 330820, 311148),
    "Celia Rouche": (172989, 510177, 490519, 430212),
    "Dustin Brinkmann": (125934, 365987, 285448, 316994),
    "Melvin Marxen": (222054, 591334, 767754, 670788),
    "Rocco Neubert": (211762, 646131, 588947, 513705),
    "Summer Sewald": (284544, 601790, 518767, 559649),
}
REVENUE_OF_YEAR = {
    "Melvin Marxen": 2251930,
    "Summer Sewald": 1964750,
    "Rocco Neubert": 1960545,
    "Celia Rouche": 1603897,
    "Cara Losch": 1130049,
    "Dustin Brinkmann": 1094363,
}
ENGAGING = {
    "Summer Sewald": 414,
    "Celia Rouche": 334,
    "Cara Losch": 219,
    "Melvin Marxen": 215,
    "Rocco Neubert": 214,
    "Dustin Brinkmann": 193,
}
# GTX Pro is written GTXPro in the deals.
WON_AND_LOST = {
    "GTX Plus Basic": (653, 398),
    "GTXPro": (729, 418),
    "MG Special": (793, 430),
    "GTX Basic": (915, 521),
    "MG Advanced": (654, 430),
    "GTX Plus Pro": (479, 266),
    "GTK 500": (15, 10),
}
BOTH = pytest.mark.parametrize("crm", ["crm_maven", "crm_maven_ddmmyy"], indirect=True)


@pytest.fixture(scope="module")
def crm(request: pytest.FixtureRequest, reported: Callable[..., Any]) -> Any:
    return reported(request.param)


@BOTH
def test_won_revenue_by_quarter_and_manager(crm: Any) -> None:
    assert crm.value("revenue_2017", "2017") == 10005534
    assert crm.split("revenue_2017", "2017", "manager") == REVENUE_OF_YEAR
    assert {quarter: crm.value("revenue", quarter) for quarter in QUARTERS} == REVENUE
    for place, quarter in enumerate(QUARTERS):
        told = {manager: values[place] for manager, values in REVENUE_OF_MANAGERS.items()}
        assert crm.split("revenue", quarter, "manager") == told


@BOTH
def test_win_rate_overall_and_per_product(crm: Any) -> None:
    total = crm.record("win_rate", "2017")
    assert (total["numerator"], total["denominator"], total["n"]) == (4238, 6711, 6711)
    assert total["value"] == 0.6315005215318135
    assert crm.split("deals_won", "2017", "product") == {
        product: won for product, (won, _) in WON_AND_LOST.items()
    }
    assert crm.split("deals_lost", "2017", "product") == {
        product: lost for product, (_, lost) in WON_AND_LOST.items()
    }
    assert crm.split("win_rate", "2017", "product") == {
        product: won / (won + lost) for product, (won, lost) in WON_AND_LOST.items()
    }
    shown = {
        product: f"{rate:.1%}" for product, rate in crm.split("win_rate", "2017", "product").items()
    }
    assert shown == {
        "GTX Plus Basic": "62.1%",
        "GTXPro": "63.6%",
        "MG Special": "64.8%",
        "GTX Basic": "63.7%",
        "MG Advanced": "60.3%",
        "GTX Plus Pro": "64.3%",
        "GTK 500": "60.0%",
    }


@BOTH
def test_the_current_stage_says_nothing_of_the_past(crm: Any) -> None:
    for quarter in QUARTERS[:3]:
        record = crm.record("engaging", quarter)
        assert (record["value"], record["reason"]) == (None, "current_state")
    assert crm.value("engaging", "2017-Q4") == 1589
    assert crm.split("engaging", "2017-Q4", "manager") == ENGAGING


@BOTH
def test_deals_engaged_and_not_yet_closed(crm: Any) -> None:
    open_deals = [crm.value("engaged", quarter) for quarter in QUARTERS]
    assert open_deals == [1330, 1686, 2409, 1589]


@BOTH
def test_how_long_deals_take_and_what_they_bring(crm: Any) -> None:
    assert f"{crm.value('cycle_won', '2017'):.4f}" == "51.7820"
    assert crm.value("cycle_won_median", "2017") == 57
    assert f"{crm.value('cycle_lost', '2017'):.4f}" == "41.4792"
    assert f"{crm.value('cycle_closed', '2017'):.4f}" == "47.9854"
    assert f"{crm.value('won_value', '2017'):.4f}" == "2360.9094"


@BOTH
def test_open_deals_are_undated_and_counted(crm: Any) -> None:
    (deals,) = [one for one in crm.document["meta"]["sources"] if one["name"] == "deals"]
    assert deals["rows"] == 8800
    assert deals["not_read"] == {"undated": 2089}
    assert crm.document["meta"]["as_of"] == "2018-01-01"


def test_the_two_files_give_the_same_results(reported: Callable[..., Any]) -> None:
    plain, twin = reported("crm_maven").results, reported("crm_maven_ddmmyy").results
    told = {one["kpi"] for one in plain}
    alike = [one for one in twin if one["kpi"] in told and "close_quarter" not in one["by"]]
    assert alike == plain


def test_the_quarter_written_beside_is_that_of_the_parsed_date(
    reported: Callable[..., Any],
) -> None:
    twin = reported("crm_maven_ddmmyy")
    for quarter in QUARTERS:
        year, word = quarter.split("-")
        found = twin.split("closed", quarter, "close_quarter")
        assert {text for text, count in found.items() if count} == {f"{word} {year}"}
    assert sum(twin.value("closed", quarter) for quarter in QUARTERS) == 6711


def test_deals_closed_after_the_last_was_engaged(reported: Callable[..., Any]) -> None:
    """The file's last engagement is of 27 December; 102 deals closed in the four days after."""
    told = reported("crm_maven_engaged", as_of=date(2018, 1, 1))
    won = told.record("win_rate", "2017-12")
    assert told.value("closed", "2017-12") == 651
    assert (won["numerator"], won["denominator"], won["complete"]) == (511, 651, True)
