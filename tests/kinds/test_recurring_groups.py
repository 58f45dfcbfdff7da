"""Recurring money split by a column of its own rows: who moves between groups is no churn."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from running import run_files
from subscribed import AS_OF, FIRST, HEADER, MOVED, SOURCE, Row, run, table, told, written
from workdir import Workdir

from kpicli.engine.evidence import evidence_of
from kpicli.engine.focus import focus_on
from kpicli.flow import open_book
from kpicli.planning.question import Question
from kpicli.results import Outcome

MONTHS = 12
PARTS = ("opening", *MOVED, "entering", "leaving")
HEADER_OF_PLANS = (*HEADER, "plan")

# Opening o and closing c of each customer and plan; O and C are those of the customer.
ORACLE = """
    with spans as (
        select p, (date '{first}' + p * interval 1 month)::date as a,
            (date '{first}' + (p + 1) * interval 1 month)::date as b from range(-1, 24) t(p)),
    paid as (select account_id, plan, "start"::date as s, "end"::date as e,
            (amount::double * 10000)::bigint as m
        from read_csv('{file}', header = true, all_varchar = true)),
    held as (select p, account_id, plan, sum(m) as m from spans join paid
        on s < b and (e is null or e > b - 1) group by all),
    pairs as (select coalesce(n.p, o.p + 1) as p, coalesce(n.account_id, o.account_id) as who,
            coalesce(n.plan, o.plan) as plan, coalesce(o.m, 0) as o, coalesce(n.m, 0) as c
        from held n full join held o
            on n.account_id = o.account_id and n.plan = o.plan and n.p = o.p + 1),
    whole as (select *, sum(o) over w as "all o", sum(c) over w as "all c",
            (select min(s) from paid f where f.account_id = who and (e is null or e > s)) as since,
            sum(if(o = 0, c, 0)) over w as came, sum(if(c = 0, o, 0)) over w as went
        from pairs window w as (partition by p, who)),
    moved as (select *, case
            when "all o" = 0 then if(since < (date '{first}' + p * interval 1 month)::date,
                'reactivation', 'new')
            when "all c" = 0 then 'churn'
            when o = 0 then 'entering' when c = 0 then 'leaving'
            when c > o then 'expansion' when c < o then 'contraction' else 'kept' end as part
        from whole),
    followed as (select *, if(part = 'leaving', round(came * o / went), c) as after from moved)
    select p, plan, {what} from followed where p between 1 and {months} - 1 group by all
"""
RATES = {
    "nrr": "sum(if(o > 0, after, 0)) / sum(o)",
    "grr": "sum(least(o, after)) / sum(o)",
    "logo_churn": "count(*) filter (part = 'churn') / count(*) filter (o > 0)",
    "revenue_churn": "sum(greatest(o - after, 0)) / sum(o)",
    "expanded": "count(*) filter (o > 0 and after > o) / count(*) filter (o > 0)",
}


def generated(seed: int) -> list[Row]:
    """Customers with several plans, who often change them on the day that one ends."""
    chance = random.Random(seed)
    rows: list[Row] = [(0, "first", FIRST, None, 10, "month", "a")]
    for who in range(40):
        day = FIRST + timedelta(days=chance.randrange(300))
        for _ in range(chance.randrange(1, 6)):
            end = day + timedelta(days=chance.choice([0, 25, 40, 70, 120]))
            plan, amount = chance.choice("abc"), chance.randrange(1, 90)
            last = None if chance.random() < 0.2 else end
            rows.append((len(rows), f"A{who}", day, last, amount, "month", plan))
            day = end + timedelta(days=chance.choice([0, 0, -20, 45]))
    return rows


def by_plan(outcome: Outcome, kpi: str, part: str | None = None) -> dict[Any, float | None]:
    """The values of a KPI by plan and month, from the second month on."""
    return {
        (one.label, one.by["plan"]): one.value
        for one in outcome.results
        if (one.kpi, one.part) == (kpi, part) and one.by and one.label and one.label > "2023-01"
    }


def by_sql(folder: Path, what: str) -> dict[Any, Any]:
    """The same in SQL."""
    file = (folder / "subscriptions.csv").as_posix()
    query = ORACLE.format(first=FIRST, file=file, months=MONTHS, what=what)
    rows = duckdb.sql(query).fetchall()
    return {(f"2023-{p + 1:02}", plan): value for p, plan, value in rows if value is not None}


def test_every_part_of_a_plan_is_what_sql_says(tmp_path: Path) -> None:
    names = ("mrr", *RATES)
    keys = ", by: [plan], top: 20"
    one = written(keys, ("mrr", "logo_churn", "revenue_churn", "expanded"))
    windowed = written(f"{keys}, window: 1mo", ("nrr", "grr"), "").removeprefix("kpis:\n")
    files = {
        "kpi_definitions.yaml": one + windowed,
        "subscriptions.csv": table(generated(3), HEADER_OF_PLANS),
    }
    outcome = run_files(tmp_path, files, as_of=date(2024, 1, 1), periods=MONTHS)
    assert outcome.problems == ()
    for part in PARTS:
        column = {"opening": "o"}.get(part, f"if(part = '{part}', c - o, 0)")
        expected = by_sql(tmp_path, f"sum({column}) / 1e4")
        found = by_plan(outcome, "mrr", part)
        assert {key: found[key] for key in expected} == pytest.approx(expected), part
    assert by_plan(outcome, "mrr") == pytest.approx(by_sql(tmp_path, "sum(c) / 1e4"))
    for name in names[1:]:
        expected = by_sql(tmp_path, RATES[name])
        found = {key: value for key, value in by_plan(outcome, name).items() if value is not None}
        assert found == pytest.approx(expected), name


def test_groups_close_and_add_up_to_the_total(tmp_path: Path) -> None:
    outcome = run(
        tmp_path, generated(5), ", by: [plan], top: 20", header=HEADER_OF_PLANS,
        as_of=AS_OF, periods=24,
    )  # fmt: skip
    values: dict[Any, float] = {}
    for one in outcome.results:
        values[one.label, one.by.get("plan"), one.part] = one.value or 0
    plans = {plan for _, plan, _ in values if plan}
    assert plans == {"a", "b", "c"}
    for label in {label for label, _, _ in values}:
        for plan in plans:
            added = sum(values[label, plan, part] for part in PARTS)
            assert added == pytest.approx(values[label, plan, None])
        whole = sum(values[label, plan, None] for plan in plans)
        assert whole == pytest.approx(values[label, None, None])
        assert values[label, None, "entering"] == values[label, None, "leaving"] == 0


def changed_plan() -> list[Row]:
    """One customer from plan a to b for more money, another one who stays with a."""
    return [
        (1, "x", date(2024, 1, 1), date(2024, 2, 10), 100, "month", "a"),
        (2, "x", date(2024, 2, 10), None, 150, "month", "b"),
        (3, "y", date(2024, 1, 1), None, 30, "month", "a"),
    ]


def test_another_plan_is_no_churn_of_the_old_one(tmp_path: Path) -> None:
    names = ("mrr", "logo_churn", "revenue_churn", "net_revenue_churn")
    outcome = run(tmp_path, changed_plan(), ", by: [plan]", names, HEADER_OF_PLANS,
                  as_of=date(2024, 3, 1), periods=1)  # fmt: skip
    parts = {part: by_plan(outcome, "mrr", part) for part in PARTS}
    moved = {part: {k[1]: v for k, v in found.items() if v} for part, found in parts.items()}
    assert moved == {
        "opening": {"a": 130}, "new": {}, "expansion": {}, "contraction": {}, "churn": {},
        "reactivation": {}, "entering": {"b": 150}, "leaving": {"a": -100},
    }  # fmt: skip
    assert told(outcome, "mrr", "expansion") == {"2024-02": 50}
    assert by_plan(outcome, "logo_churn")["2024-02", "a"] == 0
    assert by_plan(outcome, "revenue_churn")["2024-02", "a"] == 0
    assert by_plan(outcome, "net_revenue_churn")["2024-02", "a"] == pytest.approx(-50 / 130)


def test_a_plan_asked_for_alone_is_the_same_as_its_group(tmp_path: Path) -> None:
    files = {
        "kpi_definitions.yaml": written(""),
        "subscriptions.csv": table(changed_plan(), HEADER_OF_PLANS),
    }
    alone = run_files(tmp_path, files, as_of=date(2024, 3, 1), periods=1, for_={"plan": "b"})
    assert [told(alone, "mrr", part)["2024-02"] for part in (None, "new", "entering")] == [
        150, 0, 150,
    ]  # fmt: skip


def test_the_ledger_of_a_plan_can_be_exported(tmp_path: Path) -> None:
    files = {
        "kpi_definitions.yaml": written(", by: [plan]", ("net_new",)),
        "subscriptions.csv": table(changed_plan(), HEADER_OF_PLANS),
    }
    run_files(tmp_path, files, as_of=date(2024, 3, 1), periods=1)
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    question = Question("net_new", period="2024-02", by={"plan": "a"}, as_of=date(2024, 3, 1))
    (evidence,) = evidence_of(focus_on(book, question, date(2026, 1, 1)))
    names = ("entity", "opening", "movement", "numerator", "closing")
    found = [tuple(one[name] for name in names) for one in evidence.records()]
    assert found == [("x", 100, "leaving", -100, 0), ("y", 30, "kept", 0, 30)]


def test_reasons_of_churn_are_a_column_of_the_row_that_ended(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "x", date(2024, 1, 1), date(2024, 2, 10), 100, "month", "price"),
        (2, "y", date(2024, 1, 1), date(2024, 2, 11), 70, "month", "price"),
        (3, "z", date(2024, 1, 1), date(2024, 2, 12), 70, "month", None),
        (4, "z", date(2024, 2, 12), None, 70, "month", None),
        (5, "v", date(2024, 1, 1), date(2024, 2, 12), 70, "month", None),
    ]
    keys = ", of: customers, by: [churn_reason]"
    outcome = run(tmp_path, rows, keys, ("churn",), (*HEADER, "churn_reason"),
                  as_of=date(2024, 3, 1), periods=1)  # fmt: skip
    found = {one.by.get("churn_reason"): one.value for one in outcome.results}
    assert found == {None: 3, "price": 2, "(none)": 1}


def test_a_file_without_reasons_is_named(tmp_path: Path) -> None:
    files = {
        "kpi_definitions.yaml": SOURCE + "    key: id\n"
        "  accounts: {path: accounts.csv, key: account_id, start: signed_up, quiet: 9y}\n"
        "kpis:\n  churn_reasons: {use: churn_reasons}\n",
        "subscriptions.csv": table(changed_plan(), HEADER_OF_PLANS),
        "accounts.csv": "account_id,signed_up\nx,2024-01-01\ny,2024-01-01\n",
    }
    (problem,) = run_files(tmp_path, files, as_of=date(2024, 3, 1), periods=1).problems
    assert "churn_reason" in problem.message
    assert "subscriptions has no such column" in problem.message


def test_rows_of_who_enters_are_asked_of_a_group(tmp_path: Path) -> None:
    folder = Workdir(tmp_path)
    folder.write(
        "subs.csv", "id,account_id,start,end,amount,interval,plan\n1,a,2024-01-01,,9,month,x\n"
    )
    folder.write(
        "kpi_definitions.yaml",
        """
version: 1
sources: {subscriptions: {path: subs.csv, key: id, start: start, end: end, quiet: 1y}}
kpis: {mrr: {kind: recurring, source: subscriptions, entity: account_id, population: seen,
             measure: mrr, grain: month, by: [plan]}}
""",
    )
    asked = ("rows", "mrr", "--part", "entering", "--as-of", "2024-06-01")
    folder.kpi(*asked).exits(2).says("in groups only", "--for")
    folder.kpi(*asked, "--for", "plan=x").exits(0)
