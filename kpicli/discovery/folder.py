"""The files of a folder, those that are alike put together."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicli.discovery.layout import Table, table_of
from kpicli.errors import Problem, RequestError, SourceError
from kpicli.sources.files import expand
from kpicli.sources.headers import plain_form

# What lies beside exports and never is one.
_BESIDE = {
    ".md", ".rst", ".yaml", ".yml", ".py", ".ipynb", ".sql", ".sh", ".html", ".htm", ".toml",
    ".lock", ".log", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".docx", ".pptx",
}  # fmt: skip
# Fewer columns than this are alike by chance; then the names of the files have to agree, too.
_TELLING = 4


@dataclass(frozen=True)
class Group:
    """Files of one layout that are one table."""

    files: tuple[Path, ...]
    table: Table

    @property
    def stem(self) -> str:
        """How the table is called by its files: the folder's name where they have none of it."""
        first = self.files[0]
        stem = first.name.split(".")[0]
        bare = plain_form(re.sub(r"\d+", " ", stem)) if len(self.files) > 1 else plain_form(stem)
        return bare or plain_form(first.parent.name) or "table"


@dataclass(frozen=True)
class Unread:
    """A file that is no table, and why."""

    file: Path
    problem: Problem


@dataclass(frozen=True)
class Found:
    """What a folder holds; beside are files that never are exports."""

    groups: tuple[Group, ...]
    unread: tuple[Unread, ...]
    beside: tuple[Path, ...]


def find_files(folder: Path) -> Found:
    """Every file of a folder and of those in it; RequestError where there is no such folder."""
    if not folder.is_dir():
        hint = "name the folder with your exports" if not folder.exists() else "name its folder"
        what = "there is no such folder" if not folder.exists() else "it is a file, not a folder"
        raise RequestError(f"{folder}: {what}", hint, "folder")
    paths = sorted(path for path in folder.rglob("*") if _is_shown(path, folder))
    beside = tuple(path for path in paths if path.suffix.lower() in _BESIDE)
    tables: dict[Path, Table] = {}
    unread: list[Unread] = []
    for path in paths:
        if path in beside:
            continue
        try:
            tables[path] = table_of(path)
        except SourceError as wrong:
            unread.append(Unread(path, wrong.problems[0]))
    return Found(tuple(_groups(tables)), tuple(unread), beside)


def _is_shown(path: Path, folder: Path) -> bool:
    return path.is_file() and not any(
        part.startswith((".", "~$")) for part in path.relative_to(folder).parts
    )


def _groups(tables: dict[Path, Table]) -> Iterator[Group]:
    alike: dict[object, list[Path]] = {}
    for path, table in tables.items():
        alike.setdefault(_likeness(path, table), []).append(path)
    for files in alike.values():
        yield Group(tuple(files), tables[files[0]])


def _likeness(path: Path, table: Table) -> object:
    names = tuple(sorted(plain_form(name) for name in table.names))
    pattern = re.sub(r"\d+", "*", path.name)
    telling = len(names) >= _TELLING
    layout = table.format, table.reading.skip_lines, table.reading.header
    return path.parent, names, layout, "" if telling else pattern


def written_path(files: Sequence[Path], base: Path) -> tuple[str, ...]:
    """The path or glob that means just these files, seen from a folder."""
    if len(files) == 1:
        return (_seen_from(files[0], base),)
    for name in _patterns(files):
        pattern = _seen_from(files[0].parent / name, base)
        if _means(pattern, base, files):
            return (pattern,)
    return tuple(_seen_from(path, base) for path in files)


def _patterns(files: Sequence[Path]) -> Iterator[str]:
    names = [path.name for path in files]
    suffixes = {name.partition(".")[2] for name in names}
    if len(suffixes) == 1:
        yield f"*.{suffixes.pop()}"
    yield from dict.fromkeys(re.sub(r"\d+", "*", name) for name in names)
    yield f"{_shared(names)}*{_shared([name[::-1] for name in names])[::-1]}"


def _shared(names: Sequence[str]) -> str:
    """How all names begin."""
    first, last = min(names), max(names)
    pairs = zip(first, last, strict=False)
    return first[: next((at for at, (one, two) in enumerate(pairs) if one != two), len(first))]


def _means(pattern: str, base: Path, files: Sequence[Path]) -> bool:
    try:
        found = expand(pattern, base)
    except SourceError:
        return False
    return {path.resolve() for path in found} == {path.resolve() for path in files}


def _seen_from(path: Path, base: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), base.resolve())).as_posix()
    except ValueError:
        # Another drive: there is no way from here to there.
        return path.resolve().as_posix()
