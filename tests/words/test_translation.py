"""The same text over the same rows by DuckDB, and by hand where its meaning is ours alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicli.words.agreement import check, result_type, scale_of
from kpicli.words.parsing import parse_expression
from kpicli.words.translation import translate
from kpicli.words.types import MONEY_SCALE, ColumnType
from kpicli.words.untold import untold

BERLIN = ZoneInfo("Europe/Berlin")
TYPES: dict[str, ColumnType] = {
    "a": "yes_no",
    "b": "yes_no",
    "n": "number",
    "x": "number",
    "s": "text",
    "accounts.plan": "text",
    "amount": "money",
    "fee": "money",
    "discount": "percent",
    "d": "date",
    "e": "date",
    "t": "time",
    "u": "time",
}


def instant(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


ROWS = pl.DataFrame(
    {
        "a": [True, True, True, False, False, False, None, None, None],
        "b": [True, False, None, True, False, None, True, False, None],
        "n": [0, 1, -2, 3, None, 7, 0, 100, 2],
        "x": [0.5, -0.5, 2.5, None, 0.0, 1.25, -1.5, 99.5, 2.0],
        "s": ["pro", "Pro ", "", None, "a%b", "x_y\nz", "ß", "Ärger", "50% off"],
        "accounts.plan": ["pro", None, "team", "pro", "free", None, "PRO", "", "pro"],
        "amount": [1000.0, 0.0, -12.34, None, 99.9, 1000.01, 0.05, 250.0, 3.0],
        "fee": [10.0, 0.0, 2.0, 1.0, None, 1000.01, 0.0, -5.0, 3.0],
        "discount": [0.0, 0.3, None, 0.299, 1.0, 0.05, 0.5, 0.31, 0.1],
        "d": [
            date(2025, 1, 31),
            date(2024, 2, 29),
            None,
            date(2025, 3, 30),
            date(2025, 12, 31),
            date(1999, 1, 1),
            date(2025, 6, 1),
            date(2025, 1, 5),
            date(2025, 1, 6),
        ],
        "e": [
            date(2025, 2, 1),
            date(2024, 2, 29),
            date(2025, 1, 1),
            None,
            date(2025, 1, 1),
            date(2025, 1, 1),
            date(2025, 6, 1),
            date(2025, 1, 6),
            date(2025, 1, 5),
        ],
        # Berlin is UTC+1, from 30 March 2025 01:00 UTC on UTC+2.
        "t": [
            instant(2025, 1, 30, 23, 0),
            instant(2025, 1, 30, 22, 59, 59),
            None,
            instant(2025, 3, 30, 0, 59),
            instant(2025, 3, 30, 1, 0),
            instant(2025, 6, 30, 22, 0),
            instant(2025, 6, 30, 21, 59),
            instant(2024, 12, 31, 23, 0),
            instant(2025, 1, 1, 0, 0),
        ],
        "u": [
            instant(2025, 1, 31, 1, 30),
            None,
            instant(2025, 1, 1, 0, 0),
            instant(2025, 3, 30, 2, 59),
            instant(2025, 3, 29, 1, 0),
            instant(2025, 7, 1, 21, 0),
            instant(2025, 6, 30, 22, 1),
            instant(2024, 12, 31, 22, 59),
            instant(2025, 1, 1, 0, 0),
        ],
    },
    schema_overrides={"t": pl.Datetime("us", "UTC"), "u": pl.Datetime("us", "UTC")},
)
PHYSICAL = ROWS.with_columns((pl.col("amount", "fee") * MONEY_SCALE).round().cast(pl.Int64)).lazy()


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    file = tmp_path_factory.mktemp("oracle") / "rows.parquet"
    ROWS.write_parquet(file)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Europe/Berlin'; SET ieee_floating_point_ops = false")
    con.execute("SET error_on_division_by_zero = false")
    con.execute("create macro days_between(a, b) as date_diff('day', a::date, b::date)")
    con.execute("create macro hours_between(a, b) as (epoch_us(b) - epoch_us(a)) / 3600000000")
    con.execute("create macro weekday(a) as isodow(a)")
    con.execute(
        """create table rows as
        select * exclude ("accounts.plan"), struct_pack(plan := "accounts.plan") as accounts
        from read_parquet(?)""",
        [str(file)],
    )
    yield con
    con.close()


def ours(text: str) -> list[object]:
    expression = parse_expression(text)
    assert check(expression, TYPES) == ()
    built = translate(expression, TYPES, BERLIN)
    frame = nw.from_native(PHYSICAL).with_columns(answer=built).select("answer").collect()
    scale = scale_of(result_type(expression, TYPES))
    answers = frame["answer"].to_list()
    return [v / scale if scale != 1 and v is not None else v for v in answers]


# The texts are those of this file.
def theirs(con: duckdb.DuckDBPyConnection, sql: str) -> list[object]:
    return [row[0] for row in con.execute(f"select ({sql}) from rows").fetchall()]  # noqa: S608


def same(left: list[object], right: list[object]) -> None:
    assert [_close(value) for value in left] == [_close(value) for value in right]


def _close(value: object) -> object:
    # DuckDB answers some sums as decimals; the last bits of a division are nobody's promise.
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return round(float(value), 9) + 0.0 if number else value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "a and b",
        "a or b",
        "not a",
        "not (a and not b) or b",
        "a = b",
        "a <> b",
        "a = true",
        "b != false",
        "a is null",
        "a is not null and b",
        "a or n = 1 or s = 'pro'",
        "n = 1",
        "n <> 1",
        "n > x",
        "n >= 2.5",
        "n in (1, 3, 2.0)",
        "n not in (0, 7)",
        "x in (0.5, 2)",
        "n in (x, 3)",
        "n between -2 and 2",
        "n not between x and 3",
        "n = '3'",
        "s = 'pro'",
        "s <> 'pro'",
        "s in ('pro', 'ß')",
        "s not in ('pro')",
        "accounts.plan = 'pro'",
        "accounts.plan = s",
        "s like 'p%'",
        "s like '_ro'",
        "s like 'x_y%z'",
        "s like '%\\%'",
        "s like ''",
        "s not like '%o%'",
        "s ilike 'PRO%'",
        "s ilike 'ä%'",
        "starts_with(s, 'p')",
        "ends_with(s, 'off')",
        "contains(s, '%')",
        "lower(s)",
        "upper(accounts.plan)",
        "trim(s) = 'Pro'",
        "length(s)",
        "length(s) - 3",
        "s || '-' || accounts.plan",
        "concat(s, '-', accounts.plan)",
        "coalesce(s, accounts.plan, 'none')",
        "coalesce(n, 0) + 1",
        "coalesce(a, b)",
        "nullif(n, 0)",
        "nullif(s, '')",
        "least(n, x)",
        "greatest(n, x, 1)",
        "least(s, accounts.plan)",
        "greatest(d, e)",
        "n + x",
        "n - x * 2",
        "-n",
        "- (n + 1)",
        "n / x",
        "n / 0",
        "n / (n - n)",
        "1 / n > 0.5",
        "n / 2",
        "abs(x)",
        "round(x)",
        "round(x, 1)",
        "round(n)",
        "floor(x)",
        "ceil(x)",
        "case when a then 1 when b then 2 else 3 end",
        "case when a then n end",
        "case n when 1 then 'one' when 3 then 'three' else s end",
        "case when a then b else false end",
        "amount > 1000",
        "amount >= 99.90",
        "amount = fee",
        "amount in (99.9, 250)",
        "amount between 0 and 250",
        "amount > n",
        "amount > n * 2",
        "amount + 5",
        "amount - fee",
        "5 - amount",
        "amount + n",
        "amount * n",
        "amount * 2 > fee",
        "amount * (1 - discount)",
        "amount / fee",
        "amount / n",
        "n / amount",
        "amount / 3 > 1",
        "-amount",
        "abs(amount)",
        "round(amount)",
        "round(amount, 1)",
        "floor(amount)",
        "ceil(amount)",
        "coalesce(amount, 0)",
        "coalesce(amount, n)",
        "nullif(amount, 0)",
        "least(amount, 100)",
        "greatest(amount, fee)",
        "case when a then amount else 0 end",
        "amount > '99.9'",
        "discount >= 0.3",
        "discount * n",
        "discount + discount",
        "discount > x",
        "d = '2025-01-31'",
        "d >= '2025-01-31'",
        "d in ('2025-01-31', '2024-02-29')",
        "d between '2025-01-01' and '2025-12-31'",
        "d < e",
        "'2025-01-05' <= d",
        "coalesce(d, '2025-01-01')",
        "days_between(d, e)",
        "days_between(t, u)",
        "days_between(d, t)",
        "hours_between(t, u)",
        "hours_between(t, u) >= 2",
        "t >= '2025-01-31'",
        "t = '2025-01-31'",
        "t in ('2025-01-31', '2025-01-01 01:00')",
        "t < '2025-03-30 03:00'",
        "t >= '2025-07-01 00:00:00'",
        "t > '2025-03-30T00:59:00Z'",
        "t between '2025-01-01' and u",
        "year(d)",
        "month(d)",
        "weekday(d)",
        "year(t)",
        "month(t)",
        "weekday(t)",
        "year(t) = 2025 and month(t) = 7",
        "coalesce(t, u) = u",
        "(n > 1) = a",
        "(n > 1) is null",
        "(a or b) = (s = 'pro')",
    ],
)
def test_duckdb_reads_the_same(oracle: duckdb.DuckDBPyConnection, text: str) -> None:
    same(ours(text), theirs(oracle, text))


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("discount > '30%'", "discount > 0.3"),
        ("discount in ('30%', '5 %')", "discount in (0.3, 0.05)"),
        ("date(t) = d", "t::date = d"),
        ("date(t)", "t::date"),
        ("days_between(t, '2025-07-01')", "date_diff('day', t::date, date '2025-07-01')"),
        (
            "hours_between('2025-01-01', t)",
            "(epoch_us(t) - epoch_us(timestamptz '2025-01-01'))/36e8",
        ),
        ("hours_between(d, t)", "(epoch_us(t) - epoch_us(d::timestamptz)) / 36e8"),
        ("hours_between(t, d)", "(epoch_us(d::timestamptz) - epoch_us(t)) / 36e8"),
        ("contains(s, 'a%b')", "s = 'a%b'"),
        ("coalesce(amount / nullif(fee, 0), 0)", "coalesce(amount / nullif(fee, 0), 0)"),
    ],
)
def test_ours_in_other_words(oracle: duckdb.DuckDBPyConnection, text: str, sql: str) -> None:
    same(ours(text), theirs(oracle, sql))


def test_three_valued_logic_by_hand() -> None:
    assert ours("a and b") == [True, False, None, False, False, False, None, False, None]
    assert ours("a or b") == [True, True, True, True, False, None, True, None, None]


def test_money_stays_in_whole_parts() -> None:
    built = translate(parse_expression("amount + 0.05"), TYPES, BERLIN)
    frame = nw.from_native(PHYSICAL).with_columns(y=built).collect()
    assert frame["y"].to_list()[0] == 10_000_500
    assert frame.schema["y"] == nw.Int64


numbers = st.sampled_from(["n", "x", "0", "1", "2.5", "-3"])
texts = st.sampled_from(["s", "accounts.plan", "'pro'", "''"])
sums = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("-({})".format, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("nullif({}, {})".format, inner, inner),
        st.builds("greatest({}, {})".format, inner, inner),
    ),
    max_leaves=4,
)
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
answers = st.recursive(
    st.one_of(
        st.sampled_from(["a", "b", "d < e", "t > '2025-03-30'", "s like 'p%'", "a is null"]),
        st.builds("{} {} {}".format, sums, signs, sums),
        st.builds("{} {} {}".format, texts, signs, texts),
        st.builds("{} in ({}, {})".format, sums, numbers, numbers),
        st.builds("{} between {} and {}".format, sums, numbers, numbers),
    ),
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not {}".format, inner),
        st.builds("({})".format, inner),
        st.builds("({}) is null".format, inner),
        st.builds("case when {} then {} else {} end".format, inner, inner, inner),
    ),
    max_leaves=5,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=answers)
def test_any_condition_is_as_in_duckdb(oracle: duckdb.DuckDBPyConnection, text: str) -> None:
    assert ours(text) == theirs(oracle, text)


@pytest.mark.parametrize(
    "text",
    [
        "s",
        "s = 'pro'",
        "not (n + 1 > x * 2 - 3)",
        "lower(s) in ('pro', 'x')",
        "n in (1, x)",
        "a and b",
        "n / x",
        "s like 'p%'",
        "coalesce(n, x) = 1",
        "1 = 1",
    ],
)
def test_where_nothing_can_be_told(text: str) -> None:
    expression = parse_expression(text)
    rows = nw.from_native(ROWS)
    told = translate(expression, TYPES, BERLIN).is_null()
    found = rows.with_columns(told=told, found=untold(expression, TYPES, BERLIN))
    assert found["told"].to_list() == found["found"].to_list()
