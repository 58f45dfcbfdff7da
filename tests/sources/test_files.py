"""Paths and globs, and what a file is."""

from pathlib import Path

import polars as pl
import pytest

from kpicli.errors import Problem, SourceError
from kpicli.sources.files import expand, first_bytes
from kpicli.sources.formats import format_of, formats


def problem_of(caught: pytest.ExceptionInfo[SourceError]) -> Problem:
    (problem,) = caught.value.problems
    return problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "events").mkdir()
    for name in ("events/2.csv", "events/1.csv", "events/.hidden.csv", "deals [old].csv", "a.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    return tmp_path


FOUND = {
    "a.csv": ["a.csv"],
    "events/*.csv": ["events/1.csv", "events/2.csv"],
    "**/*.csv": ["a.csv", "deals [old].csv", "events/1.csv", "events/2.csv"],
    "deals [old].csv": ["deals [old].csv"],
}


@pytest.mark.parametrize(("pattern", "expected"), FOUND.items(), ids=FOUND)
def test_expand(folder: Path, pattern: str, expected: list[str]) -> None:
    assert [str(path.relative_to(folder)) for path in expand(pattern, folder)] == expected


def test_an_absolute_path_needs_no_folder(folder: Path) -> None:
    assert expand(str(folder / "a.csv"), Path("/nowhere")) == (folder / "a.csv",)


LOST = {
    "deals.csv": ("missing_file", "deals.csv is not there", "did you mean deals [old].csv?"),
    "evnts/1.csv": ("missing_file", "evnts/1.csv is not there", "its folder evnts"),
    "events/*.parquet": ("no_match", "no file matches events/*.parquet", "1.csv, 2.csv"),
    "events": ("unreadable", "events is a folder", "events/*.csv"),
}


@pytest.mark.parametrize(("pattern", "expected"), LOST.items(), ids=LOST)
def test_nothing_to_expand(folder: Path, pattern: str, expected: tuple[str, str, str]) -> None:
    with pytest.raises(SourceError) as caught:
        expand(pattern, folder)
    problem = problem_of(caught)
    assert (problem.code, expected[1] in problem.message) == (expected[0], True)
    assert expected[2] in (problem.hint or "")


def test_permission_denied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError) as caught:
        first_bytes(folder / "a.csv")
    problem = problem_of(caught)
    assert (problem.code, problem.message) == (
        "unreadable",
        "a.csv cannot be read: permission denied",
    )


def test_every_file_of_the_shelf_is_a_format() -> None:
    assert {known.name for known in formats()} >= {"CSV", "Parquet"}


def test_the_content_decides_and_the_difference_is_said(tmp_path: Path) -> None:
    table = tmp_path / "deals.csv"
    pl.DataFrame({"a": [1]}).write_parquet(table)
    found, note = format_of(table)
    assert (found.name, note) == (
        "Parquet",
        "deals.csv is Parquet in spite of its ending, and read as such",
    )
    text = tmp_path / "deals.parquet"
    text.write_text("a,b\n1,2\n")
    found, note = format_of(text)
    assert (found.name, note) == (
        "CSV",
        "deals.parquet is CSV in spite of its ending, and read as such",
    )


PLAIN = {"a.csv": "CSV", "a.tsv": "CSV", "a.txt": "CSV", "a.dat": "CSV", "A.CSV": "CSV", "a": "CSV"}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("content", ["a,b\n1,2\n", "score\n9\n"])
def test_text_is_csv(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    found, note = format_of(tmp_path / name)
    assert (found.name, note) == ("CSV", None)


FOREIGN = {
    "a.csv": (b"<html><body>Sign in</body></html>", "not_csv"),
    "a.parquet": (b"BZhrest", "not_parquet"),
    "a.xlsx": (b"\xd0\xcf\x11\xe0rest", "not_xlsx"),
    "b.csv": (b"", "empty_file"),
}


@pytest.mark.parametrize(("name", "content", "code"), [(n, *c) for n, c in FOREIGN.items()])
def test_neither_csv_nor_parquet(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError) as caught:
        format_of(tmp_path / name)
    assert problem_of(caught).code == code


def test_a_hint_names_exports_only(tmp_path: Path) -> None:
    for name in ("kpi.yaml", "notes.md", "deals-2025.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        expand("tickets.csv", tmp_path)
    assert problem_of(caught).hint == "allowed: deals-2025.csv"
