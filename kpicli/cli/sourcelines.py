"""What was read of a source, in lines of text."""

from collections.abc import Iterator

from kpicli.render.safe import clean
from kpicli.render.signs import write_plain
from kpicli.reports.coverage import write_not_read, write_unmatched
from kpicli.results import SourceRecord


def source_lines(record: SourceRecord, plain: bool) -> Iterator[str]:
    """The files and rows, the program's choices, what was not read and the first places of it."""
    for line in _lines(record):
        yield write_plain(clean(line).rstrip(), plain)


def _lines(record: SourceRecord) -> Iterator[str]:
    files = record.files[0].path if len(record.files) == 1 else f"{len(record.files)} files"
    span = f", {record.first} to {record.last}" if record.first else ""
    rows = "1 row" if record.rows == 1 else f"{record.rows:,} rows"
    yield f"{record.name}: {files}, {rows}{span}"
    for note in record.notes:
        yield f"  {note}"
    if any(record.not_read.values()):
        yield f"  not read: {write_not_read(record)}"
    for one in record.unmatched:
        if one.rows:
            yield f"  not matched: {write_unmatched(record, one)}"
    for spot in record.spots:
        row = f" row {spot.row}" if spot.row else ""
        column = f", {spot.column}" if spot.column else ""
        text = f" {spot.text!r}" if spot.text is not None else ""
        yield f"    {spot.file}{row}{column}:{text} {spot.why}"
