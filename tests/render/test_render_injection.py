"""Text from data and definitions that would like to be more than text."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from acme import acme_outcome
from markdown_it import MarkdownIt
from rich.cells import cell_len

from kpicli.errors import Problem
from kpicli.render.csv import guard_text
from kpicli.render.formats import FORMATS
from kpicli.render.github import escape_message, escape_property
from kpicli.render.markdown import escape
from kpicli.render.options import Options
from kpicli.results import Outcome, Summary, Verdict

HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)',
    "entity": "&lt;b&gt; &amp; more",
    "link": "[click](http://evil.example)",
    "image": "![x](http://evil.example/x.png)",
    "bare_link": "http://evil.example and www.evil.example and me@evil.example",
    "table": "a | b | c",
    "code": "`rm -rf` ``x``",
    "emphasis": "**bold** _it_ ~~gone~~ $x$",
    "heading": "# heading",
    "list": "- item",
    "number": "1. item",
    "rule": "---",
    "escape": "\x1b[31mred\x1b]0;title\x07 \x9b2J",
    "direction": "abc\u202edcba\u2066x",
    "lines": "one\ntwo\r\nthree\u2028four\tfive",
    "markup": "[bold red]not red[/] [link=http://evil.example]x[/link]",
    "formula": "=cmd|' /C calc'!A0",
    "at": "@everyone",
    "command": "::error file=x::boo",
    "half": "half \ud83d pair",
    "template": "{{ 7 * 7 }} {% raw %}",
    "null": "a\x00b",
}


def hostile_outcome(text: str) -> Outcome:
    """Acme with this text in every place that data or definitions reach."""
    whole = acme_outcome()
    cards = tuple(
        replace(card, title=text, group=text, owner=(text,), if_red=text, definition=text,
                description=text, notes={"2025-07-30": text})
        for card in whole.kpis
    )  # fmt: skip
    results = tuple(replace(result, by=dict.fromkeys(result.by, text)) for result in whole.results)
    verdicts = tuple(_hostile_verdict(verdict, text) for verdict in whole.verdicts)
    problems = (Problem("code", text, text), Problem("code", text, text, level="warning"))
    meta = replace(whole.meta, title=text, report=text)
    return Outcome(meta, cards, results, verdicts, problems, Summary(9, 1, 2, 3, 2, 1))


def _hostile_verdict(verdict: Verdict, text: str) -> Verdict:
    by = dict.fromkeys(verdict.by, text)
    result = replace(verdict.result, by=by)
    return replace(verdict, by=by, result=result, owner=(text,), if_red=text, mute_reason=text,
                   file="a,b:c%.yaml")  # fmt: skip


def rendered(name: str, text: str, view: str = "report") -> str:
    return FORMATS[name].render(hostile_outcome(text), Options(view=view))


class Page(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.texts.append(data)


CLEAN_PAGE = Page(FORMATS["html"].render(acme_outcome(), Options()))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("view", ["report", "check"])
def test_no_text_becomes_html(text, view):
    page = Page(rendered("html", text, view))
    assert page.tags <= CLEAN_PAGE.tags
    assert page.attributes <= CLEAN_PAGE.attributes


def test_html_shows_the_text_as_it_is():
    assert any(HOSTILE["html"] in text for text in Page(rendered("html", HOSTILE["html"])).texts)
    assert any(HOSTILE["template"] in text
               for text in Page(rendered("html", HOSTILE["template"])).texts)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_output_carries_a_control_character(name, text):
    output = rendered(name, text, "check") + rendered(name, text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", output)
    output.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("view", ["report", "check"])
def test_markdown_has_no_link_no_html_and_whole_tables(text, view):
    output = rendered("markdown", text, view)
    tokens = (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(output)
    )
    inner = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in [*tokens, *inner]}
    allowed = {"html_inline"} & kinds
    assert {token.content for token in inner if token.type == "html_inline"} <= {"<sub>", "</sub>"}
    assert not kinds & {"link_open", "image", "html_block", "code_inline", "fence", "s_open", "hr"}
    assert sum(token.type == "heading_open" for token in tokens) == 1
    assert allowed <= {"html_inline"}
    rows = [line for line in output.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("kpi_definitions.yaml", "kpi_definitions.yaml"),
        ("+1.7 pt", "+1.7 pt"),
        ("31.5 %", "31.5 %"),
        ("1. item", "1\\. item"),
        ("# x", "\\# x"),
        ("a|b", "a\\|b"),
        ("_x_", "\\_x\\_"),
        ("http://x", "http:\u2060//x"),
        ("WWW.x.de", "WWW\u2060.x.de"),
        ("me@x.de", "me@\u2060x.de"),
    ],
)
def test_markdown_marks_are_escaped_and_plain_text_is_left_alone(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'=1"),
        ("\rx", "'x"), ("  =1", "'=1"), ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""), ("pro", "pro"),
    ],
)  # fmt: skip
def test_a_csv_text_is_never_a_formula(text, cell):
    assert guard_text(text) == cell


def test_csv_numbers_stay_numbers():
    rows = csv.DictReader(io.StringIO(FORMATS["csv"].render(acme_outcome(), Options())))
    changes = [row["change"] for row in rows if row["change"].startswith("-")]
    assert changes
    assert all(float(change) < 0 for change in changes)


def test_json_gives_every_text_back_as_it_was():
    for text in HOSTILE.values():
        document = json.loads(rendered("json", text))
        assert document["kpis"][0]["title"] == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_junit_stays_xml(text):
    suite = ElementTree.fromstring(rendered("junit", text, "check"))[0]  # noqa: S314
    assert [case.tag for case in suite] == ["testcase"] * 9


def test_rich_markup_is_printed_as_it_stands():
    assert "[bold red]not red[/]" in rendered("table", HOSTILE["markup"], "check")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_terminal_stays_in_its_width(text):
    assert max(map(cell_len, rendered("table", text).splitlines())) <= 79


def test_a_line_is_one_line():
    for text in HOSTILE.values():
        assert rendered("line", text, "check").count("\n") == 1


def test_github_commands_cannot_be_forged():
    output = rendered("github", "x\n::error::forged", "check")
    commands = [line for line in output.splitlines() if line.startswith("::")]
    assert len(commands) == 9
    assert all("file=a%2Cb%3Ac%25.yaml,line=" in line for line in commands[1:])
    assert escape_message("50 %\nmore") == "50 %25%0Amore"
    assert escape_property("a:b,c") == "a%3Ab%2Cc"
