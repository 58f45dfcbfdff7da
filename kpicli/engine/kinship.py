"""Which columns of a source the ids in its others tell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpicli.sources.declaration import Identity


@dataclass(frozen=True)
class Lead:
    """A column of a source whose ids tell another column; space: of which kind they are."""

    column: str
    space: str


def says_ids(said: Identity | None, problem: object, stores: Callable[[str], bool]) -> bool:
    """Whether a source says which ids are one; one that lacks a column for it says nothing.

    One with a problem may: who needs its ids is told of the problem.
    """
    return said is not None and bool(problem or (stores(said.from_) and stores(said.to)))


def find_leads(
    ways: Sequence[Identity], stores: Callable[[str], bool], key: str | None
) -> dict[str, tuple[Lead, ...]]:
    """The columns that are told, each after those it is told from, with these.

    ways: what leads to what; stores: whether the source's files have a column. Its own key is told
    by nothing else.
    """
    found: dict[str, tuple[Lead, ...]] = {}
    for space in spaces_of(ways):
        leads = tuple(_leads(ways, space, stores, found))
        if leads and space != key:
            found[space] = leads
    return found


def origins_of(column: str, leads: Mapping[str, tuple[Lead, ...]]) -> frozenset[str]:
    """The columns that a column is told from in the end, itself among them; none if it is not."""
    found = {column} if column in leads else set[str]()
    for space in reversed(tuple(leads)):
        if space in found:
            found |= {lead.column for lead in leads[space]}
    return frozenset(found)


def spaces_of(ways: Sequence[Identity]) -> tuple[str, ...]:
    """The kinds of ids that others lead to, each after those that lead to it; a circle ends."""
    found: dict[str, None] = {}
    for way in ways:
        _after_others(way.to, ways, (), found)
    return tuple(found)


def _after_others(
    space: str, ways: Sequence[Identity], path: tuple[str, ...], found: dict[str, None]
) -> None:
    for way in ways:
        leads = way.to == space and any(other.to == way.space for other in ways)
        if leads and way.space not in (*path, space):
            _after_others(way.space, ways, (*path, space), found)
    found.setdefault(space)


def _leads(
    ways: Sequence[Identity],
    space: str,
    stores: Callable[[str], bool],
    given: Mapping[str, object],
) -> Iterator[Lead]:
    """The columns that tell ids of a kind: itself, what is of that kind, what leads to it."""
    leading = sorted((way for way in ways if way.to == space), key=lambda way: not way.same)
    others = [Lead(way.from_, way.space) for way in leading]
    for lead in dict.fromkeys((Lead(space, space), *others)):
        if lead.column in given or stores(lead.column):
            yield lead
