"""Which files a path means, and their first bytes."""

import glob
from pathlib import Path

from kpicli.errors import Problem, SourceError, did_you_mean
from kpicli.sources.archives import is_within, taken_out

START_BYTES = 1 << 18
_EXPORTS = {
    ".csv", ".tsv", ".tab", ".parquet", ".pq", ".ndjson", ".jsonl", ".json", ".xlsx", ".gz", ".zip",
}  # fmt: skip


def expand(pattern: str, base: Path) -> tuple[Path, ...]:
    """The files a path or glob means, seen from base, sorted; raises SourceError for none.

    A path that exists as it is written is taken so, even with `[` or `*` in its name.
    """
    whole = base / pattern
    if is_within(pattern) and not whole.exists():
        return taken_out(whole)
    if whole.exists() or not glob.has_magic(pattern):
        return (_present(whole, pattern),)
    # Not Path.glob: that one also finds hidden files, such as .DS_Store.
    matches = map(Path, glob.glob(str(whole), recursive=True))  # noqa: PTH207
    found = tuple(sorted(path for path in matches if path.is_file()))
    if not found:
        raise SourceError([_nothing("no_match", f"no file matches {pattern}", whole)])
    return found


def _present(path: Path, written: str) -> Path:
    if not path.exists():
        raise SourceError([_nothing("missing_file", f"{written} is not there", path)])
    if path.is_dir():
        raise SourceError([_folder(written)])
    return path


def _folder(written: str) -> Problem:
    example = f"{written.rstrip('/')}/*.csv"
    return Problem("unreadable", f"{written} is a folder, not a file", f"write path: {example}")


def _nothing(code: str, message: str, path: Path) -> Problem:
    folder = path.parent
    if glob.has_magic(str(folder)) or folder.is_dir():
        exports = _exports_in(folder)
        none = "its folder holds no export (CSV, Parquet, NDJSON, XLSX)"
        return Problem(code, message, did_you_mean(path.name, exports) if exports else none)
    return Problem(code, message, f"its folder {folder.name} is not there either")


def _exports_in(folder: Path) -> tuple[str, ...]:
    """The files of a folder that may be meant; no definitions, pages or programs."""
    names = _names_in(folder)
    return tuple(name for name in names if Path(name).suffix.lower() in _EXPORTS)


def _names_in(folder: Path) -> tuple[str, ...]:
    """The files of a folder; nothing where it cannot be listed."""
    try:
        return tuple(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return ()


def first_bytes(path: Path, size: int = START_BYTES) -> bytes:
    """A file's first bytes, at least one; raises SourceError where there is nothing to read."""
    _present(path, path.name)
    if not path.is_file():
        raise SourceError([Problem("unreadable", f"{path.name} is not a plain file")])
    try:
        with path.open("rb") as file:
            start = file.read(size)
    except OSError as wrong:
        raise SourceError([unreadable(path, wrong)]) from wrong
    if not start:
        raise SourceError([empty_file(path, "it has no bytes at all")])
    return start


def empty_file(path: Path, why: str) -> Problem:
    """A file with nothing in it: not even a header."""
    return Problem("empty_file", f"{path.name} is empty: {why}", "export it again, header included")


def unreadable(path: Path, wrong: OSError) -> Problem:
    """The system refuses to give the file."""
    reason = (wrong.strerror or "it cannot be opened").lower()
    hint = "ask for the right to read it" if isinstance(wrong, PermissionError) else None
    return Problem("unreadable", f"{path.name} cannot be read: {reason}", hint)
