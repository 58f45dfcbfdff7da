"""Who counts as a customer: status, free plans, discounts of the whole price."""

from datetime import date
from pathlib import Path

import pytest
from subscribed import HEADER, Row, run, told

JAN, FEB, MAR = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
NAMES = ("customers", "mrr", "arpa", "logo_churn")


def standing() -> list[Row]:
    """One who pays, three who pay nothing, and a row for each status that may be in doubt."""
    rows: list[Row] = [
        ("pays", "pays", JAN, None, 100, "month", None, "active"),
        ("free", "free", JAN, None, 0, "month", None, "active"),
        ("given", "given", JAN, None, 80, "month", "1", "active"),
        ("went", "went", JAN, date(2024, 2, 9), 0, "month", None, "active"),
    ]
    doubted = ("trial", "Trialing", "past_due", "paused", "unpaid", "incomplete", "canceled")
    return rows + [(one, one, JAN, None, 10, "month", None, one) for one in doubted]


@pytest.mark.parametrize(
    ("keys", "customers", "mrr", "churn"),
    [
        ("", 3, 120, 0),
        (", free: count", 5, 120, 1 / 6),
        (", inactive: []", 8, 170, 0),
        (", inactive: [], free: count", 10, 170, 1 / 11),
        (", inactive: [Past_Due, canceled]", 6, 150, 0),
    ],
)
def test_who_is_a_customer(
    tmp_path: Path, keys: str, customers: int, mrr: float, churn: float
) -> None:
    header = (*HEADER, "discount", "status")
    outcome = run(tmp_path, standing(), keys, NAMES, header, as_of=MAR, periods=1)
    assert outcome.problems == ()
    found = [told(outcome, name)["2024-02"] for name in NAMES]
    assert found == pytest.approx([customers, mrr, mrr / customers, churn])


def test_from_a_free_plan_to_a_paid_one(tmp_path: Path) -> None:
    """New where who pays nothing is no customer; else expansion, and new was the free plan."""
    rows: list[Row] = [
        ("z", "z", JAN, None, 10, "month"), ("1", "a", FEB, MAR, 0, "month"),
        ("2", "a", MAR, None, 50, "month"),
    ]  # fmt: skip
    expected = {"": ([0, 1], [0, 0], [0, 0]), ", free: count": ([1, 0], [0, 1], [0, 0.5])}
    for at, (keys, (new, expansion, expanded)) in enumerate(expected.items()):
        counted = f"{keys}, of: customers"
        folder, request = tmp_path / str(at), {"as_of": date(2024, 4, 1), "periods": 2}
        heads = run(folder / "heads", rows, counted, ("new", "expansion"), **request)
        share = run(folder / "share", rows, keys, ("expanded",), **request)
        assert list(told(heads, "new").values()) == new
        assert list(told(heads, "expansion").values()) == expansion
        assert list(told(share, "expanded").values()) == expanded


def test_the_definition_says_who_counts(tmp_path: Path) -> None:
    for at, (keys, words) in enumerate(
        {
            "": ("without status trial, trialing, incomplete, incomplete_expired, unpaid, paused",
                 "who pays nothing is no customer"),
            ", free: count, inactive: [paused]": ("without status paused",
                                                  "who pays nothing is a customer"),
        }.items()
    ):  # fmt: skip
        outcome = run(tmp_path / str(at), standing(), keys, header=(*HEADER, "discount", "status"))
        assert all(f"; {one}" in outcome.kpis[0].definition for one in words)
