"""The table of traps: YAML as people write it, and what they are told."""

from typing import Any

import pytest
import yaml

from kpicli.definitions import mending, traps
from kpicli.definitions.document import read_document

# yaml · (code, line:column, words of the hint) for each problem · what is read all the same
Row = tuple[str, list[tuple[str, str, str]], Any]

QUOTES: list[Row] = [
    ("a: 'pro' = plan", [("yaml_quotes", "1:4", "a: \"'pro' = plan\"")], {"a": "'pro' = plan"}),
    ('a: "pro" = plan', [("yaml_quotes", "1:4", "a: '\"pro\" = plan'")], {"a": '"pro" = plan'}),
    ("a: 'x' = y # why", [("yaml_quotes", "1:4", "a: \"'x' = y\" # why")], {"a": "'x' = y"}),
    (
        "a: {w: 'x' = y, k: 1}",
        [("yaml_quotes", "1:8", "{w: \"'x' = y\", k: 1}")],
        {"a": {"w": "'x' = y", "k": 1}},
    ),
    ("a: %x", [("yaml_quotes", "1:4", "a: '%x'")], {"a": "%x"}),
    ("a: @anna", [("yaml_quotes", "1:4", "a: '@anna'")], {"a": "@anna"}),
    ("a: > 5", [("yaml_quotes", "1:4", "a: '> 5'")], {"a": "> 5"}),
    ("a: >5", [("yaml_quotes", "1:4", "a: '>5'")], {"a": ">5"}),
    ("a: {t: > 5}", [("yaml_quotes", "1:8", "a: {t: '> 5'}")], {"a": {"t": "> 5"}}),
    ("a: | 5", [("yaml_quotes", "1:4", "a: '| 5'")], {"a": "| 5"}),
    ("a: !x = 3", [("yaml_quotes", "1:4", "a: '!x = 3'")], {"a": "!x = 3"}),
    ("a: != 5", [("yaml_quotes", "1:4", "a: '!= 5'")], {"a": "!= 5"}),
    ("a: * 3", [("yaml_quotes", "1:4", "a: '* 3'")], {"a": "* 3"}),
    ("a: *.csv", [("yaml_quotes", "1:4", "a: '*.csv'")], {"a": "*.csv"}),
    ("a: *all", [("yaml_quotes", "1:4", "a: '*all'")], {"a": "*all"}),
    ("a: `x` = 1", [("yaml_quotes", "1:4", "a: '`x` = 1'")], {"a": "`x` = 1"}),
    ("a: b: c", [("yaml_quotes", "1:4", "a: 'b: c'")], {"a": "b: c"}),
    ("a: x = 'b: c'", [("yaml_quotes", "1:4", "a: \"x = 'b: c'\"")], {"a": "x = 'b: c'"}),
    ("a: {f} of b", [("yaml_quotes", "1:4", "a: '{f} of b'")], {"a": "{f} of b"}),
    ("a: {f}", [("yaml_quotes", "1:4", "a: '{f}'")], {"a": "{f}"}),
    ("a:\n- 'x' = y", [("yaml_quotes", "2:3", "- \"'x' = y\"")], {"a": ["'x' = y"]}),
]

COMMAS: list[Row] = [
    (
        "a: {k: b, w: c in ('x', 'y')}",
        [("yaml_comma", "1:14", "{k: b, w: \"c in ('x', 'y')\"}")],
        {"a": {"k": "b", "w": "c in ('x', 'y')"}},
    ),
    (
        "a: {w: c in (x, y), k: b}",
        [("yaml_comma", "1:8", "a: {w: 'c in (x, y)', k: b}")],
        {"a": {"w": "c in (x, y)", "k": "b"}},
    ),
    (
        "a: {\n  w: c in ('x', 'y'),\n  k: b}",
        [("yaml_comma", "2:6", "w: \"c in ('x', 'y')\",")],
        {"a": {"w": "c in ('x', 'y')", "k": "b"}},
    ),
    (
        "a: {p: ${HOME}/x, k: b}",
        [("yaml_comma", "1:8", "{p: '${HOME}/x', k: b}")],
        {"a": {"p": "${HOME}/x", "k": "b"}},
    ),
    ("a: {w: c in (x,\n  y), k: b}", [("yaml_comma", "1:8", "in quotes")], None),
    ("a: {w: c in ('x',\n  'y'), k: b}", [("yaml_flow", "1:4", "quoted as a whole")], None),
    (
        "a: {b: 1,000}",
        [
            (
                "yaml_thousands",
                "1:8",
                "1000 if the comma stands between thousands, or "
                "1.0 if the comma marks the decimals",
            )
        ],
        {"a": {"b": 1000}},
    ),
    ("a: {b: 1.000,50}", [("yaml_thousands", "1:8", "1000.50")], {"a": {"b": 1000.5}}),
    ("a: {b, c: d}", [("yaml_lone_name", "1:5", "name: value")], {"a": {"c": "d"}}),
    ("a: {b:1, c: d}", [("yaml_lone_name", "1:5", "a: {b: 1, c: d}")], {"a": {"c": "d"}}),
    ("a: {b: 1\n  c: 2}", [("yaml_comma", "1:9", "a: {b: 1,")], {"a": {"b": 1, "c": 2}}),
]

COMMENTS: list[Row] = [
    ("a: x = 'b # c'", [("yaml_comment", "1:4", "a: \"x = 'b # c'\"")], {"a": "x = 'b # c'"}),
    ("a: x = 'b # c' # d", [("yaml_comment", "1:4", "\"x = 'b # c'\" # d")], {"a": "x = 'b # c'"}),
    (
        "a: {w: x = 'b # c', k: 1}",
        [("yaml_comment", "1:8", "{w: \"x = 'b # c'\", k: 1}")],
        {"a": {"w": "x = 'b # c'", "k": 1}},
    ),
    ("a: f(b # c)", [("yaml_comment", "1:4", "a: 'f(b # c)'")], {"a": "f(b # c)"}),
    ("a: #sales", [("yaml_comment", "1:4", "a: '#sales'")], {"a": None}),
    ("a: # all of them", [], {"a": None}),
    ("a: Customers' choice # don't", [], {"a": "Customers' choice"}),
    ("a: the customer's (own # see 'note'", [], {"a": "the customer's (own"}),
    ("a: 'x # y' # don't", [], {"a": "x # y"}),
    ("a: 10 # of 'b'", [], {"a": 10}),
]

BACKSLASHES: list[Row] = [
    (r'a: "\d+"', [("yaml_backslash", "1:4", r"a: '\d+'")], {"a": r"\d+"}),
    (r'a: {w: "\d"}', [("yaml_backslash", "1:8", r"a: {w: '\d'}")], {"a": {"w": r"\d"}}),
    (r'a: ["\N", " --"]', [("yaml_backslash", "1:5", r"""['\N', " --"]""")], {"a": [r"\N", " --"]}),
    (r'a: "C:\new"', [("yaml_backslash", "1:4", r"a: 'C:\new'")], {"a": r"C:\new"}),
    (r'a: "b\tc\n\\N"', [], {"a": "b\tc\n\\N"}),
    (r'a: &x "b\tc"', [], {"a": "b\tc"}),
    (r"a: '\N'", [], {"a": r"\N"}),
]

COMPARISONS: list[Row] = [
    ("target: >= 5%", [("yaml_comparison", "1:9", "write it so: target: 5%")], {"target": "5%"}),
    ("target: >5", [("yaml_comparison", "1:9", "target: 5")], {"target": 5}),
    (
        "a: {target: > 5, k: b}",
        [("yaml_comparison", "1:13", "a: {target: 5, k: b}")],
        {"a": {"target": 5, "k": "b"}},
    ),
    (
        "yellow: < 3 %",
        [("yaml_comparison", "1:9", "yellow: 3 %, with `better: lower`")],
        {"yellow": "3 %"},
    ),
    ("target: '>= 5%'", [("yaml_comparison", "1:9", "target: 5%")], {"target": "5%"}),
]

STRUCTURE: list[Row] = [
    ("a: 1\na: 2", [("yaml_duplicate_key", "2:1", "stands at f.yaml:1:1")], {"a": 1}),
    ("a: {b: 1, b: 2}", [("yaml_duplicate_key", "1:11", "f.yaml:1:5")], {"a": {"b": 1}}),
    ("a:\n\tb: 1\n\tc: 2", [("yaml_tab", "2:1", "each tab:   b: 1")], {"a": {"b": 1, "c": 2}}),
    (
        "a:\n    b:\n        c: 1\n\td: 2\n\te: 3",
        [("yaml_tab", "4:1", "four spaces instead of each tab:     d: 2")],
        None,
    ),
    ("a:\tb", [("yaml_tab", "1:3", "a: b")], {"a": "b"}),
    ("a:\n\u00a0\u00a0b: 1", [("yaml_tab", "2:1", "  b: 1")], {"a": {"b": 1}}),
    ("a: |\n  b\n  \tc", [], {"a": "b\n\tc"}),
    ("a: 'b", [("yaml_unclosed", "1:4", "a: 'b'")], {"a": "b"}),
    ("a: 'b\nc: 'd'", [("yaml_unclosed", "1:4", "a: 'b'")], {"a": "b", "c": "d"}),
    ("a: {b: c\nd: e", [("yaml_unclosed", "1:4", "a: {b: c}")], {"a": {"b": "c"}, "d": "e"}),
    (
        "a: [1, {b: 2\nd: e",
        [("yaml_unclosed", "1:8", "a: [1, {b: 2}]")],
        {"a": [1, {"b": 2}], "d": "e"},
    ),
    ("a: [\n  b,\n  c\nd: 1", [("yaml_flow", "1:4", "is the [ closed")], None),
    ("k:\n  x:1\n  b: 2", [("yaml_colon", "2:4", "x: 1")], {"k": {"x": 1, "b": 2}}),
    ("kpis\n  a: 1", [("yaml_colon", "1:5", "kpis:")], {"kpis": {"a": 1}}),
    (
        "a: 1\ntitle Foo\nb: 2",
        [("yaml_colon", "2:6", "title: Foo")],
        {"a": 1, "title": "Foo", "b": 2},
    ),
    (
        "a:\n  b: 1\n c: 2",
        [("yaml_indent", "3:2", "2 spaces before it, write it so: c: 2")],
        {"a": {"b": 1, "c": 2}},
    ),
    ("a: b\n c: d", [("yaml_indent", "2:2", "no spaces before it")], {"a": "b", "c": "d"}),
    ("[a]: b", [("yaml_key", "1:1", "needs quotes")], {}),
    ("{{a}}: b", [("yaml_key", "1:1", "needs quotes")], {}),
    ("a: !tag {b: 1}", [("yaml_tag", "1:4", "take out")], {"a": {"b": 1}}),
    ("a: !!python/object:os.system {}", [("yaml_tag", "1:4", "take out")], {"a": {}}),
    ("- a", [("yaml_top_level", "1:1", "kpis:")], None),
    ("a:1", [("yaml_top_level", "1:1", "a space after each `:`")], None),
    ("a: 1\n---\nb: 2", [("yaml_documents", "2:1", "include:")], None),
    ("", [("yaml_empty", "1:1", "the README's twelve lines")], None),
    ("# only this", [("yaml_empty", "1:1", "the README's twelve lines")], None),
    ("a: b\x00c\x07", [("yaml_character", "1:5", "UTF-8")], None),
    ("a: &a [*a]", [("yaml_alias", "1:1", "each:")], None),
    ("a: " + "[" * 150_000, [("yaml_nesting", "1:103", "bracket")], None),
    ("- " * 100_000, [("yaml_nesting", "1:201", "bracket")], None),
]

SEVERAL: list[Row] = [
    (
        "a: 'p' = q\nb: @c\nd: {w: e in ('x', 'y')}\nf: 1\nf: 2\ng: {h, i}",
        [
            ("yaml_quotes", "1:4", "'p'"),
            ("yaml_quotes", "2:4", "'@c'"),
            ("yaml_comma", "3:8", "'y'"),
            ("yaml_duplicate_key", "5:1", "4:1"),
            ("yaml_lone_name", "6:5", "[ ]"),
            ("yaml_lone_name", "6:8", "[ ]"),
        ],
        {"a": "'p' = q", "b": "@c", "d": {"w": "e in ('x', 'y')"}, "f": 1, "g": {}},
    ),
    (
        "a: {w: 'x' = y, v: %z}",
        [("yaml_quotes", "1:8", "v: '%z'"), ("yaml_quotes", "1:20", "v: '%z'")],
        {"a": {"w": "'x' = y", "v": "%z"}},
    ),
    # What follows from a repair is not told as a second problem.
    ("a: Ratio: one\n  two", [("yaml_quotes", "1:4", "'Ratio: one'")], None),
]

TABLE = [*QUOTES, *COMMAS, *COMMENTS, *BACKSLASHES, *COMPARISONS, *STRUCTURE, *SEVERAL]


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize(("text", "problems", "value"), TABLE, ids=[row[0][:30] for row in TABLE])
def test_trap(
    text: str,
    problems: list[tuple[str, str, str]],
    value: Any,
    loader: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each trap has its code, its place, the corrected line, under either parser."""
    for module in (mending, traps):
        monkeypatch.setattr(module, "LOADER", getattr(yaml, loader))
    document, found = read_document(text, "f.yaml")
    expected = [(code, f"f.yaml:{place}") for code, place, _ in problems]
    assert [(problem.code, str(problem.place)) for problem in found] == expected
    for problem, (_, _, words) in zip(found, problems, strict=True):
        assert words in (problem.hint or "")
    if value is None:
        return
    assert document is not None
    assert document.value == value


def test_tab_problem_names_every_line() -> None:
    text = "a:\n\tb: 1\n\tc: 2\n\td: 3\ne:\n\tf: 4\ng:\n\th: 1\n\ti: 1\nj:\n\tk: 1"
    _, (problem,) = read_document(text, "f.yaml")
    assert problem.message.endswith("(in lines 2–4, 6, 8–9, 11)")


MENDED = {"yaml_quotes", "yaml_comma", "yaml_comment", "yaml_backslash"}
ONE_LINE = [
    text
    for text, problems, _ in [*QUOTES, *COMMAS, *COMMENTS, *BACKSLASHES]
    if "\n" not in text and {code for code, *_ in problems} & MENDED and text != "a: #sales"
]


@pytest.mark.parametrize("text", ONE_LINE)
def test_corrected_line_is_right(text: str) -> None:
    """The line that the hint offers to copy reads without a problem, and as it was meant."""
    meant, (problem,) = read_document(text, "f.yaml")
    _, said, line = (problem.hint or "").partition("write it so: ")
    document, rest = read_document(line, "f.yaml")
    assert said
    assert rest == ()
    assert meant is not None
    assert document is not None
    assert document.value == meant.value


def test_only_the_comment_that_may_be_a_value_is_a_warning() -> None:
    levels = {p.level for text, *_ in TABLE for p in read_document(text, "f")[1]}
    warned = [text for text, *_ in TABLE for p in read_document(text, "f")[1] if p.level != "error"]
    assert levels == {"error", "warning"}
    assert warned == ["a: #sales"]
