"""Columns that are wanted of each source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpicli.words.types import ColumnType


@dataclass
class Wants:
    """Columns by source with the types asked for; problems are of the source's own keys."""

    columns: dict[str, dict[str, set[ColumnType]]] = field(default_factory=dict)

    def add(self, source: str, column: str, want: ColumnType | None) -> None:
        """One more use of a column."""
        uses = self.columns.setdefault(source, {}).setdefault(column, set())
        if want is not None:
            uses.add(want)

    def take(self, other: "Wants") -> None:
        """Everything that another wants, too."""
        for source, columns in other.columns.items():
            mine = self.columns.setdefault(source, {})
            for column, uses in columns.items():
                mine.setdefault(column, set()).update(uses)

    def of(self, source: str) -> Mapping[str, set[ColumnType]]:
        """The wanted columns of a source."""
        return self.columns.get(source, {})
