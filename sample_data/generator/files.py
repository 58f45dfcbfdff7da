"""Tables on their way to a file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random

Cell = str | int | bool | None


@dataclass
class Table:
    """A CSV file: its name, its header, its rows, and the rows before which a line is blank."""

    name: str
    header: tuple[str, ...]
    rows: list[list[Cell]]
    blank_before: tuple[int, ...] = ()

    def spoil(self, column: str, texts: Sequence[str | None], among: str = "") -> None:
        """Overwrite filled cells, one per text, in rows picked by the file's own seed.

        among: only rows that have this text in one of their cells.
        """
        place = self.header.index(column)
        wanted = [
            row for row in self.rows if row[place] is not None and (not among or among in row)
        ]
        rng = Random(f"spoil {self.name} {column}")
        for row, text in zip(rng.sample(wanted, len(texts)), texts, strict=True):
            row[place] = text

    def save(self, folder: Path) -> None:
        """Write the file with LF line ends, whatever the system."""
        buffer = StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.header)
        for number, row in enumerate(self.rows):
            if number in self.blank_before:
                buffer.write("\n")
            writer.writerow([plain(cell) for cell in row])
        (folder / self.name).write_bytes(buffer.getvalue().encode())


def plain(cell: Cell) -> Cell:
    """A cell as it is written."""
    return str(cell).lower() if isinstance(cell, bool) else cell


def money(amount: float) -> str:
    """12345.60."""
    return f"{amount:.2f}"
