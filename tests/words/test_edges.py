import pytest

from kpicli.words.edges import EdgeError, parse_edge

READ = [
    ("30%", "ratio", 0.3),
    (" 30 % ", "ratio", 0.3),
    ("105%", "ratio", 1.05),
    ("29.96%", "ratio", 0.2996),
    (".5%", "ratio", 0.005),
    ("-5%", "ratio", -0.05),
    ("−5%", "ratio", -0.05),
    (7000, "count", 7000.0),
    ("7000", "count", 7000.0),
    (33, "score", 33.0),
    (-10.5, "score", -10.5),
    (2.5, "number", 2.5),
    (100000.0, "number", 100000.0),
    ("20d", "days", 20.0),
    ("2w", "days", 14.0),
    ("36h", "days", 1.5),
    ("3h", "hours", 3.0),
    ("3.5 h", "hours", 3.5),
    ("45min", "hours", 0.75),
    ("45min", "minutes", 45.0),
    ("1d", "minutes", 1440.0),
    ("1y", "months", 12.0),
    ("2q", "months", 6.0),
    (1200, "money:EUR", 1200.0),
    ("1200 EUR", "money:EUR", 1200.0),
    ("EUR 1200.50", "money:EUR", 1200.5),
    ("1200eur", "money:EUR", 1200.0),
    ("5 EUR/day", "money:EUR/day", 5.0),
    (5, "money:EUR/day", 5.0),
]


@pytest.mark.parametrize(("written", "unit", "expected"), READ)
def test_an_edge_is_read_in_the_unit_of_results(
    written: object, unit: str, expected: float
) -> None:
    assert parse_edge(written, unit) == expected


REFUSED = [
    (0.3, "ratio", "0.3 can be read as 0.3% or as 30%", "write 0.3% or 30%"),
    (30, "ratio", "30 can be read as 30% or as 3000%", "write 30% or 3000%"),
    ("30", "ratio", "30 can be read as 30% or as 3000%", "write 30% or 3000%"),
    (0, "ratio", "0 has no sign", "write 0%"),
    ("thirty", "ratio", "thirty is not a percentage", "such as 30%"),
    ("3,5%", "ratio", "3,5% can be read as 3.5%", "3.5%"),
    (">= 5%", "ratio", ">= 5% is a comparison", "write 5%; better:"),
    ("30%", "score", "30% is a percentage, and this KPI is a score", "write 30"),
    ("1,200", "count", "1,200 can be read as 1200 or as 1.2", "1200 or 1.2"),
    ("1.200,50", "number", "1.200,50 can be read as 1200.5", "1200.5"),
    ("1.200", "count", "1.200 can be read as 1200 or as 1.2", "1200 or 1.2"),
    ("1.500%", "ratio", "1.500% can be read as 1500% or as 1.5%", "1500% or 1.5%"),
    ("1_000", "count", "1_000 can be read as 1000", "1000"),
    ("10,005,534", "money:EUR", "10,005,534 can be read as 10005534", "10005534"),
    ("1,200 EUR", "money:EUR", "1,200 can be read as 1200 or as 1.2", "1200 or 1.2"),
    ("10k", "money:EUR", "10k is shortened", "write it in full: 10000"),
    ("1.5m", "count", "1.5m is shortened", "write it in full: 1500000"),
    ("1200 USD", "money:EUR", "1200 USD is not an amount in EUR", "1200 EUR"),
    ("€1200", "money:EUR", "€1200 is not an amount in EUR", "1200 EUR"),
    (20, "days", "20 is not a duration", "this KPI is in days: write 20d"),
    ("20 days", "days", "20 days is not a duration", "write 20d"),
    ("3m", "hours", "3m: min or mo?", "write 3min or 3mo"),
    ("3mo", "days", "3mo cannot be turned into d", "no fixed number of days"),
    ("3x", "days", "3x is not a duration", "such as 3d"),
    ("soon", "days", "soon is not a duration", "write 20d"),
    ("20d", "count", "20d is not a number", "plain number"),
    (True, "count", "True is not a number", "write one value"),
    ([1], "count", "[1] is not a number", "write one value"),
    (float("nan"), "count", "NaN is not a number", "plain number"),
    ("", "score", " is not a number", "plain number"),
]


@pytest.mark.parametrize(("written", "unit", "message", "hint"), REFUSED)
def test_what_can_be_misread_is_refused_with_the_words_to_write(
    written: object, unit: str, message: str, hint: str
) -> None:
    with pytest.raises(EdgeError) as caught:
        parse_edge(written, unit)
    assert caught.value.message == message
    assert hint in caught.value.hint
