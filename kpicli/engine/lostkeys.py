"""How many rows of a large source name keys that a table has not, or none at all."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.keys import key_text
from kpicli.engine.opened import Opened, Piece
from kpicli.engine.routes import Hop

KEY, ROWS = "key", "rows"


def lost_rows(opened: Opened, hop: Hop, keys: pl.Series, cache: Cache) -> pl.DataFrame:
    """One row per key that the table has not, null for none: columns key, rows.

    keys are those of the table. What each file lacks is kept. Where keys have come since it is
    told from that, as nobody who is new had a row that was not lost before.
    """
    against = _counted_against(opened, hop, keys, cache)
    name = _printed(against)
    # Two files at a time: one alone leaves processors waiting.
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(lambda one: _lost(one, hop.column, against, name, cache), opened.pieces)
        lost = pl.concat(list(found))
    return lost.filter(~pl.col(KEY).is_in(keys.implode()).fill_null(value=False))


def _counted_against(opened: Opened, hop: Hop, keys: pl.Series, cache: Cache) -> pl.Series:
    """The keys of the table as they were at first, as long as they all are there."""
    where = f"{hop.column} of {opened.pieces[0].files}"
    told = cache.table(f"keys of {hop.table} first sought in {where}", keys.sort().to_frame)
    first = told[KEY]
    return first if first.is_in(keys.implode()).all() else keys.sort()


def _lost(piece: Piece, column: str, keys: pl.Series, name: str, cache: Cache) -> pl.DataFrame:
    # A filter by values looks up each word that a file knows but once; a count looks up each row.
    value = piece.opened.frame.select(key_text(column, piece.opened.types[column]).alias(KEY))
    without = pl.col(KEY).is_null() | ~pl.col(KEY).is_in(keys.implode())
    counted = value.filter(without).group_by(KEY).agg(pl.len().alias(ROWS))
    key = f"rows without partner by {column} in {name}: {piece.read[column]}; {piece.files}"
    return cache.table(key, lambda: counted.collect(engine="streaming"))


def _printed(keys: pl.Series) -> str:
    written = BytesIO()
    keys.rechunk().to_frame().write_ipc(written)
    return sha256(written.getvalue()).hexdigest()
