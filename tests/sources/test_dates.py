"""Dates and times as exports write them."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from kpicli.sources.dateguess import Ambiguous, Found, NotADate, find_format
from kpicli.sources.dates import date_of, time_of
from kpicli.sources.patterns import ISO, parse_pattern


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def first(expression: pl.Expr, text: str) -> object:
    return pl.DataFrame({"x": [text]}).select(expression).item()


BERLIN: list[tuple[str, str, datetime | None]] = [
    (ISO, "2024-05-20T19:50:06.000+0000", utc(2024, 5, 20, 19, 50, 6)),
    (ISO, "2018-12-19 19:51:13", utc(2018, 12, 19, 18, 51, 13)),
    (ISO, "2023-07-27", utc(2023, 7, 26, 22)),
    (ISO, "2023-07-28 03:00:00", utc(2023, 7, 28, 1)),
    (ISO, "2024-01-01T00:00:00.123456789Z", utc(2024, 1, 1, 0, 0, 0, 123_456)),
    (ISO, "2024-01-01T00:00:00,5Z", utc(2024, 1, 1, 0, 0, 0, 500_000)),
    (ISO, "2024-01-01 10:00:00-05:30", utc(2024, 1, 1, 15, 30)),
    (ISO, "2024-01-01 10:00+02", utc(2024, 1, 1, 8)),
    (ISO, "2024-01-01 10:00 UTC", utc(2024, 1, 1, 10)),
    (ISO, "2024-1-5 9:05", utc(2024, 1, 5, 8, 5)),
    (ISO, "2024-03-31 02:30", utc(2024, 3, 31, 1, 30)),  # left out in spring: 03:30
    (ISO, "2024-10-27 02:30", utc(2024, 10, 27, 0, 30)),  # comes twice: the earlier
    (ISO, "2024-02-30", None),
    (ISO, "2024-01-01 24:00", None),
    (ISO, "2024-01-01 10:60", None),
    (ISO, "2024-01-01 and more", None),
    (ISO, "20-10-16", None),
    (ISO, "", None),
    ("MMM DD, YYYY hh:mm am", "Jun 09, 2018 09:30 pm", utc(2018, 6, 9, 19, 30)),
    ("MMM DD, YYYY hh:mm am", "june 9, 2018 12:00 AM", utc(2018, 6, 8, 22)),
    ("MMM DD, YYYY hh:mm am", "Jun 09, 2018 12:15 p.m.", utc(2018, 6, 9, 10, 15)),
    ("MMM DD, YYYY hh:mm am", "Jun 09, 2018 13:00 pm", None),
    ("MMM DD, YYYY hh:mm am", "Jux 09, 2018 01:00 pm", None),
    ("MM/DD/YYYY hh:mm", "11/1/2019 8:51:12", utc(2019, 11, 1, 7, 51, 12)),
    ("DD.MM.YYYY hh.mm", "05.06.2024 9.07", utc(2024, 6, 5, 7, 7)),
    ("hh:mm DD/MM/YYYY", "10:11 05/06/2024", utc(2024, 6, 5, 8, 11)),
    ("YYYYMMDDhhmmss", "20240105101112", utc(2024, 1, 5, 9, 11, 12)),
    ("DDD, DD MMM YYYY", "Fri, 05 Jan 2024 10:00:00 +0000", utc(2024, 1, 5, 10)),
    ("seconds", "1700000000", utc(2023, 11, 14, 22, 13, 20)),
    ("seconds", "-1.5", utc(1969, 12, 31, 23, 59, 58, 500_000)),
    ("milliseconds", "1700000000500", utc(2023, 11, 14, 22, 13, 20, 500_000)),
    ("microseconds", "1700000000500001", utc(2023, 11, 14, 22, 13, 20, 500_001)),
    ("seconds", "2024-01-01", None),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), BERLIN)
def test_times_in_berlin(pattern: str, text: str, expected: datetime | None) -> None:
    assert first(time_of(pl.col("x"), parse_pattern(pattern), "Europe/Berlin"), text) == expected


DATES: list[tuple[str, str, date | None]] = [
    (ISO, "2018-12-19 00:00:00", date(2018, 12, 19)),
    (ISO, "2018-12-19T23:30:00-08:00", date(2018, 12, 19)),
    ("DD-MM-YY", "20-10-16", date(2016, 10, 20)),
    ("DD-MM-YY", "1-3-68", date(2068, 3, 1)),
    ("DD-MM-YY", "01-03-69", date(1969, 3, 1)),
    ("DD-MM-YY", "01-03-2017", None),
    ("DD-MM-YYYY", "01-03-17", None),
    ("dd/mm/yyyy", "29/02/2024", date(2024, 2, 29)),
    ("dd/mm/yyyy", "29/02/2023", None),
    ("YYYY-MM", "2024-05", date(2024, 5, 1)),
    ("MMM YYYY", "Sept 2024", date(2024, 9, 1)),
    ("DD-MMM-YY", "05-Jan-24", date(2024, 1, 5)),
    ("YYYYMMDD", "20240105", date(2024, 1, 5)),
    ("YYYYMMDD", "12345678", None),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), DATES)
def test_dates(pattern: str, text: str, expected: date | None) -> None:
    assert first(date_of(pl.col("x"), parse_pattern(pattern)), text) == expected


WRONG = {
    "DD/MM": "needs one year and a month",
    "foo": "f in 'foo' means nothing",
    "YYYY-MM-DD hh": "needs both hh and mm",
    "DD DD MM YYYY": "has the day twice",
    "YYYY-MM-DD YY": "needs one year",
}


@pytest.mark.parametrize(("written", "message"), WRONG.items())
def test_patterns_that_mean_nothing(written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_pattern(written)


FORMATS: list[tuple[list[str], str]] = [
    (["01.02.2023"], "DD.MM.YYYY"),
    (["01/02/2023", "13/04/2023"], "DD/MM/YYYY"),
    (["01/02/2023", "04/13/2023"], "MM/DD/YYYY"),
    (["9/29/24", "1/2/24"], "MM/DD/YY"),
    (["05/05/2020"], "DD/MM/YYYY"),
    (["20-10-16", "01-03-17"], "DD-MM-YY"),
    (["10-20-16", "01-03-17"], "MM-DD-YY"),
    (["31-12-2016"], "DD-MM-YYYY"),
    (["2023/07/27"], "YYYY/MM/DD"),
    (["20230727"], "YYYYMMDD"),
    (["Jun 09, 2018 09:30 pm"], "MMM DD, YYYY hh:mm am"),
    (["2023-07-27", "2023-07-28 03:00:00"], "YYYY-MM-DD hh:mm:ss"),
    (["2023-07-27", "n/a", "2023-07-28"], "YYYY-MM-DD"),
    (["", " "], "YYYY-MM-DD"),
    ([], "YYYY-MM-DD"),
]


@pytest.mark.parametrize(("texts", "pattern"), FORMATS)
def test_found(texts: list[str], pattern: str) -> None:
    assert find_format(texts) == Found(pattern)


def test_ambiguous_shows_both_readings() -> None:
    assert find_format(["05/05/2023", "01/02/2023"]) == Ambiguous(
        ("DD/MM/YYYY", "MM/DD/YYYY"), "01/02/2023", (date(2023, 2, 1), date(2023, 1, 2))
    )


@pytest.mark.parametrize(
    "texts", [["01-03-17"], ["3/4/24 10:00"], ["13/01/2023", "01/13/2023", "01/02/2023"]]
)
def test_ambiguous(texts: list[str]) -> None:
    assert isinstance(find_format(texts), Ambiguous)


NO_DATES = {"1700000000": "seconds", "1700000000000": "milliseconds", "45631": "dates: excel"}


@pytest.mark.parametrize(("text", "hint"), NO_DATES.items())
def test_not_a_date(text: str, hint: str) -> None:
    found = find_format([text])
    assert isinstance(found, NotADate)
    assert hint in (found.hint or "")
