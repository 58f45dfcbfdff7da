"""Files compressed with gzip, whatever they hold.

`events.ndjson.gz`, `deals.csv.gz`: the file is unpacked block by block into the temporary folder
and read from there as if it had been given unpacked; of one that only its header is asked for no
more is unpacked than holds it. Several files packed one behind the other are one. In lists and
messages it goes by its own name.
"""

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from kpicli.errors import Problem, SourceError
from kpicli.sources.files import START_BYTES
from kpicli.sources.formats import format_within
from kpicli.sources.reading import Format, Header, Reading, Scan
from kpicli.sources.unpacking import unpacked

_MAGIC = b"\x1f\x8b"


def headers(path: Path, reading: Reading) -> Header:
    """The columns of the file within; raises SourceError."""
    within = _within(path)
    found = within.headers(_unpacked(path, within.header_bytes), reading)
    return replace(found, written=f"{within.name}, {found.written}".rstrip(", "))


def scan(path: Path, reading: Reading, columns: Sequence[str]) -> Scan:
    """The asked columns of the file within; raises SourceError."""
    whole = _unpacked(path, None)
    return replace(_within(path).scan(whole, reading, columns), size=whole.stat().st_size)


def _within(path: Path) -> Format:
    return format_within(_unpacked(path, START_BYTES), Path(path.stem).suffix)


def _unpacked(path: Path, limit: int | None) -> Path:
    try:
        return unpacked(path, _open, limit=limit)
    except (EOFError, zlib.error, gzip.BadGzipFile) as wrong:
        message = f"{path.name} is damaged or cut short: it cannot be unpacked"
        raise SourceError([Problem("truncated", message, "download or copy it again")]) from wrong


def _open(path: Path, member: str) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path))


def recognises(start: bytes) -> bool:
    """Whether the first bytes are those of gzip."""
    return start.startswith(_MAGIC)


FORMAT = Format("gzip", (".gz",), recognises, headers, scan)
