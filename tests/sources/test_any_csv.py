"""Any table, saved in any way, cut or damaged: no cell is lost, shifted or invented unseen."""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicli.errors import SourceError
from kpicli.sources.formats.csv import headers, scan
from kpicli.sources.reading import ROW, Reading, Scan

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Row = tuple[str | None, ...]


class Saved(NamedTuple):
    """A table and the bytes of its file."""

    content: bytes
    names: list[str]
    records: list[list[str]]
    separator: str


QUOTINGS: tuple[Literal[0, 1, 2], ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
CELL = st.text(st.sampled_from("ab1 ,;\t|\"'\n\rü€."), max_size=6)


@st.composite
def saved(draw: st.DrawFn, cells: st.SearchStrategy[str] = CELL) -> Saved:
    width = draw(st.integers(2, 4))
    names = [f"name{at}" for at in range(width)]
    records = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
    separator = draw(st.sampled_from(",;\t|"))
    file = io.StringIO(newline="")
    quoting = draw(st.sampled_from(QUOTINGS))
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    if quoting != csv.QUOTE_ALL:
        # Python 3.11 leaves a lone carriage return without quotes: no reader can tell it.
        records = [[field.replace("\r", "") for field in record] for record in records]
    writer = csv.writer(file, delimiter=separator, quoting=quoting, lineterminator=ending)
    writer.writerows([names, *records])
    text = file.getvalue()
    text = text.removesuffix(ending) if draw(st.booleans()) else text
    codec = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return Saved(text.encode(codec), names, records, separator)


def expected(records: list[list[str]]) -> dict[int, Row]:
    """What is to be read, by row number; blank cells are empty, empty rows are left out."""
    return {
        row: tuple(field if field.strip() else None for field in record)
        for row, record in enumerate(records, 1)
        if any(record)
    }


def read_back(path: Path, content: bytes, reading: Reading) -> tuple[dict[int, Row], Scan]:
    path.write_bytes(content)
    read = scan(path, reading, headers(path, reading).names)
    frame = read.frame.collect()
    rows = dict(zip(frame[ROW].to_list(), frame.drop(ROW).rows(), strict=True))
    return rows, read


@MANY
@given(table=saved())
def test_a_sound_file_reads_back(tmp_path_factory: pytest.TempPathFactory, table: Saved) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    rows, read = read_back(path, table.content, Reading(separator=table.separator))
    assert rows == expected(table.records)
    assert read.unread_count == 0


WORD = st.text(st.sampled_from("abcü 123.-"), min_size=1, max_size=6).filter(str.strip)


@MANY
@given(table=saved(cells=WORD))
def test_the_separator_is_found(tmp_path_factory: pytest.TempPathFactory, table: Saved) -> None:
    path = tmp_path_factory.getbasetemp() / "found.csv"
    rows, _ = read_back(path, table.content, Reading())
    assert rows == expected(table.records)


@MANY
@given(table=saved(), share=st.floats(0, 1))
def test_a_file_cut_anywhere(
    tmp_path_factory: pytest.TempPathFactory, table: Saved, share: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "cut.csv"
    cut = int(len(table.content) * share)
    try:
        rows, read = read_back(path, table.content[:cut], Reading(separator=table.separator))
    except SourceError:
        return
    whole = expected(table.records)
    ends = max([*rows, *(spot.row or 0 for spot in read.unread)], default=0)
    for row, cells in rows.items():
        # The last row may be cut within a cell: nobody can see that.
        assert row == ends or cells == whole.get(row)
    lost = [row for row in whole if row < ends and row not in rows]
    assert len(lost) <= read.unread_count


@MANY
@given(
    table=saved(),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=3),
)
def test_a_file_with_flipped_bytes(
    tmp_path_factory: pytest.TempPathFactory, table: Saved, flips: list[tuple[float, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "flipped.csv"
    damaged = bytearray(table.content)
    for share, mask in flips:
        damaged[int((len(damaged) - 1) * share)] ^= mask
    try:
        rows, read = read_back(path, bytes(damaged), Reading(separator=table.separator))
    except SourceError:
        return
    assert list(rows) == sorted(set(rows))
    assert not {spot.row for spot in read.unread} & set(rows)


PLAIN_CELL = st.text(st.sampled_from("abc1."), min_size=1, max_size=5)


@MANY
@given(
    table=saved(cells=PLAIN_CELL),
    share=st.floats(0, 1),
    byte=st.sampled_from(b'",;\t|\n\r"\xff\xc3x\0'),
)
def test_one_changed_byte_touches_its_own_rows(
    tmp_path_factory: pytest.TempPathFactory, table: Saved, share: float, byte: int
) -> None:
    """Rows that the byte does not touch are there unchanged, or counted as unread."""
    path = tmp_path_factory.getbasetemp() / "changed.csv"
    text = table.content.decode("utf-16" if table.content[:2] == b"\xff\xfe" else "utf-8-sig")
    content = text.encode()
    head = content.find(b"\n") + 1
    if head in (0, len(content)):
        return
    at = head + int((len(content) - 1 - head) * share)
    changed = content[:at] + bytes([byte]) + content[at + 1 :]
    try:
        rows, read = read_back(path, changed, Reading(separator=table.separator, encoding="utf-8"))
    except SourceError as wrong:
        # A line break within the last row, which has none of its own, looks like a cut.
        assert [one.code for one in wrong.problems] == ["truncated"]
        assert not content.endswith((b"\n", b"\r")) or at >= len(content.rstrip(b"\r\n"))
        return
    before = Counter(expected(table.records).values())
    after = Counter(rows.values())
    invented, lost = after - before, before - after
    # A changed line end makes one row of two, a new one makes two of one.
    assert invented.total() <= 2
    assert lost.total() <= 2 + read.unread_count
