"""The rows behind a number, and the sums that they give."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from kpicli.engine.evidence import Evidence
from kpicli.kinds.base import Quantile, Ratio, Survival, Total
from kpicli.reports.blocks import (
    Align,
    Block,
    Blocks,
    Cell,
    Column,
    Heading,
    Note,
    Row,
    Table,
    Tone,
)
from kpicli.reports.periods import describe_period
from kpicli.reports.plainly import write_cell, write_plain
from kpicli.reports.reasons import name_reason
from kpicli.reports.sentences import write_read_to
from kpicli.reports.wording import count_of, name_place
from kpicli.results import Card, Outcome, Result
from kpicli.words.units import format_value

MOST_ROWS = 50
_LEFT_OUT_ROWS = 10
_NUMBERS = ("numerator", "denominator")


def evidence_blocks(outcome: Outcome, found: Sequence[Evidence]) -> Blocks:
    """The heading of the one number, then per KPI that it is told from a table and its sums."""
    card = outcome.kpis[0]
    blocks: list[Block] = [number_heading(outcome)]
    for one in found:
        if len(found) > 1 or one.focus.step.kpi.name != card.name:
            blocks.append(_input_heading(one))
        blocks += [_table(one), *_notes(one)]
    return tuple(blocks)


def number_heading(outcome: Outcome) -> Heading:
    """What the one number of an outcome is called, its period and how far the data goes."""
    card, result = outcome.kpis[0], outcome.results[0]
    named = [card.title, name_place(result.by, card, 2), result.part or "", _later(card, result)]
    title = ", ".join(text for text in named if text)
    return Heading(title, describe_period(result), write_read_to(outcome))


def _later(card: Card, result: Result) -> str:
    if result.age is None:
        return ""
    return f"{count_of(result.age, f'{card.age_in or card.grain}s')} later"


def _input_heading(one: Evidence) -> Heading:
    period = one.focus.period
    return Heading(one.focus.step.kpi.title, period.label if period else "")


def _table(one: Evidence) -> Table:
    """The rows that count, and room for some of those that do not."""
    names = [name for name in one.frame.columns if name not in ("file", "row")]
    names = [name for name in names if name == "numerator" or not one.is_empty(name)]
    names = ["file", *names] if _has_several_files(one) else names
    about = _asked_names(one)
    columns = (Column("", "left"), *(_column(name, name in about) for name in names))
    files = _short_names(one)
    rows = tuple(_row(record, names, files) for record in _records(one))
    return Table(columns, rows, spare="columns", last_give_way=True)


def _column(name: str, asked: bool) -> Column:
    settled = asked or name in ("numerator", "day", "left_out")
    align: Align = "right" if name in _NUMBERS else "left"
    return Column(name.replace("_", " "), align, optional=not settled)


def _asked_names(one: Evidence) -> set[str]:
    """The columns that the KPI is about: those its numbers are told from."""
    needs = one.focus.step.kpi.needs.values()
    return {name for need in needs for asked in need.asked for name in asked.expression.names}


def _records(one: Evidence) -> Iterator[dict[str, Any]]:
    left = min(_LEFT_OUT_ROWS, one.left_out)
    counted = min(one.frame.height - one.left_out, MOST_ROWS - left)
    yield from one.records(0, counted)
    yield from one.records(one.frame.height - one.left_out, MOST_ROWS - counted)


def _files(one: Evidence) -> list[str]:
    if "file" not in one.frame.columns:
        return []
    return [str(path) for path in one.frame["file"].unique(maintain_order=True)]


def _has_several_files(one: Evidence) -> bool:
    """Whether the source does not tell already which file a row is of."""
    sources = one.frame["source"].n_unique() if "source" in one.frame.columns else 1
    return len(_files(one)) > sources


def _short_names(one: Evidence) -> dict[str, str]:
    """Files without their folders, where that still tells them apart."""
    paths = _files(one)
    names = {path: PurePosixPath(path).name for path in paths}
    return names if len(set(names.values())) == len(paths) else {path: path for path in paths}


def _row(record: Mapping[str, Any], names: Sequence[str], files: Mapping[str, str]) -> Row:
    tone: Tone = "plain" if record["left_out"] is None else "grey"
    place = f"row {record['row']:,}" if "row" in record else ""
    shown = {**record, "file": files[record["file"]]} if "file" in record else record
    return Row((Cell(place, tone), *(Cell(_write(shown, name), tone) for name in names)))


def _write(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    return write_plain(value) if name in _NUMBERS and value is not None else write_cell(value)


def _notes(one: Evidence) -> Iterator[Note]:
    rows = one.frame.height
    if rows > MOST_ROWS:
        text = f"{MOST_ROWS} of {rows:,} rows; --format csv, or -o FILE.parquet, gives all of them"
        yield Note(text, "coverage")
    yield Note(write_sums(one), "coverage")
    left = [f"{number:,} {why}" for why, number in one.reasons().items()]
    if left:
        yield Note(f"Left out: {' · '.join(left)}", "coverage")
    files = _files(one)
    if len(files) == 1:
        yield Note(f"Rows of {files[0]}, counted without its header", "coverage")


def write_sums(one: Evidence) -> str:
    """What the rows add up to: "27 rows: Σ numerator 7 ÷ Σ denominator 27 = 25.9 %"."""
    value, unit = one.focus.value, one.focus.unit
    rows = one.frame.height - one.left_out
    counted = count_of(rows, "rows") + (f", n {one.counted:,}" if rows != one.counted else "")
    if value.estimated.value is None:
        return f"{counted}, no value: {name_reason(value.estimated.reason)}"
    told = format_value(value.estimated.value, unit)
    x = write_plain(value.sums.x)
    match one.estimate:
        case Total():
            return f"{counted}: Σ numerator {x} = {told}"
        case Quantile(p):
            what = "the median" if p == 0.5 else f"the {100 * p:g}th percentile"
            return f"{counted}: {what} of the numerators is {told}"
        case Survival():
            running = f"{one.running:,} still running" if one.running else "all over"
            return f"{counted}, {running}: half take longer than {told}"
        case Ratio(scale):
            times = "" if scale == 1 else f"{scale:g} × "
            y = write_plain(value.sums.y or 0.0)
            return f"{counted}: {times}Σ numerator {x} ÷ Σ denominator {y} = {told}"
