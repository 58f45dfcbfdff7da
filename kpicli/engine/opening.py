"""A source opened: its files as one typed lazy frame, and a record of what was read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from kpicli.engine.catalogue import Listed
from kpicli.engine.column_types import Uses, column_types
from kpicli.engine.date_patterns import find_patterns
from kpicli.engine.days import day_of_column
from kpicli.engine.duplicates import AGE, Repeated, find_repeated
from kpicli.engine.opened import EXCLUDED, FILE, ROW, Opened, as_text, bad
from kpicli.errors import Problem, SourceError
from kpicli.results import FileRecord, SourceRecord, Spot
from kpicli.sources.cellhints import cell_hint
from kpicli.sources.cells import CellStyle, style_of, typed, unparsable
from kpicli.sources.reading import ROW as FILE_ROW
from kpicli.sources.reading import Scan
from kpicli.words.calendar import Calendar
from kpicli.words.types import ColumnType

# A text file up to this size is held in memory; a larger one is read as it is needed.
HELD_BYTES = 256 * 1024 * 1024
# Up to this size a source's files are looked through together for keys that repeat.
COMPARED_BYTES = 32 * 1024 * 1024
SPOTS = 3
_RAW = "as written: "


@dataclass(frozen=True)
class _File:
    """One file: its rows as they are stored, in memory if held, and which columns it has."""

    held: bool
    number: int
    path: Path
    scan: Scan
    headers: Mapping[str, str]
    dtypes: Mapping[str, pl.DataType]
    rows: pl.LazyFrame


def open_source(listed: Listed, uses: Uses, calendar: Calendar, folder: Path) -> Opened:
    """The wanted columns of a source's rows in use; SourceError where it cannot be read.

    Rows that repeat a `unique` key are left out.
    """
    files = [_open_file(listed, number, uses, calendar) for number in range(len(listed.files))]
    types = column_types(listed, uses)
    styles = _styles(listed, files, types, calendar)
    named = _named(files, types, uses)
    whole = [_typed(file, types, styles, named) for file in files]
    types, whole = _with_days(whole, types, styles)
    repeated = _repeated(listed, files, whole, types, calendar)
    frame = pl.concat(whole, how="diagonal_relaxed")
    if repeated.rows.height:
        frame = frame.join(repeated.rows.lazy(), on=[FILE, ROW], how="anti")
    unreadable = tuple(name for name in types if _may_fail(files, name, types))
    frame = frame.with_columns(
        *(pl.col(bad(name)).fill_null(value=False) for name in unreadable),
        pl.lit(None, dtype=pl.String).alias(EXCLUDED),
    )
    shown = tuple(_shown(file.path, folder) for file in files)
    dates = {
        name: style.dates
        for name, style in styles.items()
        if style.dates and types[name] in ("date", "time") and _may_fail(files, name, types)
    }
    opened = Opened(
        listed.name,
        listed.source,
        frame,
        types,
        unreadable,
        files=shown,
        dates=dates,
        named=named,
    )
    return _surveyed(opened, listed, files, repeated, calendar)


def _open_file(listed: Listed, number: int, uses: Uses, calendar: Calendar) -> _File:
    header, path = listed.headers[number], listed.files[number]
    headers = {
        column: found for column in uses if (found := listed.header(column, number)) is not None
    }
    # A row is another's copy only if all of it is: whoever compares rows reads every column.
    wanted = header.names if listed.source.unique else tuple(dict.fromkeys(headers.values()))
    reading = listed.source.reading(calendar.zone_name)
    scan = listed.formats[number].scan(path, reading, wanted)
    dtypes = dict(zip(header.names, header.dtypes, strict=True))
    rows = scan.frame.rename({FILE_ROW: ROW}) if FILE_ROW not in wanted else scan.frame
    rows = rows.with_columns(pl.lit(number, dtype=pl.UInt16).alias(FILE))
    held = _is_text(dtypes) and path.stat().st_size <= HELD_BYTES
    if held:
        rows = rows.collect().lazy()
    return _File(
        held,
        number,
        path,
        scan,
        headers,
        {ours: dtypes[theirs] for ours, theirs in headers.items()},
        rows,
    )


def _is_text(dtypes: Mapping[str, pl.DataType]) -> bool:
    return all(dtype == pl.String for dtype in dtypes.values())


def _styles(
    listed: Listed, files: Sequence[_File], types: Mapping[str, ColumnType], calendar: Calendar
) -> dict[str, CellStyle]:
    """How the cells of each column are written; date patterns are found over all files."""
    reading = listed.source.reading(calendar.zone_name)
    styles = {column: style_of(reading, column) for column in types}
    texts = {
        column: [
            file.rows.select(pl.col(file.headers[column]).alias(column))
            for file in files
            if file.dtypes.get(column) == pl.String
        ]
        for column, kind in types.items()
        if kind in ("date", "time") and styles[column].dates is None
    }
    found = find_patterns(listed.name, {name: each for name, each in texts.items() if each})
    return {
        column: replace(style, dates=found[column]) if column in found else style
        for column, style in styles.items()
    }


def _with_days(
    files: Sequence[pl.LazyFrame],
    types: Mapping[str, ColumnType],
    styles: Mapping[str, CellStyle],
) -> tuple[dict[str, ColumnType], list[pl.LazyFrame]]:
    """Time columns that are midnight throughout are dates, in the zone they are written in."""
    zones = {
        column: zone
        for column, kind in types.items()
        if kind == "time" and (zone := _midnight_zone(files, column, styles[column]))
    }
    days = [
        pl.col(column).dt.convert_time_zone(zone).dt.date().alias(column)
        for column, zone in zones.items()
    ]
    settled = {column: "date" if column in zones else kind for column, kind in types.items()}
    return settled, [_with_present(rows, days) for rows in files] if days else list(files)


def _with_present(rows: pl.LazyFrame, told: Sequence[pl.Expr]) -> pl.LazyFrame:
    names = rows.collect_schema().names()
    return rows.with_columns(one for one in told if one.meta.output_name() in names)


def _midnight_zone(files: Sequence[pl.LazyFrame], column: str, style: CellStyle) -> str | None:
    """The zone in which every time of the column is midnight; a look stops at the first other."""
    with_it = [rows.select(column) for rows in files if column in rows.collect_schema()]
    zones = tuple(dict.fromkeys((style.zone, "UTC")))
    at = [pl.col(column).dt.convert_time_zone(zone).dt.time() for zone in zones]
    looks = [pl.concat(with_it).filter(time != pl.time(0, 0)).head(1) for time in at]
    found = pl.collect_all(looks, engine="streaming")
    return next((zone for zone, look in zip(zones, found, strict=True) if not look.height), None)


def _value(file: _File, column: str, kind: ColumnType, style: CellStyle) -> pl.Expr:
    stored = pl.col(file.headers[column])
    value = typed(column, stored, file.dtypes[column], kind, style)
    if isinstance(value, Problem):
        raise SourceError([value])
    return value


def _typed(
    file: _File,
    types: Mapping[str, ColumnType],
    styles: Mapping[str, CellStyle],
    named: Sequence[str],
) -> pl.LazyFrame:
    """A file's rows with our columns as their types; a column that it lacks is null."""
    told: list[pl.Expr] = []
    for column, kind in types.items():
        if column not in file.headers:
            continue
        value = _value(file, column, kind, styles[column])
        told.append(value.alias(column))
        if _can_fail(file.dtypes[column], kind):
            stored = pl.col(file.headers[column])
            told.append(unparsable(stored, file.dtypes[column], value).alias(bad(column)))
        if column in named:
            told.append(_value(file, column, "text", styles[column]).alias(as_text(column)))
    rows = file.rows.select(FILE, ROW, *told)
    return rows.collect().lazy() if file.held else rows


def _named(files: Sequence[_File], types: Mapping[str, ColumnType], uses: Uses) -> tuple[str, ...]:
    """Text columns that name groups in one place and are read as another type in another."""
    return tuple(
        column
        for column, kind in types.items()
        if kind != "text"
        and "text" in uses[column]
        and any(file.dtypes.get(column) == pl.String for file in files)
    )


def _can_fail(dtype: pl.DataType, kind: ColumnType) -> bool:
    return dtype == pl.String and kind != "text"


def _may_fail(files: Sequence[_File], column: str, types: Mapping[str, ColumnType]) -> bool:
    return any(
        column in file.headers and _can_fail(file.dtypes[column], types[column]) for file in files
    )


def _repeated(
    listed: Listed,
    files: Sequence[_File],
    whole: Sequence[pl.LazyFrame],
    types: Mapping[str, ColumnType],
    calendar: Calendar,
) -> Repeated:
    source = listed.source
    if not source.unique:
        return Repeated(files[0].rows.select(FILE, ROW).head(0).collect())
    by_name = sorted(files, key=lambda file: (file.path.name, str(file.path)))
    ages = {file.number: age for age, file in enumerate(by_name)}
    keyed = [
        rows.join(_whole_content(file), on=[FILE, ROW]).with_columns(
            pl.lit(ages[file.number], dtype=pl.UInt16).alias(AGE)
        )
        for file, rows in zip(files, whole, strict=True)
    ]
    happened = source.happened
    day = day_of_column(happened, types[happened], calendar.zone_name) if happened else None
    return find_repeated(
        keyed,
        source.unique,
        day,
        source.updated,
        over_all=source.unique_over == "all",
        file_by_file=sum(file.path.stat().st_size for file in files) > COMPARED_BYTES,
    )


def _whole_content(file: _File) -> pl.LazyFrame:
    """Every column of the file as it is stored."""
    kept = [name for name in file.rows.collect_schema() if name not in (FILE, ROW)]
    return file.rows.select(FILE, ROW, *(pl.col(name).alias(_RAW + name) for name in kept))


def _shown(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name


def _surveyed(
    opened: Opened, listed: Listed, files: Sequence[_File], repeated: Repeated, calendar: Calendar
) -> Opened:
    """The opened source with its record; SourceError where too much of it cannot be read."""
    happened = opened.source.happened
    counts = opened.frame.select(
        pl.len().alias("rows"),
        (pl.col(happened).is_null().sum() if happened else pl.lit(0)).alias("undated"),
        *(pl.col(bad(name)).sum() for name in opened.unreadable),
    ).collect(engine="streaming")
    row = counts.row(0, named=True)
    unread = sum(file.scan.unread_count for file in files)
    cells = {name: row[bad(name)] for name in opened.unreadable if row[bad(name)]}
    spots = tuple(_spots(opened, files, tuple(cells)))
    _refuse_too_many(opened, row["rows"], unread, repeated.conflicts, cells, spots, files)
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
        spots=spots,
        notes=(
            *listed.notes,
            *(note for file in files for note in file.scan.notes),
            *_cost(opened, row["rows"]),
        ),
    )
    return replace(opened, record=record)


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


def _spots(opened: Opened, files: Sequence[_File], columns: Sequence[str]) -> Iterator[Spot]:
    """The first places that could not be read: rows, then cells."""
    unread = [spot for file in files for spot in file.scan.unread]
    yield from unread[:SPOTS]
    left = SPOTS - len(unread[:SPOTS])
    if not left or not columns:
        return
    found = (
        opened.frame.filter(pl.any_horizontal(pl.col(bad(name)) for name in columns))
        .select(FILE, ROW, *(bad(name) for name in columns))
        .sort(FILE, ROW)
        .head(left)
        .collect()
    )
    for row in found.iter_rows(named=True):
        column = next(name for name in columns if row[bad(name)])
        file = files[row[FILE]]
        text = (
            file.rows.filter(pl.col(ROW) == row[ROW]).select(file.headers[column]).collect().item()
        )
        kind = opened.types[column]
        yield Spot(opened.files[row[FILE]], row[ROW], column, text, f"is no {kind}")


def _refuse_too_many(
    opened: Opened,
    rows: int,
    unread: int,
    conflicts: int,
    cells: Mapping[str, int],
    spots: Sequence[Spot],
    files: Sequence[_File],
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
    problems += _repeated_key(opened)
    if problems:
        raise SourceError(problems)


def _repeated_key(opened: Opened) -> list[Problem]:
    """A key identifies a row: whoever refers to one that repeats would count its row twice."""
    key = opened.source.key
    if key is None or key not in opened.types:
        return []
    counted = opened.frame.select(pl.col(key)).drop_nulls().group_by(key).len()
    twice = counted.filter(pl.col("len") > 1).sort(key).collect(engine="streaming")
    if twice.height == 0:
        return []
    first = twice.row(0)
    message = f"{opened.name}: {twice.height:,} values of its key {key} stand in several rows"
    hint = f"the first: {first[0]!r}, {first[1]} times; rows alike are one with unique: {key}"
    return [Problem("key_repeats", message, hint, source=opened.name)]


def _too_many_cells(
    opened: Opened, column: str, count: int, rows: int, spots: Sequence[Spot]
) -> Problem:
    kind = opened.types[column]
    message = f"{opened.name}.{column}: {count:,} of {rows:,} values are no {kind}"
    spot = next((one for one in spots if one.column == column), None)
    if spot is None:
        return Problem("unparsable", message, None, source=opened.name)
    hint = cell_hint(spot.text or "", kind)
    found = f"{spot.file} row {spot.row}: {spot.text!r}"
    return Problem("unparsable", message, f"{found}; {hint}" if hint else found, source=opened.name)
