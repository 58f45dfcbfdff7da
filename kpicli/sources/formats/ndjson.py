"""JSON with one object a line: NDJSON, JSON Lines.

Every field of the objects is a column, also one that stands in the last line alone; a line that
lacks it has no value there. Cells are texts, as those of a CSV file: numbers with all their
digits, true and false, an object or list as its JSON; `properties.plan` is a field within an
object. Rows are numbered by their lines; a line that is no object counts as unread. The file is
read through once for its fields and once for its values, some lines at a time.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from kpicli.errors import Problem, SourceError
from kpicli.sources.delimited.repair import Account
from kpicli.sources.delimited.spool import Spool
from kpicli.sources.fields import Fields, Keys, as_text, reached
from kpicli.sources.files import START_BYTES, empty_file, first_bytes
from kpicli.sources.headers import positions
from kpicli.sources.jsonlines import Line, line_blocks
from kpicli.sources.nulls import without_nulls
from kpicli.sources.reading import ROW, Format, Header, Inner, Reading, Scan

_BOM = b"\xef\xbb\xbf"
_LOOKED_AT = 20


def headers(path: Path, reading: Reading) -> Header:
    """The fields of all objects, of type String; raises SourceError."""
    first_bytes(path)
    stat = path.stat()
    fields = _fields(path, stat.st_size, stat.st_mtime_ns)
    names = tuple(_ours(name) for name in fields.names)
    inner = {address: Inner(keys, pl.String()) for address, keys in fields.inner.items()}
    return Header(
        names,
        (pl.String(),) * len(names),
        written="utf-8, one object a line",
        inner=inner,
        all_inner=not fields.open_ended,
        digs=True,
    )


def scan(path: Path, reading: Reading, columns: Sequence[str]) -> Scan:
    """The asked fields as text, inner ones too, null where nothing stands; raises SourceError."""
    header = headers(path, reading)
    top = [column for column in columns if column not in header.inner]
    places = positions(path, header, top)
    stat = path.stat()
    written = list(_fields(path, stat.st_size, stat.st_mtime_ns).names)
    asked: dict[str, Keys] = {header.names[at]: (written[at],) for at in places}
    asked |= {column: header.inner[column].keys for column in columns if column in header.inner}
    return _scanned(path, asked, reading)


@cache
def _fields(path: Path, size: int, modified: int) -> Fields:
    """What the objects of a file have, as long as size and time stay."""
    fields, lines = Fields(), 0
    for block in line_blocks(path):
        lines += len(block)
        for line in block:
            fields.see(line.record)
    if not lines:
        raise SourceError([empty_file(path, "it holds blank lines alone")])
    if not fields.names:
        raise SourceError([_no_objects(path)])
    return fields


def _no_objects(path: Path) -> Problem:
    message = f"{path.name} holds no JSON object on a line of its own"
    return Problem("not_ndjson", message, "write one object a line: jq -c '.[]' makes it of a list")


def _ours(name: str) -> str:
    """The row's number is ours; a field without name is called by what it lacks."""
    told = name.strip() or "field without name"
    return told.capitalize() if told == ROW else told


def _scanned(path: Path, asked: Mapping[str, Keys], reading: Reading) -> Scan:
    spool = Spool({ROW: pl.UInt32(), **dict.fromkeys(asked, pl.String())})
    account = Account(path.name)
    for block in line_blocks(path):
        for line in block:
            if line.wrong:
                account.refuse(line.row, [line.text.strip()], line.wrong)
        spool.add(_frame([line for line in block if not line.wrong], asked, reading))
    return Scan(spool.lazy(), tuple(account.unread), account.unread_count)


def _frame(lines: Sequence[Line], asked: Mapping[str, Keys], reading: Reading) -> pl.DataFrame:
    rows = pl.Series(ROW, [line.row for line in lines], dtype=pl.UInt32)
    cells = [_column(name, _cells(lines, keys)) for name, keys in asked.items()]
    frame = pl.DataFrame([rows, *cells])
    # By position: pl.col reads some names as patterns.
    told = [without_nulls(pl.nth(at), reading.nulls) for at in range(1, frame.width)]
    return frame.select(pl.nth(0), *told)


def _cells(lines: Sequence[Line], keys: Keys) -> Iterator[str | None]:
    if len(keys) == 1:
        return (as_text(line.record.get(keys[0])) for line in lines)
    return (as_text(reached(line.record, keys)) for line in lines)


def _column(name: str, cells: Iterator[str | None]) -> pl.Series:
    told = list(cells)
    try:
        return pl.Series(name, told, dtype=pl.String)
    except UnicodeEncodeError:
        # Half of a character that JSON writes in two: \ud83d.
        whole = [None if one is None else one.encode("utf-8", "replace").decode() for one in told]
        return pl.Series(name, whole, dtype=pl.String)


def recognises(start: bytes) -> bool:
    """Whether an object begins, and one of the first lines is an object of its own."""
    text = start.removeprefix(_BOM).lstrip()
    lines = text.split(b"\n", _LOOKED_AT)[:_LOOKED_AT]
    if len(lines) == 1 and len(start) >= START_BYTES:
        return text.startswith(b'{"')
    return text.startswith(b"{") and any(map(_is_object, lines))


def _is_object(line: bytes) -> bool:
    try:
        return type(json.loads(line)) is dict
    except (ValueError, RecursionError):
        return False


FORMAT = Format("NDJSON", (".ndjson", ".jsonl", ".json"), recognises, headers, scan)
