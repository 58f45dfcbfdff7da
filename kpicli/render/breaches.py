"""The rows that break rules of good data, as CSV."""

import csv
import io
from collections.abc import Sequence

from kpicli.engine.breaches import COLUMNS, Breach, breaking_rows
from kpicli.render.csv import write_cell


def breaches_csv(breaches: Sequence[Breach]) -> str:
    """One header row, comma, LF, empty for null, no cell that a spreadsheet computes."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in breaking_rows(breaches).iter_rows():
        writer.writerow(write_cell(value) for value in row)
    return stream.getvalue()
