"""The shelf of KPI kinds, one file and one page each; what has no page is a part of some kinds."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from kpicli.kinds.base import Kind

_FOLDER = Path(__file__).parent

# `nps` is the name people know the score by.
ALIASES = {"nps": "score"}

# What other tools call a kind, and what to write here.
SYNONYMS = {
    "median": "percentile, whose p: is 50 if it is not written",
    "quantile": "percentile",
    "mean": "average",
    "avg": "average",
    "total": "sum",
    "rate": "share, or ratio",
    "percentage": "share",
    "percent": "share",
    "promoter": "nps",
    "net_promoter_score": "nps",
    "number": "count",
    "snapshot": "balance",
}


def kind_names() -> tuple[str, ...]:
    """The kinds there are: whatever has a page."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.md")))


@cache
def kind_named(name: str) -> Kind:
    """The kind of this name; KeyError where there is none. The one dynamic import."""
    known = ALIASES.get(name, name)
    if known not in kind_names():
        raise KeyError(name)
    return cast(Kind, import_module(f"kpicli.kinds.{known}"))


def kind_page(name: str) -> str:
    """The kind's page, as Markdown."""
    return (_FOLDER / f"{ALIASES.get(name, name)}.md").read_text(encoding="utf-8")


def all_kinds() -> Mapping[str, Kind]:
    """Every kind by name."""
    return {name: kind_named(name) for name in kind_names()}
