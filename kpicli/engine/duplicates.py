"""Rows that are the same row twice, and rows that contradict each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpicli.engine.opened import FILE, ROW

# Where the row's file stands among the names of all files: the later name is the newer.
AGE = "age of file"
_DAY, _CONTENT = "day of key", "content of row"
_NO_DAY = -(2**31)


@dataclass(frozen=True)
class Repeated:
    """Rows to leave out, one row per (file, row), with how many are copies and how many differ."""

    rows: pl.DataFrame
    duplicates: int = 0
    conflicts: int = 0


def find_repeated(
    files: Sequence[pl.LazyFrame],
    contents: Sequence[pl.LazyFrame],
    key: Sequence[str],
    day: pl.Expr | None,
    updated: str | None,
    *,
    over_all: bool,
    file_by_file: bool,
) -> Repeated:
    """The rows that a key repeats, with all but one of each key to be left out.

    Rows whose key is empty are one row only where they are alike in every column.
    Keys are compared within a day; file_by_file does so in one file after the other, and then on
    the days that stand in two, so that memory follows one file. over_all compares everything, and
    holds every key. Rows alike in every column of contents, which have the same rows as files, are
    one row. Of rows that differ the newest stays: by the column `updated`, else of the file whose
    name is later (column `age of file`), else the one that comes last by its own content, which no
    order of rows changes.
    """
    dated = [_dated(frame, None if over_all else day) for frame in files]
    found = _repeated_keys(dated, key, apart=file_by_file and day is not None and not over_all)
    keyed = found.drop_nulls(key)
    if found.height == 0:
        return Repeated(files[0].select(FILE, ROW).head(0).collect())
    rows = pl.concat(dated, how="diagonal_relaxed")
    whole = pl.concat(contents, how="diagonal_relaxed")
    # The first filter is for the file's reader, which then decodes the other columns of few rows.
    some = pl.col(key[0]).is_in(keyed[key[0]].implode())
    suspects = rows.filter(some).join(keyed.lazy(), on=[_DAY, *key], how="semi")
    told = _settled(_with_content(suspects, whole), key, updated)
    if keyed.height == found.height:
        return told
    nameless = rows.filter(pl.any_horizontal(pl.col(list(key)).is_null()))
    return _with_copies(told, _with_content(nameless, whole))


def _dated(frame: pl.LazyFrame, day: pl.Expr | None) -> pl.LazyFrame:
    # Rows without a day are compared with each other: a join would not let their nulls meet.
    known = pl.lit(0, dtype=pl.Int32) if day is None else day.fill_null(_NO_DAY)
    return frame.with_columns(known.alias(_DAY))


def _repeated_keys(
    files: Sequence[pl.LazyFrame], key: Sequence[str], *, apart: bool
) -> pl.DataFrame:
    if not apart:
        return _repeats(pl.concat(files, how="diagonal_relaxed"), key)
    shared = _days_in_two(files)
    within = [_repeats(frame, key) for frame in files]
    if shared.height:
        together = pl.concat(files, how="diagonal_relaxed").join(shared.lazy(), on=_DAY, how="semi")
        within.append(_repeats(together, key))
    return pl.concat(within).unique()


def _days_in_two(files: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    days = [frame.select(_DAY).unique().collect(engine="streaming") for frame in files]
    return pl.concat(days).group_by(_DAY).len().filter(pl.col("len") > 1).select(_DAY)


def _repeats(frame: pl.LazyFrame, key: Sequence[str]) -> pl.DataFrame:
    counted = frame.group_by(_DAY, *key).agg(pl.len().alias("times"))
    return counted.filter(pl.col("times") > 1).select(_DAY, *key).collect(engine="streaming")


def _with_content(suspects: pl.LazyFrame, contents: pl.LazyFrame) -> pl.DataFrame:
    """The rows with all that they say as one text."""
    found = suspects.join(contents, on=[FILE, ROW]).collect(engine="streaming")
    names = [name for name in found.columns if name not in (FILE, ROW, AGE, _DAY)]
    text = [pl.col(name).cast(pl.String).fill_null("\x00") for name in names]
    return found.with_columns(pl.concat_str(text, separator="\x1f").alias(_CONTENT))


def _with_copies(told: Repeated, nameless: pl.DataFrame) -> Repeated:
    """What is left out already, and of rows alike in every column all but one."""
    first = nameless.sort(FILE, ROW).unique(_CONTENT, keep="first")
    copies = nameless.select(FILE, ROW).join(first, on=[FILE, ROW], how="anti")
    rows = pl.concat([told.rows, copies])
    return Repeated(rows, told.duplicates + copies.height, told.conflicts)


def _settled(suspects: pl.DataFrame, key: Sequence[str], updated: str | None) -> Repeated:
    order = [*([updated] if updated else []), AGE, _CONTENT, FILE, ROW]
    ranked = suspects.sort(order, descending=True, nulls_last=True)
    group = [_DAY, *key]
    kept = ranked.unique(subset=group, keep="first", maintain_order=True)
    dropped = ranked.join(kept.select(FILE, ROW), on=[FILE, ROW], how="anti")
    copies = dropped.join(kept.select(*group, _CONTENT), on=[*group, _CONTENT], how="semi").height
    return Repeated(dropped.select(FILE, ROW), copies, dropped.height - copies)
