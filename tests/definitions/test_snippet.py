"""A line with a caret."""

import pytest

from kpicli.definitions.snippet import snippet
from kpicli.errors import Place


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("  kind: shrae", 9, "  kind: shrae\n        ^"),
        ("a: b", None, "a: b\n^"),
        ("a:\tb", 4, "a: b\n   ^"),
        ("a: \x1b[31m\u202eb", 4, "a: ?[31m?b\n   ^"),
        ("a: 売上 x", 7, "a: 売上 x\n        ^"),
        ("x" * 100 + "HERE" + "y" * 100, 101, "x" * 38 + "HERE" + "y" * 34 + "\n" + " " * 38 + "^"),
        ("", 1, "\n^"),
    ],
)
def test_snippet(line: str, column: int | None, expected: str) -> None:
    assert snippet(("first", line), Place("f.yaml", 2, column)) == expected


@pytest.mark.parametrize("row", [None, 3])
def test_no_line_no_snippet(row: int | None) -> None:
    assert snippet(("a", "b"), Place("f.yaml", row, 1)) == ""
