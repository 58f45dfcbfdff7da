"""The rows behind a number as other programs read them: CSV and JSON."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kpicli.engine.evidence import Evidence, together
from kpicli.render.csv import write_cell
from kpicli.render.json import Record, outcome_record, write_document
from kpicli.results import Outcome


def evidence_csv(found: Sequence[Evidence]) -> str:
    """All rows: one header row, comma, LF, empty for null, no cell that a spreadsheet computes."""
    frame = together(found)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(write_cell(name) for name in frame.columns)
    for row in frame.iter_rows():
        writer.writerow(write_cell(_plain(value)) for value in row)
    return stream.getvalue()


def evidence_json(outcome: Outcome, found: Sequence[Evidence]) -> str:
    """The document of a report of this one number, with all its rows."""
    rows: list[Record] = [
        {name: _plain(value) for name, value in record.items()}
        for record in together(found).iter_rows(named=True)
    ]
    return write_document(outcome_record(outcome) | {"rows": rows})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
