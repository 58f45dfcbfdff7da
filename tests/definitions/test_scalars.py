"""What an unquoted word means."""

import pytest

from kpicli.definitions.document import read_document
from kpicli.definitions.scalars import Scalar, plain_value, thousands_hint

READ: list[tuple[str, Scalar]] = [
    ("true", True),
    ("false", False),
    ("null", None),
    ("", None),
    ("0", 0),
    ("42", 42),
    ("-7", -7),
    ("1.5", 1.5),
    ("-0.25", -0.25),
    (".5", 0.5),
    ("0.250", 0.25),
    ("1.125", 1.125),
]

WORDS = """
    yes no on off NO Yes ON True TRUE Null ~ 010 00 1_000 0x1F 0o17 0b1 1:30 12:30:00
    2025-01-01 2025-01-01T10:00:00Z 1e5 1.5e3 .inf .nan +5 5. -. - 1.2.3 30%
    1,000 1.000 12.500 1234567890123456789
"""
TEXT = WORDS.split()


@pytest.mark.parametrize(("text", "value"), READ)
def test_read(text: str, value: Scalar) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is type(value)


@pytest.mark.parametrize("text", TEXT)
def test_stays_text(text: str) -> None:
    assert plain_value(text) == text


@pytest.mark.parametrize("text", [text for text in TEXT if text not in {"-", "-."}])
def test_stays_text_in_a_file(text: str) -> None:
    """No reading of the parser's own comes between."""
    document, problems = read_document(f"a: {text}\nb: [x, '{text}']\n", "f.yaml")
    assert problems == ()
    assert document is not None
    assert document.value == {"a": text, "b": ["x", text]}


def test_quotes_make_a_text() -> None:
    document, _ = read_document("a: '5'\nb: \"true\"\nc: !!str 5\nd: ''\n", "f.yaml")
    assert document is not None
    assert document.value == {"a": "5", "b": "true", "c": "5", "d": ""}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "1,000",
            "write 1000 if the comma stands between thousands, "
            "or 1.0 if the comma marks the decimals",
        ),
        (
            "12,500%",
            "write 12500% if the comma stands between thousands, "
            "or 12.5% if the comma marks the decimals",
        ),
        (
            "-2.500",
            "write -2500 if the point stands between thousands, "
            "or -2.5 if the point marks the decimals",
        ),
        ("1.000,50", "write 1000.50 if the point stands between thousands"),
        ("1,000.50", "write 1000.50 if the comma stands between thousands"),
        ("1.000.000", "write 1000000 if the point stands between thousands"),
        ("1,5", "write 1.5 if the comma marks the decimals"),
        ("0,125", "write 0.125 if the comma marks the decimals"),
        ("1 000", "write 1000 if the space stands between thousands"),
        ("1_000", "write 1000 if the _ stands between thousands"),
        ("1'000", "write 1000 if the ' stands between thousands"),
        ("1000", None),
        ("1.5", None),
        ("30%", None),
        ("2025-01-01", None),
        ("1.2.3", None),
        ("pro, team", None),
        ("", None),
    ],
)
def test_thousands_hint(text: str, hint: str | None) -> None:
    assert thousands_hint(text) == hint
