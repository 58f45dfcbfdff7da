"""Six weeks of made-up events of a few users, and the same as DuckDB tables."""

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, DAYS = date(2025, 3, 3), 42  # The clock goes forward on 30 March.
HOURS = (0, 9, 10, 23)  # Few, so that instants meet and times end exactly.
NAMES = ("a", "b", "c", "")
HEADER = ("event_id", "timestamp", "user_id", "event", "platform")

BOOK = """
version: 1
timezone: Europe/Berlin
sources:
  events: {path: "events*.csv", time: timestamp, unique: event_id}
  users: {path: users.csv, key: user_id, start: created_at, end: deleted_at, quiet: 1y}
exclude:
  - {source: users, where: is_test, reason: test users}
kpis:
"""

# hits: rows that count, of u by day and instant, with event e and platform p; people: u with plan,
# birth, and the days they came and went. one, two: a window per week s, from ws to before f, of one
# week and of two; the window of two that begins before the events do says nothing.
TABLES = """
    set timezone = 'Europe/Berlin';
    create table people as select user_id as u, plan, created_at as born, is_test = 'yes' as fake,
        created_at::date as came, deleted_at::date as went
        from (select * replace (created_at::timestamptz as created_at,
            deleted_at::timestamptz as deleted_at)
            from read_csv('{folder}/users.csv', all_varchar = true));
    create table rows as select event_id as id, user_id as u, timestamp::timestamptz as ts,
        timestamp::timestamptz::date as day, event as e, platform as p
        from read_csv('{folder}/events*.csv', all_varchar = true, union_by_name = true);
    create table hits as select rows.* from rows join people using (u) where not fake;
    create table one as select range::date as s, (range + interval 7 day)::date as f, s as ws
        from range(date '2025-03-03', date '2025-04-14', interval 7 day);
    create table two as select s, f, (s - 7)::date as ws from one where s > '2025-03-03';
"""


def write_events(folder: Path, seed: int, *, users: int = 12, events: int = 160) -> None:
    """events.csv and users.csv; the last row is of the last day, of somebody in no list."""
    draw = random.Random(seed)
    people = [f"u{number}" for number in range(users)]
    rows = [
        (_instant(draw.randrange(DAYS), draw.choice(HOURS)), draw.choice([*people, "stranger"]),
         draw.choice(NAMES), draw.choice(("web", "ios", "")))
        for _ in range(events)
    ]  # fmt: skip
    rows += [(_instant(0, 0), "stranger", "a", "web"), (_instant(DAYS - 1, 23), "stranger", "", "")]
    write_rows(folder / "events.csv", HEADER, [(f"e{n}", *row) for n, row in enumerate(rows)])
    listed = [(name, *_life(draw), draw.choice(("pro", "free", "")), _test(n)) for n, name in
              enumerate(people)]  # fmt: skip
    columns = ("user_id", "created_at", "deleted_at", "plan", "is_test")
    write_rows(folder / "users.csv", columns, listed)


def _instant(day: int, hour: int) -> str:
    local = datetime(FIRST.year, FIRST.month, FIRST.day, hour, tzinfo=BERLIN)
    return (local + timedelta(days=day)).isoformat()


def _life(draw: random.Random) -> tuple[str, str]:
    """Some were there before the events begin, some come later; some go."""
    came = draw.choice((-400, -1, 0, 0, *range(DAYS)))
    went = draw.choice((None, None, None, came + draw.randrange(1, DAYS)))
    hour = draw.choice(HOURS)
    return _instant(came, hour), "" if went is None else _instant(went, draw.choice(HOURS))


def _test(number: int) -> str:
    return "yes" if number == 0 else "no"


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def read_rows(path: Path) -> list[list[str]]:
    """Its rows without the header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def tables(folder: Path) -> duckdb.DuckDBPyConnection:
    """The files as DuckDB tables: see TABLES."""
    base = duckdb.connect()
    for statement in TABLES.format(folder=folder.as_posix()).split(";")[:-1]:
        base.execute(statement)
    return base
