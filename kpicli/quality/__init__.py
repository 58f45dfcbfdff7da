"""The shelf of rules of good data, one file each."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from kpicli.quality.base import RuleKind

_FOLDER = Path(__file__).parent


def rule_names() -> tuple[str, ...]:
    """The rules there are: those that have a page."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.md")))


@cache
def rule_named(name: str) -> RuleKind:
    """The rule of this name; KeyError where there is none. The one dynamic import."""
    if name not in rule_names():
        raise KeyError(name)
    return cast(RuleKind, import_module(f"kpicli.quality.{name}"))


def rule_page(name: str) -> str:
    """The rule's page, as Markdown."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
