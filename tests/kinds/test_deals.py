"""Deals followed to their end, beside SQL by definition: outcomes, pipelines, leads that won.

Each query gives a numerator n and a denominator d (null where there is none) per part, month s and
group g. m holds the months, r is the reading date: nothing at or after it has been read.
"""

# ruff: noqa: S608

from datetime import date
from pathlib import Path

import duckdb
import pytest
from made_deals import BOOK, write_deals
from running import DEFINITIONS, run_files

from kpicli.results import Outcome

Cells = dict[tuple[str | None, date, str], tuple[float, float | None]]
# An end of month of which a later day is in the file, too: today's state says nothing of it.
READ = date(2024, 11, 1)
WON = "from: {source: deals, time: created_at}, to: {source: deals, time: closed_at, where: is_won}"
OUTCOME = f"kind: conversion, entity: deal_id, {WON}, lost: is_closed and not is_won"
STATES = "kind: balance, source: deal_stages, states_of: deal_id"


def outcomes(weight: str = "1", within: int | None = None) -> str:
    """Won, lost and open of each month's deals; the headline of those old enough, in time."""
    young = f"created + {within} >= r" if within is not None else "false"
    in_time = f"closed <= created + {within}" if within is not None else "true"
    return f"""
        with c as (select s, r, created, closed, {weight} as w, won and closed < r as won,
                lost and closed < r as lost from deals join m on month(created) = month(s)
                where created < r and {weight} is not null),
            p as (select s, w, {young} as young, coalesce(won and {in_time}, false) as hit,
                coalesce(won, false) as won, coalesce(lost, false) as lost from c)
        select null, s, '', sum(w) filter (hit and not young),
            coalesce(sum(w) filter (not young), 0)
            from p group by s
        union all select 'won', s, '', sum(w) filter (won), sum(w) from p group by s
        union all select 'lost', s, '', sum(w) filter (lost), sum(w) from p group by s
        union all select 'open', s, '', sum(w) filter (not won and not lost), sum(w)
            from p group by s"""


def states(value: str, where: str = "true", group: str = "''") -> str:
    """What is open on each month's last day, every deal in its newest state by then."""
    return f"""
        with newest as (select s, f, h.*, row_number() over (partition by s, h.deal_id
                order by entered_at desc, position desc) as back
                from stages h join m on h.entered_at < f)
        select null, s, {group}, sum({value}), null from newest n join deals using (deal_id)
        where back = 1 and (closed is null or closed >= f) and {where} group by all"""


WEIGHED = "amount * case stage when 'demo' then 0.25 when 'offer' then 0.5 else 0 end"
CASES = {
    "outcomes": (f"{OUTCOME}, within: ever", outcomes()),
    "outcomes in time": (f"{OUTCOME}, within: 45d", outcomes(within=45)),
    "outcomes by amount": (f"{OUTCOME}, within: 45d, weight: amount", outcomes("amount", 45)),
    "open deals": (f"{STATES}, end: deals.closed_at, by: [stage]",
        f"({states('1')}) union all ({states('1', group='stage')})"),
    "pipeline": (f"{STATES}, end: deals.closed_at, of: deals.amount", states("amount")),
    "offers of new business": (
        f"{STATES}, end: deals.closed_at, where: stage = 'offer' and deals.type = 'New Business'",
        states("1", "stage = 'offer' and type = 'New Business'"),
    ),
    "weighted by history": (f"{STATES}, end: deals.closed_at, of: deals.amount * probability",
        states("amount * probability")),
    "weighted by stage": (
        f"{STATES}, end: deals.closed_at, of: deals.{WEIGHED}", states(WEIGHED)),
    "states without an end": (f"{STATES}, where: position = 4",
        states("1", "position = 4").replace("closed is null", "true")),
    "win rate by band": (
        "kind: share, source: leads, time: deals.closed_at, where: deals.is_closed,"
        " count_if: deals.is_won, by: [band]",
        """with b as (select s, g, won from leads join deals on deal_id = opportunity_id
                join m on month(closed) = month(s), unnest(['', case when score < 50 then 'low'
                when score >= 50 then 'high' else '(none)' end]) as u(g)
                where closed < r and (won or lost))
            select null, s, g, count(*) filter (won), count(*) from b group by all""",
    ),
    "lead to customer": (
        "kind: conversion, entity: lead_id, from: {source: leads, time: sql_at},"
        " to: {source: leads, time: deals.closed_at, where: deals.is_won}, within: 60d",
        """with l as (select *, sql_at::date as d from leads)
            select null, s, '', count(*) filter (won and closed between d and d + 60), count(*)
                from l left join deals on deal_id = opportunity_id
                join m on month(d) = month(s) where d + 60 < r group by s""",
    ),
}  # fmt: skip


def database(folder: Path) -> duckdb.DuckDBPyConnection:
    """The files as they are to be read; weights are in cents, as money is."""
    found = duckdb.connect()
    for sql in (
        "create table m as select s::date as s, (s + interval 1 month)::date as f,"
        f" date '{READ}' as r from"
        f" generate_series(date '2024-01-01', date '{READ}' - 1, interval 1 month) as g(s)",
        f"create table deals as select * exclude (is_won), created_at::date as created,"
        f" closed_at::date as closed, is_won as won, is_closed and not is_won as lost"
        f" from read_csv('{folder}/deals.csv')",
        f"create table stages as select * from read_csv('{folder}/stages*.csv')",
        f"create table leads as select * from read_csv('{folder}/leads.csv')",
    ):
        found.execute(sql.replace("* exclude (is_won)", "deal_id, amount, type"))
    found.execute("create macro month(d) as date_trunc('month', d)")
    return found


@pytest.fixture(scope="module", params=(1, 2, 3))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deals")
    write_deals(folder, request.param)
    return folder


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    kpis = [f"  {name.replace(' ', '_')}: {{{keys}}}\n" for name, (keys, _) in CASES.items()]
    files = {DEFINITIONS: BOOK.replace("kpis:", "grain: month\nkpis:") + "".join(kpis)}
    outcome = run_files(folder, files, as_of=READ, periods=10)
    assert outcome.problems == ()
    return outcome


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_those_of_sql(name: str, folder: Path, outcome: Outcome) -> None:
    expected: Cells = {
        (part, start, group): (n or 0, d)
        for part, start, group, n, d in database(folder).sql(CASES[name][1]).fetchall()
    }
    found: Cells = {
        (one.part, one.start, next(iter(one.by.values()), "")): (one.numerator, one.denominator)
        for one in outcome.results
        if one.kpi == name.replace(" ", "_") and one.start and one.n
    }
    assert found.keys() == {key for key, (_, d) in expected.items() if d != 0}
    assert found == {key: pytest.approx(expected[key]) for key in found}


def test_what_became_of_all_adds_up(outcome: Outcome) -> None:
    parts = [one for one in outcome.results if one.kpi == "outcomes_in_time" and one.part]
    by_month: dict[date | None, float] = {}
    for one in parts:
        by_month[one.start] = by_month.get(one.start, 0) + (one.value or 0)
    assert list(by_month.values()) == pytest.approx([1] * 10)


def test_only_what_is_of_the_history_is_known_of_the_past(folder: Path) -> None:
    """A dotted column that changes, as split or condition, is true of today alone."""
    today = "where: deals.is_won"
    files = {DEFINITIONS: f"{BOOK}  won: {{{STATES}, {today}}}\n  all: {{{STATES}}}\n"}
    found = run_files(folder, files, as_of=READ, periods=1, grain="month", names=("won",))
    assert [one.reason for one in found.results] == ["current_state"]
    card = run_files(folder, files, names=("all",)).kpis[0]
    assert "as of its newest row of deal_stages" in card.definition


def test_an_amount_of_today_is_said_to_be_one(outcome: Outcome) -> None:
    told = {card.name: card.caveats for card in outcome.kpis}
    assert told["pipeline"] == ("Of the past, too, deals.amount is what it is today",)
    assert told["open_deals"] == ()
