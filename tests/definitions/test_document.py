"""A definitions file as plain values with places."""

from pathlib import Path

import pytest

from kpicli.definitions.document import Document, read_document, read_file
from kpicli.errors import Place

SAMPLE = """\
version: 1   # of the language
kpis:
  csat: {kind: share, where: survey = 'csat', min_n: 30}
  adoption:
    target: 30%
    targets:
      - {for: {plan: enterprise}, target: 60%}
      - from: 2026-01-01
    if_red: >
      Call the champion,
      then the sponsor
    empty:
"""


def read(text: str) -> Document:
    document, problems = read_document(text, "f.yaml")
    assert problems == ()
    assert document is not None
    return document


def test_values() -> None:
    assert read(SAMPLE).value == {
        "version": 1,
        "kpis": {
            "csat": {"kind": "share", "where": "survey = 'csat'", "min_n": 30},
            "adoption": {
                "target": "30%",
                "targets": [
                    {"for": {"plan": "enterprise"}, "target": "60%"},
                    {"from": "2026-01-01"},
                ],
                "if_red": "Call the champion, then the sponsor",
                "empty": None,
            },
        },
    }


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), "f.yaml:1:1", "f.yaml:1:1"),
        (("version",), "f.yaml:1:10", "f.yaml:1:1"),
        (("kpis", "csat"), "f.yaml:3:9", "f.yaml:3:3"),
        (("kpis", "csat", "min_n"), "f.yaml:3:54", "f.yaml:3:47"),
        (("kpis", "adoption", "targets", 0, "for", "plan"), "f.yaml:7:22", "f.yaml:7:16"),
        (("kpis", "adoption", "targets", 1), "f.yaml:8:9", "f.yaml:8:9"),
        # What is missing is told at the name above it.
        (("kpis", "csat", "count_if"), "f.yaml:3:3", "f.yaml:3:3"),
        (("kpis", "nrr", "target"), "f.yaml:2:1", "f.yaml:2:1"),
        (("sources",), "f.yaml:1:1", "f.yaml:1:1"),
        (("kpis", "adoption", "targets", 7, "for"), "f.yaml:6:5", "f.yaml:6:5"),
    ],
)
def test_places(path: tuple[str | int, ...], value: str, key: str) -> None:
    document = read(SAMPLE)
    assert str(document.place(path)) == value
    assert str(document.key_place(path)) == key


def test_keys_are_the_text_as_written() -> None:
    text = "1: a\ntrue: b\non: c\n2025-06-01: d\nno: e\n010: f"
    assert read(text).value == {
        "1": "a",
        "true": "b",
        "on": "c",
        "2025-06-01": "d",
        "no": "e",
        "010": "f",
    }


def test_alias_repeats_a_value_at_its_own_place() -> None:
    document = read("a: &own {x: 1}\nb: *own\n")
    assert document.value == {"a": {"x": 1}, "b": {"x": 1}}
    assert document.place(("b", "x")) == Place("f.yaml", 1, 13)


def test_merge_adds_what_is_not_there() -> None:
    document = read("a: &own {x: 1, y: 2}\nb:\n  <<: *own\n  y: 3\n")
    assert document.value["b"] == {"x": 1, "y": 3}
    assert document.place(("b", "x")) == Place("f.yaml", 1, 13)
    assert document.place(("b", "y")) == Place("f.yaml", 4, 6)


def test_merge_takes_several_the_first_wins() -> None:
    document = read("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n")
    assert document.value["c"] == {"x": 1, "y": 2}


def test_merge_of_a_text_is_a_problem() -> None:
    _, problems = read_document("a:\n  <<: b\n", "f.yaml")
    assert [(problem.code, str(problem.place)) for problem in problems] == [
        ("yaml_merge", "f.yaml:2:7")
    ]


def test_alias_bomb_is_refused_unexpanded() -> None:
    levels = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 13)]
    document, problems = read_document("\n".join(["a0: &a0 [x]", *levels]), "f.yaml")
    assert document is None
    assert [problem.code for problem in problems] == ["yaml_alias"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028"])
def test_line_endings(ending: str) -> None:
    document, problems = read_document(ending.join(["a: 1", "b: x", "a: 2", ""]), "f.yaml")
    assert document is not None
    assert document.lines == ("a: 1", "b: x", "a: 2", "")
    assert [str(problem.place) for problem in problems] == ["f.yaml:3:1"]


def test_a_problem_says_the_same_once() -> None:
    text = "a: &own {w: '\\N', v: \"\\N\"}\nb: *own\nc: *own\n"
    assert len(read_document(text, "f.yaml")[1]) == 1


def test_file_with_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "kpis.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: Umsatz \xc3\xbc\n")
    document, problems = read_file(path, "kpis.yaml")
    assert problems == ()
    assert document is not None
    assert (document.file, document.value) == ("kpis.yaml", {"title": "Umsatz ü"})


@pytest.mark.parametrize(
    ("raw", "code", "place", "words"),
    [
        (b"a: 1\ntitle: Umsatz \xfc\n", "yaml_encoding", "kpis.yaml:2:15", "0xFC"),
        ("a: 1\n".encode("utf-16"), "yaml_encoding", "kpis.yaml:1:1", "UTF-16"),
        (b"PK\x03\x04\x14\x00", "yaml_character", "kpis.yaml:1:3", "U+0003"),
        (b"", "yaml_empty", "kpis.yaml:1:1", "no definitions"),
    ],
)
def test_file_that_is_no_text(
    tmp_path: Path, raw: bytes, code: str, place: str, words: str
) -> None:
    path = tmp_path / "kpis.yaml"
    path.write_bytes(raw)
    document, (problem,) = read_file(path, "kpis.yaml")
    assert document is None
    assert (problem.code, str(problem.place)) == (code, place)
    assert words in problem.message


def test_file_that_is_not_there(tmp_path: Path) -> None:
    document, (problem,) = read_file(tmp_path / "none.yaml", "none.yaml")
    assert document is None
    assert (problem.code, str(problem.place)) == ("missing_file", "none.yaml")


def test_folder_is_no_file(tmp_path: Path) -> None:
    document, (problem,) = read_file(tmp_path, "folder")
    assert document is None
    assert problem.code == "unreadable_file"
