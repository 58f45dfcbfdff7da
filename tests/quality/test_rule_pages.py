"""Every rule's page: the definitions over the rows find what is printed below them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpicli.engine.rulesurvey import survey_rules
from kpicli.flow import open_book
from kpicli.quality import rule_named, rule_names, rule_page
from kpicli.render.breaches import breaches_csv

NOW = datetime(2025, 1, 10, 12, tzinfo=UTC)
TODAY = date(2026, 1, 1)
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """Definitions and files, the problems they give and the rows that break a rule."""

    page: str
    files: Mapping[str, str]
    expected: dict[str, str] = field(default_factory=dict)


def examples() -> Iterator[Example]:
    """One of each page."""
    for name in rule_names():
        files, expected = {}, {}
        for language, file, text in _BLOCK.findall(rule_page(name)):
            if language in ("yaml", "csv"):
                files[file or "kpi.yaml"] = text
            else:
                expected[language] = text
        yield Example(name, files, expected)


EXAMPLES = tuple(examples())


@pytest.mark.parametrize("name", rule_names())
def test_every_rule_has_a_page_that_names_its_keys(name: str) -> None:
    page = rule_page(name)
    assert page.startswith(f"# {name}\n\n")
    for key in rule_named(name).Written.model_fields:
        assert key == "report" or f"`{key}" in page, key


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.page)
def test_the_example_finds_what_it_prints(example: Example, tmp_path: Path) -> None:
    for name, text in example.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    found = survey_rules(open_book(tmp_path / "kpi.yaml", {}), TODAY, NOW)
    told = "".join(f"{one.level}: {one.message}\n" for one in found.problems)
    assert told == example.expected["problems"]
    if "rows" in example.expected:
        assert breaches_csv(found.breaches) == example.expected["rows"]
