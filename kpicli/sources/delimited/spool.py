"""Rows put aside while a file is read, in memory or in a temporary folder."""

from pathlib import Path

import polars as pl

from kpicli.errors import SourceError
from kpicli.sources.tempfolder import new_folder, no_room

PART_BYTES = 1 << 25


class Spool:
    """Frames of one schema, added one after the other; past 32 MB they go to disk.

    The files live in the system's temporary folder until the program ends.
    """

    def __init__(self, schema: dict[str, pl.DataType], part_bytes: int = PART_BYTES) -> None:
        self._waiting = [pl.DataFrame(schema=schema)]
        self._size = 0
        self._part_bytes = part_bytes
        self._folder: Path | None = None
        self._parts = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Put rows behind those already there."""
        self._waiting.append(frame)
        self._size += int(frame.estimated_size())
        if self._size >= self._part_bytes:
            self._write()

    def lazy(self) -> pl.LazyFrame:
        """Give everything added, in order."""
        if self._folder is None:
            return pl.concat(self._waiting).lazy()
        self._write()
        return pl.scan_parquet(self._folder / "*.parquet", glob=True)

    def _write(self) -> None:
        frame = pl.concat(self._waiting)
        self._waiting = [frame.clear()]
        self._size = 0
        self._folder = self._folder or new_folder()
        try:
            part = self._folder / f"{self._parts:06}.parquet"
            frame.write_parquet(part, compression="lz4", statistics=False)
        except OSError as wrong:
            raise SourceError([no_room(wrong)]) from wrong
        self._parts += 1
