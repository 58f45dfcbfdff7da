"""The rows of a text file: by Polars where that is safe, else one by one."""

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import polars as pl

from kpicli.sources.delimited.cutoff import refuse_cut_off
from kpicli.sources.delimited.encoding import encoding_of_whole
from kpicli.sources.delimited.footer import Record, Tail
from kpicli.sources.delimited.layout import Layout
from kpicli.sources.delimited.parts import LARGE_BYTES, parts_of
from kpicli.sources.delimited.proof import regular_rows
from kpicli.sources.delimited.records import Cutter
from kpicli.sources.delimited.repair import Account, Fitted, Fitting
from kpicli.sources.delimited.spool import Spool
from kpicli.sources.nulls import without_nulls
from kpicli.sources.reading import ROW, Reading, Scan


def read_rows(path: Path, layout: Layout, reading: Reading, asked: Sequence[int]) -> Scan:
    """The columns at the asked positions as text, with `row`; null where there is no value."""
    easy = layout.encoding.utf8 and not reading.footer_from and layout.width == layout.least
    rows = regular_rows(path, layout) if easy else None
    if rows is None:
        return _one_by_one(path, layout, reading, asked)
    return Scan(_by_polars(path, layout, rows, reading, asked))


def _by_polars(
    path: Path, layout: Layout, rows: int, reading: Reading, asked: Sequence[int]
) -> pl.LazyFrame:
    columns = [_valued(at, layout, reading) for at in asked]
    if rows == 0:
        return pl.LazyFrame(schema=_schema(layout, asked))
    large = path.stat().st_size > LARGE_BYTES
    frame = pl.scan_csv(
        list(parts_of(path, layout.first_line)) if large else path,
        has_header=False,
        schema={str(at): pl.String() for at in range(layout.width)},
        separator=layout.separator,
        skip_lines=0 if large else layout.first_line,
        n_rows=rows,
        row_index_name=ROW,
        row_index_offset=1,
        glob=False,
    )
    return frame.select(pl.col(ROW).cast(pl.UInt32), *columns)


def _one_by_one(path: Path, layout: Layout, reading: Reading, asked: Sequence[int]) -> Scan:
    layout = replace(layout, encoding=encoding_of_whole(path, layout.encoding))
    account = Account(path.name)
    spool = _spool(path, layout, reading, asked, account)
    note = layout.encoding.note
    return Scan(
        frame=spool.lazy(),
        unread=tuple(account.unread),
        unread_count=account.unread_count,
        notes=((note,) if note else ()) + account.notes(),
    )


def _spool(
    path: Path, layout: Layout, reading: Reading, asked: Sequence[int], account: Account
) -> Spool:
    spool = Spool(_schema(layout, asked))
    cutter = Cutter(layout.separator, layout.width)
    fitting = Fitting(layout, reading.footer_from, Tail(layout.least))
    codec, end = layout.encoding.codec, layout.line_end
    with path.open(encoding=codec, errors="replace", newline=end) as file:
        for _ in range(layout.first_line):
            file.readline()
        end_of_table: list[Record] = []
        for records in cutter.blocks(file):
            rows = fitting.fit(records, account)
            spool.add(_frame(rows, layout, reading, asked))
            if account.footer_at is not None:
                break
            end_of_table = [*end_of_table, *records[-2:]][-2:]
    spool.add(_frame(fitting.end(account), layout, reading, asked))
    if account.footer_at is None:
        refuse_cut_off(path, layout, end_of_table)
    return spool


def _frame(rows: Fitted, layout: Layout, reading: Reading, asked: Sequence[int]) -> pl.DataFrame:
    columns = {ROW: pl.Series(rows.numbers, dtype=pl.UInt32)}
    for at in asked:
        columns[str(at)] = pl.Series(list(map(itemgetter(at), rows.records)), dtype=pl.String)
    valued = [_valued(at, layout, reading) for at in asked]
    return pl.DataFrame(columns).select(ROW, *valued)


def _valued(at: int, layout: Layout, reading: Reading) -> pl.Expr:
    # By position until the end: pl.col reads some names as patterns.
    return without_nulls(pl.col(str(at)), reading.nulls).alias(layout.names[at])


def _schema(layout: Layout, asked: Sequence[int]) -> dict[str, pl.DataType]:
    return {ROW: pl.UInt32(), **{layout.names[at]: pl.String() for at in asked}}
