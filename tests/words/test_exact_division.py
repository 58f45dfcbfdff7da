"""A quotient is the nearest number there is: a value at an edge counts as one at the edge."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl
import pytest

from kpicli.words.parsing import parse_expression
from kpicli.words.translation import translate
from kpicli.words.types import ColumnType

BERLIN = ZoneInfo("Europe/Berlin")
WHOLE = list(range(1, 1001))
START = datetime(2025, 1, 1, tzinfo=UTC)
FRAME = pl.LazyFrame(
    {
        "n": [float(one) for one in WHOLE],
        "amount": [one * 10_000 for one in WHOLE],
        "start": [START] * len(WHOLE),
        "end": [START + timedelta(hours=one) for one in WHOLE],
    },
    schema_overrides={"start": pl.Datetime("us", "UTC"), "end": pl.Datetime("us", "UTC")},
)
TYPES: dict[str, ColumnType] = {"n": "number", "amount": "money", "start": "time", "end": "time"}


def told(text: str) -> list[float | None]:
    expression = translate(parse_expression(text), TYPES, BERLIN)
    frame = nw.from_native(FRAME).select(value=expression).to_native()
    values: list[float | None] = frame.collect()["value"].to_list()
    return values


@pytest.mark.parametrize("divisor", [3, 7, 10, 49, 100])
def test_a_quotient_is_rounded_once(divisor: int) -> None:
    assert told(f"n / {divisor}") == [one / divisor for one in WHOLE]


def test_hours_between_are_whole_where_they_are() -> None:
    assert told("hours_between(start, end)") == [float(one) for one in WHOLE]


@pytest.mark.parametrize("verb", ["floor", "ceil", "round"])
def test_a_whole_amount_stays_whole(verb: str) -> None:
    assert told(f"{verb}(amount)") == [one * 10_000 for one in WHOLE]


def test_division_by_zero_is_null() -> None:
    assert set(told("n / 0")) == {None}
    assert told("10 / (n - 1)")[0] is None
