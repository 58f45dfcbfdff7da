"""Sessions made of events: a pause ends one, whatever order the rows of the files stand in."""

# ruff: noqa: S608

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from kpicli.engine.profile import profile_of
from kpicli.errors import DefinitionError
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

BOOK = """
version: 1
timezone: Europe/Berlin
sources:
  users: {path: users.csv, key: user_id, start: created_at}
  events: {path: 'events*.csv', time: timestamp, unique: event_id, quiet: 1mo}
  sessions: {from: events, gap: 30min, pages: event_name = 'page'}
exclude:
  - {source: users, where: is_test, reason: test users}
  - {source: events, where: event_name = 'heartbeat', reason: no people}
kpis:
  begun: {kind: count, source: sessions, by: [users.plan], grain: week}
  minutes: {kind: average, source: sessions, of: '60 * hours_between(start, end)', grain: week}
  pages: {kind: sum, source: sessions, of: page_views, by: [device], grain: week}
  bounced: {use: site_bounce_rate, grain: week}
  each: {kind: ratio, numerator: {count: sessions}, denominator: {count_distinct: user_id, source: sessions}, unit: number, grain: week}
"""  # noqa: E501
WEEKS = 5
ORACLE = """
    with rows as (select distinct * from events
            where user_id is not null and event_name <> 'heartbeat'),
        marked as (select *, coalesce(ts - lag(ts) over w > interval 30 minute, true) as new
            from rows window w as (partition by user_id order by ts, event_id)),
        numbered as (select *, sum(new::int) over (partition by user_id order by ts, event_id)
            as run from marked),
        every as (select user_id, run, min(ts) as began, max(ts) as ended,
                count(*) filter (event_name = 'page') as pages, arg_min(device, ts) as device
            from numbered group by all)
    select date_trunc('week', began)::date as w, count(*), avg(epoch(ended - began)) / 60,
        sum(pages), sum(pages) filter (device = 'phone'), avg((pages <= 1)::int),
        count(*) / count(distinct user_id)
    from every join users using (user_id), (select min(ts) as first, max(ts) as last from events)
    where not is_test and began > first + interval 30 minute and ended < last - interval 30 minute
    group by 1 order by 1"""


def write_events(folder: Path, seed: int) -> None:
    """Two files in no order, with rows sent twice, and pauses of exactly the gap."""
    chance, begin = Random(seed), datetime(2025, 3, 3)
    rows = []
    for number in range(3000):
        at = begin + timedelta(minutes=5 * chance.randrange(WEEKS * 7 * 24 * 12))
        user = chance.choice(["", *[f"u{one}" for one in range(6)]])
        name = chance.choice(("page", "page", "click", "heartbeat"))
        device = chance.choice(("phone", "desk"))
        # Two rows of one instant would leave open which is the first.
        rows.append(f"e{number},{at + timedelta(seconds=number % 60)},{user},{name},{device}")
    rows += chance.sample(rows, 20)
    chance.shuffle(rows)
    header = "event_id,timestamp,user_id,event_name,device"
    for place, part in enumerate((rows[:1000], rows[1000:])):
        (folder / f"events{place}.csv").write_text("\n".join([header, *part]), encoding="utf-8")
    users = "".join(f"u{one},2025-01-01,{'yes' if one == 5 else 'no'},pro\n" for one in range(6))
    (folder / "users.csv").write_text(f"user_id,created_at,is_test,plan\n{users}")


def outcome_of(folder: Path, text: str = BOOK, **asked: object) -> Outcome:
    (folder / "kpi.yaml").write_text(text, encoding="utf-8")
    request = Request(as_of=date(2025, 4, 7), **asked)  # type: ignore[arg-type]
    found = run(open_book(folder / "kpi.yaml", {}), request, date(2025, 4, 7))
    assert found.problems == ()
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_sessions_are_those_of_sql(seed: int, tmp_path: Path) -> None:
    write_events(tmp_path, seed)
    outcome = outcome_of(tmp_path, periods=WEEKS)
    database = duckdb.connect()
    database.execute(f"""create table events as select *, timestamp::timestamp as ts
        from read_csv('{tmp_path}/events*.csv')""")
    database.execute(f"create table users as from read_csv('{tmp_path}/users.csv')")
    expected = database.sql(ORACLE).fetchall()
    assert len(expected) == WEEKS
    for place, (name, by) in enumerate(
        [("begun", {}), ("minutes", {}), ("pages", {}), ("pages", {"device": "phone"}),
         ("bounced", {}), ("each", {})]
    ):  # fmt: skip
        found = {one.start: one.value for one in outcome.results
                 if one.kpi == name and one.by == by}  # fmt: skip
        assert found == {row[0]: pytest.approx(row[place + 1]) for row in expected}, name
    [sessions] = [one for one in outcome.meta.sources if one.name == "sessions"]
    assert "sessions end with a pause of more than 30min" in sessions.notes
    assert any("may cut" in note for note in sessions.notes)


EVENTS = """event_id,timestamp,who
1,2025-03-01 08:00,x
2,2025-03-03 09:00,a
3,2025-03-03 09:30,a
4,2025-03-03 10:01,a
5,2025-03-09 23:50,a
6,2025-03-10 00:10,a
7,2025-03-20 08:00,a
"""
PLAIN = """
version: 1
sources:
  events: {path: events.csv, time: timestamp, quiet: 1mo}
  sessions: {from: events, gap: 30min, entity: who}
kpis:
  length: {kind: sum, source: sessions, of: "60 * hours_between(start, end)", grain: week}
"""


def test_a_pause_of_exactly_the_gap_is_within_and_midnight_is_none(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    found = outcome_of(tmp_path, PLAIN, periods=5)
    book = open_book(tmp_path / "kpi.yaml", {})
    columns = profile_of(book, "sessions", date(2025, 4, 7)).columns
    assert [one.name for one in columns] == [
        "session_id", "start", "end", "page_views", "event_id", "timestamp", "who"
    ]  # fmt: skip
    told = {one.label: (one.value, one.n) for one in found.results}
    # The first and the last row of the file may belong to sessions that it does not show.
    assert told["2025-W10"] == (50, 3)
    assert told["2025-W12"] == (0, 0)
    declared = PLAIN.replace("time: timestamp", "time: timestamp, history_starts: 2025-02-24")
    found = outcome_of(tmp_path, declared, periods=6)
    assert {one.label: one.n for one in found.results}["2025-W09"] == 1


REFUSED = {
    "{from: events}": "add gap: 30min",
    "{from: events, gap: 1d}": "add gap: 30min",
    "{from: events, gap: 30min, path: a.csv}": "path: is written on events",
    "{from: events, gap: 30min, zone: UTC}": "zone: is written on events",
    "{gap: 30min, path: a.csv}": "are of sessions",
    "{time: day}": "write path:",
    "{from: nothing, gap: 30min}": "there is no source 'nothing'",
    "{from: more, gap: 30min}": "sessions are made of files",
}


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_no_source_of_sessions(written: str, tmp_path: Path) -> None:
    text = PLAIN.replace("{from: events, gap: 30min, entity: who}", written)
    text = text.replace("kpis:", "  more: {from: events, gap: 30min, entity: who}\nkpis:")
    (tmp_path / "kpi.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as wrong:
        open_book(tmp_path / "kpi.yaml", {})
    [problem] = wrong.value.problems
    assert REFUSED[written] in problem.message


def test_the_column_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    (tmp_path / "kpi.yaml").write_text(PLAIN.replace(", entity: who", ""), encoding="utf-8")
    found = run(open_book(tmp_path / "kpi.yaml", {}), Request(), date(2025, 4, 7))
    [problem] = found.problems
    assert problem.message == "events, of which sessions are made, has no column 'user_id'"
    assert "add entity: to sessions" in str(problem.hint)


def test_sessions_reach_as_far_as_the_rows_they_are_made_of(tmp_path: Path) -> None:
    """Bob's session is cut by the end of the file; the weeks before it have been read whole."""
    lines = ("2025-01-06 09:00,ann", "2025-01-06 10:00,ann", "2025-01-20 09:00,bob")
    (tmp_path / "e.csv").write_text("\n".join(("at,user", *lines, "")), encoding="utf-8")
    (tmp_path / "kpi.yaml").write_text(
        "version: 1\nsources:\n  e: {path: e.csv, time: at}\n"
        "  visits: {from: e, gap: 30min, entity: user}\n"
        "kpis:\n  begun: {kind: count, source: visits, grain: week}\n",
        encoding="utf-8",
    )
    told = run(open_book(tmp_path / "kpi.yaml", {}), Request(periods=2), date(2025, 2, 1))
    assert [(one.label, one.value, one.complete) for one in told.results] == [
        ("2025-W02", 1, True),
        ("2025-W03", 0, True),
    ]


def test_sessions_of_two_gaps_do_not_refer_to_each_other(tmp_path: Path) -> None:
    book = """
version: 1
sources:
  e: {path: e.csv, time: at}
  short: {from: e, gap: 30min, entity: user}
  long: {from: e, gap: 2h, entity: user}
kpis: {views: {kind: average, source: short, of: long.page_views, grain: week}}
"""
    (tmp_path / "kpi.yaml").write_text(book, encoding="utf-8")
    (tmp_path / "e.csv").write_text("at,user\n2025-01-06 09:00,ann\n2025-01-20 09:00,ann\n")
    problems = run(open_book(tmp_path / "kpi.yaml", {}), Request(), date(2025, 3, 1)).problems
    assert [(one.code, one.message) for one in problems] == [
        ("no_route", "nothing leads from short to long")
    ]
