"""Tables that are computed once and kept, from one run to the next in the user's cache folder."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from os import utime
from pathlib import Path
from tempfile import NamedTemporaryFile
from zlib import crc32

import polars as pl

from kpicli import __version__
from kpicli.engine.damage import UNREADABLE

# Raised whenever a table of the same key would be another one.
FORMAT = 1
UNUSED_SECONDS = 30 * 24 * 3600
MOST_BYTES = 2 * 1024**3
_ENDING, _SUM_BYTES = ".table", 4


@dataclass(frozen=True)
class Cache:
    """Tables by what they depend on, in words; without a folder those of this run alone.

    made are those that are not in the folder yet, used the files that were read from it.
    """

    folder: Path | None = None
    held: dict[str, pl.DataFrame] = field(default_factory=dict)
    made: dict[str, pl.DataFrame] = field(default_factory=dict)
    used: set[Path] = field(default_factory=set)

    def table(self, key: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The table of a key, made where it is not there."""
        known = self.find(key)
        if known is None:
            known = self.held[key] = self.made[key] = make()
        return known

    def once(self, key: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The table of a key, made once in a run and never written: it is told from others."""
        if key not in self.held:
            self.held[key] = make()
        return self.held[key]

    def find(self, key: str) -> pl.DataFrame | None:
        """The table of a key; None where it is not there."""
        if key not in self.held and (known := self._read(key)) is not None:
            self.held[key] = known
        return self.held.get(key)

    def knows(self, key: str) -> bool:
        """Whether the table of a key need not be made, unless its file is broken."""
        return key in self.held or (
            self.folder is not None and self._path(self.folder, key).exists()
        )

    def write(self, now: float) -> str | None:
        """Write what was made, drop what nobody used; why that cannot be done, or None.

        now is the clock in seconds. Each file is written whole or not at all, so that runs at the
        same time do not disturb each other.
        """
        if self.folder is None or not (self.made or self.used):
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for key, table in self.made.items():
                _write(self._path(self.folder, key), _packed(table))
            for path in self.used:
                with suppress(FileNotFoundError):
                    utime(path, (now, now))
            _tidy(self.folder, now)
        except OSError as wrong:
            return f"the cache {self.folder} cannot be written: {wrong.strerror or wrong}"
        self.made.clear()
        return None

    def _read(self, key: str) -> pl.DataFrame | None:
        """The table in the folder; None where it is not there, or not whole."""
        if self.folder is None:
            return None
        path = self._path(self.folder, key)
        try:
            found = unpacked(path.read_bytes())
        except OSError:
            return None
        if found is not None:
            self.used.add(path)
        return found

    def _path(self, folder: Path, key: str) -> Path:
        made_by = f"{__version__} {FORMAT} {pl.__version__}"
        return folder / (sha256(f"{made_by} {key}".encode()).hexdigest()[:40] + _ENDING)


def _packed(table: pl.DataFrame) -> bytes:
    """A table as bytes, their sum before them."""
    buffer = BytesIO()
    table.write_parquet(buffer, compression="lz4", statistics=False)
    content = buffer.getvalue()
    return crc32(content).to_bytes(_SUM_BYTES, "big") + content


def unpacked(content: bytes) -> pl.DataFrame | None:
    """The table of a file; None where the file is not whole."""
    told, rest = content[:_SUM_BYTES], content[_SUM_BYTES:]
    if crc32(rest).to_bytes(_SUM_BYTES, "big") != told:
        return None
    try:
        return pl.read_parquet(BytesIO(rest))
    except UNREADABLE:
        return None


def _write(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, suffix=_ENDING, delete=False) as file:
        file.write(content)
    try:
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise


def _tidy(folder: Path, now: float) -> None:
    """Drop files that were not used for long, then the oldest beyond the size that is allowed."""
    total = 0
    for used, size, path in sorted(_files(folder), reverse=True):
        total += size
        if used < now - UNUSED_SECONDS or total > MOST_BYTES:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each file was used last, and its size."""
    for path in folder.glob(f"*{_ENDING}"):
        with suppress(FileNotFoundError):
            stat = path.stat()
            yield stat.st_mtime, stat.st_size, path
