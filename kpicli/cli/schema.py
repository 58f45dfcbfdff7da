"""Print the JSON Schema of the definitions, by which editors complete and check them.

`kpi schema > kpi.schema.json`, and as the first line of the definitions:
# yaml-language-server: $schema=kpi.schema.json
"""

from kpicli.cli.screen import print_document
from kpicli.definitions.schema import definitions_schema
from kpicli.render.json import write_document


def command() -> int:
    """Print it."""
    print_document(write_document(definitions_schema()))
    return 0
