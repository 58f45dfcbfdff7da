"""Lines below a table, after a blank one, in which a report speaks of itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Record = list[str] | None
Placed = tuple[int, Record]
LONGEST = 20
_WORDS = 3


@dataclass
class Tail:
    """The records since a blank line that may be a footer, held back until that is known.

    A footer is what stands between a blank line and the file's end, at most 20 lines, with text
    in the first field alone: lines of fewer fields than a row, or whole ones that begin with a
    sentence. A table of one column has none that could be told.
    """

    least: int
    held: list[Placed] = field(default_factory=list)

    def settled(self, row: int, record: Record) -> list[Placed]:
        """The records that surely belong to the table, in order, now that this one is known."""
        if self.least == 1:
            return [(row, record)]
        if _is_blank(record) or (self.held and self._is_like_footer(record)):
            self.held.append((row, record))
            return self._overflow()
        told, self.held = [*self.held, (row, record)], []
        return told

    def end(self) -> tuple[list[Placed], list[Placed]]:
        """At the file's end: the blank records that are left, and the lines of the footer."""
        told, self.held = self.held, []
        blank = [one for one in told if _is_blank(one[1])]
        return blank, [one for one in told if not _is_blank(one[1])]

    def _overflow(self) -> list[Placed]:
        if len(self.held) <= LONGEST:
            return []
        keep = 1 if all(_is_blank(record) for _, record in self.held) else 0
        told = self.held[: len(self.held) - keep]
        self.held = self.held[len(told) :]
        return told

    def _is_like_footer(self, record: Record) -> bool:
        if record is None or not record[0].strip() or any(one.strip() for one in record[1:]):
            return False
        begun = any(not _is_blank(held) for _, held in self.held)
        return len(record) < self.least or begun or len(record[0].split()) >= _WORDS


def _is_blank(record: Record) -> bool:
    return record is not None and not any(one.strip() for one in record)


def footer_note(lines: Sequence[Placed]) -> str:
    """What is said of a footer."""
    text = ", ".join(lines[0][1] or ())[:40].rstrip(", ")
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    return f"{count} below the table, after a blank one, left out as its footer: {text!r}"
