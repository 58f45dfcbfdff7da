"""Which column of one table holds keys of another, told by the values they share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kpicli.discovery.columns import Column
from kpicli.discovery.drafts import Draft
from kpicli.engine.looks import ROWS, joined

# So large a share of a column's values must be keys there, if the names do not agree.
_MOST = 0.8
_LEAST_VALUES = 2


@dataclass(frozen=True)
class Relation:
    """A column whose values are keys of a table.

    rows: how many rows hold something in the column, found: how many of those have a partner;
    lost: the most frequent values without one. named: the column is called as the key is.
    """

    source: str
    column: str
    table: str
    key: str
    rows: int
    found: int
    lost: Mapping[str, int]
    named: bool


def find_relations(drafts: Sequence[Draft]) -> tuple[Relation, ...]:
    """Every reference between the tables; one column per pair of them."""
    return tuple(
        best
        for draft in drafts
        for table in drafts
        if table is not draft and "key" in table.told
        if (best := _best(draft, table)) is not None
    )


def with_relations(draft: Draft, relations: Sequence[Relation]) -> Draft:
    """The source with its references, as far as they have to be written.

    Where it has several, each is written: another may lead to the same table the long way round.
    """
    own = [one for one in relations if one.source == draft.name]
    if len(own) < 2 and all(one.named for one in own):
        return draft
    told = {one.table: one.column for one in own}
    keys = dict(draft.keys)
    before = {key: keys.pop(key) for key in ("path",) if key in keys}
    return replace(draft, keys={**before, **keys, "refers_to": told})


def _best(draft: Draft, table: Draft) -> Relation | None:
    key = table.column(table.told["key"])
    if key is None:
        return None
    found = sorted(_candidates(draft, table, key), key=lambda one: (-one.named, -one.found))
    return found[0] if found else None


def _candidates(draft: Draft, table: Draft, key: Column) -> Iterator[Relation]:
    name = table.told["key"]
    for column in draft.columns:
        ours = draft.ours(column)
        if column.empty or column.kind not in ("text", "number") or ours == draft.told.get("key"):
            continue
        distinct, found, lost = joined(column.words, key.texts)
        named = ours == name
        share = distinct / max(len(column.words), 1)
        told = _tells(ours, table.name, key) and distinct >= _LEAST_VALUES and share >= _MOST
        if told or (named and distinct):
            rows = int(column.words[ROWS].sum())
            yield Relation(draft.name, ours, table.name, name, rows, found, lost, named)


def _tells(ours: str, table: str, key: Column) -> bool:
    """Small numbers meet by chance: then the column has to be called after the table."""
    if key.kind == "text" and not key.texts.str.contains(r"^\d{1,4}$").any():
        return True
    return table.removesuffix("s") in ours
