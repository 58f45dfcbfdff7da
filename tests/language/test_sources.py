"""Sources: their three shapes, when a file begins, several files as one."""

from datetime import date

import polars as pl
import pytest

from language.folder import Folder

DEALS = """
    deal_id,opened,closed,won_on
    D1,2025-01-10,2025-02-10,2025-02-20
    D2,2025-01-20,,2025-03-01
    D3,2025-03-05,2025-03-25,2025-03-31
    """


def test_time_something_happened(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    told = folder.tell("""
        sources: {deals: {path: deals.csv, time: won_on}}
        kpis: {won: {kind: count, source: deals, grain: month}}
        """)
    assert told.value("won", "2025-02") == 1
    assert told.value("won", "2025-03") == 2


def test_start_and_end_something_lasted_and_an_empty_end_is_still_open(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    told = folder.tell(
        """
        sources: {deals: {path: deals.csv, start: opened, end: closed, quiet: 1mo}}
        kpis: {open: {kind: balance, source: deals, grain: month}}
        """,
        as_of=date(2025, 4, 1),
    )
    # D1 is closed in February, D3 in the month it was opened; D2 is open to this day.
    assert [told.value("open", f"2025-{month}") for month in ("01", "02", "03")] == [2, 1, 1]


def test_an_end_is_exclusive_and_a_start_is_not(folder: Folder) -> None:
    folder.put({
        "deals.csv": """
            deal_id,opened,closed
            D1,2025-01-01,2025-01-31
            D2,2025-01-31,2025-02-01
            D3,2025-02-28,
            """
    })  # fmt: skip
    told = folder.tell("""
        sources: {deals: {path: deals.csv, start: opened, end: closed}}
        kpis: {open: {kind: balance, source: deals, grain: month}}
        """)
    assert told.value("open", "2025-01") == 1
    assert told.value("open", "2025-02") == 1


def test_neither_is_a_list_as_of_the_reading_date(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    told = folder.tell("""
        sources: {deals: {path: deals.csv}}
        kpis: {deals: {kind: count, source: deals}}
        """)
    only = told.record("deals", "snapshot")
    assert (only.grain, only.start, only.end, only.value) == ("snapshot", None, None, 3)


def test_time_of_a_kpi_wins_over_that_of_its_source(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    told = folder.tell("""
        sources: {deals: {path: deals.csv, time: won_on}}
        kpis:
          won: {kind: count, source: deals, grain: month}
          opened: {kind: count, source: deals, time: opened, grain: month}
        """)
    assert [told.value("opened", f"2025-{month}") for month in ("01", "02", "03")] == [2, 0, 1]
    assert [told.value("won", f"2025-{month}") for month in ("02", "03")] == [1, 2]


def test_a_key_that_repeats_is_an_error(folder: Folder) -> None:
    folder.put(
        {
            "accounts.csv": "account_id,plan\nA,pro\nB,pro\nA,free\n",
            "deals.csv": "deal_id,account_id,won_on\nD1,A,2025-01-31\n",
        }
    )
    problem = folder.one_refusal("""
        sources:
          accounts: {path: accounts.csv, key: account_id}
          deals: {path: deals.csv, time: won_on}
        kpis: {won: {kind: count, source: deals, grain: month, by: [accounts.plan]}}
        """)
    assert (problem.code, problem.source) == ("key_repeats", "accounts")
    assert "'A'" in (problem.hint or "")


def test_history_starts_says_when_a_file_begins(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    told = folder.tell("""
        sources: {deals: {path: deals.csv, time: won_on, history_starts: 2025-01-01}}
        kpis: {won: {kind: count, source: deals, grain: month}}
        """)
    # January is empty and known; December was before the file began.
    assert told.value("won", "2025-01") == 0
    assert told.value("won", "2024-12") is None


def test_without_history_starts_the_first_rows_period_is_taken(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    told = folder.tell("""
        sources: {deals: {path: deals.csv, time: won_on}}
        kpis: {won: {kind: count, source: deals, grain: month}}
        """)
    assert told.value("won", "2025-02") == 1
    assert told.value("won", "2025-01") is None


def test_path_takes_a_list_and_globs(folder: Folder) -> None:
    folder.put(
        {
            "2024/a.csv": "id,day\n1,2025-01-02\n2,2025-01-03\n",
            "2024/b.csv": "id,day\n3,2025-01-04\n",
            "later.csv": "id,day\n4,2025-01-31\n",
            "other.csv": "id,day\n5,2025-01-31\n",
        }
    )
    told = folder.tell("""
        sources: {rows: {path: [2024/*.csv, later.csv], time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month}}
        """)
    assert told.value("rows", "2025-01") == 4
    assert [file.path for file in told.source("rows").files] == [
        "2024/a.csv", "2024/b.csv", "later.csv",
    ]  # fmt: skip


def test_files_with_different_columns_are_joined_by_name(folder: Folder) -> None:
    folder.put(
        {
            "1.csv": "id,day,plan\n1,2025-01-02,pro\n",
            "2.csv": "plan,region,day,id\nfree,EU,2025-01-31,2\n",
        }
    )
    told = folder.tell("""
        sources: {rows: {path: '*.csv', time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month, by: [plan, region]}}
        """)
    assert told.split("rows", "2025-01") == {"free": 1, "pro": 1, "EU": 1, "(none)": 1}


def test_csv_and_parquet_are_one_source(folder: Folder) -> None:
    parquet = pl.DataFrame({"id": [2, 3], "day": [date(2025, 1, 5), date(2025, 1, 31)]})
    folder.put({"1.csv": "id,day\n1,2025-01-02\n", "2.parquet": parquet})
    told = folder.tell("""
        sources: {rows: {path: ['1.csv', '2.parquet'], time: day}}
        kpis: {rows: {kind: sum, of: id, source: rows, grain: month}}
        """)
    assert told.value("rows", "2025-01") == 6


def test_paths_are_seen_from_the_definitions(folder: Folder) -> None:
    folder.put({"exports/rows.csv": "id,day\n1,2025-01-31\n"})
    told = folder.tell("""
        sources: {rows: {path: exports/rows.csv, time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month}}
        """)
    assert told.value("rows", "2025-01") == 1
    assert told.source("rows").files[0].path == "exports/rows.csv"


def test_a_data_folder_replaces_that_folder(folder: Folder) -> None:
    folder.put(
        {
            "exports/rows.csv": "id,day\n1,2025-01-31\n",
            "last_year/exports/rows.csv": "id,day\n1,2024-01-30\n2,2024-01-31\n",
        }
    )
    definitions = """
        sources: {rows: {path: exports/rows.csv, time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month}}
        """
    told = folder.tell(definitions, data=folder.path / "last_year")
    assert told.value("rows", "2024-01") == 2
    assert told.source("rows").files[0].path == "exports/rows.csv"


def test_a_name_in_braces_is_read_from_the_environment(folder: Folder) -> None:
    folder.put({"north/rows.csv": "id,day\n1,2025-01-31\n"})
    definitions = """
        sources: {rows: {path: '${REGION}/rows.csv', time: day}}
        kpis: {rows: {kind: count, source: rows, grain: month}}
        """
    told = folder.tell(definitions, environment={"REGION": "north"})
    assert told.value("rows", "2025-01") == 1
    problem = folder.one_refusal(definitions)
    assert (problem.code, str(problem.place)[-5:]) == ("unset", ":2:24")
    assert "REGION" in problem.message


def test_a_missing_file_is_told_with_the_nearest_and_the_rest_is_computed(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS, "other.csv": "id,day\n1,2025-03-31\n"})
    told = folder.tell("""
        sources:
          deals: {path: deal.csv, time: won_on}
          other: {path: other.csv, time: day}
        kpis:
          won: {kind: count, source: deals, grain: month}
          others: {kind: count, source: other, grain: month}
        """)
    assert told.value("others", "2025-03") == 1
    assert told.record("won", "2025-03").reason == "missing_source"
    [problem] = told.problems
    assert (problem.code, problem.level, problem.source) == ("missing_file", "error", "deals")
    assert "did you mean deals.csv?" in (problem.hint or "")


APART = ", those of different days with unique_over: all and keep: newest beside it"


@pytest.mark.parametrize(
    ("keys", "second", "hint"),
    [
        ("time: day", "2025-01-02", ""),
        ("time: day", "2025-01-03", APART),
        ("start: day", "2025-01-03", APART),
        ("time: day, unique: ticket", "2025-01-03", APART),
        ("columns: {}", "2025-01-03", ""),
    ],
)
def test_a_key_that_repeats_says_what_makes_one_row_of_it(
    folder: Folder, keys: str, second: str, hint: str
) -> None:
    folder.put({"tickets.csv": f"ticket,day\nT1,2025-01-02\nT1,{second}\nT2,2025-01-31\n"})
    problem = folder.one_refusal(f"""
        sources: {{tickets: {{path: tickets.csv, key: ticket, {keys}}}}}
        kpis: {{tickets: {{kind: count, source: tickets, grain: month}}}}
        """)
    assert problem.code == "key_repeats"
    assert (problem.hint or "").partition("one with ")[2] == f"unique: ticket{hint}"


def test_a_key_that_repeats_on_other_days_is_one_row_as_the_hint_says(folder: Folder) -> None:
    folder.put({"tickets.csv": "ticket,day\nT1,2025-01-02\nT1,2025-01-03\nT2,2025-01-31\n"})
    told = folder.tell("""
        sources:
          tickets: {path: tickets.csv, key: ticket, time: day, unique: ticket, unique_over: all,
                    keep: newest}
        kpis: {tickets: {kind: count, source: tickets, grain: month}}
        """)
    assert told.value("tickets", "2025-01") == 2
