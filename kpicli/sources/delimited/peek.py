"""What the first cells of a column look like, before the file is read."""

import csv
from pathlib import Path

from kpicli.sources.delimited.layout import layout_of
from kpicli.sources.files import first_bytes
from kpicli.sources.reading import Reading


def may_hold_objects(path: Path, reading: Reading, name: str) -> bool:
    """Whether the column's cells may be JSON objects: one of the first is, or all are empty."""
    layout = layout_of(path, reading)
    text = first_bytes(path).decode(layout.encoding.codec, "replace")
    lines = text.splitlines(keepends=True)[layout.first_line :]
    at = layout.names.index(name)
    records = csv.reader(lines, delimiter=layout.separator)
    try:
        cells = [record[at].strip() for record in records if len(record) > at]
    except csv.Error:
        # A cell too long for this reader, or a quote that does not close: reading tells.
        return True
    filled = [cell for cell in cells if cell and cell not in reading.nulls]
    return not filled or any(cell.startswith("{") for cell in filled)
