"""Values, targets, changes and segments in words."""

from datetime import date

import pytest

from kpicli.reports.wording import (
    count_of,
    name_place,
    write_change,
    write_row,
    write_shortfall,
    write_target,
)
from kpicli.results import Card, Comparison, Result, Verdict


@pytest.mark.parametrize(
    ("edge", "unit", "text"),
    [
        (None, "ratio", "–"),
        (0.3, "ratio", "30 %"),
        (1.05, "ratio", "105 %"),
        ({"from": 0.2, "to": 0.4}, "ratio", "20–40 %"),
        ({"from": 20.0, "to": 40.0}, "days", "20–40 days"),
        ({"from": 20.0, "to": 40.0}, "count", "20–40"),
        ({"from": 1000.0, "to": 2000.0}, "money:EUR", "EUR 1,000–2,000"),
    ],
)
def test_a_target_is_written_as_its_author_did(edge, unit, text):
    assert write_target(edge, unit) == text


@pytest.mark.parametrize(
    ("comparison", "unit", "text"),
    [
        (Comparison(0.298, 0.017, None), "ratio", "+1.7 pt"),
        (Comparison(7020, 129, 0.018376), "count", "+1.8 %"),
        (Comparison(0, 129, None), "count", "+129"),
        (Comparison(24, -0.3, -0.0125), "score", "−0.3"),
        (Comparison(None, None, None), "count", "–"),
        (None, "count", "–"),
    ],
)
def test_a_change_is_in_points_or_in_percent(comparison, unit, text):
    assert write_change(comparison, unit) == text


def test_values_side_by_side_have_as_many_decimals():
    assert write_row((0.3, 0.298), "ratio") == ["30.0 %", "29.8 %"]
    assert write_row((0.3, 0.25, None), "ratio") == ["30 %", "25 %", "–"]
    assert write_row((0.00123, 1204.0), "number") == ["0.00123", "1,204"]


@pytest.mark.parametrize(
    ("numbers", "better", "unit", "text"),
    [
        ((0.971, 1.05, 0.079), "higher", "ratio", "7.9 pt short"),
        ((0.024, 0.02, 0.004), "lower", "ratio", "0.4 pt over"),
        ((52.0, {"from": 20.0, "to": 40.0}, 12.0), "higher", "days", "12 days over"),
        ((18.0, {"from": 20.0, "to": 40.0}, 2.0), "higher", "days", "2 days short"),
        ((8000.0, 9000.0, 1000.0), "higher", "money:EUR", "EUR 1,000 short"),
        ((29.9999999, 30.0, 1e-7), "higher", "score", "just short"),
    ],
)
def test_a_shortfall_says_which_way(numbers, better, unit, text):
    value, target, short = numbers
    day = date(2025, 9, 15)
    result = Result("kpi", "day", "2025-09-15", day, day, value=value, target=target)
    verdict = Verdict("kpi", {}, result, "red", None, short, (), None)
    assert write_shortfall(verdict, better, unit) == text


@pytest.mark.parametrize(
    ("by", "splits", "text"),
    [
        ({}, 1, ""),
        ({"plan": "enterprise"}, 1, "enterprise"),
        ({"plan": "enterprise"}, 2, "plan enterprise"),
        ({"plan": "(none)"}, 1, "plan (none)"),
        ({"champions": "other"}, 1, "champions other"),
        ({"beta": "beta", "plan": "pro"}, 2, "beta, plan pro"),
        ({"version": "2.1"}, 1, "version 2.1"),
        ({"plan": "pro", "size": "small"}, 1, "pro, small"),
    ],
)
def test_a_segment_is_named_so_that_it_is_clear(by, splits, text):
    card = Card("k", "K", None, "count", "count", "rows", "week", "higher", "…")
    assert name_place(by, card, splits) == text


def test_a_name_of_a_cut_brings_its_range():
    labels = {"size": {"small": "small, 0–49"}}
    card = Card("k", "K", None, "count", "count", "rows", "week", "higher", "…", labels=labels)
    assert name_place({"size": "small"}, card) == "small, 0–49"
    assert name_place({"size": "(none)"}, card) == "size (none)"


def test_one_thing_is_not_counted_in_plural():
    assert count_of(1, "users") == "1 user"
    assert count_of(1, "companies") == "1 company"
    assert count_of(1204, "rows") == "1,204 rows"
