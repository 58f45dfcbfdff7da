"""The sample is what its generator writes, and no more than it promises."""

import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sample_truths import SAMPLE, truths_table

PLANNED = {"accounts.renewal_date", "subscriptions.end", "subscriptions.trial_end"}
DATES = """
    select table_name, column_name from information_schema.columns
    where table_name not in ('events', 'people', 'days', 'terms') and
        (column_name similar to '.*(_at|_up|_start|_end|_date)' or
         column_name in ('start', 'end', 'day', 'month'))
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, SAMPLE / "generate.py", "--to", folder], check=True)
    return folder


def test_generator_writes_the_same_csv_bytes(written: Path) -> None:
    names = sorted(path.name for path in SAMPLE.glob("*.csv"))
    assert sorted(path.name for path in written.glob("*.csv")) == names
    differing = [n for n in names if (written / n).read_bytes() != (SAMPLE / n).read_bytes()]
    assert differing == []


def test_generator_writes_the_same_events(written: Path) -> None:
    names = sorted(path.name for path in (SAMPLE / "events").iterdir())
    assert sorted(path.name for path in (written / "events").iterdir()) == names
    for name in names:
        again = pl.read_parquet(written / "events" / name)
        assert_frame_equal(again, pl.read_parquet(SAMPLE / "events" / name))


def test_sample_is_small_enough() -> None:
    files = [*SAMPLE.glob("*.csv"), *SAMPLE.glob("events/*.parquet")]
    assert sum(path.stat().st_size for path in files) <= 8_000_000


def test_there_are_enough_events(sample: duckdb.DuckDBPyConnection) -> None:
    [(rows, first, last)] = sample.execute(
        "select count(*), min(happened::date)::text, max(happened::date)::text from events"
    ).fetchall()
    assert rows >= 150_000
    assert (first, last) == ("2023-10-02", "2025-09-28")


def test_months_of_events_are_the_files() -> None:
    months = [f"{2023 + (n + 9) // 12}-{(n + 9) % 12 + 1:02d}" for n in range(24)]
    assert sorted(path.stem for path in (SAMPLE / "events").iterdir()) == months


def test_nothing_is_later_than_the_sample(sample: duckdb.DuckDBPyConnection) -> None:
    columns = sample.execute(DATES).fetchall()
    assert len(columns) == 29
    latest = {
        f"{table}.{column}": sample.execute(
            f'select max(try_cast("{column}" as timestamptz)'  # noqa: S608
            f" at time zone 'Europe/Berlin')::date::text from {table}"
        ).fetchall()[0][0]
        for table, column in columns
    }
    late = {name for name, day in latest.items() if day and day > "2025-09-28"}
    assert late <= PLANNED


def test_deals_end_with_the_sample(sample: duckdb.DuckDBPyConnection) -> None:
    [(created, closed)] = sample.execute(
        """select max(strptime("Created", '%d.%m.%Y'))::date::text,
            max(try_strptime("Close Date", '%d.%m.%Y'))::date::text from deals"""
    ).fetchall()
    assert max(created, closed) <= "2025-09-28"


def test_truths_name_every_file_with_its_columns(sample: duckdb.DuckDBPyConnection) -> None:
    def columns(table: str) -> str:
        described = sample.execute(f"describe {table}").fetchall()
        own = [
            row[0] for row in described if row[0] not in ("line", "filename", "month", "happened")
        ]
        return ", ".join(["month", *own] if table in ("spend", "costs") else own)

    def rows(table: str) -> str:
        [(count,)] = sample.execute(f"select count(*) from {table}").fetchall()  # noqa: S608
        return f"{count:,}"

    files = ["events", *sorted(path.stem for path in SAMPLE.glob("*.csv"))]
    listed = {row[0].split("/")[0].removesuffix(".csv"): row[1:3] for row in truths_table("Files")}
    assert listed == {name: [rows(name), columns(name)] for name in files}
