import pytest

from kpicli.words.units import (
    format_change,
    format_edge,
    format_growth,
    format_judged,
    format_value,
    is_unit,
    money_unit,
)

VALUES = [
    (None, "ratio", "–"),
    (0.315, "ratio", "31.5 %"),
    (0.3125, "ratio", "31.3 %"),
    (0.3, "ratio", "30 %"),
    (0.30001, "ratio", "30.0 %"),
    (1.05, "ratio", "105 %"),
    (-0.085, "ratio", "−8.5 %"),
    (0.0042, "ratio", "0.42 %"),
    (-0.000001, "ratio", "0.00 %"),
    (0.0, "ratio", "0 %"),
    (7149, "count", "7,149"),
    (7149.0, "count", "7,149"),
    (0, "count", "0"),
    (1234567.8, "number", "1,234,568"),
    (123.45, "number", "123.5"),
    (64.764, "number", "64.76"),
    (0.001234, "number", "0.00123"),
    (1e30, "number", "1,000,000,000,000,000,000,000,000,000,000"),
    (23.736075407026565, "score", "23.7"),
    (-12.0, "score", "−12"),
    (10005534.4, "money:EUR", "EUR 10,005,534"),
    (64.761, "money:EUR", "EUR 64.76"),
    (64.5, "money:EUR", "EUR 64.50"),
    (1200, "money:EUR", "EUR 1,200"),
    (-1200.0, "money:USD", "USD −1,200"),
    (1234567890123.45, "money:EUR", "EUR 1,234,567,890,123"),
    (35.25, "money:EUR/day", "EUR 35.25/day"),
    (52, "days", "52 days"),
    (51.84, "days", "51.8 days"),
    (51.96, "days", "52.0 days"),
    (1, "days", "1 day"),
    (0.25, "days", "0.25 days"),
    (3.84, "hours", "3.8 h"),
    (45, "minutes", "45 min"),
    (1, "months", "1 month"),
    (6.5, "months", "6.5 months"),
]


@pytest.mark.parametrize(("value", "unit", "expected"), VALUES)
def test_a_value_reads_as_people_write_it(value: float | None, unit: str, expected: str) -> None:
    assert format_value(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "digits", "expected"),
    [
        (0.3, "ratio", 1, "30.0 %"),
        (0.31549, "ratio", 2, "31.55 %"),
        (7149, "count", 0, "7,149"),
        (10005534.4, "money:EUR", 2, "EUR 10,005,534.40"),
        (None, "count", 2, "–"),
    ],
)
def test_digits_can_be_asked_for(
    value: float | None, unit: str, digits: int, expected: str
) -> None:
    assert format_value(value, unit, digits) == expected


@pytest.mark.parametrize(
    ("edge", "unit", "expected"),
    [
        (None, "ratio", "–"),
        (0.3, "ratio", "30 %"),
        (0.0225, "ratio", "2.25 %"),
        (1.05, "ratio", "105 %"),
        (33.0, "score", "33"),
        (2.5, "number", "2.5"),
        (1200.5, "money:EUR", "EUR 1,200.50"),
        (20.0, "days", "20 days"),
        (1 / 3, "hours", "0.333333 h"),
    ],
)
def test_an_edge_keeps_the_digits_it_was_written_with(
    edge: float | None, unit: str, expected: str
) -> None:
    assert format_edge(edge, unit) == expected


@pytest.mark.parametrize(
    ("change", "unit", "expected"),
    [
        (None, "ratio", "–"),
        (0.017, "ratio", "+1.7 pt"),
        (0.315 - 0.298, "ratio", "+1.7 pt"),
        (0.32 - 0.30, "ratio", "+2 pt"),
        (-0.008, "ratio", "−0.8 pt"),
        (0.0004, "ratio", "+0.04 pt"),
        (0.0, "ratio", "±0"),
        (0.000000001, "ratio", "±0"),
        (129, "count", "+129"),
        (-1290, "count", "−1,290"),
        (-0.3, "score", "−0.3"),
        (-0.31, "number", "−0.3"),
        (-1200.4, "money:EUR", "−1,200"),
        (0.5, "money:EUR", "+0.50"),
        (-2.0, "days", "−2"),
    ],
)
def test_a_change_carries_its_sign(change: float | None, unit: str, expected: str) -> None:
    assert format_change(change, unit) == expected


@pytest.mark.parametrize(
    ("growth", "expected"),
    [(0.0184, "+1.8 %"), (-0.5, "−50 %"), (0.0, "±0"), (None, "–"), (12.345, "+1,234.5 %")],
)
def test_growth_is_in_percent(growth: float | None, expected: str) -> None:
    assert format_growth(growth) == expected


@pytest.mark.parametrize(
    ("value", "edge", "unit", "expected"),
    [
        (0.2996, 0.3, "ratio", ("29.96 %", "30 %")),
        (0.299996, 0.3, "ratio", ("29.9996 %", "30 %")),
        (0.3, 0.3, "ratio", ("30 %", "30 %")),
        (0.1 + 0.2, 0.3, "ratio", ("30 %", "30 %")),
        (0.29, 0.3, "ratio", ("29 %", "30 %")),
        (0.2995, 0.2996, "ratio", ("29.95 %", "29.96 %")),
        (0.02004, 0.02, "ratio", ("2.004 %", "2 %")),
        (32.97, 33, "score", ("32.97", "33")),
        (999.996, 1000, "money:EUR", ("EUR 999.996", "EUR 1,000")),
        (9999.6, 10000, "money:EUR", ("EUR 9,999.60", "EUR 10,000")),
        (20.04, 20, "days", ("20.04 days", "20 days")),
        (None, 0.3, "ratio", ("–", "30 %")),
    ],
)
def test_rounding_never_hides_a_miss(
    value: float | None, edge: float, unit: str, expected: tuple[str, str]
) -> None:
    assert format_judged(value, edge, unit) == expected


def test_units_are_the_words_of_the_contract() -> None:
    assert is_unit("ratio")
    assert is_unit("money:EUR")
    assert is_unit("money:EUR/day")
    assert not is_unit("money")
    assert not is_unit("percent")
    assert money_unit("EUR") == "money:EUR"
    assert money_unit("EUR", "day") == "money:EUR/day"
