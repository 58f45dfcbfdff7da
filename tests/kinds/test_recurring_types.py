"""Expansion by what it comes from: a table of cases, and that the types add up to it."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from subscribed import FIRST, HEADER, Row, run, told

HEADER_OF_TYPES = (*HEADER, "product", "plan", "quantity")
TYPES = ("seats", "price", "cross_sell", "add_on")
JAN, FEB = date(2024, 1, 1), date(2024, 2, 10)
SUITE = ("suite", "pro", 10)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([(100, *SUITE, 1), (150, "suite", "pro", 15, 2)], (50, 0, 0, 0), id="seats"),
        pytest.param([(100, *SUITE, 1), (130, *SUITE, 2)], (0, 30, 0, 0), id="price"),
        pytest.param(
            [(100, *SUITE, 1), (180, "suite", "pro", 15, 2)], (50, 30, 0, 0), id="seats and price"
        ),
        pytest.param(
            [(100, *SUITE, 1), (170, "suite", "top", 10, 2)], (0, 70, 0, 0), id="higher plan"
        ),
        pytest.param(
            [(100, *SUITE, 1), (240, "suite", "top", 12, 2)], (20, 120, 0, 0),
            id="higher plan and seats",
        ),
        pytest.param(
            [(100, *SUITE, 0), (40, "desk", "pro", 10, 2)], (0, 0, 40, 0), id="other product"
        ),
        pytest.param(
            [(100, *SUITE, 0), (25, "suite", "extra", 1, 2)], (0, 0, 0, 25), id="plan beside"
        ),
        pytest.param(
            [(100, *SUITE, 1), (150, "desk", "pro", 10, 2)], (0, 0, 50, 0), id="product for product"
        ),
        pytest.param(
            [(100, *SUITE, 1), (20, "desk", "pro", 1, 1), (150, "suite", "pro", 15, 2)],
            (50, 0, -20, 0), id="a loss beside counts against its type",
        ),
        pytest.param([(100, *SUITE, 1), (80, "suite", "pro", 8, 2)], (0, 0, 0, 0), id="less"),
    ],
)  # fmt: skip
def test_what_an_expansion_comes_from(
    tmp_path: Path, lines: list[Any], expected: tuple[int, ...]
) -> None:
    """Lines of amount, product, plan, quantity; 0 throughout, 1 before, 2 since February."""
    spans = {0: (JAN, None), 1: (JAN, FEB), 2: (FEB, None)}
    rows: list[Row] = [
        (at, "a", *spans[when], amount, "month", product, plan, quantity)
        for at, (amount, product, plan, quantity, when) in enumerate(lines)
    ]
    outcome = run(tmp_path, rows, names=("expansion_by_type", "expansion"),
                  header=HEADER_OF_TYPES, as_of=date(2024, 3, 1), periods=1)  # fmt: skip
    found = tuple(told(outcome, "expansion_by_type", one)["2024-02"] for one in TYPES)
    assert found == expected
    assert told(outcome, "expansion_by_type") == told(outcome, "expansion")
    assert told(outcome, "expansion")["2024-02"] == sum(expected)


def test_the_types_add_up_to_every_expansion(tmp_path: Path) -> None:
    chance = random.Random(2)
    rows: list[Row] = []
    for at in range(200):
        start = FIRST + timedelta(days=chance.randrange(400))
        end = start + timedelta(days=chance.choice([20, 90, 200]))
        rows.append(
            (at, f"A{chance.randrange(20)}", start, end, chance.randrange(0, 400) / 3,
             chance.choice(["month", "year"]), chance.choice("pq"), chance.choice(["x", "y", None]),
             chance.choice([None, 0, 1, 3, 7])) )  # fmt: skip
    outcome = run(tmp_path, rows, ", by: [product]", ("expansion_by_type", "expansion"),
                  HEADER_OF_TYPES, as_of=date(2024, 3, 1), periods=14)  # fmt: skip
    assert outcome.problems == ()
    values: dict[Any, float] = {
        (one.kpi, one.label, one.by.get("product"), one.part): one.value or 0
        for one in outcome.results
    }
    expanded = {key[1:3]: value for key, value in values.items() if key[0] == "expansion"}
    assert sum(1 for value in expanded.values() if value) > 20
    for (label, product), value in expanded.items():
        assert values["expansion_by_type", label, product, None] == value
        added = sum(values["expansion_by_type", label, product, one] for one in TYPES)
        assert added == pytest.approx(value, abs=1e-6)


def test_without_quantities_all_is_price(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "a", JAN, FEB, 100, "month"), (2, "a", FEB, None, 130, "month"),
    ]  # fmt: skip
    outcome = run(tmp_path, rows, names=("expansion_by_type",), as_of=date(2024, 3, 1), periods=1)
    found = [told(outcome, "expansion_by_type", one)["2024-02"] for one in (None, *TYPES)]
    assert found == [30, 0, 30, 0, 0]
