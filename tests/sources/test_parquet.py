"""Parquet files, sound and damaged."""

import random
from pathlib import Path

import polars as pl
import pytest

from kpicli.errors import SourceError
from kpicli.sources.formats.parquet import headers, scan
from kpicli.sources.reading import Reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    frame = pl.DataFrame(
        {" Deal ": ["x", "", "\\N", None], "row": [7, 8, 9, 10], "^a.*$": [1.5, None, 2.0, 3.0]}
    )
    frame.write_parquet(tmp_path / "deals.parquet")
    return tmp_path / "deals.parquet"


def test_headers_are_names_and_types(path: Path) -> None:
    header = headers(path, Reading())
    assert header.names == ("Deal", "Row", "^a.*$")
    assert header.dtypes == (pl.String(), pl.Int64(), pl.Float64())


def test_scan_keeps_what_is_stored(path: Path) -> None:
    read = scan(path, Reading(), ["^a.*$", "Deal", "Row"])
    assert read.frame.collect().rows() == [
        (1, 1.5, "x", 7),
        (2, None, "", 8),
        (3, 2.0, "\\N", 9),
        (4, 3.0, None, 10),
    ]
    assert read.frame.collect_schema()["row"] == pl.UInt32


def test_declared_nulls_hold_for_texts(path: Path) -> None:
    read = scan(path, Reading(nulls=("\\N",)), ["Deal"])
    assert read.frame.collect()["Deal"].to_list() == ["x", None, None, None]


def test_rows_are_numbered_where_no_column_is_called_row(tmp_path: Path) -> None:
    pl.DataFrame({"a": ["x", "y"]}).write_parquet(tmp_path / "a.parquet")
    read = scan(tmp_path / "a.parquet", Reading(), ["a"])
    assert read.frame.filter(pl.col("a") == "y").collect().rows() == [(2, "y")]


def test_no_rows_is_an_answer(tmp_path: Path) -> None:
    pl.DataFrame(schema={"a": pl.String}).write_parquet(tmp_path / "a.parquet")
    assert scan(tmp_path / "a.parquet", Reading(), ["a"]).frame.collect().rows() == []


def test_cut_anywhere(path: Path) -> None:
    whole = path.read_bytes()
    for size in range(4, len(whole), 7):
        path.write_bytes(whole[:size])
        with pytest.raises(SourceError) as caught:
            headers(path, Reading())
        assert caught.value.problems[0].code == "truncated"


def test_text_named_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="is not Parquet: it is text"):
        headers(tmp_path / "a.parquet", Reading())


def test_a_damaged_footer_is_no_fault_of_ours(path: Path) -> None:
    whole = path.read_bytes()
    footer = int.from_bytes(whole[-8:-4], "little")
    chance = random.Random(1)
    refused = 0
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[len(whole) - 8 - chance.randrange(1, footer)] ^= chance.randrange(1, 256)
        path.write_bytes(damaged)
        try:
            headers(path, Reading())
        except SourceError as wrong:
            refused += 1
            assert wrong.problems[0].code == "truncated"
    assert refused
