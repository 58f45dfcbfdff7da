"""Definitions split over several files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from kpicli.definitions.document import Document, read_file
from kpicli.definitions.tree import Path
from kpicli.errors import Place, Problem, did_you_mean

NAMED_SECTIONS = ("sources", "segments", "kpis", "reports")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Pages:
    """The main file and what it includes, as one value that remembers where each entry stands."""

    main: Document
    value: Mapping[str, Any]
    owners: Mapping[tuple[str, str | int], tuple[Document, int]]

    def place(self, path: Path) -> Place:
        """Where the value at a path of the joined value stands."""
        document, own = self._owner(path)
        return document.place(own)

    def key_place(self, path: Path) -> Place:
        """Where the name that leads to a path stands."""
        document, own = self._owner(path)
        return document.key_place(own)

    def inner_place(self, path: Path, text: str, offset: int) -> Place:
        """Where a character of the text at a path stands, if it is written on one line."""
        document, own = self._owner(path)
        place = document.place(own)
        line = document.lines[(place.line or 1) - 1]
        begin = line.find(text, (place.column or 1) - 1)
        return place if begin < 0 else replace(place, column=begin + 1 + offset)

    def _owner(self, path: Path) -> tuple[Document, Path]:
        """The document that a path comes from, and the path in it."""
        if len(path) >= 2 and (str(path[0]), path[1]) in self.owners:
            document, moved = self.owners[(str(path[0]), path[1])]
            own = path[1] - moved if isinstance(path[1], int) else path[1]
            return document, (path[0], own, *path[2:])
        return self.main, path


def read_pages(
    path: FilePath, shown: str, environment: Mapping[str, str]
) -> tuple[Pages | None, tuple[Problem, ...]]:
    """The file and everything under its include:, or all that is wrong with their YAML."""
    main, problems = read_file(path, shown)
    if main is None:
        return None, problems
    documents, more = _included(main, path.parent, shown)
    pages, twice = _joined(main, documents)
    filled, unset = _filled(pages, environment)
    return filled, (*problems, *more, *twice, *unset)


def _included(
    main: Document, folder: FilePath, shown: str
) -> tuple[list[Document], tuple[Problem, ...]]:
    patterns = main.value.get("include") or []
    documents: list[Document] = []
    problems: list[Problem] = []
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        found = sorted(folder.glob(str(pattern)))
        if not found:
            near = did_you_mean(str(pattern), [one.name for one in folder.glob("*.yaml")])
            place = main.place(("include",))
            problems.append(Problem("no_match", f"include: no file {pattern}", near, place))
        for one in found:
            name = str(FilePath(shown).parent / one.relative_to(folder))
            document, wrong = read_file(one, name)
            problems.extend(wrong)
            documents.extend([document] if document else [])
    return documents, tuple(problems)


def _joined(main: Document, documents: list[Document]) -> tuple[Pages, tuple[Problem, ...]]:
    joining = _Joining(dict(main.value), {}, [])
    for document in documents:
        for section, entries in document.value.items():
            if section in NAMED_SECTIONS and isinstance(entries, Mapping):
                joining.add_named(document, section, entries)
            elif section == "exclude" and isinstance(entries, list):
                joining.add_listed(document, section, entries)
            elif section != "version":
                joining.refuse(document, section)
    return Pages(main, joining.value, joining.owners), tuple(joining.problems)


@dataclass(frozen=True)
class _Joining:
    """The joined value as it grows, with the document that each entry comes from."""

    value: dict[str, Any]
    owners: dict[tuple[str, str | int], tuple[Document, int]]
    problems: list[Problem]

    def add_named(self, document: Document, section: str, entries: Mapping[str, Any]) -> None:
        """Entries by name; a name stands once."""
        known = self.value.get(section) or {}
        for name in entries:
            if name in known:
                place = document.key_place((section, name))
                message = f"{section}: {name} is defined twice"
                hint = "the other one is in a file read before"
                self.problems.append(Problem("twice", message, hint, place))
            self.owners[(section, name)] = (document, 0)
        self.value[section] = {**known, **entries}

    def add_listed(self, document: Document, section: str, entries: list[Any]) -> None:
        """Entries of a list, behind those that are there."""
        known = self.value.get(section) or []
        for number in range(len(entries)):
            self.owners[(section, len(known) + number)] = (document, len(known))
        self.value[section] = [*known, *entries]

    def refuse(self, document: Document, section: str) -> None:
        """What belongs to the main file only."""
        message = f"{section}: cannot stand in an included file"
        hint = "allowed: " + ", ".join((*NAMED_SECTIONS, "exclude"))
        place = document.key_place((section,))
        self.problems.append(Problem("not_included", message, hint, place))


def _filled(pages: Pages, environment: Mapping[str, str]) -> tuple[Pages, tuple[Problem, ...]]:
    """Source paths with ${NAME} read from the environment."""
    problems: list[Problem] = []
    sources = pages.value.get("sources")
    if not isinstance(sources, Mapping):
        return pages, ()
    filled: dict[str, Any] = {}
    for name, source in sources.items():
        filled[name] = source
        if isinstance(source, Mapping) and "path" in source:
            missing = {one for one in _variables(source["path"]) if one not in environment}
            place = pages.place(("sources", name, "path"))
            problems.extend(
                Problem("unset", f"the environment has no {one}", place=place) for one in missing
            )
            filled[name] = {**source, "path": _with(source["path"], environment)}
    return Pages(pages.main, {**pages.value, "sources": filled}, pages.owners), tuple(problems)


def _variables(path: object) -> list[str]:
    paths = path if isinstance(path, list) else [path]
    return [name for one in paths for name in _VARIABLE.findall(str(one))]


def _with(path: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(path, list):
        return [_with(one, environment) for one in path]
    return _VARIABLE.sub(lambda found: environment.get(found[1], found[0]), str(path))
