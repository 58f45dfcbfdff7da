"""The records of a text file, those with broken quotes told apart."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TextIO

# A record, and so a quote left open, may run on for so many characters.
LONGEST_RECORD = 1 << 22
_CELLS = 400_000


@dataclass(frozen=True)
class Cutter:
    """Cuts lines into records: None for a line whose quotes do not close.

    After such a line only a line that is sound by itself begins a record again: the lines
    between may be the inside of a quoted text, and no cell may be invented of them.
    """

    separator: str
    width: int

    def blocks(self, file: TextIO) -> Iterator[list[list[str] | None]]:
        """The file's records in blocks of bounded size; a blank line is an empty record."""
        csv.field_size_limit(LONGEST_RECORD)
        count = max(200, _CELLS // self.width)
        rest: Sequence[str] = ()
        while fresh := list(islice(file, count)):
            records, rest = self._cut([*rest, *fresh], last=False)
            yield records
        if rest:
            yield self._cut(rest, last=True)[0]

    def _cut(
        self, lines: Sequence[str], last: bool
    ) -> tuple[list[list[str] | None], Sequence[str]]:
        """The records of some lines, and the lines of a record that may go on in the next."""
        records: list[list[str] | None] = []
        at = 0
        while at < len(lines):
            cut, used, ran_out = self._cut_sound(lines[at:])
            records += cut
            at += used
            if at == len(lines):
                break
            if ran_out and not last and sum(map(len, lines[at:])) < LONGEST_RECORD:
                return records, lines[at:]
            lost = self._lines_lost(lines, at)
            records += [None] * lost
            at += lost
        return records, ()

    def _cut_sound(self, lines: Sequence[str]) -> tuple[list[list[str]], int, bool]:
        """The records up to the first broken one, their lines, and whether the lines ran out."""
        try:
            return list(csv.reader(lines, delimiter=self.separator, strict=True)), len(lines), False
        except csv.Error:
            return self._cut_until_broken(lines)

    def _cut_until_broken(self, lines: Sequence[str]) -> tuple[list[list[str]], int, bool]:
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        records: list[list[str]] = []
        used = 0
        try:
            for record in reader:
                records.append(record)
                used = reader.line_num
        except csv.Error:
            pass
        return records, used, reader.line_num == len(lines)

    def _lines_lost(self, lines: Sequence[str], at: int) -> int:
        """How many lines from a broken one to the next that is sound by itself."""
        end = at + 1
        while end < len(lines) and not self._sound(lines[end]):
            end += 1
        return end - at

    def _sound(self, line: str) -> bool:
        if not self._whole.fullmatch(line.rstrip("\r\n")):
            return False
        return len(next(csv.reader([line], delimiter=self.separator))) == self.width

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        sign = re.escape(self.separator)
        field = f'(?:"(?:[^"]|"")*"|[^"{sign}\\r\\n]*)'
        return re.compile(f"{field}(?:{sign}{field})*")
