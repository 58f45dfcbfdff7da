"""Exports that are packed: gzip, zip, workbooks."""

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from kpicli.errors import SourceError
from kpicli.sources.files import expand
from kpicli.sources.formats import format_of
from kpicli.sources.reading import Reading

Rows = list[tuple[object, ...]]
CSV, NDJSON = b"a,b\n1,2\n3,4\n", b'{"a":1,"b":2}\n{"a":3,"b":4}\n'
ROWS: Rows = [(1, "1", "2"), (2, "3", "4")]


def read(path: Path, reading: Reading | None = None) -> tuple[Rows, str]:
    """The rows of a file, and how it is written."""
    found, note = format_of(path)
    header = found.headers(path, reading or Reading())
    told = found.scan(path, reading or Reading(), header.names)
    assert (note, told.unread_count) == (None, 0)
    return told.frame.collect().rows(), f"{found.name}: {header.written}"


PACKED = {
    "deals.csv.gz": (CSV, "gzip: CSV, utf-8, comma"),
    "deals.gz": (CSV, "gzip: CSV, utf-8, comma"),
    "Deals.CSV.GZ": ("a\tb\n1\t2\n3\t4\n".encode("utf-16"), "gzip: CSV, utf-16, tab"),
    "events.json.gz": (NDJSON, "gzip: NDJSON, utf-8, one object a line"),
    "events.jsonl.gz": (NDJSON, "gzip: NDJSON, utf-8, one object a line"),
}


@pytest.mark.parametrize(("name", "content", "written"), [(n, *c) for n, c in PACKED.items()])
def test_gzip_of_any_export(tmp_path: Path, name: str, content: bytes, written: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(content))
    assert read(tmp_path / name) == (ROWS, written)
    # What is unpacked follows the file.
    (tmp_path / name).write_bytes(gzip.compress(CSV[:4]) + gzip.compress(CSV[4:8]))
    assert read(tmp_path / name)[0] == ROWS[:1]


DAMAGED = {
    "cut short": (gzip.compress(CSV * 99)[:-9], "truncated", "damaged or cut short"),
    "of a web page": (gzip.compress(b"<html>"), "not_csv", "deals.csv.gz is a web page"),
    "of nothing": (gzip.compress(b""), "empty_file", "deals.csv.gz is empty"),
    "flipped": (gzip.compress(CSV * 99)[:40] + b"\0\1" + b"x" * 90, "truncated", "damaged"),
}


@pytest.mark.parametrize(("content", "code", "message"), DAMAGED.values(), ids=DAMAGED)
def test_gzip_that_cannot_be_unpacked(
    tmp_path: Path, content: bytes, code: str, message: str
) -> None:
    path = tmp_path / "deals.csv.gz"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        read(path)
    assert caught.value.problems[0].code == code


def archive(folder: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
        made.writestr("__MACOSX/._deals.csv", b"\0")
        made.mkdir("empty")
    return folder / "export.zip"


def test_an_archive_of_one_file_is_that_file(tmp_path: Path) -> None:
    assert read(archive(tmp_path, deals__csv=CSV)) == (ROWS, "ZIP: deals.csv, utf-8, comma")


def test_of_an_archive_of_several_the_path_says_which(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        **{
            "x/hour_0__json__gz": gzip.compress(NDJSON),
            "x/hour_1__json__gz": gzip.compress(NDJSON),
        },
        invoices__csv=CSV,
    )
    with pytest.raises(SourceError, match=r"holds 3 files: invoices.csv, x/hour_0.json.gz") as no:
        read(path)
    assert "write path: export.zip/invoices.csv" in (no.value.problems[0].hint or "")
    for pattern, names in {
        "export.zip/*.json.gz": ["hour_0.json.gz", "hour_1.json.gz"],
        "export.zip/x/hour_1*": ["hour_1.json.gz"],
        "export.zip/invoices.csv": ["invoices.csv"],
    }.items():
        found = expand(pattern, tmp_path)
        assert [one.name for one in found] == names
        assert all(read(one)[0] == ROWS for one in found)
    with pytest.raises(SourceError, match=r"holds no file invoice.csv") as none:
        expand("export.zip/invoice.csv", tmp_path)
    assert "did you mean invoices.csv?" in (none.value.problems[0].hint or "")


def test_an_archive_cut_short(tmp_path: Path) -> None:
    path = archive(tmp_path, deals__csv=CSV)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SourceError, match="damaged or cut short"):
        read(path)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path: Path = tmp_path_factory.mktemp("xlsx") / "deals.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Empty")
    book.add_worksheet("Cover").write(0, 0, "Acme, deals of June")
    sheet = book.add_worksheet("Deals & Co")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Report of June"])
    sheet.write_row(2, 0, ["Id", "Amount", "Close", "Won", "Serial", "Note"])
    sheet.write_row(3, 0, [12346, 19.9])
    sheet.write_datetime(3, 2, datetime(2024, 6, 10), day)
    sheet.write_row(3, 3, [True, 45631, 'say "a", b\nc'])
    sheet.write_row(5, 0, ["007", 1200.5])
    sheet.write_datetime(5, 2, datetime(2024, 6, 11, 13, 5, 30), day)
    sheet.write_row(5, 3, [False, 45631.5, "é"])
    book.add_worksheet("Notes").write_row(0, 0, ["a", "b"])
    book.close()
    return path


SHEET: Rows = [
    (1, "12346", "19.9", "2024-06-10 00:00:00", "true", "45631", 'say "a", b\nc'),
    (3, "007", "1200.5", "2024-06-11 13:05:30", "false", "45631.5", "é"),
]


def test_the_first_sheet_with_rows_is_read_and_said(workbook: Path) -> None:
    assert read(workbook, Reading(skip_lines=2)) == (SHEET, "XLSX: sheet Deals & Co")
    (note,) = format_of(workbook)[0].headers(workbook, Reading(skip_lines=2)).notes
    assert note.startswith("deals.xlsx: its sheet Deals & Co is read; sheet: names another: Empty")


def test_a_sheet_by_name(workbook: Path) -> None:
    assert read(workbook, Reading(sheet="deals & co", skip_lines=2))[0] == SHEET
    with pytest.raises(SourceError, match="has no sheet 'Deal & Co'") as caught:
        read(workbook, Reading(sheet="Deal & Co"))
    assert "did you mean Deals & Co?" in (caught.value.problems[0].hint or "")


def test_what_is_no_workbook(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.xlsx").write_bytes(workbook.read_bytes()[:900])
    (tmp_path / "page.xls").write_bytes(b"<html><table><tr><td>1</td></tr></table></html>")
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "named.xlsx")
    with pytest.raises(SourceError, match="damaged, locked or no workbook"):
        read(tmp_path / "cut.xlsx")
    with pytest.raises(SourceError, match="web page, not a table, in spite of its ending") as web:
        read(tmp_path / "page.xls")
    assert web.value.problems[0].hint == "open it and save it as .xlsx or CSV"
    assert format_of(tmp_path / "named.xlsx")[0].name == "Parquet"
