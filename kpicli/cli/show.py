"""Show what a source holds and how it is read.

Columns as named here and in the file, with their types, how often they are filled and their first
values; the files; what was not read and where; how far it goes; what it refers to, and how many
rows find a partner. Ids and addresses are not shown. Exit 3 where a report could not read it.
"""

from kpicli.cli.faults import warn_of
from kpicli.cli.options import Data, Definitions, PageFormat, SourceName
from kpicli.cli.outcome import local_today
from kpicli.cli.pages import check_page_format, print_page
from kpicli.cli.screen import progress
from kpicli.cli.soundpart import read_sound, warn_of_rest
from kpicli.engine.profile import profile_of
from kpicli.errors import SourceError
from kpicli.render.source import source_json
from kpicli.reports.source import source_blocks


def command(
    source: SourceName,
    definitions: Definitions = "kpi_definitions.yaml",
    data: Data = None,
    format_: PageFormat = "table",
) -> int:
    """Read all of it, print what it is."""
    check_page_format(format_)
    book, others = read_sound(definitions, data)
    warn_of_rest(others)
    with progress("reading …"):
        profile = profile_of(book, source, local_today(book))
    print_page(format_, source_blocks(profile), lambda: source_json(profile))
    warn_of(profile.problems)
    return SourceError.exit_code if profile.problems else 0
