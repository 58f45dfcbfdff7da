"""Files replaced whole: whoever reads one sees the old or the new, never half of it."""

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kpicli.cli.screen import OutputError
from kpicli.errors import Problem


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write every file beside its target, then move all over; OutputError, and none is moved.

    Folders are made. A link is followed; what is no plain file (/dev/null) is written to.
    """
    waiting: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            with _told(path):
                _prepare(path.resolve(), content, waiting)
        for target in tuple(waiting):
            with _told(target):
                waiting[target].replace(target)
                del waiting[target]
    finally:
        for left in waiting.values():
            left.unlink(missing_ok=True)


def append_text(path: Path, text: str) -> None:
    """Add to a file's end; OutputError where that fails."""
    with _told(path), path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _prepare(target: Path, content: bytes, waiting: dict[Path, Path]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    # Not tempfile: its files are readable by their owner alone, and this one is to stay.
    with beside.open("xb") as file:
        waiting[target] = beside
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        why = (wrong.strerror or "the system refused").lower()
        raise OutputError([Problem("not_written", f"{path} cannot be written: {why}")]) from wrong
