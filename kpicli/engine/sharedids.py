"""Ids that are written short in one source and long in another, read alike wherever they meet."""

from collections.abc import Callable, Iterator, Mapping

from kpicli.sources.declaration import Source
from kpicli.words.types import TypeWord

_LONG: TypeWord = "salesforce_id"
Column = tuple[str, str]


def shared_ids(
    sources: Mapping[str, Source], stores: Callable[[str, str], bool]
) -> dict[str, dict[str, TypeWord]]:
    """The columns by source that hold Salesforce ids because they meet a column declared so.

    stores: whether the files of a source have a column. What says of itself that it is of another
    type stays so.
    """
    if not any(_LONG in source.types.values() for source in sources.values()):
        return {}
    pairs = [pair for name in sources for pair in _meetings(name, sources, stores)]
    told = {
        (name, column)
        for name, source in sources.items()
        for column, word in source.types.items()
        if word == _LONG
    }
    first = set(told)
    while more := {
        other
        for one, another in pairs
        for known, other in ((one, another), (another, one))
        if known in told and other not in told and other[1] not in sources[other[0]].types
    }:
        told |= more
    found: dict[str, dict[str, TypeWord]] = {}
    for name, column in told - first:
        found.setdefault(name, {})[column] = _LONG
    return found


def _meetings(
    name: str, sources: Mapping[str, Source], stores: Callable[[str, str], bool]
) -> Iterator[tuple[Column, Column]]:
    """The columns of a source with those that hold the same ids elsewhere."""
    source = sources[name]
    if source.made_from:
        return
    for table, other in sources.items():
        if table != name and other.key:
            column = source.refers_to.get(table, other.key)
            if stores(name, column):
                yield (name, column), (table, other.key)
        if other.identity:
            yield from _by_identity(name, table, other, stores)


def _by_identity(
    name: str, table: str, other: Source, stores: Callable[[str, str], bool]
) -> Iterator[tuple[Column, Column]]:
    identity = other.identity
    for column in (identity.from_, identity.to) if identity else ():
        if table != name and stores(name, column):
            yield (name, column), (table, column)
    if identity and identity.same and table == name:
        yield (name, identity.from_), (name, identity.to)
