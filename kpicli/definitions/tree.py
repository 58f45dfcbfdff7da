"""The plain values of the YAML nodes, each with its place, past what YAML reads silently wrong."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from kpicli.definitions.mending import COMMA, needs_quotes
from kpicli.definitions.page import Page, is_plain, write_it
from kpicli.definitions.quoting import quoted
from kpicli.definitions.scalars import plain_value, readings, thousands_hint
from kpicli.definitions.texts import read_scalar
from kpicli.definitions.traps import MOST_LEVELS, too_deep
from kpicli.errors import Place, Problem

Path = tuple[str | int, ...]

COMMENT_AS_VALUE = re.compile(r"\s*:\s+(?P<comment>#\S.*)")


@dataclass(eq=False)
class Entry:
    """A name and its value, with the pieces after it that have no name of their own."""

    key: yaml.Node
    value: yaml.Node
    cut_off: list[yaml.Node] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """Whether the value can be the beginning of a text with commas."""
        return is_plain(self.value) and bool(self.value.value)


@dataclass
class Tree:
    """What walking the nodes finds."""

    page: Page
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: yaml.Node, path: Path) -> Any:
        """The node as dict, list, text, number, true, false or null."""
        self.places[path] = place = self.page.place(node.start_mark)
        if len(path) > MOST_LEVELS:
            self.problems.append(too_deep(place))
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if self.page.written(node).startswith("!"):
            hint = "take out the word that begins with `!`"
            self._found("yaml_tag", "YAML tags are not used here", hint, node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._braces(node) or self._mapping(node, path)
        return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]

    def _found(self, code: str, message: str, hint: str, mark: yaml.Mark) -> None:
        self.problems.append(self.page.problem(code, message, hint, mark))

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        key = path[-1] if path and isinstance(path[-1], str) else None
        value, problem = read_scalar(self.page, node, key)
        self.problems += [problem] if problem else []
        return value

    # Mappings

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        entries = [entry for entry in self._entries(node) if self._is_named(entry.key)]
        merges = [entry for entry in entries if is_plain(entry.key) and entry.key.value == "<<"]
        for entry in entries:
            if entry not in merges:
                self._entry(entry, path, values)
        for entry in merges:
            self._merge(values, entry.value, path)
        return values

    def _entries(self, node: yaml.MappingNode) -> list[Entry]:
        """The entries of a mapping; pieces that a comma cut off stand with what they belong to."""
        entries: list[Entry] = []
        for key, value in node.value:
            bare = self._is_bare(node, key, value)
            if bare and entries and entries[-1].goes_on:
                entries[-1].cut_off.append(key)
            elif bare:
                self._lone(key)
            else:
                entries.append(Entry(key, value))
        return entries

    def _entry(self, entry: Entry, path: Path, values: dict[str, Any]) -> None:
        name = str(entry.key.value)
        below = (*path, name)
        if name in values:
            hint = f"the first one stands at {self.keys[below]}; rename or remove one of the two"
            message = f"`{name}` stands here twice"
            self._found("yaml_duplicate_key", message, hint, entry.key.start_mark)
            return
        self.keys[below] = self.page.place(entry.key.start_mark)
        if entry.cut_off:
            values[name] = self._joined(entry.value, entry.cut_off[-1], below)
        else:
            values[name] = self.value(entry.value, below)
            self._comment_for_value(entry.key, entry.value)

    def _is_named(self, key: yaml.Node) -> bool:
        """Whether a text stands before the colon."""
        if isinstance(key, yaml.ScalarNode) and key.value:
            return True
        message, hint = "a name is missing before the `:`", "write name: value"
        if not isinstance(key, yaml.ScalarNode):
            message = "a list or mapping stands where a name belongs"
            hint = "a text that begins with { or [ needs quotes"
        self._found("yaml_key", message, hint, key.start_mark)
        return False

    def _merge(self, values: dict[str, Any], other: yaml.Node, path: Path) -> None:
        """`<<: *name` adds the entries that are not there yet."""
        nodes = other.value if isinstance(other, yaml.SequenceNode) else [other]
        for node in nodes:
            if not isinstance(node, yaml.MappingNode):
                hint = "write <<: *name, where &name stands before a mapping"
                self._found("yaml_merge", "`<<` takes in mappings only", hint, other.start_mark)
                continue
            inner = Tree(self.page)
            added = inner.value(node, path)
            for name in added.keys() - values.keys():
                below = (*path, name)
                self.places |= {
                    at: to for at, to in inner.places.items() if at[: len(below)] == below
                }
                self.keys |= {at: to for at, to in inner.keys.items() if at[: len(below)] == below}
            values |= {name: value for name, value in added.items() if name not in values}

    # Pieces that a comma inside { } cut off

    def _is_bare(self, node: yaml.MappingNode, key: yaml.Node, value: yaml.Node) -> bool:
        """Whether an entry of { } has no colon."""
        if not (node.flow_style and is_plain(value) and value.value == ""):
            return False
        return is_plain(key) and not self.page.after(key).lstrip().startswith(":")

    def _joined(self, value: yaml.Node, last: yaml.Node, path: Path) -> Any:
        """The value together with the pieces after it, which was meant as one text or number."""
        start, end = value.start_mark, last.end_mark
        self.places[path] = self.page.place(start)
        if start.line != end.line:
            self._found("yaml_comma", COMMA, "put the whole text in quotes", start)
            return value.value
        whole = self.page.lines[start.line][start.column : end.column]
        if (numbers := readings(whole)) and " " not in whole:
            message = f"a comma inside {{ }} ends the value, so `{whole}` is no number"
            self._found("yaml_thousands", message, thousands_hint(whole) or "", start)
            return plain_value(numbers[0][0])
        self._found("yaml_comma", COMMA, self.page.rewritten(start, whole, quoted(whole)), start)
        return whole

    def _lone(self, key: yaml.Node) -> None:
        name = str(key.value)
        hint = "inside { } write name: value; a list stands in [ ]"
        if tight := re.fullmatch(r"([\w.-]+):(\S+)", name):
            hint = self.page.rewritten(key.start_mark, name, f"{tight[1]}: {tight[2]}")
        self._found("yaml_lone_name", f"`{name}` inside {{ }} has no value", hint, key.start_mark)

    def _braces(self, node: yaml.MappingNode) -> str | None:
        """The text that was meant by {feature} alone."""
        whole = self.page.written(node)
        if not re.fullmatch(r"\{\w+\}", whole):
            return None
        hint = self.page.rewritten(node.start_mark, whole, quoted(whole))
        self._found("yaml_quotes", needs_quotes("{"), hint, node.start_mark)
        return whole

    def _comment_for_value(self, key: yaml.Node, value: yaml.Node) -> None:
        """`owner: #sales` is an empty value and a comment."""
        found = COMMENT_AS_VALUE.match(self.page.after(key))
        if not found or not is_plain(value) or value.value:
            return
        row, column = key.end_mark.line, key.end_mark.column + found.start("comment")
        line = self.page.lines[row][:column] + quoted(found["comment"].rstrip())
        hint = f"if it is the value, {write_it(line)}; if a comment, put a space after the #"
        place = Place(self.page.file, row + 1, column + 1)
        message = "the value is empty, for `#` begins a comment"
        self.problems.append(Problem("yaml_comment", message, hint, place, level="warning"))
