"""Proof that a text file is so regular that Polars' own reader cannot misread it."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kpicli.sources.delimited.layout import Layout

_BLOCK = 1 << 22
_LONGEST_LINE = 1 << 26


def regular_rows(path: Path, layout: Layout) -> int | None:
    """How many data rows a regular file has; None where the file is not regular.

    Regular: UTF-8; every line from the first data row on has the header's number of fields,
    closes its quotes and has a value; no line break inside quotes, no lone carriage return;
    blank lines at the end alone.
    """
    rows = 0
    ended = False
    try:
        for lines in _line_blocks(path, layout.first_line):
            kept = _without_blank_end(lines)
            if kept and (ended or not _regular(kept, layout)):
                return None
            ended = ended or len(kept) < len(lines)
            rows += len(kept)
    except (UnicodeDecodeError, _Irregular):
        return None
    return rows


class _Irregular(Exception):  # noqa: N818 - not an error: an answer that comes early
    """The file cannot be cut into lines."""


def _line_blocks(path: Path, skipped: int) -> Iterator[list[str]]:
    """The file's lines in blocks, without their ends, the first `skipped` left out."""
    for text in _text_blocks(path):
        if "\0" in text or text.count("\r") != text.count("\r\n"):
            raise _Irregular
        lines = text.replace("\r\n", "\n").split("\n")
        whole = lines[:-1] if not lines[-1] else lines
        yield whole[skipped:]
        skipped = max(0, skipped - len(whole))


def _text_blocks(path: Path) -> Iterator[str]:
    """The file's text in blocks that end where a line does."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            lines, found, tail = block.rpartition(b"\n")
            if found:
                yield (rest + lines + found).decode("utf-8")
                rest = tail
            else:
                rest += tail
            if len(rest) > _LONGEST_LINE:
                raise _Irregular
    yield rest.decode("utf-8")


def _without_blank_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[:end]


def _regular(lines: list[str], layout: Layout) -> bool:
    cuts = layout.width - 1
    if layout.separator * cuts in lines:
        return False
    quoted = [line for line in lines if '"' in line]
    plain = lines if not quoted else [line for line in lines if '"' not in line]
    if {line.count(layout.separator) for line in plain} - {cuts}:
        return False
    return not quoted or _quotes_regular(pl.Series(quoted, dtype=pl.String), layout)


def _quotes_regular(lines: pl.Series, layout: Layout) -> bool:
    """Each field is quoted whole or has no quote, and the separators outside quotes fit."""
    sign = "\\" + layout.separator
    field = f'(?:"(?:[^"]|"")*"|[^"{sign}]*)'
    valued = lines.str.contains(f'[^"{sign}]')
    whole = lines.str.contains(f"^{field}(?:{sign}{field})*$")
    cuts = lines.str.replace_all('"[^"]*"', "").str.count_matches(layout.separator, literal=True)
    return bool(valued.all() and whole.all() and (cuts == layout.width - 1).all())
