"""How long the deals of a CRM take, beside what SQL says of the same file."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

REAL = Path(os.environ.get("KPI_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
DEALS = REAL / "crm_maven" / "sales_pipeline.csv"
# An open deal is known to be open to the end of 2017. S is the product of the shares that stay.
CURVE = """
with deals as (
  select strftime(engage_date, '%Y') || '-Q' || quarter(engage_date) as period,
    coalesce(close_date, date '2017-12-31') - engage_date as took, deal_stage = 'Won' as won
  from read_csv('{file}') where engage_date is not null),
at_risk as (select *, count(*) over (partition by period order by took desc) as n from deals),
steps as (select period, took, 1 - count(*) filter (where won) / any_value(n) as stays
  from at_risk group by period, took),
curve as (select period, took,
  exp(sum(ln(greatest(stays, 1e-300))) over (partition by period order by took)) as s from steps)
select period, min(took) filter (where s < 0.5 + 1e-9), min(took) filter (where s < 0.5 - 1e-9)
from curve group by period
"""
SHARE = """
select strftime(engage_date, '%Y') || '-Q' || quarter(engage_date),
  count(*) filter (where deal_stage = 'Won' and close_date - engage_date <= 90), count(*)
from read_csv('{file}') where engage_date + 90 <= date '2017-12-31' group by 1
"""


@pytest.fixture(scope="module")
def crm(reported: Callable[..., Any]) -> Any:
    return reported("crm_maven_cycle", periods=5, as_of=date(2018, 1, 1))


def test_won_deals_by_the_day_they_were_closed(crm: Any) -> None:
    record = crm.record("won", "2017")
    assert (record["value"], record["n"]) == (57, 4238)
    assert f"{crm.value('won', '2017', 'plain mean'):.4f}" == "51.7820"


def test_medians_with_open_and_lost_deals(crm: Any) -> None:
    found = duckdb.sql(CURVE.format(file=DEALS.as_posix())).fetchall()
    assert len(found) == 5
    for period, reached, passed in found:
        assert reached == passed
        assert crm.value("cycle", period) == reached


def test_share_won_by_day_90(crm: Any) -> None:
    for period, won, old_enough in duckdb.sql(SHARE.format(file=DEALS.as_posix())).fetchall():
        record = crm.record("cycle", period, "share by day 90")
        assert (record["numerator"], record["denominator"]) == (won, old_enough)
