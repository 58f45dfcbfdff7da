"""CSV files as people really save them, one row per pitfall."""

import codecs
from pathlib import Path

import pytest

from kpicli.errors import SourceError
from kpicli.results import Spot
from kpicli.sources.formats.csv import headers, scan
from kpicli.sources.reading import ROW, Reading

Rows = list[tuple[object, ...]]


def write(folder: Path, content: bytes | str, name: str = "deals.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(path: Path, reading: Reading) -> Rows:
    names = headers(path, reading).names
    return scan(path, reading, names).frame.collect().rows()


PLAIN: Rows = [(1, "1", "2"), (2, "3", "4")]
SAME = {
    "comma": "a,b\n1,2\n3,4\n",
    "no last line end": "a,b\n1,2\n3,4",
    "semicolon": "a;b\n1;2\n3;4\n",
    "tab": "a\tb\n1\t2\n3\t4\n",
    "pipe": "a|b\n1|2\n3|4\n",
    "CRLF": "a,b\r\n1,2\r\n3,4\r\n",
    "old CR": "a,b\r1,2\r3,4\r",
    "mixed line ends": "a,b\r\n1,2\n3,4\r\n",
    "quoted": '"a","b"\n"1","2"\n"3","4"\n',
    "quoted with CRLF": '"a","b"\r\n"1","2"\r\n"3","4"\r\n',
    "blank lines above and below": "\n\na,b\n1,2\n3,4\n\n\n",
    "byte order mark": "\ufeffa,b\n1,2\n3,4\n",
    "byte order mark and quotes": '\ufeff"a","b"\n1,2\n3,4\n',
    "spaces around names": " a , b\n1,2\n3,4\n",
    "empty fields at the ends": "a,b\n1,2,,\n3,4,\n",
    "empty rows below": "a,b\n1,2\n3,4\n,\n,\n",
    "UTF-16": codecs.BOM_UTF16_LE + "a\tb\n1\t2\n3\t4\n".encode("utf-16-le"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + "a,b\r\n1,2\r\n3,4".encode("utf-16-be"),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_one_table_saved_in_many_ways(tmp_path: Path, content: bytes | str) -> None:
    path = write(tmp_path, content)
    assert headers(path, Reading()).names == ("a", "b")
    assert rows_of(path, Reading()) == PLAIN


CELLS: dict[str, tuple[str, Rows]] = {
    "doubled quotes": ('a,b\n"say ""hi""",x\n', [(1, 'say "hi"', "x")]),
    "JSON in a cell": ('a,b\n"{""k"": 1, ""l"": 2}",x\n', [(1, '{"k": 1, "l": 2}', "x")]),
    "separator in quotes": ('a,b\n"x, y",z\n', [(1, "x, y", "z")]),
    "line break in quotes": (
        'a,b\n"one\ntwo",x\n3,4\n',
        [(1, "one\ntwo", "x"), (2, "3", "4")],
    ),
    "CRLF in quotes": ('a,b\r\n"one\r\ntwo",x\r\n', [(1, "one\r\ntwo", "x")]),
    "line break in a name": ('"a\nrest",b\n1,2\n', [(1, "1", "2")]),
    "an inch within a cell": ('a,b\n5" pipe,x\n', [(1, '5" pipe', "x")]),
    "two inches, uneven": ('a,b\n5",6"\n7,"8"\n', [(1, '5"', '6"'), (2, "7", "8")]),
    "a lone carriage return in quotes": ('a,b\n"x\ry",z\n', [(1, "x\ry", "z")]),
    "line feeds in quotes of an old file": ('a,b\r"x\ny",z\r', [(1, "x\ny", "z")]),
    "blank cells are empty": ("a,b\n ,x\n\t,\n", [(1, None, "x"), (2, None, None)]),
    "quoted nothing is empty": ('a,b\n"",x\n', [(1, None, "x")]),
    "spaces stay in texts": ("a,b\n x ,y\n", [(1, " x ", "y")]),
    "a blank line counts as a row": ("a,b\n1,2\n\n3,4\n", [(1, "1", "2"), (3, "3", "4")]),
    "an empty row counts too": ("a,b\n1,2\n,\n3,4\n", [(1, "1", "2"), (3, "3", "4")]),
    "zero bytes stay": ("a,b\n1\0,2\n", [(1, "1\0", "2")]),
    "names that look like patterns": ("*,^b.*$\n1,2\n", [(1, "1", "2")]),
    "a header alone": ("a,b\n", []),
    "a header alone, no line end": ("a,b", []),
    "decimal commas": ("Amount;Name\n2,5;x\n3,5;y\n", [(1, "2,5", "x"), (2, "3,5", "y")]),
    "commas in semicolon names": ("Amount, EUR;b\n1,5;x\n", [(1, "1,5", "x")]),
    "commas in one column": ("comment\nwell, yes, no\nfine\n", [(1, "well, yes, no"), (2, "fine")]),
    "fewer names than columns": ("a,b,\n1,2\n3,4,\n", [(1, "1", "2", None), (2, "3", "4", None)]),
}


@pytest.mark.parametrize(("content", "expected"), CELLS.values(), ids=CELLS)
def test_cells(tmp_path: Path, content: str, expected: Rows) -> None:
    if "\0" in content:  # only an author who names the encoding vouches for zero bytes
        assert rows_of(write(tmp_path, content), Reading(encoding="utf-8")) == expected
    else:
        assert rows_of(write(tmp_path, content), Reading()) == expected


NAMES = {
    "unnamed index": (",userid\n0,1\n", ("column 1", "userid")),
    "two equal": ("a,a\n1,2\n", ("a", "a")),
    "our own word": ("row,b\n1,2\n", ("Row", "b")),
    "in quotes": ('"Close Date","Amount, EUR"\n1,2\n', ("Close Date", "Amount, EUR")),
}


@pytest.mark.parametrize(("content", "names"), NAMES.values(), ids=NAMES)
def test_names(tmp_path: Path, content: str, names: tuple[str, ...]) -> None:
    assert headers(write(tmp_path, content), Reading()).names == names


DECLARED: dict[str, tuple[str, Reading, Rows]] = {
    "skip_lines": (
        "Report\n\nfor May\na,b\n1,2\n",
        Reading(skip_lines=3),
        [(1, "1", "2")],
    ),
    "a header given": ("1,2\n3,4\n", Reading(header=("a", "b")), PLAIN),
    "a header given and a mark": ('\ufeff"1",2\n3,4\n', Reading(header=("a", "b")), PLAIN),
    "one column given": (
        "prose, a\tb\n\n\n7\n9\t\n",
        Reading(skip_lines=3, header=("s",)),
        [(1, "7"), (2, "9")],
    ),
    "footer": (
        'a,b\n1,2\n3,4\n\n"Confidential, do not share"\nAcme, Inc, 2024\n',
        Reading(footer_from="Confidential"),
        PLAIN,
    ),
    "nulls": (
        "a,b\nSelect,\\N\n --,x\n",
        Reading(nulls=("Select", "\\N", " --")),
        [(1, None, None), (2, None, "x")],
    ),
    "separator": ("a;b,c\n1;2,3\n", Reading(separator=","), [(1, "1;2", "3")]),
    "encoding": ("a,b\n\u010d,x\n", Reading(encoding="utf8"), [(1, "\u010d", "x")]),
}


@pytest.mark.parametrize(("content", "reading", "expected"), DECLARED.values(), ids=DECLARED)
def test_declared(tmp_path: Path, content: str, reading: Reading, expected: Rows) -> None:
    assert rows_of(write(tmp_path, content), reading) == expected


UNREAD = {
    "too many": ("a,b\n1,2\n1,2,3\n3,4\n", [1, 3], [(2, "3 fields, the header has 2")]),
    "too few": ("a,b\n1\n3,4\n", [2], [(1, "1 field, the header has 2")]),
    "cut in a quote": ('a,b\n1,2\n3,"4\n', [1], [(2, "a quote or line break out of place")]),
    "a quote left open above": (
        'a,b\n1,"2\n3,4\n5,"6"\n',
        [2, 3],
        [(1, "a quote or line break out of place")],
    ),
    "a lone carriage return": (
        "a,b\n1,x\ry\n3,4\n",
        [2],
        [(1, "a quote or line break out of place")],
    ),
    "text behind a quote": (
        'a,b\n"x"y,2\n3,4\n',
        [2],
        [(1, "a quote or line break out of place")],
    ),
    "no row made of a broken text's inside": (
        'a,b\n1,"he said "yes" and\nwent, "off""\n5,6\n',
        [3],
        [(1, "a quote or line break out of place"), (2, "a quote or line break out of place")],
    ),
}


@pytest.mark.parametrize(("content", "kept", "unread"), UNREAD.values(), ids=UNREAD)
def test_unread_rows_are_counted(
    tmp_path: Path, content: str, kept: list[int], unread: list[tuple[int, str]]
) -> None:
    read = scan(write(tmp_path, content), Reading(), ["a"])
    assert read.frame.collect()[ROW].to_list() == kept
    assert [(spot.row, spot.why) for spot in read.unread] == unread
    assert read.unread_count == len(unread)


def test_unread_rows_are_counted_past_the_first_ten(tmp_path: Path) -> None:
    read = scan(write(tmp_path, "a,b\n" + "1\n" * 25 + "1,2\n" * 30), Reading(), ["a"])
    assert (len(read.unread), read.unread_count) == (10, 25)
    assert read.unread[0] == Spot("deals.csv", 1, None, "1", "1 field, the header has 2")


NOTES = {
    "extra fields": ("a,b\n1,2,,\n3,4,\n", "2 rows had extra empty fields at the end, dropped"),
    "empty rows": ("a,b\n1,2\n,\n", "1 row without any value left out"),
    "Latin": ("a,b\nM\xfcller,2\n".encode("latin-1"), "not UTF-8: read as Windows-1252"),
}


@pytest.mark.parametrize(("content", "note"), NOTES.values(), ids=NOTES)
def test_repairs_are_said(tmp_path: Path, content: bytes | str, note: str) -> None:
    (said,) = scan(write(tmp_path, content), Reading(), ["a"]).notes
    assert said.startswith(note)


def test_the_footer_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,2\nTotal,2\n9,9\n")
    assert scan(path, Reading(footer_from="Total"), ["a"]).notes == (
        "the table ends at the footer in row 2",
    )


def test_windows_letters(tmp_path: Path) -> None:
    path = write(tmp_path, "Name,Größe\nMüller,5 €\n".encode("cp1252"))
    assert headers(path, Reading()).names == ("Name", "Größe")
    assert rows_of(path, Reading()) == [(1, "Müller", "5 €")]


def test_windows_letters_far_below_a_plain_start(tmp_path: Path) -> None:
    body = b"a,b\n" + b"1,2\n" * 80_000 + "Müller,2\n".encode("cp1252")
    assert rows_of(write(tmp_path, body), Reading())[-1] == (80_001, "Müller", "2")


def test_a_damaged_row_of_a_utf8_file_is_unread(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\nMüller,1\nöäü,2\n".encode() + b"\xff\xfex,3\n4,5\n")
    read = scan(path, Reading(), ["a"])
    assert read.frame.collect()["a"].to_list() == ["Müller", "öäü", "4"]
    assert [(spot.row, spot.why) for spot in read.unread] == [(3, "bytes that are not utf-8")]


def test_only_asked_columns_once_each(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,2,3\n")
    assert scan(path, Reading(), ["c", "a", "c"]).frame.collect().columns == [ROW, "c", "a"]


def test_a_row_of_another_width_in_a_later_block(tmp_path: Path) -> None:
    body = "a,b\n" + "1,2\n" * 1_200_000
    assert scan(write(tmp_path, body + "1,2,3\n"), Reading(), ["a"]).unread[0].row == 1_200_001


def test_a_quoted_text_across_blocks_of_lines(tmp_path: Path) -> None:
    text = "line\n" * 250_000
    path = write(tmp_path, f'a,b\n1,"{text}"\n3,4\n')
    assert rows_of(path, Reading()) == [(1, "1", text), (2, "3", "4")]


REFUSED = {
    "web page": ("\n<!DOCTYPE html>\n<html></html>", "not_csv", "deals.csv is a web page"),
    "prose": ("Please ask Anna for access to this file\n", "not_csv", "holds a line of text"),
    "workbook": (b"PK\x03\x04\x14\0", "not_csv", "an Excel workbook"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "not_csv", "an old Excel workbook"),
    "gzip": (b"\x1f\x8b\x08\0", "not_csv", "compressed with gzip"),
    "binary": (bytes(range(256)) * 4, "not_csv", "binary, not text"),
    "JSON": ('[{"a": 1}]', "not_csv", "JSON, but not one object a line"),
    "UTF-16 without mark": ("a,b\n1,2\n".encode("utf-16-le"), "not_csv", "UTF-16"),
    "no bytes": (b"", "empty_file", "deals.csv is empty"),
    "blank": ("\n \n", "empty_file", "deals.csv is empty"),
    "a mark alone": ("\ufeff", "empty_file", "deals.csv is empty"),
    "no names": (",,\n1,2,3\n", "not_csv", "has no names"),
    "open quote in the header": ('"a,b\n1,2\n', "not_csv", "does not close"),
}


@pytest.mark.parametrize(("content", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, content: bytes | str, code: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        headers(write(tmp_path, content), Reading())
    (problem,) = caught.value.problems
    assert problem.code == code
    assert message in problem.message
    assert problem.hint


def test_skip_lines_past_the_end(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ends within skip_lines: 5"):
        headers(write(tmp_path, "a,b\n1,2\n"), Reading(skip_lines=5))


def test_unknown_encoding(tmp_path: Path) -> None:
    for name in ("utf-9", "hex", "idna"):
        with pytest.raises(SourceError, match="is not known"):
            headers(write(tmp_path, "a,b\n"), Reading(encoding=name))


def test_columns_that_are_not_there_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        scan(write(tmp_path, "amount,stage,stage\n1,2,3\n"), Reading(), ["amuont", "x", "stage"])
    assert [problem.code for problem in caught.value.problems] == [
        "missing_column",
        "missing_column",
        "ambiguous_column",
    ]
    assert (caught.value.problems[0].hint or "").startswith("did you mean amount?")


COMMAS = Reading(separator=",")
CUT_OFF: dict[str, str | bytes] = {
    "behind a cell": "a,b,c\n1,2,3\n4,5",
    "within the first cell": "a,b,c\n1,2,3\n4",
    "behind a separator": "a,b,c\n1,2,3\n4,",
    "in the only row": "a,b,c\n1",
    "within quotes": 'a,b,c\n1,2,3\n4,5,"text',
    "CRLF": "a,b,c\r\n1,2,3\r\n4,5",
    "UTF-16": codecs.BOM_UTF16_LE + "a,b,c\n1,2,3\n4,5".encode("utf-16-le"),
    "below a bad row": "a,b,c\n1,2,3\n1,2,3,4,5\n4,5",
}


@pytest.mark.parametrize("content", CUT_OFF.values(), ids=CUT_OFF)
def test_a_file_cut_off_in_its_last_row(tmp_path: Path, content: str | bytes) -> None:
    path = write(tmp_path, content)
    with pytest.raises(SourceError) as caught:
        rows_of(path, COMMAS)
    problem = caught.value.problems[0]
    assert (problem.code, problem.level) == ("truncated", "error")
    assert problem.message == "deals.csv looks cut off in its last row"
    assert "export it again" in (problem.hint or "")


NOT_CUT_OFF = {
    "a short row that a line break ends": "a,b,c\n1,2,3\n4,5\n",
    "a footer below a blank line": "a,b,c\n1,2,3\n\nCopyright Acme",
    "a footer of two lines": "a,b,c\n1,2,3\nConfidential\nCopyright Acme",
    "spaces at the end": "a,b,c\n1,2,3\n  ",
    "the end sign of old files": "a,b,c\n1,2,3\n\x1a",
    "a whole row below a bad one": "a,b,c\n1\n1,2,3",
}


@pytest.mark.parametrize("content", NOT_CUT_OFF.values(), ids=NOT_CUT_OFF)
def test_a_file_that_ends_otherwise_is_not_cut_off(tmp_path: Path, content: str) -> None:
    assert ("1", "2", "3") in [row[1:] for row in rows_of(write(tmp_path, content), COMMAS)]


def test_a_declared_footer_is_no_cut(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,2,3\nTotal: 1")
    assert rows_of(path, Reading(footer_from="Total")) == [(1, "1", "2", "3")]
