"""The pages of the kinds, as `kpi explain KIND` prints them."""

from kpicli.cli.pages import print_markdown
from kpicli.cli.screen import print_document
from kpicli.kinds import ALIASES, kind_names, kind_page
from kpicli.render.json import write_document
from kpicli.results import SCHEMA


def is_kind(name: str) -> bool:
    """Whether there is a kind of this name, or one known by it."""
    return name in kind_names() or name in ALIASES


def print_kind(name: str, format_: str) -> None:
    """The page; as JSON beside the kind's own name."""
    kind = ALIASES.get(name, name)
    if format_ == "json":
        print_document(write_document({"schema": SCHEMA, "kind": kind, "page": kind_page(kind)}))
    else:
        print_markdown(kind_page(kind))
