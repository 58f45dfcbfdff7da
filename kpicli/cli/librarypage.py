"""The pages of the library's definitions, as `kpi explain NAME` prints them."""

from collections.abc import Iterator, Mapping

import yaml

from kpicli.cli.pages import print_markdown
from kpicli.cli.screen import print_document
from kpicli.kinds import kind_named
from kpicli.kinds.base import Kind
from kpicli.kinds.written import WrittenKpi
from kpicli.library import library_definitions
from kpicli.render.json import write_document
from kpicli.results import SCHEMA


def is_ready(name: str) -> bool:
    """Whether the library has a definition of this name."""
    return name in library_definitions()


def print_ready(name: str, format_: str) -> None:
    """What the definition says, what it reads, its YAML; as JSON with the YAML's keys."""
    keys = library_definitions()[name]
    kind = kind_named(str(keys["kind"]))
    written = kind.Written.model_validate(keys)
    wanted = columns_wanted(kind, written)
    sentence = kind.sentence(written)
    if format_ == "json":
        record = {"name": name, "definition": sentence, "sources": wanted, "keys": keys}
        print_document(write_document({"schema": SCHEMA, "library": record}))
    else:
        print_markdown("\n".join(_page(name, written, sentence, wanted)) + "\n")


def columns_wanted(kind: Kind, written: WrittenKpi) -> Mapping[str, list[str]]:
    """The columns that are read, by source; those of the source's own time: are not among them."""
    found: dict[str, dict[str, None]] = {}
    for need in kind.needs(written).values():
        columns = found.setdefault(need.source, {})
        dated = (need.time, need.start, need.end)
        names = [*(name for told in need.expressions() for name in told.names), *dated]
        columns |= dict.fromkeys(name for name in names if name)
    return {source: list(columns) for source, columns in found.items()}


def _page(
    name: str, written: WrittenKpi, sentence: str, wanted: Mapping[str, list[str]]
) -> Iterator[str]:
    yield from (f"# {written.title}", "", f"{sentence}.", "")
    if written.description:
        yield from (written.description, "")
    yield from (f"A ready definition: `{name}: {{use: {name}}}` under `kpis:` brings it in.", "")
    yield from (_reads(source, columns) for source, columns in wanted.items())
    inputs = kind_named(written.kind).inputs(written)
    if inputs:
        yield f"- is told from the KPIs {', '.join(inputs)}"
    text = yaml.safe_dump({name: dict(library_definitions()[name])}, sort_keys=False, width=90)
    yield from ("", "```yaml", text.rstrip(), "```")


def _reads(source: str, columns: list[str]) -> str:
    """What is read of a source; who there is stands in the source with that key."""
    named = ", ".join(columns) or "rows alone"
    return f"- reads {source}: {named}" if source else f"- reads the list of who there is: {named}"
