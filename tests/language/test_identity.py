"""Identity: some sources say which ids are one, and every row is its person's."""

import random
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from kpicli.engine import pieces
from kpicli.engine.cache import Cache
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from language.folder import FILE, TODAY, Folder, Told

FILES = {
    "events.csv": """
        at,distinct_id,user_id
        2025-01-06,d1,
        2025-01-07,d1,u1
        2025-01-07,d2,
        2025-01-08,d9,
        2025-01-09,d1,u0
        2025-01-09,,u2
        2025-01-12,dx,
        """,
    "users.csv": """
        user_id,account_id
        u1,A
        u2,B
        """,
    "accounts.csv": """
        account_id,plan
        A,pro
        B,free
        """,
    "people.csv": """
        distinct_id,user_id
        d1,u1
        d2,u0
        dx,u1
        dx,u2
        """,
    "old.csv": """
        previous_id,user_id
        u0,u00
        u00,u1
        u00,u0
        """,
}
SOURCES = """
sources:
  events: {path: events.csv, time: at}
  users: {path: users.csv, key: user_id}
  accounts: {path: accounts.csv, key: account_id}
  people: {path: people.csv, skip_bad_rows: 40%, identity: {from: distinct_id, to: user_id}}
  old: {path: old.csv, identity: {from: previous_id, to: user_id, same: true}}
"""
KPIS = """
kpis:
  rows: {kind: count, source: events, by: [user_id, accounts.plan]}
  people: {kind: active, entity: user_id, source: events, by: [accounts.plan]}
"""
WEEK = "2025-W02"


def test_a_row_is_its_persons_by_whichever_id_it_has(folder: Folder) -> None:
    told = folder.put(FILES).tell(SOURCES + KPIS)
    # d2 is u0, which was u00, which is u1; dx may be u1 or u2, and d9 is nobody's.
    everybody = {"u1": 4, "u2": 1, "(none)": 2}
    assert told.split("rows", WEEK) == everybody | {"free": 1, "pro": 4}
    assert told.split("people", WEEK) == {"free": 1, "pro": 1}


def test_what_is_nobodys_is_counted_by_source(folder: Folder) -> None:
    told = folder.put(FILES).tell(SOURCES + KPIS)
    (one,) = told.source("events").unmatched
    assert (one.column, one.table, one.rows, one.ids, one.of) == ("user_id", "users", 2, 2, 7)
    assert "Not matched: 2 rows of events match no user: 28.6 %, 2 ids" in told.written()
    assert '"unmatched": [' in told.written("json")


def test_an_id_that_leads_to_two_of_the_list_is_neither_and_is_told(folder: Folder) -> None:
    (problem,) = folder.put(FILES).tell(SOURCES + KPIS).problems
    assert (problem.code, problem.level) == ("identity", "warning")
    assert "1 of 3 ids lead to several of users" in problem.message
    assert "people.csv row 3" in (problem.hint or "")


def test_too_many_such_ids_are_an_error(folder: Folder) -> None:
    told = folder.put(FILES).tell(SOURCES.replace(" skip_bad_rows: 40%,", "") + KPIS)
    assert {(one.code, one.level, one.source) for one in told.problems} >= {
        ("identity", "error", "people")
    }
    assert told.record("people", "snapshot").reason == "missing_source"


def test_exclusions_and_references_follow_the_person(folder: Folder) -> None:
    told = folder.put(FILES).tell(
        SOURCES + "exclude: [{source: accounts, where: plan = 'pro', reason: pro}]" + KPIS
    )
    assert told.record("rows", WEEK).left_out == {"excluded": 4}
    assert told.record("people", WEEK).left_out == {"excluded": 1}


def test_ids_lead_on_from_system_to_system(folder: Folder) -> None:
    people = "people: {path: people.csv, identity: {from: distinct_id, to: user_id}}"
    files = {**FILES, "people.csv": "distinct_id,user_id\nd1,7\nd2,8\n",
             "events.csv": "at,distinct_id\n2025-01-06,d1\n2025-01-07,d2\n2025-01-12,d3\n",
             "users.csv": "user_id,account_id\n7.0,A\n8.0,B\n"}  # fmt: skip
    told = folder.put(files).tell(f"""
sources:
  events: {{path: events.csv, time: at}}
  accounts: {{path: accounts.csv, key: account_id}}
  {people}
  owners:
    path: users.csv
    types: {{user_id: number}}
    identity: {{from: user_id, to: account_id}}
kpis:
  rows: {{kind: count, source: events, by: [accounts.plan]}}
  paying: {{kind: active, entity: account_id, source: events}}
""")
    assert told.split("rows", WEEK) == {"free": 1, "pro": 1, "(none)": 1}
    assert told.value("paying", WEEK) == 2


@pytest.mark.parametrize(
    ("events", "identity", "expected"),
    [
        # The column holds the user's own id after the login: it is its own.
        ("distinct_id", "{from: previous_id, to: distinct_id, same: true}", {"u1": 2, "u2": 1}),
        ("distinct_id", "{from: previous_id, to: user_id, same: true}", {"u1": 1, "u2": 1}),
        ("user_id", "{from: previous_id, to: user_id, same: true}", {"u1": 2, "u2": 1}),
        ("previous_id", "{from: previous_id, to: user_id, same: true}", {"u1": 2, "u2": 1}),
        ("previous_id", "{from: previous_id, to: user_id}", {"u1": 1, "(none)": 2}),
    ],
)
def test_ids_of_one_kind_are_their_own(
    folder: Folder, events: str, identity: str, expected: dict[str, float]
) -> None:
    by = "distinct_id" if "distinct_id" in identity else "user_id"
    files = {
        "events.csv": f"at,{events}\n2025-01-06,u9\n2025-01-07,u1\n2025-01-12,u2\n",
        "old.csv": f"previous_id,{by}\nu9,u1\n",
        "users.csv": "user_id\nu1\nu2\n",
    }
    sources = f"""
sources:
  events: {{path: events.csv, time: at}}
  users: {{path: users.csv, key: user_id}}
  old: {{path: old.csv, identity: {identity}}}
kpis: {{rows: {{kind: count, source: events, by: [{by}]}}}}
"""
    if (events, by) == ("distinct_id", "user_id"):
        problems = folder.put(files).refusal(sources)
        assert "no such column" in problems[0].message
        return
    assert folder.put(files).tell(sources).split("rows", WEEK) == expected


def test_one_header_under_two_names_is_led_to_the_user_first(folder: Folder) -> None:
    told = folder.put(
        {**FILES, "events.csv": "at,distinct_id\n2025-01-06,d1\n2025-01-12,u2\n"}
    ).tell(SOURCES.replace("time: at", "time: at, columns: {user_id: distinct_id}") + KPIS)
    assert told.split("rows", WEEK) == {"u1": 1, "u2": 1, "free": 1, "pro": 1}


def test_what_keeps_ids_from_being_read_is_said_at_its_place(folder: Folder) -> None:
    (problem, *_) = folder.put(FILES).refusal(
        SOURCES.replace("from: distinct_id,", "from: distinct,") + KPIS
    )
    assert "people has no column 'distinct'" in problem.message
    assert problem.place and problem.place.line == 6
    (problem,) = folder.refusal(SOURCES.replace("from: distinct_id,", "from: user_id,") + KPIS)
    assert "two columns" in problem.message


ORACLE = """
    with recursive said as (select distinct_id as a, user_id as b from read_csv('{0}/people.csv')),
    e as (select row_number() over () as n, * from read_csv('{0}/events.csv')),
    ways as (select 'd' || a as i, 'u' || b as j from said union select 'u' || b, 'd' || a from said
        union select 'u' || previous_id, 'u' || user_id from read_csv('{0}/old.csv')
        union select 'u' || user_id, 'u' || previous_id from read_csv('{0}/old.csv')),
    listed as (select 'u' || user_id as u from read_csv('{0}/users.csv')),
    reach(n, i) as (
        select n, coalesce('u' || user_id, 'd' || distinct_id) from e
        union select n, j from reach join ways using (i) where i not in (from listed)),
    who as (select n, case when count(*) = 1 then min(i) end as u from reach
        where i in (from listed) group by n)
    select coalesce(u[2:], ''), count(*) from e left join who using (n) group by 1 order by 1
"""


def made(folder: Folder, seed: int) -> None:
    """Events in two files of people with several devices and older ids, some of them at odds."""
    draw = random.Random(seed)
    users, old = [f"u{n}" for n in range(6)], [f"o{n}" for n in range(5)]
    devices = [f"d{n}" for n in range(12)]
    pick, maybe = draw.choice, lambda ids: draw.choice([*ids, *[""] * len(ids)])
    days = [f"2025-01-{draw.randrange(6, 13):02}" for _ in range(79)] + ["2025-01-12"]
    rows = [f"{day},{maybe(devices)},{maybe([*users, *old])}" for day in days]
    said = [f"{pick(devices)},{pick([*users, *users, *old])}" for _ in range(12)]
    merged = [f"{pick(old)},{pick([*old, *users])}" for _ in range(5)]
    folder.put({
        "events/a.csv": "\n".join(["at,distinct_id,user_id", *rows[:40], ""]),
        "events/b.csv": "\n".join(["at,distinct_id,user_id", *rows[40:], ""]),
        "events.csv": "\n".join(["at,distinct_id,user_id", *rows, ""]),
        "people.csv": "\n".join(["distinct_id,user_id", *said, ""]),
        "old.csv": "\n".join(["previous_id,user_id", *merged, ""]),
        "users.csv": "\n".join(["user_id,account_id", *(f"{one},A" for one in users), ""]),
    })  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_those_of_a_query_small_and_large_kept_or_not(
    folder: Folder, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(folder, seed)
    sources = SOURCES.replace("path: events.csv", "path: events/*.csv").replace("40%", "100%")
    sources = sources.replace("old.csv,", "old.csv, skip_bad_rows: 100%,")
    plain = folder.put({"accounts.csv": FILES["accounts.csv"]}).tell(sources + KPIS)
    with duckdb.connect() as sql:
        expected = dict(sql.execute(ORACLE.format(folder.path)).fetchall())
    nobody = expected.pop("", 0)
    counted = {
        one.by["user_id"]: one.value
        for one in plain.outcome.results
        if one.kpi == "rows" and "user_id" in one.by and one.label == WEEK
    }
    assert {name: value for name, value in counted.items() if name in expected} == expected
    (one,) = plain.source("events").unmatched
    assert one.rows == nobody
    assert plain.value("people", WEEK) == len(expected)
    monkeypatch.setattr(pieces, "LARGE_BYTES", 0)
    for keep in (None, folder.path / "kept", folder.path / "kept"):
        cache = Cache(keep)
        large = again(folder.path, cache)
        assert cache.write(TODAY.toordinal()) is None
        assert replace(large.outcome, verdicts=plain.outcome.verdicts) == plain.outcome


def test_what_was_kept_is_told_anew_where_ids_are(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "LARGE_BYTES", 0)
    cache = Cache(folder.path / "kept")
    folder.put(FILES).tell(SOURCES + KPIS)
    assert again(folder.path, cache).value("people", WEEK) == 2
    cache.write(TODAY.toordinal())
    folder.put({"people.csv": "distinct_id,user_id\nd1,u1\nd9,u1\n"})
    told = again(folder.path, Cache(folder.path / "kept"))
    assert told.source("events").unmatched[0].rows == 2
    assert told.value("people", WEEK) == 2
    assert told.split("rows", WEEK)["u1"] == 4


def again(path: Path, cache: Cache) -> Told:
    return Told(run(open_book(path / FILE, {}), Request(), TODAY, cache))


# In lower case both are one; the three letters after 15 say which are capitals.
SHORT, LONG = ("0015g00000abcDE", "0015g00000ABCDE"), ("0015g00000abcDEAAY", "0015g00000ABCDEAA5")


@pytest.mark.parametrize("declared", ["deals", "accounts"])
def test_short_and_long_ids_of_salesforce_meet(folder: Folder, declared: str) -> None:
    types = dict.fromkeys(("deals", "accounts"), "")
    types[declared] = ", types: {account_id: salesforce_id}"
    told = folder.put({
        "accounts.csv": f"account_id,plan\n{SHORT[0]},pro\n{LONG[1]},free\n",
        "deals.csv": f"day,account_id\n2025-01-06,{LONG[0]}\n2025-01-07,{SHORT[0]}\n"
                     f"2025-01-12,{SHORT[1]}\n",
        "crm.csv": f"crm_id,account_id\nc1,{SHORT[1]}\n",
        "calls.csv": "day,crm_id\n2025-01-06,c1\n2025-01-12,c2\n",
    }).tell(f"""
sources:
  accounts: {{path: accounts.csv, key: account_id{types["accounts"]}}}
  deals: {{path: deals.csv, time: day{types["deals"]}}}
  crm: {{path: crm.csv, identity: {{from: crm_id, to: account_id}}}}
  calls: {{path: calls.csv, time: day}}
kpis:
  won: {{kind: count, source: deals, by: [accounts.plan]}}
  calls: {{kind: count, source: calls, by: [accounts.plan]}}
""")  # fmt: skip
    assert told.split("won", WEEK) == {"free": 1, "pro": 2}
    assert told.split("calls", WEEK) == {"free": 1, "(none)": 1}
