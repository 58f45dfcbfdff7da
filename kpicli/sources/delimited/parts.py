"""A large regular file cut into parts, so that reading it holds a few of them at a time.

A reader maps the whole of a file into memory, where it counts as the program's until the system
needs the room. Parts are mapped one after the other.
"""

from functools import cache
from pathlib import Path

from kpicli.errors import SourceError
from kpicli.sources.tempfolder import new_folder, no_room

# Files up to this size are read as they are.
LARGE_BYTES = 256 * 1024 * 1024
_PART_BYTES = 16 * 1024 * 1024
_MARK = b"\xef\xbb\xbf"


def parts_of(path: Path, first_line: int) -> tuple[Path, ...]:
    """The file's lines from the first data row on, in files that end where a line does."""
    stat = path.stat()
    return _made(path, first_line, stat.st_size, stat.st_mtime_ns)


@cache
def _made(path: Path, first_line: int, size: int, modified: int) -> tuple[Path, ...]:
    made: list[Path] = []
    with path.open("rb") as file:
        if file.read(len(_MARK)) != _MARK:
            file.seek(0)
        for _ in range(first_line):
            file.readline()
        try:
            folder = new_folder()
            while block := file.read(_PART_BYTES) + file.readline():
                made.append(folder / f"{len(made):06}.csv")
                made[-1].write_bytes(block)
        except OSError as wrong:
            raise SourceError([no_room(wrong)]) from wrong
    return tuple(made)
