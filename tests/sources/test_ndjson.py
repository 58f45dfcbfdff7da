"""Files with one JSON object a line."""

from pathlib import Path

import pytest

from kpicli.errors import SourceError
from kpicli.results import Spot
from kpicli.sources.formats import format_of
from kpicli.sources.formats.ndjson import headers, scan
from kpicli.sources.reading import Reading

EVENTS = (
    b'{"event":"a","properties":{"time":1,"$insert_id":"x","deep":{"er":[1,{"k":"\xc3\xa9"}]}}}\n'
    b"\n"
    b'{"event":"b","properties":{"plan":null},"row":5,"half":"\\ud83d","blank":" "}\r\n'
    b'{"n":9007199254740993,"big":123456789012345678901234567890,"id":12346.0,"f":1.5,"t":true}\n'
    b'{"event":"last","bad":NaN,"list":[1.0,null],"late":"yes","":1}'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "events.ndjson").write_bytes(EVENTS)
    return tmp_path / "events.ndjson"


def test_every_field_is_a_column_wherever_it_stands(path: Path) -> None:
    header = headers(path, Reading())
    assert header.names == (
        "event", "properties", "Row", "half", "blank", "n", "big", "id", "f", "t", "bad", "list",
        "late", "field without name",
    )  # fmt: skip
    assert list(header.inner) == [
        "properties.time", "properties.$insert_id", "properties.deep", "properties.deep.er",
        "properties.plan",
    ]  # fmt: skip
    assert header.all_inner


CELLS = {
    "event": ["a", "b", None, "last"],
    "properties": [
        '{"time":1,"$insert_id":"x","deep":{"er":[1,{"k":"é"}]}}', '{"plan":null}', None, None,
    ],
    "Row": [None, "5", None, None],
    "half": [None, "?", None, None],
    "blank": [None, None, None, None],
    "n": [None, None, "9007199254740993", None],
    "big": [None, None, "123456789012345678901234567890", None],
    "id": [None, None, "12346", None],
    "f": [None, None, "1.5", None],
    "t": [None, None, "true", None],
    "bad": [None, None, None, None],
    "list": [None, None, None, "[1.0,null]"],
    "late": [None, None, None, "yes"],
    "field without name": [None, None, None, "1"],
    "properties.time": ["1", None, None, None],
    "properties.$insert_id": ["x", None, None, None],
    "properties.deep.er": ['[1,{"k":"é"}]', None, None, None],
}  # fmt: skip


def test_cells_are_texts_that_lose_no_digit(path: Path) -> None:
    read = scan(path, Reading(), list(CELLS))
    assert read.frame.collect().to_dict(as_series=False) == {"row": [1, 3, 4, 5], **CELLS}
    assert (read.unread_count, read.notes) == (0, ())


def test_nulls_hold_for_inner_fields_too(path: Path) -> None:
    read = scan(path, Reading(nulls=("x", "a")), ["event", "properties.$insert_id"])
    assert read.frame.collect().rows()[0] == (1, None, None)


def test_lines_that_are_no_objects_are_unread(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"a":1\n[1]\n{"a":2}\n{"a":"\xe9"}\n5\n' + b"[" * 9_000 + b"\n")
    read = scan(path, Reading(), ["a"])
    assert read.frame.collect().rows() == [(3, "2")]
    assert read.unread_count == 5
    assert read.unread[:3] == (
        Spot("events.jsonl", 1, None, '{"a":1', "is no JSON"),
        Spot("events.jsonl", 2, None, "[1]", "is JSON, but no object"),
        Spot("events.jsonl", 4, None, '{"a":"�"}', "bytes that are not utf-8"),
    )


REFUSED = {
    "cut off": ('{"a":1}\n{"a":', "truncated", "looks cut off in its last line"),
    "one list": ('[{"a":1},\n {"a":2}]', "not_ndjson", "JSON, but not one object a line"),
    "an object over several lines": ('{\n "a": 1\n}', "not_ndjson", "not one object a line"),
    "a web page": ("<html>", "not_ndjson", "a web page"),
    "nothing": ("", "empty_file", "is empty"),
}


@pytest.mark.parametrize(("content", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_none(tmp_path: Path, content: str, code: str, message: str) -> None:
    path = tmp_path / "events.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        found, _ = format_of(path)
        found.scan(path, Reading(), found.headers(path, Reading()).names)
    assert caught.value.problems[0].code == code


def test_cut_anywhere_it_is_read_or_refused(path: Path) -> None:
    for size in range(1, len(EVENTS), 5):
        path.write_bytes(EVENTS[:size])
        try:
            read = scan(path, Reading(), ["event"])
        except SourceError:
            continue
        # Whole lines alone, and each as it was.
        assert read.unread_count == 0
        assert (
            read.frame.collect()["event"].to_list()
            == ["a", "b", None][: read.frame.collect().height]
        )
