"""Recurring money at the rates of each period: what rates change is no movement of a customer."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from running import run_files
from subscribed import FIRST, HEADER, MOVED, SOURCE, Row, table, told, written

from kpicli.engine.evidence import evidence_of
from kpicli.engine.focus import focus_on
from kpicli.errors import DefinitionError
from kpicli.flow import open_book
from kpicli.planning.question import Question
from kpicli.results import Outcome

IN_CURRENCIES = (*HEADER, "currency")
CONVERTED = SOURCE.replace(
    "    quiet: 9y", "    quiet: 9y\n    currency_column: currency\n"
    "    rates: {source: rates, on: start}\n  rates: {path: rates.csv, time: day, quiet: 9y}"
)  # fmt: skip
RATES = "day,currency,rate\n2023-12-01,USD,0.8\n2024-02-20,USD,0.9\n2024-03-05,USD,0.85\n"
PARTS = ("opening", *MOVED, "currency")
OF_PERIOD = ", rates: of_period"


def run_rated(
    folder: Path, rows: list[Row], names: tuple[str, ...] = ("mrr",), keys: str = OF_PERIOD,
    rates: str = RATES, **request: Any,
) -> Outcome:  # fmt: skip
    """What these measures are of these rows at these rates."""
    files = {
        "kpi_definitions.yaml": written(keys, names, CONVERTED),
        "subscriptions.csv": table(rows, IN_CURRENCIES),
        "rates.csv": rates,
    }
    return run_files(folder, files, **{"as_of": date(2024, 4, 1), "periods": 3, **request})


def in_dollars(*spans: tuple[date, date | None, int]) -> list[Row]:
    """One customer's rows, and another one who pays 10 euros throughout."""
    rows: list[Row] = [(0, "z", date(2023, 12, 1), None, 10, "month", "EUR")]
    return rows + [
        (at, "a", start, end, amount, "month", "USD")
        for at, (start, end, amount) in enumerate(spans, start=1)
    ]


START, FEB, MAR = date(2023, 12, 5), date(2024, 2, 10), date(2024, 3, 10)


@pytest.mark.parametrize(
    ("spans", "mrr", "moved"),
    [
        pytest.param(
            [(START, None, 100)], [90, 100, 95], {"currency": [0, 10, -5]}, id="nothing but rates"
        ),
        pytest.param(
            [(START, FEB, 100), (FEB, None, 100)], [90, 100, 95], {"currency": [0, 10, -5]},
            id="another row of the same amount",
        ),
        pytest.param(
            [(START, None, 100), (FEB, None, 50)], [90, 145, 137.5],
            {"currency": [0, 10, -7.5], "expansion": [0, 45, 0]}, id="more at the rate of the end",
        ),
        pytest.param(
            [(START, None, 60), (START, MAR, 90)], [130, 145, 61],
            {"currency": [0, 15, -3], "contraction": [0, 0, -81]}, id="less at that of the start",
        ),
        pytest.param(
            [(FEB, MAR, 100)], [10, 100, 10], {"new": [0, 90, 0], "churn": [0, 0, -90]},
            id="who comes and goes",
        ),
    ],
)  # fmt: skip
def test_what_rates_change(
    tmp_path: Path, spans: list[Any], mrr: list[float], moved: dict[str, list[float]]
) -> None:
    outcome = run_rated(tmp_path, in_dollars(*spans), ("mrr", "net_new"))
    assert list(told(outcome, "mrr").values()) == pytest.approx(mrr)
    for part in PARTS[1:]:
        expected = moved.get(part, [0, 0, 0])
        assert list(told(outcome, "mrr", part).values()) == pytest.approx(expected), part
    without = [
        sum(moved.get(part, [0, 0, 0])[at] for part in MOVED) for at in range(3)
    ]  # fmt: skip
    assert list(told(outcome, "net_new").values()) == pytest.approx(without)


def test_by_default_a_row_keeps_its_rate(tmp_path: Path) -> None:
    outcome = run_rated(tmp_path, in_dollars((START, None, 100)), keys="")
    assert list(told(outcome, "mrr").values()) == [90, 90, 90]
    assert {one.part for one in outcome.results} == {None, "opening", *MOVED}


def test_another_currency_of_equal_value_is_no_movement(tmp_path: Path) -> None:
    rows = in_dollars((date(2024, 2, 10), None, 100))
    rows.append((9, "a", START, date(2024, 2, 10), 90, "month", "EUR"))
    outcome = run_rated(tmp_path, rows, ("mrr", "logo_churn"))
    for part in (*MOVED, "currency"):
        assert told(outcome, "mrr", part)["2024-02"] == 0, part
    assert told(outcome, "logo_churn")["2024-02"] == 0


def test_rates_are_in_no_rate_of_retention(tmp_path: Path) -> None:
    keys = f"{OF_PERIOD}, window: 1mo"
    outcome = run_rated(tmp_path, in_dollars((START, None, 100)), ("nrr", "grr"), keys)
    for name in ("nrr", "grr"):
        assert list(told(outcome, name).values()) == [1, 1, 1]


def test_the_ledger_has_a_column_of_what_rates_changed(tmp_path: Path) -> None:
    run_rated(tmp_path, in_dollars((START, None, 100)), ("net_new",))
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    question = Question("net_new", period="2024-02", as_of=date(2024, 3, 1))
    (evidence,) = evidence_of(focus_on(book, question, date(2026, 1, 1)))
    names = ("entity", "opening", "movement", "numerator", "currency", "closing")
    found = [tuple(one[name] for name in names) for one in evidence.records()]
    assert sorted(found) == [("a", 80, "kept", 0, 10, 90), ("z", 10, "kept", 0, 0, 10)]


def test_without_rates_there_is_none_of_a_period(tmp_path: Path) -> None:
    files = {"kpi_definitions.yaml": written(OF_PERIOD)}
    with pytest.raises(DefinitionError) as wrong:
        run_files(tmp_path, files)
    assert "subscriptions is in one currency: there are no rates of a period" in str(wrong.value)


ORACLE = """
    with spans as (
        select p, (date '{first}' + (p + 1) * interval 1 month)::date as b from range(-1, 12) t(p)),
    paid as (select account_id, currency, "start"::date as s, "end"::date as e, amount::double as m
        from read_csv('{folder}/subscriptions.csv', header = true, all_varchar = true)),
    known as (select * from read_csv('{folder}/rates.csv') union all
        select date '1900-01-01', 'EUR', 1.0),
    rated as (select p, currency, arg_max(rate, day) as rate from spans join known on day < b
        group by all),
    held as (select p, account_id, currency, sum(m) as m, any_value(rate) as rate
        from spans join paid on s < b and (e is null or e > b - 1) join rated using (p, currency)
        group by all),
    pairs as (select coalesce(n.p, o.p + 1) as p, coalesce(n.account_id, o.account_id) as who,
            coalesce(o.m, 0) as o, coalesce(n.m, 0) as c, coalesce(o.rate, 0) as r0,
            coalesce(n.rate, 0) as r1
        from held n full join held o on n.account_id = o.account_id
            and n.currency = o.currency and n.p = o.p + 1),
    each as (select p, who, sum(o * r0) as o, sum(c * r1) as c, sum(least(o, c) * (r1 - r0)) as fx,
            (select min(s) from paid f where f.account_id = who and (e is null or e > s)) as since
        from pairs group by all),
    moved as (select *, c - o - fx as d, case when abs(c - o - fx) < 1e-3 then 'kept'
            when o = 0 then if(since < (date '{first}' + p * interval 1 month)::date,
                'reactivation', 'new')
            when c = 0 then 'churn' when c - o - fx > 0 then 'expansion' else 'contraction' end
            as part from each where p between 1 and 11)
    select p, {what} from moved group by p order by p
"""


def test_every_part_is_what_sql_says(tmp_path: Path) -> None:
    chance = random.Random(4)
    rows: list[Row] = [(0, "first", FIRST, None, 10, "month", "EUR")]
    for at in range(1, 120):
        start = FIRST + timedelta(days=chance.randrange(330))
        end = start + timedelta(days=chance.choice([20, 60, 150]))
        who, money = f"A{chance.randrange(25)}", chance.choice(["EUR", "USD", "GBP"])
        last = None if chance.random() < 0.3 else end
        rows.append((at, who, start, last, chance.randrange(1, 90), "month", money))
    days = [FIRST + timedelta(days=9 * at) for at in range(-2, 40)]
    lines = [
        f"{day},{one},{chance.uniform(0.7, 1.3):.4f}" for day in days for one in ("USD", "GBP")
    ]
    rates = "\n".join(["day,currency,rate", *lines]) + "\n"
    outcome = run_rated(tmp_path, rows, rates=rates, as_of=date(2024, 1, 1), periods=12)
    assert outcome.problems == ()
    asked = {None: "sum(c)", "opening": "sum(o)", "currency": "sum(fx)"}
    asked |= {part: f"sum(if(part = '{part}', d, 0))" for part in MOVED}
    for part, what in asked.items():
        query = ORACLE.format(first=FIRST, folder=tmp_path.as_posix(), what=what)
        expected = [value for _, value in duckdb.sql(query).fetchall()]
        assert list(told(outcome, "mrr", part).values())[1:] == pytest.approx(expected, abs=0.02)
