"""A definitions file as plain values, each with the place where it was written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from kpicli.definitions.aliases import repetition
from kpicli.definitions.characters import forbidden, is_mixed, spaced, tab_problem
from kpicli.definitions.page import Page
from kpicli.definitions.traps import compose_lines
from kpicli.definitions.tree import Path, Tree
from kpicli.errors import Place, Problem

# The line breaks that YAML knows, so that rows agree with the parser's.
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Document:
    """A file of definitions: its values and where each stands.

    value holds dict, list, str, int, float, bool and None only; every key is text. places says
    where the value at a path begins, keys where the name that leads to it begins. What an alias
    brings in has the place where it was written. lines is the source.
    """

    file: str
    value: dict[str, Any]
    places: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    lines: tuple[str, ...]

    def place(self, path: Path) -> Place:
        """Where the value at the path begins; of a path that is not there, the name above it."""
        return self.places[path] if path in self.places else self.key_place(path[:-1])

    def key_place(self, path: Path) -> Place:
        """Where the name that leads to the path begins, or the nearest one above it."""
        while path and path not in self.keys and path not in self.places:
            path = path[:-1]
        return self.keys.get(path) or self.places.get(path) or Place(self.file, 1, 1)


Reading = tuple[Document | None, tuple[Problem, ...]]


def read_file(path: FilePath, shown: str) -> Reading:
    """The document in a file; shown is its name in messages.

    What keeps the file from being read at all is a problem like any other.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, (_unreadable(error, shown),)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (_undecodable(raw, error, shown),)
    return read_document(text, shown)


def read_document(text: str, file: str) -> Reading:
    """The document in a text, and every problem found in one pass, in the order of the file.

    A document may come together with problems: it then holds what the author is likely to have
    meant, for checks that find more problems, never to be run. Warnings do not forbid running.
    """
    lines = tuple(LINE_BREAK.split(text.removeprefix("\ufeff")))
    if problem := forbidden(lines, file):
        return None, (problem,)
    tabs = tab_problem(lines, file)
    if tabs and is_mixed(lines):
        return None, (tabs,)
    composed = compose_lines(spaced(lines), file)
    problems = [*([tabs] if tabs else []), *composed.problems]
    if composed.node is None:
        return None, _in_order(problems or [_empty(file)])
    if problem := _unusable(composed.node, file):
        return None, _in_order(problems or [problem])
    tree = Tree(Page(file, composed.lines))
    value = tree.value(composed.node, ())
    document = Document(file, value, tree.places, tree.keys, lines)
    return document, _in_order([*problems, *tree.problems])


def _unusable(node: yaml.Node, file: str) -> Problem | None:
    """Why the file as a whole cannot be walked."""
    if isinstance(node, yaml.MappingNode):
        return repetition(node, file)
    if isinstance(node, yaml.ScalarNode) and node.value in {"", "null", "~"}:
        return _empty(file)
    what = "a list" if isinstance(node, yaml.SequenceNode) else "a single text"
    hint = "begin with entries like `version: 1` and `kpis:`, a space after each `:`"
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    return Problem("yaml_top_level", f"the file holds {what}, not names with values", hint, place)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda one: _position(one.place)))


def _position(place: Place | None) -> tuple[int, int]:
    return (place.line or 0, place.column or 0) if place else (0, 0)


def _empty(file: str) -> Problem:
    hint = "it needs `version: 1`, `sources:` and `kpis:`; the README's twelve lines are a start"
    return Problem("yaml_empty", "the file holds no definitions", hint, Place(file, 1, 1))


def _unreadable(error: OSError, shown: str) -> Problem:
    if isinstance(error, FileNotFoundError):
        hint = "name it with -f FILE; the README's twelve lines of YAML are a start"
        return Problem("missing_file", f"there is no file {shown}", hint, Place(shown))
    why = (error.strerror or "unknown reason").lower()
    hint = "check that it is a file and that you may read it"
    return Problem("unreadable_file", f"{shown} cannot be read: {why}", hint, Place(shown))


def _undecodable(raw: bytes, error: UnicodeDecodeError, shown: str) -> Problem:
    if raw.startswith(UTF16):
        message, place = 'the file is saved as UTF-16 ("Unicode"), not UTF-8', Place(shown, 1, 1)
    else:
        before = raw[: error.start].decode("utf-8-sig")
        rows = LINE_BREAK.split(before)
        place = Place(shown, len(rows), len(rows[-1]) + 1)
        message = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
    hint = "save the file as UTF-8: in most editors under Save as, Encoding"
    return Problem("yaml_encoding", message, hint, place)
