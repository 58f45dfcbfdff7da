"""The sample's files as DuckDB tables, every cell as the text that was written."""

from collections.abc import Iterator

import duckdb
import pytest
from sample_truths import SAMPLE

DERIVED = """
    create table events as select *, parse_filename(filename, true) as month,
        (timestamp at time zone 'UTC') at time zone 'Europe/Berlin' as happened
        from read_parquet('{sample}/events/*.parquet', filename = true);
    create table people as select *,
        created_at::timestamptz at time zone 'Europe/Berlin' as born,
        deleted_at::timestamptz at time zone 'Europe/Berlin' as gone from users;
    create table days as select distinct distinct_id as user_id, happened::date as day from events;
    create table terms as select s.account_id, s.plan, interval as paid, status,
        "start"::date as first, "end"::date as till, canceled_at is not null as canceled
        from subscriptions s join accounts using (account_id)
        where product = 'Report Suite' and email_domain <> 'acme.com';
"""


@pytest.fixture(scope="session")
def sample() -> Iterator[duckdb.DuckDBPyConnection]:
    """A table for each file, and what the tests derive from them."""
    base = duckdb.connect()
    for path in sorted(SAMPLE.glob("*.csv")):
        base.execute(
            f"create table {path.stem} as select row_number() over () as line, *"  # noqa: S608
            f" from read_csv('{path.as_posix()}', header = true, all_varchar = true)"
        )
    for statement in DERIVED.format(sample=SAMPLE.as_posix()).split(";")[:-1]:
        base.execute(statement)
    yield base
    base.close()
