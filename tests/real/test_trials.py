"""Trials that became paid, as somebody else counted them."""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REAL = Path(os.environ.get("KPI_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
PUBLISHED = REAL / "ravenstack" / "published"
BY_PLAN = PUBLISHED / "outputs_conversion_subscription_level_by_plan_tier.csv"
YEARS = ("2023", "2024")


@pytest.fixture(scope="module")
def trials(reported: Callable[..., Any]) -> Any:
    return reported("ravenstack_trials", periods=2)


def counts(trials: Any, kpi: str, **by: str) -> tuple[float, float]:
    """Trials with a paid start, and all trials, of both years."""
    told = [trials.record(kpi, year, **by) for year in YEARS]
    return sum(one["numerator"] for one in told), sum(one["denominator"] for one in told)


def test_a_paid_start_on_the_same_day_counts(trials: Any) -> None:
    """RavenStack, outputs_conversion_subscription_level_overall.csv: 690 of 778 records."""
    assert counts(trials, "trial_to_paid") == (690, 778)


def test_a_later_day_is_asked_for_by_name(trials: Any) -> None:
    """Counted on its own: 682 have a paid start strictly after the trial's."""
    assert counts(trials, "trial_to_paid_later") == (682, 778)


def test_by_plan(trials: Any) -> None:
    """RavenStack, outputs_conversion_subscription_level_by_plan_tier.csv."""
    with BY_PLAN.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found = counts(trials, "trial_to_paid", plan_tier=row["plan_tier"])
            published = row["trial_records_with_later_paid_record"], row["trial_records"]
            assert found == tuple(map(int, published)), row["plan_tier"]
