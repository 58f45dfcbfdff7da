"""Every page's examples: the definitions over the rows give the results printed below them."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel
from running import DEFINITIONS, group_of, run_files

from kpicli.definitions.shape import Did, Exclusion, Segment
from kpicli.definitions.topics import topic_names, topic_page
from kpicli.kinds import kind_named, kind_names, kind_page
from kpicli.quality import rule_names
from kpicli.results import Result
from kpicli.sources.declaration import Identity, Source
from kpicli.words.target_keys import WrittenTargets
from kpicli.words.verbs import VERBS

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LONGEST_PERIODS = 60


@dataclass(frozen=True)
class Example:
    """Definitions, the files they read and the results they give."""

    page: str
    files: dict[str, str]
    expected: list[dict[str, str]]


def examples() -> Iterator[Example]:
    """The examples of all pages; a yaml block begins one, a results block ends it."""
    pages = [(name, kind_page(name)) for name in kind_names()]
    for name, page in [*pages, *((name, topic_page(name)) for name in topic_names())]:
        files: dict[str, str] = {}
        for language, file, text in _BLOCK.findall(page):
            if language == "yaml":
                files = {DEFINITIONS: text}
            elif language == "csv":
                files[file] = text
            elif language == "results":
                yield Example(name, files, list(csv.DictReader(text.splitlines())))


EXAMPLES = list(examples())


@pytest.mark.parametrize("kind", kind_names())
def test_every_kind_has_a_page_of_about_a_screen(kind: str) -> None:
    page = kind_page(kind)
    assert page.startswith(f"# {kind}\n\n")
    assert kind in {example.page for example in EXAMPLES}
    assert len(page.splitlines()) <= 95
    for key in _own_keys(kind):
        assert f"`{key}`" in page, f"{key} is not explained"


def _fields(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


KEYS = {
    "sources": _fields(Source),
    "identity": _fields(Identity),
    "exclude": _fields(Exclusion),
    "segments": _fields(Segment),
    "did": _fields(Did),
    "targets": _fields(WrittenTargets),
    "quality": {"quality", "level", "allow", "report", *rule_names()},
    "conditions": {verb for verb in VERBS if verb not in ("negate", "lag", "||")},
    "time": {"timezone", "week_starts", "quiet", "history_starts", "window", "grain"},
}


@pytest.mark.parametrize("topic", topic_names())
def test_every_topic_has_a_short_page_that_begins_with_an_example(topic: str) -> None:
    page = topic_page(topic)
    assert page.startswith(f"# {topic}\n\n")
    assert topic in {example.page for example in EXAMPLES}
    assert page.index("```yaml") < page.index("\n- ") < page.index("\n| ")
    assert len(page.splitlines()) <= 100
    for key in KEYS.get(topic, ()):
        assert re.search(rf"`[^`]*(?<![a-z_]){re.escape(key)}(?![a-z_])[^`]*`", page), key


def _own_keys(kind: str) -> set[str]:
    common = set.intersection(*(_keys(one) for one in kind_names()))
    return _keys(kind) - common


def _keys(kind: str) -> set[str]:
    """The keys of a kind as they are written."""
    fields = kind_named(kind).Written.model_fields
    return {field.alias or name for name, field in fields.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.page)
def test_the_example_gives_what_it_prints(example: Example, tmp_path: Path) -> None:
    """Exactly the rows of the KPIs, periods and parts named, in any order, and no problem.

    A grid is compared where the column age is printed, and the KPI has an age there.
    Numbers are compared to the digits printed; columns that are not printed are not compared.
    """
    outcome = run_files(tmp_path, example.files, periods=_LONGEST_PERIODS)
    assert outcome.problems == ()
    columns = list(example.expected[0])
    wanted = {_place(row): row for row in example.expected}
    named = {(kpi, part, label) for kpi, part, label, *_ in wanted}
    grids = {row["kpi"] for row in example.expected if row.get("age")}
    found = {
        (one.kpi, one.part or "", one.label or "", group_of(one), _age(one)): one
        for one in outcome.results
        if (one.kpi, one.part or "", one.label) in named and ("by" in columns or not one.by)
        if one.age is None or one.kpi in grids
    }
    assert sorted(found) == sorted(wanted)
    for place, row in wanted.items():
        told = {name: _told(found[place], name, row[name]) for name in columns}
        assert told == row, place


def _place(row: dict[str, str]) -> tuple[str, str, str, str, str]:
    group, age = row.get("by", ""), row.get("age", "")
    return row["kpi"], row.get("part", ""), row["label"], group, age


def _age(result: Result) -> str:
    return "" if result.age is None else str(result.age)


def _told(result: Result, column: str, printed: str) -> str:
    """A field as the page prints it, with as many digits."""
    if column == "by":
        return group_of(result)
    value = getattr(result, column)
    if column == "left_out":
        return "; ".join(f"{reason}={count}" for reason, count in sorted(value.items()))
    if value is None:
        return ""
    if isinstance(value, float | int):
        _, point, decimals = printed.partition(".")
        return f"{value:.{len(decimals)}f}" if point else f"{value:.15g}"
    return str(value)
