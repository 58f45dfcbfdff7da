"""Duplicates: rows alike are one row, rows that share a key and differ are conflicts."""

import pytest

from language.folder import Folder, Told

KPI = "kpis: {total: {kind: sum, source: rows, of: amount, grain: month}}"


def told_of(folder: Folder, keys: str, path: str = "rows.csv") -> Told:
    return folder.tell(f"sources: {{rows: {{path: {path}, time: day, {keys}}}}}\n{KPI}")


def test_rows_alike_in_every_column_are_one_row(folder: Folder) -> None:
    folder.put({"rows.csv": "id,day,amount\n1,2025-01-02,5\n1,2025-01-02,5\n2,2025-01-31,7\n"})
    told = told_of(folder, "unique: id")
    assert told.value("total", "2025-01") == 12
    assert told.source("rows").not_read == {"duplicate": 1}
    assert told.source("rows").rows == 2


def test_without_unique_nothing_is_left_out(folder: Folder) -> None:
    folder.put({"rows.csv": "id,day,amount\n1,2025-01-02,5\n1,2025-01-02,5\n2,2025-01-31,7\n"})
    assert told_of(folder, "quiet: 0d").value("total", "2025-01") == 17


def test_a_column_that_nothing_names_makes_a_difference(folder: Folder) -> None:
    folder.put({"rows.csv": "id,day,amount,note\n1,2025-01-31,5,a\n1,2025-01-31,5,b\n"})
    told = told_of(folder, "unique: id, skip_bad_rows: 50%")
    assert told.source("rows").not_read == {"conflict": 1}
    assert told.value("total", "2025-01") == 5


CONFLICT = "id,day,amount,updated_at\n1,2025-01-31,5,2025-02-03\n1,2025-01-31,9,2025-02-01\n"


def test_keep_newest_by_updated(folder: Folder) -> None:
    folder.put({"rows.csv": CONFLICT})
    told = told_of(folder, "unique: id, keep: newest, updated: updated_at")
    assert told.value("total", "2025-01") == 5
    assert told.source("rows").not_read == {"conflict": 1}
    assert told.problems == ()


def test_else_by_the_later_file_name(folder: Folder) -> None:
    folder.put(
        {
            "rows_2.csv": "id,day,amount\n1,2025-01-31,5\n",
            "rows_1.csv": "id,day,amount\n1,2025-01-31,9\n",
        }
    )
    told = told_of(folder, "unique: id, keep: newest", "'rows_*.csv'")
    assert told.value("total", "2025-01") == 5
    # As listed by hand the other way round, the later name is still the newer.
    told = told_of(folder, "unique: id, keep: newest", "[rows_2.csv, rows_1.csv]")
    assert told.value("total", "2025-01") == 5


def test_within_one_file_no_order_of_rows_changes_the_choice(folder: Folder) -> None:
    lines = ["1,2025-01-31,5", "1,2025-01-31,9", "1,2025-01-31,7"]
    found = set()
    for order in (lines, lines[::-1], [lines[1], lines[0], lines[2]]):
        folder.put({"rows.csv": "id,day,amount\n" + "\n".join(order) + "\n"})
        found.add(told_of(folder, "unique: id, keep: newest").value("total", "2025-01"))
    assert len(found) == 1
    assert found <= {5, 7, 9}


def test_conflicts_are_an_error_above_skip_bad_rows(folder: Folder) -> None:
    folder.put({"rows.csv": CONFLICT})
    [problem] = told_of(folder, "unique: id").problems
    assert (problem.code, problem.level, problem.source) == ("conflict", "error", "rows")
    assert "keep: newest" in (problem.hint or "")
    told = told_of(folder, "unique: id, skip_bad_rows: 100%")
    assert told.problems == ()
    assert told.source("rows").not_read == {"conflict": 1}


TWO_DAYS = "id,day,amount\n1,2025-01-02,5\n1,2025-01-31,5\n"


def test_keys_are_compared_within_a_day_for_sources_with_time(folder: Folder) -> None:
    folder.put({"rows.csv": TWO_DAYS})
    assert told_of(folder, "unique: id").value("total", "2025-01") == 10


def test_unique_over_all_compares_everything(folder: Folder) -> None:
    folder.put({"rows.csv": TWO_DAYS})
    told = told_of(folder, "unique: id, unique_over: all, keep: newest")
    assert told.value("total", "2025-01") == 5
    assert any("unique_over: all" in note for note in told.source("rows").notes)


def test_two_columns_are_one_key(folder: Folder) -> None:
    folder.put(
        {"rows.csv": "a,b,day,amount\n1,1,2025-01-31,5\n1,2,2025-01-31,5\n1,2,2025-01-31,5\n"}
    )
    told = told_of(folder, "unique: [a, b]")
    assert told.value("total", "2025-01") == 10
    assert told.source("rows").not_read == {"duplicate": 1}


def test_rows_without_a_key_are_one_where_they_are_alike_in_every_column(folder: Folder) -> None:
    """Of five rows without an id two pairs are alike; keys told by two columns lack one of them."""
    rows = ["1,x", ",x", ",x", ",y", "2,", "2,", ",x"]
    days = ["02", "02", "02", "02", "02", "02", "31"]
    lines = [f"2025-01-{day},{row},5\n" for day, row in zip(days, rows, strict=True)]
    folder.put({"rows.csv": "day,id,part,amount\n" + "".join(lines)})
    for keys in ("unique: id", "unique: [id, part]"):
        told = told_of(folder, f"{keys}, skip_bad_rows: 50%")
        assert told.source("rows").not_read == {"duplicate": 2}
        assert told.value("total", "2025-01") == 25


@pytest.mark.parametrize(
    "sources", ["{path: rows.csv, unique: id}", "{path: rows.csv, key: id, unique: id}"]
)
def test_a_list_is_compared_as_a_whole(folder: Folder, sources: str) -> None:
    folder.put({"rows.csv": "id,amount\n1,5\n1,5\n2,7\n"})
    told = folder.tell(
        f"sources: {{rows: {sources}}}\nkpis: {{total: {{kind: sum, source: rows, of: amount}}}}"
    )
    assert told.value("total", "snapshot") == 12


def test_updated_is_compared_as_a_date_and_not_as_a_text(folder: Folder) -> None:
    rows = "id,day,amount,changed\n1,2025-01-31,5,03.02.2025\n1,2025-01-31,9,14.01.2025\n"
    folder.put({"rows.csv": rows})
    told = told_of(folder, "unique: id, keep: newest, updated: changed")
    assert told.value("total", "2025-01") == 5


def test_a_key_that_no_file_has_is_told_where_it_is_written(folder: Folder) -> None:
    folder.put({"rows.csv": CONFLICT})
    [problem] = told_of(folder, "unique: idd").problems
    assert problem.code == "missing_column"
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (2, 53)
