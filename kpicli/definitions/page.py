"""The source that the parser read: places, excerpts and corrected lines for messages."""

from dataclasses import dataclass

import yaml

from kpicli.definitions.snippet import clean_line
from kpicli.errors import Place, Problem


@dataclass(frozen=True)
class Page:
    """A file and its lines, as they were parsed."""

    file: str
    lines: tuple[str, ...]

    def place(self, mark: yaml.Mark) -> Place:
        """Where a node begins, counted from 1."""
        return Place(self.file, mark.line + 1, mark.column + 1)

    def written(self, node: yaml.Node) -> str:
        """The node as written, up to the end of its first line."""
        start, end = node.start_mark, node.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        return line[start.column : end.column if end.line == start.line else None]

    def after(self, node: yaml.Node) -> str:
        """What follows the node on its last line."""
        end = node.end_mark
        return self.lines[end.line][end.column :] if end.line < len(self.lines) else ""

    def problem(self, code: str, message: str, hint: str, mark: yaml.Mark) -> Problem:
        """A problem that stands at the mark."""
        return Problem(code, message, hint, self.place(mark))

    def rewritten(self, mark: yaml.Mark, old: str, new: str) -> str:
        """The hint with the line in which new replaces the old text that begins at the mark."""
        line = self.lines[mark.line]
        return write_it(line[: mark.column] + new + line[mark.column + len(old) :])


def write_it(line: str) -> str:
    """The hint that shows the corrected line, harmless to print."""
    return f"write it so: {clean_line(line.strip())}"


def is_plain(node: yaml.Node) -> bool:
    """Whether a scalar stands there without quotes; libyaml says "", PyYAML None."""
    return isinstance(node, yaml.ScalarNode) and not node.style
