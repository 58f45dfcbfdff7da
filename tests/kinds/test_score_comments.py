"""What detractors wrote below a red score: the newest, short, harmless, of nobody in particular."""

from datetime import date
from pathlib import Path

import pytest
from running import DEFINITIONS, run_files

from kpicli.render import html, json, markdown, terminal
from kpicli.render.options import Options
from kpicli.reports.quotes import LONGEST, write_quote
from kpicli.results import Outcome

FEBRUARY = date(2025, 2, 1)
BOOK = """
version: 1
sources:
  answers: {path: answers.csv, time: day, quiet: 1mo, refers_to: {people: who}}
  people: {path: people.csv, key: person}
  accounts: {path: accounts.csv, key: account_id}
exclude:
  - {source: people, where: test = 'yes', reason: test users}
kpis:
"""
ANSWERS = """day,score,who,account_id,channel,comment,other
2025-01-02,4,ann,A,app,oldest of all,
2025-01-05,0,bob,A,app,"<b>slow</b> | ask joe.doe+x@example.com or +49 170 1234567",
2025-01-06,1,cid,B,mail,"=cmd()
broken",other text
2025-01-07,2,dee,B,app,"  ",
2025-01-08,3,eve,B,app,not for me,
2025-01-09,10,fay,B,app,great,
2025-01-10,0,tim,B,app,a test,
"""
PEOPLE = "person,test\n" + "".join(
    f"{one},\n" for one in ["ann", "bob", "cid", "dee", "eve", "fay"]
)
KEYS = "kind: score, source: answers, of: score, grain: month"


def outcome_of(folder: Path, *kpis: str) -> Outcome:
    files = {
        DEFINITIONS: BOOK + "".join(f"  k{at}: {{{KEYS}, {kpi}}}\n" for at, kpi in enumerate(kpis)),
        "answers.csv": ANSWERS,
        "people.csv": PEOPLE + "tim,yes\n",
        "accounts.csv": "account_id,arr\nA,1\nB,\n",
    }
    return run_files(folder, files, periods=1, as_of=FEBRUARY)


@pytest.mark.parametrize(
    ("keys", "texts"),
    [
        ("target: 35", ["not for me", "=cmd()", "<b>slow</b>"]),
        ("target: 35, comments: other", ["other text"]),
        ("target: 35, comments: none", []),
        ("target: 35, vote: account", ["not for me", "=cmd()", "<b>slow</b>"]),
        ("target: 35, vote: account, weight: accounts.arr", ["<b>slow</b>", "oldest"]),
        ("target: -100", []),
        ("target: 35, yellow: -100", []),
        ("target: 35, gate: false", ["not for me", "=cmd()", "<b>slow</b>"]),
        ("target: 35, mute: {until: 2027-01-01}", []),
        ("", []),
    ],
)
def test_the_newest_three_of_detractors(keys: str, texts: list[str], tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, keys or "title: Score")
    found = [text for voices in outcome.voices for text in voices.texts]
    assert [text[: len(start)] for text, start in zip(found, texts, strict=True)] == texts
    assert outcome.problems == ()


def test_a_segment_has_its_own(tmp_path: Path) -> None:
    by = "by: [channel], targets: [{for: {channel: each}, target: 35}]"
    outcome = outcome_of(tmp_path, by)
    found = {one.by["channel"]: one.texts for one in outcome.voices}
    assert {channel: len(texts) for channel, texts in found.items()} == {"app": 3, "mail": 1}


@pytest.fixture(scope="module")
def missed(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return outcome_of(tmp_path_factory.mktemp("quotes"), "target: 35, if_red: Call them")


def test_on_a_terminal_each_has_a_line(missed: Outcome) -> None:
    lines = terminal.render(missed, Options(width=40)).splitlines()
    at = lines.index("  Call them")
    assert lines[at + 1 : at + 4] == [
        "  “not for me”",
        "  “=cmd() broken”",
        "  “<b>slow</b> | ask [address] or [numb…",
    ]


def test_a_page_has_them_whole_and_escaped(missed: Outcome) -> None:
    page = html.render(missed, Options())
    text = markdown.render(missed, Options())
    assert "<q>&lt;b&gt;slow&lt;/b&gt; | ask [address] or [number]</q>" in page
    assert "  - “&lt;b&gt;slow&lt;/b&gt; \\| ask \\[address\\] or \\[number\\]”" in text
    for written in (page, text):
        assert "joe" not in written
        assert "1234567" not in written


def test_other_programs_read_the_same_as_before(missed: Outcome) -> None:
    document = json.render(missed, Options())
    assert "slow" not in document
    assert sorted(json.outcome_record(missed)) == [
        "kpis", "meta", "problems", "results", "schema", "summary",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  two\n\n lines ", "“two lines”"),
        ("mail <a.b@c.de>, please", "“mail <[address]>, please”"),
        ("call 030/123 45 67!", "“call [number]!”"),
        ("on 12.5.2025, 2025-05-12, 1,000 rows", "“on 12.5.2025, 2025-05-12, 1,000 rows”"),
        ("word " * 100, "“" + ("word " * 55).rstrip() + "…”"),
        ("x" * 300, "“" + "x" * (LONGEST - 1) + "…”"),
    ],
)
def test_a_quote_is_short_and_of_nobody(text: str, shown: str) -> None:
    assert write_quote(text) == shown
