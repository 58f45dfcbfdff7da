"""What a source holds: files, columns, what was not read, what it refers to."""

from collections.abc import Iterator
from datetime import timedelta

from kpicli.engine.profile import ColumnProfile, FileProfile, Profile
from kpicli.engine.references import Reference
from kpicli.reports.blocks import Block, Blocks, Cell, Column, Detail, Heading, Note, Row, Table
from kpicli.reports.coverage import write_share, write_unmatched
from kpicli.reports.periods import write_day, write_span
from kpicli.reports.plainly import write_cell
from kpicli.reports.problems import write_problem
from kpicli.reports.wording import count_of
from kpicli.results import SourceRecord, Spot
from kpicli.sources.meanings import Meaning

_MOST_FILES = 8
_MOST_VALUES = 30
_ORIGINS = {
    "declared": "declared",
    "preset": "the preset",
    "file": "the file",
    "name": "its name",
    "use": "its use",
    "identity": "other ids",
}
_WHY_NOT_READ = {
    "unread": "rows broken",
    "undated": "rows without a date",
    "duplicate": "rows that repeat another",
    "conflict": "rows at odds with another of the same key",
    "later": "rows later than today",
    "unparsable": "cells that make no sense",
}


def source_blocks(profile: Profile) -> Blocks:
    """Heading, what is wrong, the columns, the files, the references."""
    blocks: list[Block] = [_heading(profile.record)]
    blocks += [Note(write_problem(one), "problem", None, one.hint) for one in profile.problems]
    blocks.append(_columns(profile))
    if any(column.like_numbers for column in profile.columns):
        blocks.append(Note("number?: not used yet; looks like numbers", "coverage"))
    if any(one.dates for one in profile.columns):
        blocks.append(Detail("", "Dates read as", tuple(_dates(profile))))
    blocks.append(Detail("", "Read", tuple(_facts(profile))))
    if profile.references:
        blocks.append(_references(profile))
    return tuple(blocks)


def _heading(record: SourceRecord) -> Heading:
    rows = count_of(record.rows, "rows")
    if record.first is None or record.last is None:
        return Heading(record.name, rows, "")
    return Heading(record.name, rows, write_span(record.first, record.last))


def _columns(profile: Profile) -> Table:
    titles = (Column("column", "left"), Column("type", "left"), Column("filled"))
    more = (
        Column("first values", "left"),
        Column("in the file", "left", optional=True),
        Column("type by", "left", optional=True),
    )
    rows = tuple(_column_row(one) for one in profile.columns)
    return Table((*titles, *more), rows, spare="columns", last_give_way=True)


def _column_row(column: ColumnProfile) -> Row:
    same = column.header == column.name
    if column.kind is None:
        why = Cell("two headers have this name", "red")
        return Row((Cell(column.name), Cell(""), Cell(""), why, Cell(column.header), Cell("")))
    return Row(
        (
            Cell(column.name),
            Cell("number?" if column.like_numbers else column.kind.replace("_", "/")),
            Cell(write_share(column.filled)),
            Cell(_write_first(column), "grey" if column.first is None else "plain"),
            Cell("" if same else column.header, "grey"),
            Cell(_ORIGINS[column.origin], "grey"),
        )
    )


def _write_first(column: ColumnProfile) -> str:
    if column.first is None:
        return "(ids, not shown)"
    texts = [write_cell(value, _MOST_VALUES) for value in column.first]
    return write_cell(", ".join(texts), _MOST_VALUES)


def _dates(profile: Profile) -> Iterator[tuple[str, str]]:
    by_pattern: dict[str, list[str]] = {}
    for column in profile.columns:
        if column.dates:
            by_pattern.setdefault(column.dates, []).append(column.name)
    for pattern, names in by_pattern.items():
        yield pattern, ", ".join(names)


def _facts(profile: Profile) -> Iterator[tuple[str, str]]:
    record = profile.record
    yield from _files(profile.files)
    yield from _preset(profile)
    if record.read_to:
        yield "Read to", write_day(record.read_to - timedelta(days=1))
        quiet = count_of(record.quiet_days or 0, "days")
        yield "Quiet", f"may be silent for {quiet} without being stale"
    yield from _not_read(profile)
    yield from (("Not matched", write_unmatched(record, one)) for one in record.unmatched)
    yield from (("Note", note) for note in record.notes)


def _not_read(profile: Profile) -> Iterator[tuple[str, str]]:
    for why, number in profile.record.not_read.items():
        if number:
            yield "Not read", f"{_WHY_NOT_READ.get(why, why)}: {number:,}"
    for column in profile.columns:
        if column.unparsable:
            yield "", f"in {column.name}: {column.unparsable:,}"
    for spot in profile.record.spots:
        yield "For example", write_spot(spot)


def _preset(profile: Profile) -> Iterator[tuple[str, str]]:
    """What the file is known as, what of that it lacks, and what its words mean."""
    source = profile.source
    if source is None:
        return
    if source.known_as:
        yield "Preset", f"{source.preset}: {source.known_as.title}"
    for column in profile.lacking:
        yield "Not there", f"{column}: no column {' or '.join(source.headers_of(column))}"
    for column, words in source.values.items():
        if column not in profile.lacking:
            told = ", ".join(f"{word} → {_meaning(one)}" for word, one in words.items())
            yield "Words", f"{column}: {told}"


def _meaning(told: Meaning) -> str:
    if isinstance(told, bool):
        return "yes" if told else "no"
    return "no value" if told is None else str(told)


def _files(files: tuple[FileProfile, ...]) -> Iterator[tuple[str, str]]:
    """Each file with its rows; of many the first and the last."""
    shown = files if len(files) <= _MOST_FILES else (*files[:3], *files[-3:])
    for position, file in enumerate(shown):
        if len(files) > _MOST_FILES and position == 3:
            yield "", f"… {len(files) - 6} more files"
        written = f"{file.format}, {file.written}" if file.written else file.format
        yield "File", f"{file.path}: {count_of(file.rows, 'rows')} ({written})"


def write_spot(spot: Spot) -> str:
    """A place that was not read: "deals.csv row 802, amount: 'tbd' is no money"."""
    row = f" row {spot.row:,}" if spot.row is not None else ""
    column = f", {spot.column}" if spot.column else ""
    text = f"'{write_cell(spot.text)}' " if spot.text else ""
    return f"{spot.file}{row}{column}: {text}{spot.why}"


def _references(profile: Profile) -> Table:
    columns = (
        Column("refers to", "left"),
        Column("join"),
        Column("empty"),
        Column("no partner"),
    )
    rows = tuple(_reference_row(one, profile.record.rows) for one in profile.references)
    return Table(columns, rows)


def _reference_row(one: Reference, rows: int) -> Row:
    name = Cell(f"{one.column} → {one.table}", note=one.problem or "")
    if one.joined is None:
        return Row((name, Cell("–"), Cell("–"), Cell("–")))
    share = write_share(one.joined / rows if rows else None)
    return Row((name, Cell(share), Cell(f"{one.empty:,}"), Cell(f"{one.lost:,}")))
