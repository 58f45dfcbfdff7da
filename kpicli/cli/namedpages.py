"""The pages that `kpi explain NAME` prints: of kinds, of rules, of what stands beside the KPIs."""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from kpicli.cli.pages import print_markdown
from kpicli.cli.screen import print_document, print_text
from kpicli.definitions.topics import topic_names, topic_page
from kpicli.kinds import ALIASES, kind_names, kind_page
from kpicli.quality import rule_names, rule_page
from kpicli.render.json import write_document
from kpicli.results import SCHEMA

_WIDTH = 79
_HEADINGS = {"kpi": "KPIs", "kind": "Kinds", "topic": "Pages", "rule": "Rules of good data"}


def page_names() -> dict[str, tuple[str, ...]]:
    """What there are pages of, by what they tell of."""
    return {"kind": kind_names(), "topic": topic_names(), "rule": rule_names()}


def is_page(name: str) -> bool:
    """Whether there is a page of this name, or one known by it."""
    return name in ALIASES or any(name in names for names in page_names().values())


def is_kind(name: str) -> bool:
    """Whether there is a kind of this name, or one known by it."""
    return name in ALIASES or name in kind_names()


def print_named(name: str, format_: str) -> None:
    """The page; as JSON beside what it is of."""
    name = ALIASES.get(name, name)
    what = next(what for what, names in page_names().items() if name in names)
    page = {"kind": kind_page, "topic": topic_page, "rule": rule_page}[what](name)
    if format_ == "json":
        print_document(write_document({"schema": SCHEMA, what: name, "page": page}))
    else:
        print_markdown(page)


def print_names(kpis: tuple[str, ...], format_: str) -> None:
    """What may be explained, by what it is."""
    told = {"kpi": kpis, **page_names()}
    if format_ == "json":
        print_document(write_document({"schema": SCHEMA, "names": told}))
    else:
        print_text("".join(f"{line}\n" for line in _lines(told)))


def _lines(told: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for what, names in told.items():
        if names:
            yield _HEADINGS[what]
            yield from (f"  {line}" for line in wrap(", ".join(names), _WIDTH - 2))
    yield "Ready definitions"
    yield "  kpi list --library"
    yield ""
    yield "kpi explain NAME explains one of them"
