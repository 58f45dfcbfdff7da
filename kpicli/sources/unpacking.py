"""Files that are packed into others, taken out once into the temporary folder."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO

from kpicli.errors import SourceError
from kpicli.sources.tempfolder import new_folder, no_room

Opener = Callable[[Path, str], IO[bytes]]
_BLOCK = 1 << 20


def unpacked(path: Path, opener: Opener, member: str = "", limit: int | None = None) -> Path:
    """A file with what opener gives of path, the first limit bytes; under the same name.

    It is made once as long as path does not change, and block by block: memory stays small.
    Errors of opener go through; SourceError where there is no room.
    """
    stat = path.stat()
    return _made(path, opener, member, limit, (stat.st_size, stat.st_mtime_ns))


@cache
def _made(
    path: Path, opener: Opener, member: str, limit: int | None, stamp: tuple[int, int]
) -> Path:
    with opener(path, member) as packed:
        try:
            made = new_folder() / (Path(member).name or path.name)
            file = made.open("wb")
        except OSError as wrong:
            raise SourceError([no_room(wrong)]) from wrong
        with file:
            _copy(packed, file, limit)
    return made


def _copy(packed: IO[bytes], file: IO[bytes], limit: int | None) -> None:
    left = limit
    while block := packed.read(_BLOCK if left is None else min(left, _BLOCK)):
        try:
            file.write(block)
        except OSError as wrong:
            raise SourceError([no_room(wrong)]) from wrong
        left = None if left is None else left - len(block)
