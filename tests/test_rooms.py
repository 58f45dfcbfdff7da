"""Who may import whom, and what the files of the package have in common."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import kpicli

PACKAGE = Path(kpicli.__file__).parent
TOP = PACKAGE.parent
LONGEST = 300

# A room imports only from rooms above it, and from itself.
ROOMS = (
    "errors",
    "words",
    "needs",
    "results",
    "frames",
    "kinds",
    "sources",
    "quality",
    "definitions",
    "library",
    "planning",
    "engine",
    "stats",
    "verdicts",
    "history",
    "reports",
    "render",
    "caveats",
    "cards",
    "flow",
    "discovery",
    "cli",
)
# Shelves walk their own folder once; cli imports a command when it is called; the library that
# reads workbooks is loaded when there is one, rules of good data where a source has some.
DYNAMIC = {
    "kinds",
    "quality",
    "sources.formats",
    "sources.formats.xlsx",
    "render.formats",
    "cli.late",
    "engine.late",
}
EAGER = re.compile(
    r"collect|collect_all|collect_batches|fetch|sink_\w+|read_(csv|parquet|ipc|ndjson)"
)


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax of every module, by its name below the package."""
    return {
        _name(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(name: str) -> Iterator[str]:
    """The package's modules that a module imports, by their names below the package."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            told = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            told = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for one in told:
            if one == "kpicli" or one.startswith("kpicli."):
                yield _module(one.removeprefix("kpicli").removeprefix("."))


def _module(dotted: str) -> str:
    """The module of a dotted name, which may end in something that the module holds."""
    while dotted not in modules():
        dotted = dotted.rpartition(".")[0]
    return dotted


def _room(name: str) -> str:
    return name.partition(".")[0]


NAMES = tuple(modules())


def test_every_room_has_its_place() -> None:
    assert {_room(name) for name in NAMES} - {""} <= set(ROOMS)


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_a_room_imports_only_from_rooms_above_it(name: str) -> None:
    own = ROOMS.index(_room(name))
    below = [one for one in _imports(name) if one and ROOMS.index(_room(one)) > own]
    assert below == []


def test_no_module_leads_back_to_itself() -> None:
    graph = {name: {one for one in _imports(name) if one != name} for name in NAMES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as wrong:
        pytest.fail(" → ".join(wrong.args[1]))


@pytest.mark.parametrize("name", NAMES)
def test_imports_stand_on_top(name: str) -> None:
    tree = modules()[name]
    late = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in tree.body
    ]
    assert late == []


def test_imports_by_name_happen_on_shelves_alone() -> None:
    found = {
        name
        for name in NAMES
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.ImportFrom) and node.module == "importlib"
    }
    assert found == DYNAMIC


def test_imports_are_absolute() -> None:
    relative = [
        name
        for name in NAMES
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_says_what_a_file_is(name: str) -> None:
    told = ast.get_docstring(modules()[name]) or ""
    first, *rest = told.split("\n")
    assert first.endswith(".")
    assert ". " not in first
    assert rest[:1] in ([], [""])


@pytest.mark.parametrize("name", NAMES)
def test_only_the_engine_makes_tables(name: str) -> None:
    if _room(name) == "engine":
        return
    found = [
        node.lineno
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and EAGER.fullmatch(node.func.attr)
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["kpicli", "sample_data"])
def test_no_file_is_long(folder: str) -> None:
    long = {
        path.relative_to(TOP).as_posix(): lines
        for path in (TOP / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}
