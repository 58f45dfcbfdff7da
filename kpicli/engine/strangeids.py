"""Ids that are not written as the source says they are."""

from dataclasses import replace

import polars as pl

from kpicli.engine.opened import FILE, ROW, Opened
from kpicli.sources.salesforceids import is_long_id


def with_strange_ids(opened: Opened) -> Opened:
    """The source with a note on the values of Salesforce ids that are none; they stay as they are.

    No other row has such an id, so nothing is joined wrongly by it, and its row still counts.
    """
    declared = [name for name, word in opened.source.types.items() if word == "salesforce_id"]
    notes = [note for name in declared if name in opened.types for note in _note(opened, name)]
    record = replace(opened.record, notes=(*opened.record.notes, *notes))
    return replace(opened, record=record) if notes else opened


def _note(opened: Opened, name: str) -> tuple[str, ...]:
    strange = opened.frame.filter(~is_long_id(pl.col(name))).select(FILE, ROW)
    first, count = pl.collect_all(
        [strange.sort(FILE, ROW).head(1), strange.select(pl.len())], engine="streaming"
    )
    if not first.height:
        return ()
    file, row = first.row(0)
    values = "1 value" if count.item() == 1 else f"{count.item():,} values"
    place = f"the first in {opened.files[file]} row {row}"
    return (f"{opened.name}.{name}: {values} no Salesforce id, kept as written; {place}",)
