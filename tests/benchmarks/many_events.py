"""Write a made-up product's events: a Parquet file a month, and lists of its users and accounts.

`python tests/benchmarks/many_events.py FOLDER [EVENTS]`. The same events every time: everything is
drawn from hashes of the seed. A user keeps plan and region, which stand in every event as well.
"""

import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

SEED = 20250921
USERS, ACCOUNTS, MONTHS = 75_000, 3_000, 24
FIRST = date(2023, 10, 2)
# A list of days that ends with a whole week: the last of 24 times 30 or 31 days.
LAST = date(2025, 9, 21)
EVENTS = 40_000_000
# So many events of a user in a day give EVENTS in all.
_PER_USER_DAY = 18.9

_DRAW = "((hash(hash({of}, {salt})) >> 11)::double / 9007199254740992.0)"


def draw(of: str, salt: int) -> str:
    """A number from 0 to 1 told by an expression: the same every time."""
    return _DRAW.format(of=of, salt=SEED + salt)


def write_lists(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The lists of accounts and users: most accounts are small, most users seldom there."""
    days = (LAST - FIRST).days
    db.execute(f"""
        create or replace table accounts as
        select 'a' || lpad(i::text, 5, '0') as account_id,
            date '2022-01-01' + floor(300 * {draw("i", 7)})::int as signed_up,
            case when {draw("i", 1)} < 0.6 then 'free'
                 when {draw("i", 1)} < 0.9 then 'pro' else 'enterprise' end as plan,
            case when {draw("i", 2)} < 0.5 then 'EU'
                 when {draw("i", 2)} < 0.85 then 'US' else 'APAC' end as region
        from range({ACCOUNTS}) t(i);
        create or replace table users as
        select i, 'u' || lpad(i::text, 6, '0') as user_id,
            'a' || lpad(floor({ACCOUNTS} * pow({draw("i", 3)}, 2))::int::text, 5, '0')
                as account_id,
            date '{FIRST}' + floor({days + 300} * {draw("i", 4)} - 300)::int as created_at,
            pow({draw("i", 5)}, 5) * 0.39 as habit,
            case when {draw("i", 6)} < 0.7 then 'web'
                 when {draw("i", 6)} < 0.85 then 'ios' else 'android' end as platform
        from range({USERS}) t(i);
        create or replace table users as
        select users.*, plan, region from users join accounts using (account_id) order by i;
        copy (select user_id, account_id, created_at, plan, region from users order by i)
            to '{folder}/users.csv' (header);
        copy (select * from accounts order by account_id) to '{folder}/accounts.csv' (header);
    """)  # noqa: S608


def write_month(
    db: duckdb.DuckDBPyConnection, path: Path, first: date, end: date, share: float
) -> None:
    """The events from first to end, in the order of time."""
    mean = _PER_USER_DAY * share
    weekday = "case when isodow(day) < 6 then 1.15 else 0.55 end"
    db.execute(f"""
        copy (
            with days as (
                select day::date as day, day::date - date '{FIRST}' as d
                from range(date '{first}', date '{end}', interval 1 day) t(day)),
            there as (
                select users.*, day, d, i * 1000 + d as seen,
                    1 + floor(-ln(1 - {draw("i * 1000 + d", 11)}) * ({mean} - 1))::int as events
                from days cross join users
                where created_at <= day and {draw("i * 1000 + d", 10)} < habit * {weekday}),
            acted as (
                select there.*, unnest(range(events)) as n,
                    unnest(range(events)) + 100000 * seen as one from there)
            select
                day::timestamp + to_milliseconds(least(86399000, (
                    3600000 * (6 + 9 * {draw("seen", 12)}) + n * 90000
                    + 60000 * {draw("one", 13)})::bigint)) as event_time,
                user_id, account_id,
                case when n = 0 then 'login' when {draw("one", 14)} < 0.40 then 'page_view'
                    when {draw("one", 14)} < 0.62 then 'report_viewed'
                    when {draw("one", 14)} < 0.82 then 'dashboard_opened'
                    when {draw("one", 14)} < 0.92 then 'search'
                    when {draw("one", 14)} < 0.96 then 'report_created'
                    when {draw("one", 14)} < 0.975 then 'comment_added'
                    when {draw("one", 14)} < 0.985 then 'report_exported'
                    when {draw("one", 14)} < 0.99 then 'invite_sent' else 'error' end as event_name,
                plan, region, platform
            from acted order by event_time, user_id, n
        ) to '{path}' (format parquet, compression zstd)
    """)  # noqa: S608


def months() -> list[tuple[date, date]]:
    """The first day of each file and the day after its last; the last file is a week."""
    edges = [FIRST + timedelta(days=round((LAST - FIRST).days / MONTHS * n)) for n in range(MONTHS)]
    week = LAST - timedelta(days=6)
    edges = [one for one in edges if one < week]
    return list(pairwise([*edges, week, LAST + timedelta(days=1)]))


def write_events(folder: Path, events: int = EVENTS) -> None:
    """All files, unless they are there already."""
    whole = folder / f"whole-{events}"
    if whole.exists():
        return
    (folder / "events").mkdir(parents=True, exist_ok=True)
    db = duckdb.connect()
    write_lists(db, folder)
    for first, end in months():
        write_month(db, folder / "events" / f"{first}.parquet", first, end, events / EVENTS)
    (files,) = db.execute(f"select count(*) from '{folder}/events/*.parquet'").fetchall()  # noqa: S608
    print(f"{files[0]:,} events in {folder}")
    whole.touch()


if __name__ == "__main__":
    write_events(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else EVENTS)
