"""Columns that are wanted of each source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpicli.words.types import ColumnType


@dataclass
class Wants:
    """Columns by source with the types asked for; problems are of the source's own keys.

    ruled are those, with their types, that rules of good data alone ask for.
    """

    columns: dict[str, dict[str, set[ColumnType]]] = field(default_factory=dict)
    ruled: dict[str, dict[str, ColumnType]] = field(default_factory=dict)

    def add_ruled(self, source: str, column: str, want: ColumnType) -> None:
        """A type that a rule asks for; nobody else has asked for it so far."""
        if want not in self.of(source).get(column, ()):
            self.ruled.setdefault(source, {})[column] = want

    def unruled(self, source: str, told: Iterable[str]) -> Mapping[str, set[ColumnType]] | None:
        """The wanted columns, with those as texts that are misread for a rule; None without any.

        told: why the source cannot be read.
        """
        named = {one.partition(":")[0] for one in told}
        misread = {
            column: {*self.of(source)[column], "text"} - {want}
            for column, want in self.ruled.get(source, {}).items()
            if f"{source}.{column}" in named and column in self.of(source)
        }
        return {**self.of(source), **misread} if misread else None

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
