"""The objects of a JSON file, line by line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpicli.errors import Problem, SourceError
from kpicli.sources.files import unreadable

_BOM = b"\xef\xbb\xbf"
_BLOCK_BYTES = 1 << 22
_LONGEST_LINE = 1 << 26


@dataclass(frozen=True)
class Line:
    """A line of a file by its number from 1: its object, or why there is none."""

    row: int
    record: dict[str, Any]
    text: str = ""
    wrong: str | None = None


def line_blocks(path: Path) -> Iterator[list[Line]]:
    """The lines that are not blank in blocks of bounded size; raises SourceError."""
    block: list[Line] = []
    size = 0
    try:
        for row, line in enumerate(_lines(path), 1):
            size += len(line)
            if line.strip():
                block.append(_line(row, line))
                _refuse_cut_off(path, block[-1], line)
            if size >= _BLOCK_BYTES:
                yield block
                block, size = [], 0
    except OSError as wrong:
        raise SourceError([unreadable(path, wrong)]) from wrong
    yield block


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        first = file.readline(_LONGEST_LINE)
        yield first.removeprefix(_BOM)
        while line := file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                message = f"{path.name} has a line of more than {_LONGEST_LINE >> 20} MB"
                hint = "write one object a line"
                raise SourceError([Problem("not_ndjson", message, hint)])
            yield line


def _refuse_cut_off(path: Path, last: Line, line: bytes) -> None:
    if last.wrong and last.text.lstrip().startswith("{") and not line.endswith((b"\n", b"}")):
        message = f"{path.name} looks cut off in its last line"
        raise SourceError([Problem("truncated", message, "export it again")])


def _line(row: int, line: bytes) -> Line:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(row, {}, line.decode("utf-8", "replace"), "bytes that are not utf-8")
    except (ValueError, RecursionError):
        return Line(row, {}, line.decode("utf-8", "replace"), "is no JSON")
    if type(found) is not dict:
        return Line(row, {}, line.decode("utf-8"), "is JSON, but no object")
    return Line(row, found)
