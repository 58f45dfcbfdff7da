"""A source opened: its files as one typed lazy frame, and a record of what was read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.catalogue import Listed
from kpicli.engine.column_types import Uses, column_types
from kpicli.engine.currencies import refuse_signs
from kpicli.engine.date_patterns import find_patterns
from kpicli.engine.days import day_of_column
from kpicli.engine.gates import gated, with_gates
from kpicli.engine.identities import given_columns, with_given, with_leads, with_unmatched
from kpicli.engine.innerfields import without_unknown_fields
from kpicli.engine.losses import account_for
from kpicli.engine.opened import EXCLUDED, FILE, ROW, Opened, as_text, bad
from kpicli.engine.pieces import pieces_of
from kpicli.engine.repeats import Compared, repeated_rows
from kpicli.engine.sessions import make_sessions, uses_of_base
from kpicli.engine.stored import StoredFile, stored_file
from kpicli.engine.strangeids import with_strange_ids
from kpicli.engine.versions import refuse_overlaps
from kpicli.errors import Problem, SourceError
from kpicli.sources.cells import CellStyle, style_of, typed, unparsable
from kpicli.sources.dates import instant
from kpicli.words.calendar import Calendar
from kpicli.words.types import ColumnType

# The wanted columns of a source up to this size, whose files may be packed, are held in memory.
HELD_SOURCE_BYTES = 16 * 1024 * 1024
_STORED, _BROKEN = "as stored: ", "broken: "


def open_source(
    listed: Listed, uses: Uses, calendar: Calendar, folder: Path, cache: Cache
) -> Opened:
    """The wanted columns of a source's rows in use; SourceError where it cannot be read.

    Rows that repeat a `unique` key are left out. cache holds what was counted before.
    """
    if listed.base:
        taken = uses_of_base(listed, listed.base, uses)
        base = open_source(listed.base, taken, calendar, folder, cache)
        return make_sessions(base, listed, calendar)
    given = given_columns(
        listed, uses, lambda one, its: open_source(one, its, calendar, folder, cache)
    )
    uses = with_gates(listed, with_leads(listed, uses, given))
    zone = calendar.zone_name
    files = [stored_file(listed, number, uses, zone) for number in range(len(listed.files))]
    types = column_types(listed, uses)
    styles = _styles(listed, files, types, calendar)
    refuse_signs(listed, files, types, styles)
    named = _named(files, types, uses)
    held = _held(files)
    rows = [gated(_typed(file, types, styles, named), listed.source.only_if) for file in files]
    whole = _in_memory(rows, held)
    types, whole = _with_days(whole, types, styles, listed.source.kinds, calendar.zone_name)
    if given:
        told = [with_given(rows, given, types) for rows in whole]
        whole = [one.collect().lazy() if file.held else one
                 for file, one in zip(files, told, strict=True)]  # fmt: skip
        types |= {one.column: "text" for one in given}
    happened = listed.source.happened
    day = day_of_column(happened, types[happened], calendar.zone_name) if happened else None
    read = {name: f"{kind}, {styles[name]}, {name in named}" for name, kind in types.items()}
    read |= {one.column: f"{read[one.column]}, {one.kin.stamp}" for one in given}
    reading = f"{listed.source.reading(calendar.zone_name)} {dict(listed.source.only_if)}"
    repeated = repeated_rows(
        Compared(listed.source, files, whole, day, f"{reading} {read} {calendar.zone_name}"), cache
    )
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
        held=all(held),
    ).settled()
    opened = replace(opened, pieces=pieces_of(opened, files, whole, repeated, read, reading))
    refuse_overlaps(opened, calendar.zone_name)
    opened = account_for(opened, listed, files, repeated, day, calendar, cache)
    opened = with_strange_ids(without_unknown_fields(opened, files))
    return with_unmatched(opened, given, cache)


def _held(files: Sequence[StoredFile]) -> list[bool]:
    """Of each file, whether its wanted columns are held in memory."""
    sizes = (file.scan.size or file.path.stat().st_size for file in files)
    small = sum(sizes) <= HELD_SOURCE_BYTES
    return [file.held or small for file in files]


def _in_memory(files: Sequence[pl.LazyFrame], held: Sequence[bool]) -> list[pl.LazyFrame]:
    read = iter(pl.collect_all([rows for rows, one in zip(files, held, strict=True) if one]))
    return [next(read).lazy() if one else rows for rows, one in zip(files, held, strict=True)]


def _styles(
    listed: Listed, files: Sequence[StoredFile], types: Mapping[str, ColumnType], calendar: Calendar
) -> dict[str, CellStyle]:
    """How the cells of each column are written; date patterns are found over all files."""
    reading = listed.source.reading(calendar.zone_name)
    told = {column: style_of(reading, column, listed.currency) for column in types}
    named = listed.source.currency_column
    styles = {column: replace(style, currency_column=named) for column, style in told.items()}
    texts = {
        column: [
            file.rows.select(file.cells[column].alias(column))
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
    declared: Mapping[str, ColumnType],
    project: str,
) -> tuple[dict[str, ColumnType], list[pl.LazyFrame]]:
    """Time columns that are midnight throughout are dates, in the zone they are written in.

    One that is declared a time stays one: the first instant of those dates in the project's zone.
    """
    kept = {column for column, kind in declared.items() if kind == "time"}
    zones = _day_zones(files, types, styles, kept)
    days = []
    for column, zone in zones.items():
        day = pl.col(column).dt.convert_time_zone(zone).dt.date()
        told = instant(day.cast(pl.Datetime("us")), project) if column in kept else day
        days.append(told.alias(column))
    settled: dict[str, ColumnType] = {
        column: "date" if column in zones and column not in kept else kind
        for column, kind in types.items()
    }
    return settled, [_with_present(rows, days) for rows in files] if days else list(files)


def _with_present(rows: pl.LazyFrame, told: Sequence[pl.Expr]) -> pl.LazyFrame:
    names = rows.collect_schema().names()
    return rows.with_columns(one for one in told if one.meta.output_name() in names)


def _day_zones(
    files: Sequence[pl.LazyFrame],
    types: Mapping[str, ColumnType],
    styles: Mapping[str, CellStyle],
    kept: Collection[str],
) -> dict[str, str]:
    """The time columns that are midnight throughout, and in which zone.

    An empty column says nothing of that: it holds dates where all the others of its source do.
    """
    times = [column for column, kind in types.items() if kind == "time"]
    filled = _filled(files, times)
    zones = {
        column: zone for column in filled if (zone := _midnight_zone(files, column, styles[column]))
    }
    if filled and all(column in zones and column not in kept for column in filled):
        zones |= {column: styles[column].zone for column in times if column not in filled}
    return zones


def _filled(files: Sequence[pl.LazyFrame], columns: Sequence[str]) -> list[str]:
    """The columns that have a value; a look stops at the first."""
    looks = [
        pl.concat([rows.select(one) for rows in files if one in rows.collect_schema()])
        .drop_nulls()
        .head(1)
        for one in columns
    ]
    found = pl.collect_all(looks, engine="streaming")
    return [one for one, look in zip(columns, found, strict=True) if look.height]


def _midnight_zone(files: Sequence[pl.LazyFrame], column: str, style: CellStyle) -> str | None:
    """The zone in which every time of the column is midnight; a look stops at the first other."""
    with_it = [rows.select(column) for rows in files if column in rows.collect_schema()]
    zones = tuple(dict.fromkeys((style.zone, "UTC")))
    at = [pl.col(column).dt.convert_time_zone(zone).dt.time() for zone in zones]
    looks = [pl.concat(with_it).filter(time != pl.time(0, 0)).head(1) for time in at]
    found = pl.collect_all(looks, engine="streaming")
    return next((zone for zone, look in zip(zones, found, strict=True) if not look.height), None)


def _value(file: StoredFile, column: str, kind: ColumnType, style: CellStyle) -> pl.Expr:
    style = replace(style, currency_cell=file.cells.get(style.currency_column or ""))
    value = typed(column, file.cells[column], file.dtypes[column], kind, style)
    if isinstance(value, Problem):
        raise SourceError([value])
    return value


def _typed(
    file: StoredFile,
    types: Mapping[str, ColumnType],
    styles: Mapping[str, CellStyle],
    named: Sequence[str],
) -> pl.LazyFrame:
    """A file's rows with our columns as their types; a column that it lacks is null."""
    read: list[pl.Expr] = []
    told: list[pl.Expr] = []
    for column, kind in types.items():
        if column not in file.headers:
            continue
        read.append(_value(file, column, kind, styles[column]).alias(column))
        told.append(pl.col(column))
        if _can_fail(file, column, kind):
            read.append(file.cells[column].alias(_STORED + column))
            told.append(_unread(file, column).alias(bad(column)))
            if (broken := file.broken(column)) is not None:
                read.append(broken.alias(_BROKEN + column))
        if column in named:
            read.append(_value(file, column, "text", styles[column]).alias(as_text(column)))
            told.append(pl.col(as_text(column)))
    # In two steps, so that a value is read once although what is told of it asks for it, too.
    return file.rows.select(FILE, ROW, *read).select(FILE, ROW, *told)


def _unread(file: StoredFile, column: str) -> pl.Expr:
    """Whether there is something in a cell that could not be read."""
    unread = unparsable(pl.col(_STORED + column), file.dtypes[column], pl.col(column))
    return unread if file.broken(column) is None else unread | pl.col(_BROKEN + column)


def _named(
    files: Sequence[StoredFile], types: Mapping[str, ColumnType], uses: Uses
) -> tuple[str, ...]:
    """Text columns that name groups in one place and are read as another type in another."""
    return tuple(
        column
        for column, kind in types.items()
        if kind != "text"
        and "text" in uses[column]
        and any(file.dtypes.get(column) == pl.String for file in files)
    )


def _can_fail(file: StoredFile, column: str, kind: ColumnType) -> bool:
    is_text = file.dtypes[column] == pl.String
    return (is_text and kind != "text") or file.broken(column) is not None


def _may_fail(files: Sequence[StoredFile], column: str, types: Mapping[str, ColumnType]) -> bool:
    return any(column in file.headers and _can_fail(file, column, types[column]) for file in files)


def _shown(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name
