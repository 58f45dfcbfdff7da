"""Definitions split over several files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpicli.definitions.document import Document, read_file
from kpicli.errors import Place, Problem, did_you_mean

NAMED_SECTIONS = ("sources", "segments", "kpis", "reports")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Pages:
    """The main file and what it includes, as one value that remembers where each entry stands."""

    main: Document
    value: Mapping[str, Any]
    owners: Mapping[tuple[str, str | int], tuple[Document, int]]

    def place(self, path: tuple[str | int, ...]) -> Place:
        """Where a path of the joined value stands."""
        if len(path) >= 2 and (str(path[0]), path[1]) in self.owners:
            document, moved = self.owners[(str(path[0]), path[1])]
            own = path[1] - moved if isinstance(path[1], int) else path[1]
            return document.place((path[0], own, *path[2:]))
        return self.main.place(path)


def read_pages(
    path: Path, shown: str, environment: Mapping[str, str]
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
    main: Document, folder: Path, shown: str
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
            name = str(Path(shown).parent / one.relative_to(folder))
            document, wrong = read_file(one, name)
            problems.extend(wrong)
            documents.extend([document] if document else [])
    return documents, tuple(problems)


def _joined(main: Document, documents: list[Document]) -> tuple[Pages, tuple[Problem, ...]]:
    value: dict[str, Any] = dict(main.value)
    owners: dict[tuple[str, str | int], tuple[Document, int]] = {}
    problems: list[Problem] = []
    for document in documents:
        for section, entries in document.value.items():
            if section in NAMED_SECTIONS and isinstance(entries, Mapping):
                known = value.get(section) or {}
                for name in entries:
                    if name in known:
                        problems.append(
                            Problem(
                                "twice",
                                f"{section}: {name} is defined twice",
                                f"the other one is in {main.file}",
                                document.place((section, name)),
                            )
                        )
                    owners[(section, name)] = (document, 0)
                value[section] = {**known, **entries}
            elif section == "exclude" and isinstance(entries, list):
                moved = len(value.get("exclude") or [])
                for number in range(len(entries)):
                    owners[("exclude", moved + number)] = (document, moved)
                value["exclude"] = [*(value.get("exclude") or []), *entries]
            elif section != "version":
                problems.append(
                    Problem(
                        "not_included",
                        f"{section}: cannot stand in an included file",
                        "allowed: " + ", ".join((*NAMED_SECTIONS, "exclude")),
                        document.place((section,)),
                    )
                )
    return Pages(main, value, owners), tuple(problems)


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
