"""Cells of every type, from text and from stored types."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from kpicli.errors import Problem
from kpicli.sources.cellhints import cell_hint
from kpicli.sources.cells import CellStyle, style_of, typed, unparsable
from kpicli.sources.numbers import NumberStyle
from kpicli.sources.reading import Reading
from kpicli.words.types import ColumnType

POINT = CellStyle()
GROUPED = CellStyle(NumberStyle("point", "comma"))
GERMAN = CellStyle(NumberStyle("comma", "point"))
FRENCH = CellStyle(NumberStyle("comma", "space"))
SWISS = CellStyle(NumberStyle("point", "'"))


def read(stored: pl.Series, kind: ColumnType, style: CellStyle = POINT) -> pl.Series:
    value = typed("x", pl.col("x"), stored.dtype, kind, style)
    assert isinstance(value, pl.Expr), value
    return pl.DataFrame({"x": stored}).select(value).to_series()


TEXTS: list[tuple[ColumnType, CellStyle, str, object]] = [
    ("number", POINT, "1751", 1751.0),
    ("number", POINT, " -2.50 ", -2.5),
    ("number", POINT, "+.5", 0.5),
    ("number", POINT, "5.", 5.0),
    ("number", POINT, "1.2E+06", 1_200_000.0),
    ("number", POINT, "(3)", -3.0),
    ("number", POINT, "\u22127", -7.0),
    ("number", POINT, "1,751", None),
    ("number", POINT, "1.234,5", None),
    ("number", POINT, "2,5", None),
    ("number", POINT, "27.78%", None),
    ("number", POINT, "nan", None),
    ("number", POINT, "inf", None),
    ("number", POINT, "1e999", None),
    ("number", POINT, "１２", None),
    ("number", GROUPED, "1,751", 1751.0),
    ("number", GROUPED, "1,234,567.5", 1_234_567.5),
    ("number", GROUPED, "1,75", None),
    ("number", GROUPED, "12,34,567", None),
    ("number", GERMAN, "1.234,5", 1234.5),
    ("number", GERMAN, "1234,5", 1234.5),
    ("number", GERMAN, "1.23", None),
    ("number", FRENCH, "1\u202f234,5", 1234.5),
    ("number", FRENCH, "1\u00a0234", 1234.0),
    ("number", SWISS, "1\u2019234.50", 1234.5),
    ("money", POINT, "$125000", 1_250_000_000),
    ("money", POINT, "£1001", 10_010_000),
    ("money", POINT, "€ 5", 50_000),
    ("money", POINT, "5 EUR", 50_000),
    ("money", POINT, "USD 5.10", 51_000),
    ("money", POINT, "US$3", 30_000),
    ("money", POINT, "-$5.25", -52_500),
    ("money", POINT, "$-5.25", -52_500),
    ("money", POINT, "($5.25)", -52_500),
    ("money", POINT, "-0.5", -5_000),
    ("money", POINT, "0.1", 1_000),
    ("money", POINT, "90071992547409.93", 900_719_925_474_099_300),
    ("money", POINT, "0.00005", 1),
    ("money", POINT, "-0.00004", 0),
    ("money", POINT, "1,751", None),
    ("money", POINT, "1E6", None),
    ("money", POINT, "123456789012345", None),
    ("money", POINT, "$", None),
    ("money", POINT, "5 or 6", None),
    ("money", GROUPED, "$1,751.50", 17_515_000),
    ("money", GERMAN, "1.751,50 €", 17_515_000),
    ("percent", POINT, "27.78%", 0.2778),
    ("percent", POINT, "6.48 %", 0.0648),
    ("percent", POINT, "-1%", -0.01),
    ("percent", GERMAN, "27,78 %", 0.2778),
    ("percent", POINT, "30", None),
    ("percent", POINT, "0.3", None),
    ("percent", POINT, "%", None),
    ("yes_no", POINT, "TRUE", True),
    ("yes_no", POINT, "Yes", True),
    ("yes_no", POINT, "y", True),
    ("yes_no", POINT, "T", True),
    ("yes_no", POINT, "1", True),
    ("yes_no", POINT, "False ", False),
    ("yes_no", POINT, "NO", False),
    ("yes_no", POINT, "n", False),
    ("yes_no", POINT, "f", False),
    ("yes_no", POINT, "0", False),
    ("yes_no", POINT, "maybe", None),
    ("text", POINT, " Won ", " Won "),
]


@pytest.mark.parametrize(("kind", "style", "text", "value"), TEXTS)
def test_from_text(kind: ColumnType, style: CellStyle, text: str, value: object) -> None:
    result = read(pl.Series([text, None]), kind, style).to_list()
    assert result == [value, None]
    assert type(result[0]) is type(value)


BERLIN = CellStyle(zone="Europe/Berlin")
NOON = datetime(2024, 5, 20, 12, 0)
NOON_UTC = NOON.replace(tzinfo=UTC)
STORED: dict[str, tuple[pl.Series, ColumnType, CellStyle, object]] = {
    "float id": (pl.Series([12346.0]), "text", POINT, "12346"),
    "fraction": (pl.Series([1.5]), "text", POINT, "1.5"),
    "whole": (pl.Series([7]), "text", POINT, "7"),
    "flag": (pl.Series([True]), "text", POINT, "true"),
    "day": (pl.Series([date(2024, 5, 20)]), "text", POINT, "2024-05-20"),
    "category": (pl.Series(["7"], dtype=pl.Categorical), "number", POINT, 7.0),
    "integer": (pl.Series([7], dtype=pl.Int8), "number", POINT, 7.0),
    "not a number": (pl.Series([float("nan")]), "number", POINT, None),
    "decimal": (pl.Series([Decimal("1.25")]), "number", POINT, 1.25),
    "decimal money": (
        pl.Series([Decimal("90071992547409.93")]),
        "money",
        POINT,
        900_719_925_474_099_300,
    ),
    "float money": (pl.Series([19.99]), "money", POINT, 199_900),
    "small integer money": (pl.Series([127], dtype=pl.Int8), "money", POINT, 1_270_000),
    "huge money": (pl.Series([2**62]), "money", POINT, None),
    "NaN money": (pl.Series([float("nan")]), "money", POINT, None),
    "1": (pl.Series([1]), "yes_no", POINT, True),
    "2": (pl.Series([2]), "yes_no", POINT, None),
    "a date stays": (pl.Series([date(2024, 5, 20)]), "date", BERLIN, date(2024, 5, 20)),
    "midnight stays a date": (
        pl.Series([datetime(2024, 5, 20)]),
        "date",
        BERLIN,
        date(2024, 5, 20),
    ),
    "a zoned date stays": (
        pl.Series([datetime(2024, 5, 20, 23)]).dt.replace_time_zone("America/New_York"),
        "date",
        BERLIN,
        date(2024, 5, 20),
    ),
    "naive in zone": (pl.Series([NOON]), "time", BERLIN, NOON_UTC - timedelta(hours=2)),
    "milliseconds": (pl.Series([NOON]).dt.cast_time_unit("ms"), "time", POINT, NOON_UTC),
    "nanoseconds": (pl.Series([NOON]).dt.cast_time_unit("ns"), "time", POINT, NOON_UTC),
    "aware": (
        pl.Series([NOON]).dt.replace_time_zone("Asia/Tokyo"),
        "time",
        BERLIN,
        NOON_UTC - timedelta(hours=9),
    ),
    "date as time": (
        pl.Series([date(2024, 1, 1)]),
        "time",
        BERLIN,
        datetime(2023, 12, 31, 23, tzinfo=UTC),
    ),
    "epoch seconds": (
        pl.Series([1_700_000_000]),
        "time",
        CellStyle(dates="seconds"),
        datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
    ),
    "epoch milliseconds": (
        pl.Series([1_700_000_000_500.0]),
        "time",
        CellStyle(dates="milliseconds"),
        datetime(2023, 11, 14, 22, 13, 20, 500_000, tzinfo=UTC),
    ),
    "whole-number date": (
        pl.Series([20240520]),
        "date",
        CellStyle(dates="YYYYMMDD"),
        date(2024, 5, 20),
    ),
    "text date": (pl.Series(["20.05.24"]), "date", CellStyle(dates="DD.MM.YY"), date(2024, 5, 20)),
    "nothing at all": (pl.Series([None]), "percent", POINT, None),
}


@pytest.mark.parametrize(("stored", "kind", "style", "value"), STORED.values(), ids=STORED)
def test_from_stored(stored: pl.Series, kind: ColumnType, style: CellStyle, value: object) -> None:
    assert read(stored, kind, style).to_list() == [value]


TYPES: dict[ColumnType, pl.DataType] = {
    "text": pl.String(),
    "number": pl.Float64(),
    "money": pl.Int64(),
    "percent": pl.Float64(),
    "date": pl.Date(),
    "time": pl.Datetime("us", "UTC"),
    "yes_no": pl.Boolean(),
}


@pytest.mark.parametrize("stored", [pl.String(), pl.Null()], ids=str)
@pytest.mark.parametrize(("kind", "dtype"), TYPES.items(), ids=TYPES)
def test_an_empty_column_has_its_type(
    kind: ColumnType, dtype: pl.DataType, stored: pl.DataType
) -> None:
    assert read(pl.Series([None], dtype=stored), kind).dtype == dtype


NEVER: list[tuple[pl.Series, ColumnType, str]] = [
    (pl.Series([True]), "number", "x is stored as yes or no, which is no number"),
    (pl.Series([7]), "date", "x is stored as a number, which is no date"),
    (pl.Series([0.3]), "percent", "x is stored as a number, which is no percent"),
    (pl.Series([b"x"]), "text", "which is no text"),
    (pl.Series([b"1"]), "text", "which is no text"),
    (pl.Series([NOON]), "money", "x is stored as a date or time, which is no money"),
    (pl.Series([timedelta(1)]), "time", "x is stored as a time span, which is no time"),
    (pl.Series([1.5]), "yes_no", "x is stored as a number, which is no yes_no"),
]


@pytest.mark.parametrize(("stored", "kind", "message"), NEVER)
def test_never_that_type(stored: pl.Series, kind: ColumnType, message: str) -> None:
    problem = typed("x", pl.col("x"), stored.dtype, kind, POINT)
    assert isinstance(problem, Problem)
    assert problem.code == "wrong_type"
    assert message in problem.message


def test_one_sign_for_two_things() -> None:
    style = style_of(Reading(decimal="comma", thousands=","), "x")
    problem = typed("x", pl.col("x"), pl.String(), "number", style)
    assert isinstance(problem, Problem)
    assert "decimal and thousands are both comma" in problem.message


def test_style_of_a_column() -> None:
    reading = Reading(decimal="comma", dates={"closed": "DD-MM-YY"}, zone="Asia/Tokyo")
    assert style_of(reading, "closed") == CellStyle(NumberStyle("comma"), "DD-MM-YY", "Asia/Tokyo")
    assert style_of(reading, "opened").dates is None


UNPARSABLE: dict[str, tuple[pl.Series, list[bool]]] = {
    "text": (pl.Series(["1", "x", " ", "", None]), [False, True, False, False, False]),
    "float": (pl.Series([1.0, float("inf"), float("nan"), None]), [False, True, False, False]),
}


@pytest.mark.parametrize(("stored", "expected"), UNPARSABLE.values(), ids=UNPARSABLE)
def test_unparsable_is_not_empty(stored: pl.Series, expected: list[bool]) -> None:
    value = typed("x", pl.col("x"), stored.dtype, "number", POINT)
    assert isinstance(value, pl.Expr)
    told = pl.DataFrame({"x": stored}).select(unparsable(pl.col("x"), stored.dtype, value))
    assert told.to_series().to_list() == expected


HINTS: list[tuple[str, ColumnType, str]] = [
    ("1,751", "number", "1,751 is 1751 with thousands: comma or 1.751 with decimal: comma"),
    ("1.234,5", "number", "1.234,5 is 1234.5 with decimal: comma, thousands: point"),
    ("$1,751", "money", "$1,751 is 1751 with thousands: comma or 1.751 with decimal: comma"),
    ("27.78%", "number", "a share? write types: percent"),
    ("$5", "number", "an amount? write types: money"),
    ("n/a", "number", "if 'n/a' means no value, write it under nulls:"),
    ("30", "percent", "30 may be 30 % or 3000 %: write the sign in the file, or types: number"),
]


@pytest.mark.parametrize(("text", "kind", "hint"), HINTS)
def test_hints(text: str, kind: ColumnType, hint: str) -> None:
    assert cell_hint(text, kind) == hint
