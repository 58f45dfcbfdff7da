"""What is gathered file by file, and kept from one run to the next, gives the same numbers."""

import os
import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_events import BOOK, HEADER, read_rows, write_events, write_rows
from running import DEFINITIONS, TODAY
from test_entity_laws import WHO

from kpicli.cli.cachefolder import cache_folder
from kpicli.engine import cache as kept
from kpicli.engine import pieces
from kpicli.engine.cache import Cache
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome, Result

STEPS = "from: {source: events, where: event = 'a'}, to: {source: events, where: event = 'b'}"
KPIS = {
    "lifecycle": f"kind: lifecycle, {WHO}, by: [users.plan]",
    "adoption": f"kind: adoption, {WHO}, did: event = 'a', window: 14d, by: [users.plan]",
    "week": f"kind: active, {WHO}, by: [users.plan]",
    "month": f"kind: stickiness, {WHO}, window: 14d, by: [users.plan]",
    "habit": f"kind: frequency, {WHO}, among: everyone, measure: participation",
    "often": f"kind: adoption, {WHO}, did: event = 'a', window: 14d, at_least: 3, measure: new",
    "seen": f"kind: active, {WHO}, population: seen, by: [platform]",
    "back": f"kind: retention, {WHO}, did: event = 'a', ages: 2",
    "first_b": f"kind: conversion, entity: user_id, {STEPS}, within: 7d, by: [platform]",
    "rows": "kind: count, source: events, by: [platform, event], top: 1",
    "rate": "kind: ratio, numerator: {count: events, where: event = 'b'},"
    " denominator: {count: events}, by: [web]",
    "b_share": "kind: share, source: events, count_if: event = 'b', by: [platform]",
}
SEGMENTS = "segments:\n  web: {where: platform = 'web'}\nkpis:\n"
Rows = list[list[str]]


def defined(kpis: Mapping[str, str]) -> str:
    told = "".join(f"  {name}: {{{kpi}}}\n" for name, kpi in kpis.items())
    return BOOK.replace("kpis:\n", SEGMENTS) + told


DEFINED = defined(KPIS)


def told(folder: Path, cache: Cache) -> Outcome:
    book = open_book(folder / DEFINITIONS, {})
    return run(book, Request(periods=2), TODAY, cache)


def in_pieces(folder: Path, keep: Path | None = None) -> Outcome:
    """The same where every file is a large one; what was made is kept in a folder."""
    cache = Cache(keep)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "LARGE_BYTES", 0)
        found = told(folder, cache)
    assert cache.write(TODAY.toordinal()) is None
    return found


def alike(one: Outcome, other: Outcome) -> None:
    assert one.meta.sources == other.meta.sources
    assert one.problems == other.problems
    assert len(one.results) == len(other.results) > 0
    for ours, theirs in zip(one.results, other.results, strict=True):
        assert _same(ours, theirs), (ours, theirs)


def _same(one: Result, other: Result) -> bool:
    near = [
        (ours is None and theirs is None) or isclose(ours or 0, theirs or 0, rel_tol=1e-12)
        for ours, theirs in ((one.value, other.value), (one.low, other.low), (one.high, other.high))
    ]
    plain = {"value": None, "low": None, "high": None, "compare": {}}
    return all(near) and replace(one, **plain) == replace(other, **plain)


def write_file(path: Path, rows: Rows) -> None:
    write_rows(path.with_suffix(".csv"), HEADER, rows)
    if path.suffix == ".parquet":
        frame = pl.read_csv(path.with_suffix(".csv"), infer_schema=False)
        at = pl.col("timestamp").str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
        frame.with_columns(at).write_parquet(path)
        path.with_suffix(".csv").unlink()


@settings(max_examples=2, deadline=None)
@given(
    draw=st.integers(0, 2**20),
    edges=st.lists(st.integers(1, 99), max_size=3, unique=True),
    overlap=st.integers(0, 20),
    ending=st.sampled_from([".csv", ".parquet"]),
)
def test_pieces_and_what_is_kept_of_them_give_the_same(
    draw: int, edges: list[int], overlap: int, ending: str
) -> None:
    """Files that follow each other or overlap, grow, and go; rows in any order, some twice."""
    with TemporaryDirectory() as name:
        folder, keep = Path(name) / "data", Path(name) / "kept"
        folder.mkdir()
        (folder / DEFINITIONS).write_text(DEFINED.replace("*.csv", f"*{ending}"), encoding="utf-8")
        write_events(folder, 5)
        rows = sorted(read_rows(folder / "events.csv"), key=lambda row: row[1])
        (folder / "events.csv").unlink()
        cuts = [0, *sorted(len(rows) * edge // 100 for edge in edges), len(rows)]
        for place, (first, end) in enumerate(pairwise(cuts)):
            mine = rows[max(0, first - overlap) : end]
            random.Random(draw).shuffle(mine)
            write_file(folder / f"events{place}{ending}", mine)
        plain = told(folder, Cache())
        alike(in_pieces(folder, keep), plain)
        assert any(keep.iterdir())
        alike(in_pieces(folder, keep), plain)
        grown = [[f"new {n}", *row[1:]] for n, row in enumerate(rows[len(rows) // 2 :])]
        write_file(folder / f"events0{ending}", [*rows[: cuts[1]], *grown])
        alike(in_pieces(folder, keep), told(folder, Cache()))
        (folder / f"events0{ending}").unlink()
        if len(cuts) > 2:
            alike(in_pieces(folder, keep), told(folder, Cache()))


def test_a_warm_run_opens_nothing_but_what_is_new(tmp_path: Path) -> None:
    """Broken files are made anew; other definitions of a KPI, or excluded users, are other ones."""
    write_events(tmp_path, 5)
    (tmp_path / DEFINITIONS).write_text(DEFINED, encoding="utf-8")
    keep = tmp_path / "kept"
    first = in_pieces(tmp_path, keep)
    files = {path: path.read_bytes() for path in keep.iterdir()}
    for number, (path, content) in enumerate(files.items()):
        path.write_bytes((content[:40], b"", content[:-1] + b"?")[number % 3])
    alike(in_pieces(tmp_path, keep), first)
    assert set(keep.iterdir()) == set(files)
    alike(in_pieces(tmp_path, keep), first)
    assert all(kept.unpacked(path.read_bytes()) is not None for path in keep.iterdir())
    (tmp_path / DEFINITIONS).write_text(DEFINED.replace("is_test", "plan = 'pro'"))
    alike(in_pieces(tmp_path, keep), told(tmp_path, Cache()))


def test_a_period_that_is_over_is_told_anew_where_anything_of_it_changes(tmp_path: Path) -> None:
    """Weeks follow one another; then a late row comes, a user has another plan, a KPI another did.

    What broke in between would be seen: each report is that of a run that keeps nothing.
    """
    write_events(tmp_path, 5)
    kpis = {name: KPIS[name] for name in ("adoption", "often", "week", "month", "habit")}
    text = defined(kpis)
    (tmp_path / DEFINITIONS).write_text(text, encoding="utf-8")
    keep, rows = tmp_path / "kept", sorted(read_rows(tmp_path / "events.csv"), key=lambda r: r[1])
    (tmp_path / "events.csv").unlink()
    half, late = len(rows) // 2, ["late", rows[9][1], *rows[-9][2:]]
    for name, some in (("1", rows[:half]), ("2", rows[half:]), ("3", [late])):
        write_file(tmp_path / f"events{name}.csv", some)
        alike(in_pieces(tmp_path, keep), told(tmp_path, Cache()))
    users = (tmp_path / "users.csv").read_text(encoding="utf-8")
    (tmp_path / "users.csv").write_text(users.replace("pro", "free", 1), encoding="utf-8")
    alike(in_pieces(tmp_path, keep), told(tmp_path, Cache()))
    (tmp_path / DEFINITIONS).write_text(text.replace("event = 'a'", "event = 'c'"))
    alike(in_pieces(tmp_path, keep), told(tmp_path, Cache()))


def test_what_nobody_used_goes_and_what_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def table(name: str, at: float, folder: Path = tmp_path) -> str | None:
        cache = Cache(folder)
        cache.table(name, lambda: pl.DataFrame({"n": [1]}))
        return cache.write(at)

    day = 24 * 3600.0
    assert table("old", 0.0) is None
    (old,) = tmp_path.iterdir()
    os.utime(old, (day, day))
    assert table("new", 30 * day) is None
    assert old.exists()
    assert table("new", 32 * day) is None
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(kept, "MOST_BYTES", 1)
    assert table("another", 32 * day) is None
    assert not list(tmp_path.iterdir())
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    assert "cannot be written" in (table("another", 0.0, nowhere) or "")


def test_the_folder_is_the_platforms_own() -> None:
    home = {"HOME": "/home/ada"}
    assert cache_folder(home, "linux") == Path("/home/ada/.cache/kpi")
    assert cache_folder(home, "darwin") == Path("/home/ada/Library/Caches/kpi")
    assert cache_folder({**home, "XDG_CACHE_HOME": "/var/x"}, "linux") == Path("/var/x/kpi")
    assert cache_folder({**home, "XDG_CACHE_HOME": "x"}, "linux") == Path("/home/ada/.cache/kpi")
    assert cache_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/kpi/Cache")
    assert cache_folder({**home, "KPI_CACHE_DIR": "/c"}, "darwin") == Path("/c")
    assert cache_folder({}, "linux") is None
