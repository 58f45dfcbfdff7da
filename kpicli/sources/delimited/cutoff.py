"""Text files that end in the middle of a row."""

from collections.abc import Sequence
from pathlib import Path

from kpicli.errors import Problem, SourceError
from kpicli.sources.delimited.footer import Record
from kpicli.sources.delimited.layout import Layout

_END_BYTES = 1 << 16


def refuse_cut_off(path: Path, layout: Layout, last: Sequence[Record]) -> None:
    """SourceError where the last row is not whole, and no line break ends it.

    last holds the last two records. Below a blank or another short line stands a footer rather
    than what is left of a row.
    """
    if not last or not _is_part(last[-1], layout):
        return
    below_rows = len(last) < 2 or last[0] is None or _is_whole(last[0], layout)
    end = _end_of(path)
    if not below_rows or end[-1:] in (b"\n", b"\r", b"\x1a"):
        return
    if last[-1] is None and not _quote_is_open(end):
        return
    message = f"{path.name} looks cut off in its last row"
    hint = "export it again; if its last line is a footer, write footer_from: and how that begins"
    raise SourceError([Problem("truncated", message, hint)])


def _is_part(record: Record, layout: Layout) -> bool:
    return record is None or (len(record) < layout.least and any(field.strip() for field in record))


def _is_whole(record: Sequence[str], layout: Layout) -> bool:
    return len(record) >= layout.least and any(record)


def _end_of(path: Path) -> bytes:
    """The last bytes; those that fill up a character of a wide encoding are left out."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_BYTES))
        return file.read().replace(b"\0", b"")


def _quote_is_open(end: bytes) -> bool:
    line = end.replace(b"\r", b"\n").rpartition(b"\n")[2]
    return line.count(b'"') % 2 == 1
