"""List the KPIs of the definitions: name, kind, owner and target of each.

--library lists the ready definitions that `use: NAME` brings in, --presets the exports that
`preset: NAME` reads, --sources the exports and --segments the splits of the definitions. Opens no
data.
"""

from kpicli.cli.faults import warn_of
from kpicli.cli.listing import (
    kpi_records,
    kpi_table,
    library_records,
    library_table,
    segment_records,
    segment_table,
    source_records,
    source_table,
)
from kpicli.cli.options import (
    Data,
    Definitions,
    ListLibrary,
    ListPresets,
    ListSegments,
    ListSources,
    TableOrJson,
)
from kpicli.cli.outcome import local_today
from kpicli.cli.output import check_word
from kpicli.cli.presetpage import preset_records, preset_table
from kpicli.cli.screen import print_document, print_text, screen
from kpicli.cli.soundpart import read_sound
from kpicli.errors import DefinitionError, RequestError
from kpicli.library import library_definitions
from kpicli.render.grid import write_table
from kpicli.render.json import Record, write_document
from kpicli.render.pen import Pen
from kpicli.reports.blocks import Table
from kpicli.results import SCHEMA


def command(
    library: ListLibrary = False,
    sources: ListSources = False,
    segments: ListSegments = False,
    presets: ListPresets = False,
    definitions: Definitions = "kpi_definitions.yaml",
    data: Data = None,
    format_: TableOrJson = "table",
) -> int:
    """Print a table, or the records as JSON."""
    check_word(format_, ("table", "json"))
    if library + sources + segments + presets > 1:
        lists = "--library, --sources, --segments and --presets"
        raise RequestError(f"{lists} are four lists: ask for one")
    if presets:
        return _print(format_, preset_table(), "presets", preset_records())
    if library:
        ready = library_definitions()
        return _print(format_, library_table(ready), "kpis", library_records(ready))
    book, wrong = read_sound(definitions, data)
    if sources:
        return _print(format_, source_table(book), "sources", source_records(book))
    if segments:
        return _print(format_, segment_table(book), "segments", segment_records(book))
    _print(format_, kpi_table(book, local_today(book)), "kpis", kpi_records(book))
    warn_of(wrong, shown=True)
    return DefinitionError.exit_code if wrong else 0


def _print(format_: str, table: Table, name: str, records: list[Record]) -> int:
    if format_ == "json":
        print_document(write_document({"schema": SCHEMA, name: records}))
    elif table.rows:
        shown = screen()
        print_text(write_table(table, Pen(shown.width, shown.colour, shown.plain_signs)))
    return 0
