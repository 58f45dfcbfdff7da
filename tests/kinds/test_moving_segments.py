"""Segments that change: what somebody did, and dated attributes, beside SQL by definition.

gp says who stands in which group of a segment at the end of week s; every kind is split by all of
them, and each query gives who counts in a week: s, u, a numerator x and a denominator y.
"""

# ruff: noqa: S608

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from made_events import FIRST, read_rows, write_events, write_rows
from running import DEFINITIONS, TODAY, run_files

from kpicli.flow import explain, open_book, rows_behind
from kpicli.planning.question import Question
from kpicli.reports.rules import rules_in_force
from kpicli.results import Outcome

Cells = dict[tuple[date, str], tuple[float, float | None]]
BOOK = """
version: 1
timezone: Europe/Berlin
sources:
  events: {path: events.csv, time: timestamp, unique: event_id}
  users: {path: users.csv, key: user_id, start: created_at, end: deleted_at, quiet: 1y,
          valid_from: since, valid_to: till}
  accounts: {path: accounts.csv, key: account_id, valid_from: since}
  subs: {path: subs.csv, start: began, end: ended, types: {amount: money}, quiet: 1y}
exclude:
  - {source: users, where: is_test, reason: test users}
segments:
  plan: users.plan
  tier: accounts.tier
  large: {where: accounts.seats >= 10}
  ever: {did: {source: events, where: event = 'a'}}
  often: {did: {source: events, where: event = 'a', at_least: 2, within: 14d}}
  team: {did: {source: events, at_least: 8}}
kpis:
"""
BY = "by: [plan, tier, large, ever, often, [often, plan]]"
WHO = f"entity: user_id, source: events, {BY}"

# people: one row per user; versions: u, plan, a (account), from vf to before vt; deals: a, tier,
# seats; gp: the group g of u in segment name at the end of week s.
TABLES = """
    set timezone = 'Europe/Berlin';
    create table versions as select user_id as u, plan, account_id as a, is_test = 'yes' as fake,
        since::date as vf, till::date as vt, created_at::timestamptz as born,
        created_at::timestamptz::date as came, deleted_at::timestamptz::date as went
        from read_csv('{folder}/users.csv', all_varchar = true);
    create table people as select u, bool_or(fake) as fake, min(born) as born, min(came) as came,
        min(went) as went from versions group by u;
    create table accounts as select account_id as a, tier, seats::int as seats, since::date as vf,
        lead(since::date) over (partition by account_id order by since::date) as vt
        from read_csv('{folder}/accounts.csv', all_varchar = true);
    create table rows as select event_id as id, user_id as u, timestamp::timestamptz as ts,
        timestamp::timestamptz::date as day, event as e
        from read_csv('{folder}/events.csv', all_varchar = true);
    create table hits as select rows.* from rows join people using (u) where not fake;
    create table subs as select user_id as u, began::date as b, ended::date as d,
        amount::decimal(18, 2) as m from read_csv('{folder}/subs.csv', all_varchar = true);
    create table one as select range::date as s, (range + interval 7 day)::date as f, s as ws
        from range(date '2025-03-03', date '2025-04-14', interval 7 day);
    create table days as select range::date as day
        from range(date '2024-01-01', date '2025-04-14', interval 1 day);
    create table truth as select day, people.u, plan, tier, seats
        from days cross join people
        left join versions v on v.u = people.u and vf <= day and (vt is null or vt > day)
        left join accounts w on w.a = v.a and w.vf <= day and (w.vt is null or w.vt > day);
    create table done as select s, f, people.u,
            (select count(*) from hits where hits.u = people.u and e = 'a' and day < f) as ever,
            (select count(*) from hits where hits.u = people.u and e = 'a' and day < f
                and day >= f - 14) as often
        from one cross join people;
    create table gp as
        select s, u, 'plan' as name, coalesce(plan, '(none)') as g
            from one join truth on truth.day = f - 1
        union all select s, u, 'tier', coalesce(tier, '(none)')
            from one join truth on truth.day = f - 1
        union all select s, u, 'large', case when seats >= 10 then 'large' when seats < 10
            then 'other' else '(none)' end from one join truth on truth.day = f - 1
        union all select s, u, 'ever', if(ever > 0, 'ever', 'other') from done
        union all select s, u, 'often', case when often > 1 then 'often'
            when f - 14 < date '2025-03-03' then '(none)' else 'other' end from done;
    insert into gp select s, u, 'often × plan', o.g || ' × ' || p.g
        from (from gp where name = 'often') o join (from gp where name = 'plan') p using (s, u);
    create table dp as
        select day, u, 'plan' as name, coalesce(plan, '(none)') as g from truth
        union all select day, u, 'tier', coalesce(tier, '(none)') from truth
        union all select day, u, 'large', case when seats >= 10 then 'large' when seats < 10
            then 'other' else '(none)' end from truth
        union all select day, u, name, g from days join one on day >= s and day < f
            join gp using (s) where name in ('ever', 'often');
    insert into dp select day, u, 'often × plan', o.g || ' × ' || p.g
        from (from dp where name = 'often') o join (from dp where name = 'plan') p using (day, u);
"""

SEEN = "exists (from hits where hits.u = p.u and day >= s and day < f)"
USED = "exists (from hits where hits.u = p.u and day >= s and day < f and e = 'b')"
THERE = "not fake and came <= s and (went is null or went >= f)"
ENTITIES: Mapping[str, tuple[str, str]] = {
    "active": (
        f"kind: active, {WHO}",
        f"select s, u, 1 as x, null as y from one cross join people p where {SEEN}",
    ),
    "twice": (
        f"kind: active, {WHO}, at_least: 2, did: event = 'b'",
        "select s, u, 1 as x, null as y from one join hits on day >= s and day < f "
        "where e = 'b' group by s, u having count(*) > 1",
    ),
    "sticky": (
        f"kind: stickiness, {WHO}",
        "select s, u, count(distinct day) as x, 7 as y from one join hits on day >= s and day < f "
        "group by s, u",
    ),
    "lifecycle": (
        f"kind: lifecycle, {WHO}",
        f"select s, u, 1 as x, null as y from one cross join people p where {SEEN}",
    ),
    "frequency": (
        f"kind: frequency, {WHO}",
        "select s, u, count(*) as x, 1 as y from one join hits on day >= s and day < f "
        "group by s, u",
    ),
    "adoption": (
        f"kind: adoption, {WHO}, did: event = 'b'",
        f"select s, u, if({USED}, 1, 0) as x, 1 as y from one join people p on {THERE}",
    ),
    "eligible": (
        f"kind: adoption, {WHO}, did: event = 'b', eligible: plan = 'pro' or accounts.seats >= 10",
        f"select s, p.u, if({USED}, 1, 0) as x, 1 as y from one join people p "
        f"on {THERE} join truth t on t.u = p.u and t.day = f - 1 and (plan = 'pro' or seats >= 10)",
    ),
    "conversion": (
        f"kind: conversion, entity: user_id, from: {{source: events}}, starts: every, "
        f"to: {{source: events, where: event = 'c'}}, within: 3d, at_once: true, {BY}",
        """select s, u, if(exists (from hits g where g.u = b.u and g.e = 'c' and g.ts >= b.ts
            and g.ts <= (b.ts::timestamp + interval 3 day)::timestamptz), 1, 0) as x, 1 as y
           from (select s, u, min(ts) as ts from one join hits on day >= s and day < f
               group by s, u) b
           where (ts::timestamp + interval 3 day)::timestamptz < '2025-04-14'::timestamptz""",
    ),
    "retention": (
        f"kind: retention, {WHO}, starts: every",
        """select s, u, if(exists (from hits g where g.u = b.u and g.day >= b.f
            and g.day < b.f + 7), 1, 0) as x, 1 as y
           from (select distinct s, f, u from one join hits on day >= s and day < f) b
           where f + 7 <= date '2025-04-14'""",
    ),
    "customers": (
        f"kind: recurring, measure: customers, entity: user_id, source: subs, interval: month, "
        f"grain: week, {BY}",
        "select distinct s, u, 1 as x, null as y from one join subs on b < f "
        "and (d is null or d >= f) left join people using (u) where fake is not true",
    ),
}
ROWS: Mapping[str, tuple[str, str]] = {
    "rows": (
        f"kind: count, source: events, {BY}",
        "select s, day, u, 1 as x, null as y from one join rows on day >= s and day < f "
        "left join people using (u) where fake is not true",
    ),
    "share": (
        f"kind: share, source: events, where: event is not null, count_if: event = 'b', {BY}",
        "select s, day, u, if(e = 'b', 1, 0) as x, 1 as y from one join rows on day >= s and "
        "day < f left join people using (u) where fake is not true and e is not null",
    ),
    "pro rows": (
        f"kind: count, source: events, where: users.plan = 'pro', {BY}",
        "select s, day, u, 1 as x, null as y from one join rows on day >= s and day < f "
        "join people using (u) join truth t using (u, day) where not fake and t.plan = 'pro'",
    ),
}
OPEN = "b < f and (d is null or d >= f) left join people p using (u)"
STANDING: Mapping[str, tuple[str, str]] = {
    "open": (
        f"kind: balance, source: subs, {BY}",
        f"select s, u, 1 as x, null as y from one join subs on {OPEN} where fake is not true",
    ),
    "pro open": (
        f"kind: balance, source: subs, of: amount, where: users.plan = 'pro', {BY}",
        f"select s, subs.u, m as x, null as y from one join subs on {OPEN} "
        "join truth t on t.u = subs.u and t.day = f - 1 where not fake and t.plan = 'pro'",
    ),
}
CASES = {**ENTITIES, **ROWS, **STANDING}
World = tuple[Outcome, duckdb.DuckDBPyConnection]


def write_world(folder: Path, seed: int) -> None:
    """Users whose plans and accounts change, with gaps, within weeks and at their edges."""
    write_events(folder, seed)
    draw = random.Random(seed)
    header = ("user_id", "created_at", "deleted_at", "plan", "is_test", "account_id", "since",
              "till")  # fmt: skip
    users = [one for row in read_rows(folder / "users.csv") for one in _versions(draw, row)]
    draw.shuffle(users)
    write_rows(folder / "users.csv", header, users)
    tiers = [
        (f"A{number}", tier, str(draw.randrange(1, 20)), _day(draw))
        for number in range(4)
        for tier in draw.sample(("gold", "tin", ""), draw.randrange(1, 4))
    ]
    once = {(row[0], row[3]): row for row in tiers}
    write_rows(folder / "accounts.csv", ("account_id", "tier", "seats", "since"), once.values())
    subs = [
        (f"u{draw.randrange(14)}", begin, _later(draw, begin), str(draw.randrange(1, 90)))
        for begin in (_day(draw) for _ in range(30))
    ]
    write_rows(folder / "subs.csv", ("user_id", "began", "ended", "amount"), subs)


def _versions(draw: random.Random, row: list[str]) -> Iterator[tuple[str, ...]]:
    days = sorted({_day(draw) for _ in range(draw.randrange(1, 5))})
    for since, following in zip(days, [*days[1:], ""], strict=True):
        till = draw.choice((following, following, since if following else "", _gap(since)))
        plan = draw.choice(("pro", "free", ""))
        user, born, gone, _, fake = row
        yield user, born, gone, plan, fake, f"A{draw.randrange(5)}", since, till


def _gap(since: str) -> str:
    """A version of one day: until the next there is none."""
    return (date.fromisoformat(since) + timedelta(days=1)).isoformat()


def _day(draw: random.Random) -> str:
    """Mondays among them: a change at the very end of a week belongs to the next."""
    day = draw.choice((-30, -7, 0, 7, 14, 21, 28, *range(42)))
    return (FIRST + timedelta(days=day)).isoformat()


def _later(draw: random.Random, begin: str) -> str:
    return draw.choice(
        ("", (date.fromisoformat(begin) + timedelta(days=draw.randrange(1, 30))).isoformat())
    )


@pytest.fixture(scope="module", params=(1, 3))
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("moving")
    write_world(folder, request.param)
    kpis = "".join(f"  {name}: {{{kpi}}}\n" for name, (kpi, _) in CASES.items())
    base = duckdb.connect()
    for statement in TABLES.format(folder=folder.as_posix()).split(";")[:-1]:
        base.execute(statement)
    return run_files(folder, {DEFINITIONS: BOOK + kpis}, periods=6), base


@pytest.mark.parametrize("name", CASES)
def test_numbers(name: str, world: World) -> None:
    outcome, base = world
    assert [(one.kpi, one.code, one.message) for one in outcome.problems] == []
    on = "s, u" if name not in ROWS else "day, u"
    groups = "gp" if name not in ROWS else "dp"
    query = CASES[name][1]
    # Who is in no list has no group; a row of nobody stands in (none).
    expected = _cells(base, f"select s, '', sum(x), sum(y) from ({query}) group by all")
    for segment in ("plan", "tier", "large", "ever", "often", "often × plan"):
        nobody = " × ".join("(none)" for _ in segment.split(" × "))
        told = _cells(
            base,
            f"select s, coalesce(g, '{nobody}'), sum(x), sum(y) from ({query}) "
            f"left join (from {groups} where name = '{segment}') using ({on}) group by all",
        )
        assert _told(outcome, name, segment) == told, segment
    assert _told(outcome, name, "") == expected
    assert expected


@pytest.mark.parametrize("name", ["active", "frequency", "customers", "rows", "open"])
def test_groups_add_up(name: str, world: World) -> None:
    """Everybody stands in one group of a segment at the end of each week."""
    whole = _told(world[0], name, "")
    for segment in ("plan", "tier", "large", "ever", "often", "often × plan"):
        for side in (0, 1):
            parts: dict[date, float] = {}
            for (start, _), cell in _told(world[0], name, segment).items():
                parts[start] = parts.get(start, 0) + (cell[side] or 0)
            assert parts == {start: cell[side] or 0 for (start, _), cell in whole.items()}


@pytest.mark.parametrize("name", ["eligible", "customers", "rows", "pro open"])
def test_the_rows_behind_a_group_are_there(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Evidence that does not add up is a fault of the program; so is a rule that loses rows."""
    folder = tmp_path_factory.mktemp("behind")
    write_world(folder, 1)
    by = CASES[name][0].replace(BY, "by: [often, plan]")
    (folder / DEFINITIONS).write_text(f"{BOOK}  {name}: {{{by}}}\n", encoding="utf-8")
    question = Question(name, "2025-W13", {"often": "often"})
    explained = explain(open_book(folder / DEFINITIONS, {}), question, TODAY)
    (found,) = rows_behind(explained.book, question, TODAY)[1]
    assert found.counted == explained.result.n > 0
    facts = dict(one for one in rules_in_force(
        explained.book, explained.focus, explained.card, explained.result
    ))  # fmt: skip
    assert facts["Segment"].endswith(
        "by at least 2 rows of events where event = 'a' in the 14d up to the period's end"
    )


def _cells(base: duckdb.DuckDBPyConnection, query: str) -> Cells:
    rows = base.execute(query).fetchall()
    return {(s, g): (float(n), None if d is None else float(d)) for s, g, n, d in rows}


def _told(outcome: Outcome, name: str, split: str) -> Cells:
    return {
        (one.start, " × ".join(one.by.values())): (
            (one.value or 0, None)
            if one.denominator is None
            else (one.numerator or 0, one.denominator)
        )
        for one in outcome.results
        if one.kpi == name and one.part is None and one.age is None and one.n and one.start
        and " × ".join(one.by) == split
    }  # fmt: skip
