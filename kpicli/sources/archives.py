"""The files within a zip archive."""

import zipfile
import zlib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from kpicli.errors import Problem, SourceError, did_you_mean
from kpicli.sources.unpacking import unpacked

_LISTED = 8


def is_within(pattern: str) -> bool:
    """Whether a path leads into an archive: `export.zip/*.csv`."""
    return ".zip/" in pattern.lower()


def taken_out(whole: Path) -> tuple[Path, ...]:
    """The files of an archive that a path into it means, unpacked; SourceError for none."""
    archive = next(one for one in whole.parents if one.suffix.lower() == ".zip")
    wanted = whole.relative_to(archive).as_posix()
    names = members_of(archive)
    found = [name for name in names if fnmatchcase(name, wanted)]
    found = found or [name for name in names if fnmatchcase(Path(name).name, wanted)]
    if not found:
        message = f"{archive.name} holds no file {wanted}"
        raise SourceError([Problem("no_match", message, did_you_mean(wanted, names))])
    return tuple(member_of(archive, name) for name in found)


def members_of(archive: Path) -> list[str]:
    """The names of the files in an archive, sorted, without what systems put beside them."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = sorted(one.filename for one in opened.infolist() if not one.is_dir())
    except (zipfile.BadZipFile, OSError) as wrong:
        raise SourceError([_damaged(archive)]) from wrong
    return [name for name in names if not _is_beside(name)]


def member_of(archive: Path, name: str) -> Path:
    """One file of an archive, unpacked; raises SourceError."""
    try:
        return unpacked(archive, _open, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise SourceError([_damaged(archive)]) from wrong
    except RuntimeError as wrong:
        message = f"{archive.name} is locked by a password"
        raise SourceError([Problem("not_zip", message, "unpack it first")]) from wrong


def listed(names: list[str]) -> str:
    """The first names, in a sentence."""
    return ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")


def _is_beside(name: str) -> bool:
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _open(path: Path, member: str) -> IO[bytes]:
    return zipfile.ZipFile(path).open(member)


def _damaged(archive: Path) -> Problem:
    message = f"{archive.name} is damaged or cut short: it cannot be unpacked"
    return Problem("truncated", message, "download or copy it again")
