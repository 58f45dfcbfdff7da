"""Columns of ids that other sources tell: whose a row is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Catalogue, Kinship, Listed
from kpicli.engine.column_types import Uses
from kpicli.engine.keys import key_text, key_uses
from kpicli.engine.kin import AT_ODDS, ID, OF, ONE, SPACE, Kin, find_kin
from kpicli.engine.kinship import Lead, spaces_of
from kpicli.engine.opened import FILE, ROW, Opened, Piece
from kpicli.errors import Level, Problem, SourceError
from kpicli.results import Unmatched
from kpicli.words.types import ColumnType

Opener = Callable[[Listed, Uses], Opened]
_SOURCE, _ROWS = "name of source", "rows"
_FIRST = 3


@dataclass(frozen=True)
class Given:
    """A column of ids that is told from others of its row, and what is known of these."""

    column: str
    leads: tuple[Lead, ...]
    kin: Kin
    lists: tuple[str, ...]


def given_columns(listed: Listed, uses: Uses, opener: Opener) -> tuple[Given, ...]:
    """The wanted columns that others tell, each after those it is told from."""
    kinship = listed.kinship
    if kinship is None:
        return ()
    wanted = {told for column in uses for told in listed.origins(column)}
    return tuple(
        Given(space, leads, _kin_of(kinship, space, opener), _lists(kinship, space))
        for space, leads in kinship.leads.items()
        if space in wanted
    )


def with_leads(listed: Listed, uses: Uses, given: Sequence[Given]) -> dict[str, set[ColumnType]]:
    """The uses of a source with the columns that others are told from; all of them are texts."""
    told = {name: set(kinds) for name, kinds in uses.items()}
    for one in given:
        stored = [lead.column for lead in one.leads if listed.stores(lead.column)]
        told |= {column: {"text"} for column in (one.column, *stored)}
    return told


def with_given(
    frame: pl.LazyFrame, given: Sequence[Given], types: dict[str, ColumnType]
) -> pl.LazyFrame:
    """The rows with the columns that others tell, as text.

    The id that stands in the column itself stays, unless it is known to be another. Else an id of
    the same kind tells it, else one that leads to it. Where the same id stands in both columns the
    other column's is looked for first: it says nothing of its own.
    """
    for one in given:
        frame = _with_one(frame, one, types)
        types = {**types, one.column: "text"}
    return frame


def _with_one(frame: pl.LazyFrame, given: Given, types: dict[str, ColumnType]) -> pl.LazyFrame:
    names = frame.collect_schema().names()
    leads = [lead for lead in given.leads if lead.column in names]
    own = key_text(given.column, types[given.column]) if given.column in names else pl.lit(None)
    first, then, held = [], [], []
    for place, lead in enumerate(leads):
        ids = given.kin.ids.filter(pl.col(SPACE) == lead.space)
        key, found = f"{ID} {place}", f"{ONE} {place}"
        held += [key, found]
        frame = frame.with_columns(key_text(lead.column, types[lead.column]).alias(key)).join(
            ids.lazy().select(pl.col(ID).alias(key), pl.col(ONE).alias(found)), on=key, how="left"
        )
        if lead.space == given.column:
            then.append(pl.coalesce(found, key))
        else:
            first.append(pl.when(own == pl.col(key)).then(pl.col(found)))
            then.append(pl.col(found))
    told = pl.coalesce(*first, *then).cast(pl.String).alias(given.column)
    return frame.with_columns(told).drop(held)


def with_unmatched(opened: Opened, given: Sequence[Given], cache: Cache) -> Opened:
    """The source with the number of rows that are nobody's of the list, by column."""
    told = tuple(_unmatched(opened, one, cache) for one in given)
    return replace(opened, record=replace(opened.record, unmatched=told)) if told else opened


def _unmatched(opened: Opened, given: Given, cache: Cache) -> Unmatched:
    pieces = opened.pieces or (Piece(opened, "", {}, None),)
    found = pl.concat([_strangers(piece, given, cache) for piece in pieces])
    table = " and ".join(given.lists) or None
    return Unmatched(
        given.column, table, int(found[_ROWS].sum()), found[ID].drop_nulls().n_unique(),
        opened.record.rows,
    )  # fmt: skip


def _strangers(piece: Piece, given: Given, cache: Cache) -> pl.DataFrame:
    """The ids that are nobody's, with their rows; null where the row has no id."""
    columns = [lead.column for lead in given.leads]
    types = piece.opened.types
    ids = [key_text(name, types[name]) for name in (given.column, *columns) if name in types]
    known, listed = pl.col(given.column).is_not_null(), given.kin.listed
    if listed is not None:
        known &= pl.col(given.column).is_in(listed.implode())
    rows = piece.opened.frame.filter(~known).group_by(pl.coalesce(ids).alias(ID))
    counted = rows.agg(pl.len().alias(_ROWS))
    if piece.marks is None:
        return counted.collect(engine="streaming")
    read = [piece.read[name] for name in dict.fromkeys((given.column, *columns))]
    key = f"unmatched {given.column}: {piece.files} {read} {given.kin.stamp}"
    return cache.table(key, lambda: counted.collect(engine="streaming"))


def identity_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """What was found amiss in sources that say which ids are one, as far as they were read."""
    told = next((one.kinship.told for one in catalogue.listed.values() if one.kinship), {})
    for kin in told.values():
        yield from kin.problems


def idle_lists(catalogue: Catalogue) -> Iterator[Problem]:
    """A warning for each list of ids that no other source carries."""
    for one in catalogue.listed.values():
        said = one.source.identity
        if one.problem or said is None or said.same or not one.stores(said.from_):
            continue
        others = [other for other in catalogue.listed.values() if other.name != one.name]
        if not any(other.problem or other.has(said.from_) for other in others):
            message = f"no source has {said.from_}, so this list changes nothing"
            hint = "name the column of the ids there under columns: as it is named here"
            yield Problem("identity", message, hint, level="warning", source=one.name)


def _kin_of(kinship: Kinship, space: str, opener: Opener) -> Kin:
    with kinship.lock:
        if space not in kinship.told:
            kinship.told[space] = _found(kinship, space, opener)
        return kinship.told[space]


def _lists(kinship: Kinship, space: str) -> tuple[str, ...]:
    return tuple(one.name for one in kinship.lists if one.source.key == space)


def _found(kinship: Kinship, space: str, opener: Opener) -> Kin:
    said = [_said(one, opener) for one in kinship.said if _leads_to(one, space)]
    every = _by_latest_names(pl.concat(said), kinship, space, opener)
    listed = [_keys(one, opener) for one in kinship.lists if one.source.key == space]
    known = pl.concat(listed).unique().sort() if listed else pl.Series(ID, [], dtype=pl.String)
    ids = find_kin(every.select(SPACE, ID, OF), space, known)
    odd = every.join(ids.filter(AT_ODDS), on=[SPACE, ID], how="semi")
    names = " and ".join(_lists(kinship, space))
    problems = [
        problem
        for one in kinship.said
        for problem in _at_odds(one, names, every, odd)
    ]  # fmt: skip
    if refused := [one for one in problems if one.level == "error"]:
        raise SourceError(refused)
    return Kin(ids, known if listed else None, _stamp(ids, known), tuple(problems))


def _leads_to(listed: Listed, space: str) -> bool:
    return listed.source.identity is not None and listed.source.identity.to == space


def _said(listed: Listed, opener: Opener) -> pl.DataFrame:
    """What a source says of pairs of ids, and where."""
    identity = listed.source.identity
    if listed.problem or identity is None:
        raise SourceError([listed.problem] if listed.problem else [])
    opened = _opened(listed, (identity.from_, identity.to), opener)
    kinds = opened.types
    told = opened.frame.select(
        pl.lit(listed.name).alias(_SOURCE),
        FILE,
        ROW,
        pl.lit(identity.space).alias(SPACE),
        key_text(identity.from_, kinds[identity.from_]).alias(ID),
        key_text(identity.to, kinds[identity.to]).alias(OF),
    )
    return told.drop_nulls([ID, OF]).collect(engine="streaming")


def _keys(listed: Listed, opener: Opener) -> pl.Series:
    key = listed.source.key or ""
    if listed.problem:
        raise SourceError([listed.problem])
    opened = _opened(listed, (key,), opener)
    keys = opened.frame.select(key_text(key, opened.types[key]).alias(ID)).drop_nulls().unique()
    return keys.collect(engine="streaming")[ID]


def _opened(listed: Listed, columns: Sequence[str], opener: Opener) -> Opened:
    """A source as its files are, whatever others say of its ids."""
    uses = key_uses(listed.source) | {name: {"text"} for name in columns}
    return opener(replace(listed, kinship=None), uses)


def _by_latest_names(
    said: pl.DataFrame, kinship: Kinship, space: str, opener: Opener
) -> pl.DataFrame:
    """The ids that lead to others by the id that they are themselves known by."""
    spaces = spaces_of(kinship.ways)
    for before in spaces[: spaces.index(space)]:
        if before in said[SPACE]:
            kin = _kin_of(kinship, before, opener).ids.filter(pl.col(SPACE) == before)
            held = said.join(kin.select(SPACE, ID, ONE), on=[SPACE, ID], how="left")
            said = held.with_columns(pl.coalesce(ONE, ID).alias(ID)).drop(ONE)
    return said


def _at_odds(
    listed: Listed, lists: str, every: pl.DataFrame, odd: pl.DataFrame
) -> Iterator[Problem]:
    """The ids of a source that lead to two of the list: an error where they are too many."""
    mine = odd.filter(pl.col(_SOURCE) == listed.name)
    if mine.height == 0:
        return
    count, total = (
        rows.filter(pl.col(_SOURCE) == listed.name).select(SPACE, ID).n_unique()
        for rows in (odd, every)
    )
    rows = mine.sort(FILE, ROW).select(FILE, ROW).unique(maintain_order=True).head(_FIRST)
    first = ", ".join(f"{listed.files[file].name} row {row}" for file, row in rows.iter_rows())
    message = f"{listed.name}: {count:,} of {total:,} ids lead to several of {lists}"
    few = count <= listed.source.skip_bad_rows * total
    level: Level = "warning" if few else "error"
    hint = f"the first: {first}"
    if few:
        message += ", and are taken for none of them"
    else:
        hint += f"; if they may be nobody's, raise skip_bad_rows: on {listed.name}"
    yield Problem("identity", message, hint, level=level, source=listed.name)


def _stamp(ids: pl.DataFrame, known: pl.Series) -> str:
    buffer = BytesIO()
    ids.write_ipc(buffer)
    known.to_frame().write_ipc(buffer)
    return sha256(buffer.getvalue()).hexdigest()[:20]
