"""How one source leads to another: many-to-one references, at most three."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kpicli.errors import Problem, did_you_mean
from kpicli.sources.declaration import Source

LONGEST = 3


@dataclass(frozen=True)
class Hop:
    """One reference: the column of `source` that holds keys of `table`."""

    source: str
    column: str
    table: str

    def __str__(self) -> str:
        return f"{self.source}.{self.column} → {self.table}"


Route = tuple[Hop, ...]
HasColumn = Callable[[str, str], bool]


def _nothing(source: str, column: str) -> bool:
    return False


@dataclass(frozen=True)
class Routes:
    """All references between the sources of a book.

    A source refers to a table by a column of the name of the table's key, or by the column that
    refers_to names. gives_column: whether a column is told by those that say which ids are one.
    """

    sources: Mapping[str, Source]
    has_column: HasColumn
    gives_column: HasColumn = _nothing

    def hops(self, source: str) -> Iterator[Hop]:
        """The direct references of a source."""
        declared = self.sources[source].refers_to
        for table, other in self.sources.items():
            if table == source or other.key is None:
                continue
            column = declared.get(table, other.key)
            if other.made_from and table not in declared:
                # The ids of sessions that are made here stand in no file, and in no other sessions.
                continue
            if table in declared or self.has_column(source, column):
                yield Hop(source, column, table)

    def all_to(self, source: str, table: str) -> tuple[Route, ...]:
        """Every route from a source to a table."""
        found: list[Route] = []
        waiting: list[Route] = [(hop,) for hop in self.hops(source)]
        while waiting:
            route = waiting.pop(0)
            if route[-1].table == table:
                found.append(route)
                continue
            if len(route) < LONGEST:
                seen = {source, *(hop.table for hop in route)}
                waiting.extend(
                    (*route, hop) for hop in self.hops(route[-1].table) if hop.table not in seen
                )
        return tuple(found)

    def to(self, source: str, table: str) -> Route | Problem:
        """The one route, or what is wrong; a reference of its own that is declared settles it."""
        if table not in self.sources:
            hint = did_you_mean(table, self.sources)
            return Problem("unknown_source", f"there is no source {table!r}", hint)
        found = self.all_to(source, table)
        declared = self.sources[source].refers_to.get(table)
        for route in found:
            settled = route[0].column == declared or self.gives_column(source, route[0].column)
            if len(route) == 1 and settled:
                return route
        if len(found) == 1:
            return found[0]
        return _none(source, table) if not found else _several(source, table, found)


def _none(source: str, table: str) -> Problem:
    hint = f"add to {source}: refers_to: {{{table}: COLUMN}}, and key: to {table}"
    return Problem("no_route", f"nothing leads from {source} to {table}", hint)


def _several(source: str, table: str, found: tuple[Route, ...]) -> Problem:
    ways = "; ".join(", then ".join(str(hop) for hop in route) for route in found)
    direct = next((route[0].column for route in found if len(route) == 1), "COLUMN")
    hint = f"say which on {source}: refers_to: {{{table}: {direct}}}"
    return Problem("two_routes", f"{len(found)} routes lead from {source} to {table}: {ways}", hint)
