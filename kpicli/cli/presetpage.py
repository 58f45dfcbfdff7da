"""The presets, as `kpi list --presets` and `kpi explain PRESET` show them."""

from collections.abc import Iterator, Mapping

from kpicli.cli.pages import print_markdown
from kpicli.cli.screen import print_document
from kpicli.render.json import Record, write_document
from kpicli.reports.blocks import Cell, Column, Row, Table
from kpicli.results import SCHEMA
from kpicli.sources.meanings import plain_words
from kpicli.sources.presets import Preset, preset_named, preset_names, presets
from kpicli.words.vocabulary import word_type

# What says how rows are read, in the order of a page; the rest of a preset is columns and words.
_READ = ("time", "start", "end", "key", "unique", "zone", "decimal", "thousands", "nulls",
         "header_rows", "footer_from")  # fmt: skip


def is_preset(name: str) -> bool:
    """Whether there is a preset of this name."""
    return name in preset_names()


def preset_table() -> Table:
    """The presets: what each reads, and whence its headers are known."""
    columns = (Column("preset", "left"), Column("reads", "left"), Column("known from", "left"))
    rows = (Row((Cell(one.name), Cell(one.title), Cell(one.evidence))) for one in presets())
    return Table(columns, tuple(rows))


def preset_records() -> list[Record]:
    """Name, title, evidence, about, role and the keys of the source."""
    return [_record(one) for one in presets()]


def print_preset(name: str, format_: str) -> None:
    """What the export is, which header is which column, what its words mean."""
    preset = preset_named(name)
    if format_ == "json":
        print_document(write_document({"schema": SCHEMA, "preset": _record(preset)}))
    else:
        print_markdown("\n".join(_page(preset)) + "\n")


def _record(preset: Preset) -> Record:
    return {
        "name": preset.name,
        "title": preset.title,
        "evidence": preset.evidence,
        "about": preset.about,
        "role": preset.role,
        "recognise": [list(one) for one in preset.recognise],
        "keys": preset.source,
        "exclude": list(preset.exclude),
    }


def _page(preset: Preset) -> Iterator[str]:
    yield from (f"# {preset.title}", "", preset.about, "")
    yield f"Its headers are known from {preset.evidence}. Under `sources:` it plays {preset.role}:"
    yield from ("", "```yaml", f"{preset.role}: {{path: …, preset: {preset.name}}}", "```", "")
    yield from ("| column | type | header in the file |", "|---|---|---|")
    for column, headers in preset.columns.items():
        told = ", else ".join(f"`{header}`" for header in headers)
        yield f"| {column} | {_type(preset, column)} | {told} |"
    yield ""
    for key in _READ:
        if key in preset.source:
            yield f"- {key}: {_listed(preset.source[key])}"
    for column, words in preset.source.get("values", {}).items():
        yield f"- {column}: {_words(words)}"
    for column, gate in preset.source.get("only_if", {}).items():
        yield f"- {column}: only where {gate} says yes"
    for one in preset.exclude:
        yield f"- rows where {one['where']} are left out: {one['reason']}"


def _type(preset: Preset, column: str) -> str:
    dates = preset.source.get("dates", {}).get(column)
    told = (preset.types.get(column) or word_type(column) or "text").replace("_", "/")
    return ", ".join(one for one in (told, dates) if one)


def _words(words: Mapping[str, bool | str | None]) -> str:
    plain = plain_words(words)
    told = zip(words, plain.values(), strict=True)
    return ", ".join(f"{word} → {meaning or 'no value'}" for word, meaning in told)


def _listed(told: object) -> str:
    return ", ".join(map(str, told)) if isinstance(told, list) else str(told)
