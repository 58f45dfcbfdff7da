"""Fields within objects that no row has a value in."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from kpicli.engine.opened import Opened
from kpicli.engine.stored import StoredFile
from kpicli.errors import Problem, SourceError, did_you_mean
from kpicli.sources.fields import Fields

# In so many objects of each file the fields are looked for that one may have been taken for.
_LOOKED_AT = 100_000


def without_unknown_fields(opened: Opened, files: Sequence[StoredFile]) -> Opened:
    """The source with a note on every field that has no value in any row.

    SourceError for a field of a JSON text that no row has at all, with the nearest that one has.
    Structs and JSON files say so by their headers.
    """
    wanted = [name for name in opened.types if any(name in file.inner for file in files)]
    empty = list(_empty(opened, wanted))
    problems = [one for name in empty if (one := _unknown(opened, name, files))]
    if problems:
        raise SourceError(problems)
    notes = tuple(f"{opened.name}.{name} has no value in any row" for name in empty)
    record = replace(opened.record, notes=(*opened.record.notes, *notes))
    return replace(opened, record=record) if notes else opened


def _whole(file: StoredFile, name: str) -> str | None:
    """The column with the JSON text that a field is in."""
    return file.inner[name].whole if name in file.inner else None


def _empty(opened: Opened, names: Sequence[str]) -> Iterator[str]:
    """The columns without a value; a look stops at the first."""
    looks = [opened.frame.select(pl.col(name).drop_nulls().head(1)) for name in names]
    found = pl.collect_all(looks, engine="streaming")
    yield from (name for name, look in zip(names, found, strict=True) if not look.height)


def _unknown(opened: Opened, name: str, files: Sequence[StoredFile]) -> Problem | None:
    texts = [(file, base) for file in files if (base := _whole(file, name))]
    if not texts or len(texts) < sum(name in file.inner for file in files):
        return None
    fields = Fields()
    for file, base in texts:
        for record in _objects(file, base):
            fields.see({base: record})
    address = texts[0][0].headers[name]
    if not fields.names or address in fields.inner:
        return None
    message = f"{opened.name} has no {address} in any row"
    hint = did_you_mean(address, fields.inner)
    return Problem("missing_column", message, hint, source=opened.name)


def _objects(file: StoredFile, base: str) -> Iterator[dict[str, object]]:
    texts = file.rows.select(pl.col(base)).drop_nulls().head(_LOOKED_AT).collect()
    for text in texts.to_series():
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if type(found) is dict:
            yield found
