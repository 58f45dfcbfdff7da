"""A sum is the same whichever row, file or thread comes first: the one that math.fsum gives."""

import math
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicli.engine.exact import exact_sum, read_sum


def summed(values: Sequence[float | None], scale: int = 1) -> float:
    frame = pl.LazyFrame({"value": values}, schema={"value": pl.Float64})
    row = frame.select(exact_sum(pl.col("value"), "x")).collect().row(0, named=True)
    return read_sum(row, "x", scale)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) > 1e-15)))
def test_as_if_added_without_rounding(values: list[float]) -> None:
    assert summed(values) == math.fsum(values)
    assert summed(values[::-1]) == summed(values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1] * 10, 1.0),
        ([1e15, 0.25, -1e15], 0.25),
        ([None, 2.5, None], 2.5),
        ([], 0.0),
        ([1e300, 1.0], 1e300),
    ],
)
def test_by_hand(values: list[float | None], expected: float) -> None:
    assert summed(values) == expected


def test_an_amount_is_divided_once() -> None:
    assert summed([1_016_914_983.5, 0.5], 10_000) == 101_691.4984
    assert read_sum({"x": 1_016_914_984}, "x", 10_000) == 101_691.4984
