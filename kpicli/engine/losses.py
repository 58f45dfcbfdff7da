"""What of a source could not be read, and the refusal where it is too much."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import zip_longest
from pathlib import Path

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Listed
from kpicli.engine.duplicates import Repeated
from kpicli.engine.opened import FILE, ROW, Opened, bad
from kpicli.engine.stored import StoredFile
from kpicli.engine.tallies import day_counts
from kpicli.errors import Problem, SourceError
from kpicli.results import FileRecord, SourceRecord, Spot
from kpicli.sources.cellhints import cell_hint
from kpicli.words.calendar import Calendar

SPOTS = 3


def account_for(
    opened: Opened,
    listed: Listed,
    files: Sequence[StoredFile],
    repeated: Repeated,
    day: pl.Expr | None,
    calendar: Calendar,
    cache: Cache,
) -> Opened:
    """The opened source with its record; SourceError where too much of it cannot be read.

    day is the local day on which a row happened, None for a list without time.
    """
    row = _counts(opened, calendar, cache)
    unread = sum(file.scan.unread_count for file in files)
    cells = {name: row[bad(name)] for name in opened.unreadable if row[bad(name)]}
    spots = tuple(_spots(opened, files, tuple(cells)))
    _refuse_too_many(opened, row["rows"], unread, repeated.conflicts, cells, spots)
    _refuse_repeated_key(opened, day)
    not_read = {
        "undated": row["undated"],
        "duplicate": repeated.duplicates,
        "conflict": repeated.conflicts,
        "unread": unread,
        "unparsable": sum(cells.values()),
    }
    record = SourceRecord(
        name=opened.name,
        files=tuple(
            _file_record(file.path, shown) for file, shown in zip(files, opened.files, strict=True)
        ),
        rows=row["rows"],
        not_read={why: count for why, count in not_read.items() if count},
        spots=spots[:SPOTS],
        notes=(
            *listed.notes,
            *(note for file in files for note in file.scan.notes),
            *_cost(opened, row["rows"]),
        ),
    )
    return replace(opened, record=record)


def _counts(opened: Opened, calendar: Calendar, cache: Cache) -> dict[str, int]:
    """How many rows there are, how many without a date, and unreadable cells by column."""
    happened = opened.source.happened
    if opened.pieces and happened and not opened.unreadable:
        count = partial(day_counts, column=happened, calendar=calendar, cache=cache)
        with ThreadPoolExecutor(max_workers=2) as pool:
            days = [one for told in pool.map(count, opened.pieces) for one in told.iter_rows()]
        undated = sum(rows for day, rows in days if day is None)
        return {"rows": sum(rows for _, rows in days), "undated": undated}
    counts = opened.frame.select(
        pl.len().alias("rows"),
        (pl.col(happened).is_null().sum() if happened else pl.lit(0)).alias("undated"),
        *(pl.col(bad(name)).sum() for name in opened.unreadable),
    )
    return counts.collect(engine="streaming").row(0, named=True)


def _cost(opened: Opened, rows: int) -> Iterator[str]:
    """What comparing more than a day at once costs."""
    source = opened.source
    if source.unique and source.unique_over == "all":
        keys = ", ".join(source.unique)
        yield f"unique_over: all holds {keys} of all {rows:,} rows in memory at once"


def _file_record(path: Path, shown: str) -> FileRecord:
    stat = path.stat()
    modified = datetime.fromtimestamp(stat.st_mtime, UTC).isoformat(timespec="seconds")
    return FileRecord(shown, stat.st_size, modified)


def _spots(opened: Opened, files: Sequence[StoredFile], columns: Sequence[str]) -> Iterator[Spot]:
    """The first places that could not be read: rows, then cells, of every column one first."""
    unread = [spot for file in files for spot in file.scan.unread]
    yield from unread[:SPOTS]
    left = SPOTS - len(unread[:SPOTS])
    if not left or not columns:
        return
    looks = [
        opened.frame.filter(pl.col(bad(name))).select(FILE, ROW).sort(FILE, ROW).head(left)
        for name in columns
    ]
    found = [frame.rows() for frame in pl.collect_all(looks)]
    in_turn = zip_longest(*found)
    places = [(column, at) for turn in in_turn for column, at in zip(columns, turn, strict=True)]
    for column, at in [one for one in places if one[1]][: max(left, len(columns))]:
        yield _cell(opened, files[at[0]], at[1], column)


def _cell(opened: Opened, file: StoredFile, row: int, column: str) -> Spot:
    stored = pl.col(file.headers[column]).cast(pl.String)
    broken, inner = file.broken(column), file.inner.get(column)
    if inner is not None:
        stored = inner.cell.cast(pl.String)
    whole = pl.col(inner.whole) if inner and inner.whole else pl.lit(None, pl.String)
    told = (pl.lit(value=False) if broken is None else broken).alias("broken")
    at = file.rows.filter(pl.col(ROW) == row)
    frame = at.select(told, stored.alias("cell"), whole.alias("whole")).collect()
    is_broken, cell, text = frame.row(0)
    why = "is no JSON" if is_broken else f"is no {opened.types[column]}"
    return Spot(opened.files[file.number], row, column, text if is_broken else cell, why)


def _refuse_too_many(
    opened: Opened,
    rows: int,
    unread: int,
    conflicts: int,
    cells: Mapping[str, int],
    spots: Sequence[Spot],
) -> None:
    allowed = opened.source.skip_bad_rows
    problems: list[Problem] = []
    if unread > allowed * (rows + unread):
        first = spots[0]
        message = f"{opened.name}: {unread:,} of {rows + unread:,} rows could not be read"
        hint = f"the first: {first.file} row {first.row}: {first.why}"
        problems.append(Problem("unread", message, hint, source=opened.name))
    for column, count in cells.items():
        if count > allowed * rows:
            problems.append(_too_many_cells(opened, column, count, rows, spots))
    if conflicts > allowed * (rows + conflicts) and opened.source.keep is None:
        key = ", ".join(opened.source.unique)
        message = f"{opened.name}: {conflicts:,} rows share {key} with another row and differ"
        hint = "add keep: newest and updated: COLUMN, or raise skip_bad_rows:"
        problems.append(Problem("conflict", message, hint, source=opened.name))
    if problems:
        raise SourceError(problems)


def _refuse_repeated_key(opened: Opened, day: pl.Expr | None) -> None:
    """A key identifies a row: whoever refers to one that repeats would count its row twice."""
    key = opened.source.key
    if key is None or key not in opened.types or opened.source.valid_from:
        return
    days = pl.lit(1) if day is None else day.n_unique()
    counted = opened.frame.drop_nulls(key).group_by(key).agg(pl.len(), days.alias("days"))
    twice = counted.filter(pl.col("len") > 1).sort(key).collect(engine="streaming")
    if twice.height == 0:
        return
    first, times, _ = twice.row(0)
    message = f"{opened.name}: {twice.height:,} values of its key {key} stand in several rows"
    hint = f"the first: {first!r}, {times} times; rows alike are one with unique: {key}"
    if (twice["days"] > 1).any():
        # Rows of different days are not alike, and unique: alone compares within a day.
        hint += ", those of different days with unique_over: all and keep: newest beside it"
    raise SourceError([Problem("key_repeats", message, hint, source=opened.name)])


def _too_many_cells(
    opened: Opened, column: str, count: int, rows: int, spots: Sequence[Spot]
) -> Problem:
    kind = opened.types[column]
    spot = next((one for one in spots if one.column == column), None)
    said = spot.why.removeprefix("is no ") if spot else kind
    message = f"{opened.name}.{column}: {count:,} of {rows:,} values are no {said}"
    if spot is None:
        return Problem("unparsable", message, None, source=opened.name)
    hint = cell_hint(spot.text or "", kind) if said == kind else None
    found = f"{spot.file} row {spot.row}: {spot.text!r}"
    return Problem("unparsable", message, f"{found}; {hint}" if hint else found, source=opened.name)
