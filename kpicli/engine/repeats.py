"""The rows of a source that repeat others, looked for among the files that share days."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpicli.engine.cache import Cache
from kpicli.engine.duplicates import AGE, Repeated, find_repeated
from kpicli.engine.opened import FILE, ROW
from kpicli.engine.pieces import is_large, stamp_of
from kpicli.engine.stored import StoredFile
from kpicli.sources.cells import as_json
from kpicli.sources.declaration import Source

# Up to this size a source's files are looked through together for keys that repeat.
COMPARED_BYTES = 32 * 1024 * 1024
_RAW = "as written: "
_DAY, _COPY, _PLACE = "day of row", "copy", "place of file"


@dataclass(frozen=True)
class Compared:
    """A source's files with their typed rows, and the day on which a row happened.

    reading is how the files are read, in words.
    """

    source: Source
    files: Sequence[StoredFile]
    rows: Sequence[pl.LazyFrame]
    day: pl.Expr | None
    reading: str


def repeated_rows(compared: Compared, cache: Cache) -> Repeated:
    """The rows that repeat the source's `unique` key, with all but one of each to be left out."""
    files = compared.files
    if not compared.source.unique:
        return Repeated(files[0].rows.select(FILE, ROW).head(0).collect())
    groups = _groups(compared, cache) if is_large(files) else [list(range(len(files)))]
    found = [_repeated(compared, group, cache) for group in groups]
    return Repeated(
        pl.concat([one.rows for one in found]),
        sum(one.duplicates for one in found),
        sum(one.conflicts for one in found),
    )


def _groups(compared: Compared, cache: Cache) -> list[list[int]]:
    """The places of files that share a day, by themselves or through others."""
    if compared.day is None or compared.source.unique_over == "all":
        return [list(range(len(compared.files)))]
    groups: list[tuple[set[int], list[int]]] = []
    for place in range(len(compared.files)):
        days, together = set(_days(compared, place, cache)), [place]
        for other in [one for one in groups if one[0] & days]:
            groups.remove(other)
            days, together = days | other[0], [*other[1], *together]
        groups.append((days, together))
    return [sorted(places) for _, places in groups]


def _days(compared: Compared, place: int, cache: Cache) -> list[int]:
    if compared.day is None:
        return []
    # Rows without a day are compared with each other.
    days = compared.rows[place].select(compared.day.fill_null(-1).alias(_DAY)).unique()
    key = f"days: {_stamp(compared, place)}"
    return cache.table(key, lambda: days.collect(engine="streaming"))[_DAY].to_list()


def _repeated(compared: Compared, places: Sequence[int], cache: Cache) -> Repeated:
    files = [compared.files[place] for place in places]
    if not is_large(compared.files):
        return _find(compared, places)

    def make() -> pl.DataFrame:
        found = _find(compared, places)
        numbers = {file.number: at for at, file in enumerate(files)}
        by_place = pl.col(FILE).replace_strict(numbers, return_dtype=pl.UInt16).alias(_PLACE)
        return found.rows.select(by_place, ROW, pl.lit(found.duplicates).alias(_COPY))

    told = " and ".join(_stamp(compared, place) for place in places)
    ages = [file.path.name for file in files]
    table = cache.table(f"repeated rows of {compared.source.unique}, {told}: {ages}", make)
    return _numbered(table, files)


def _numbered(table: pl.DataFrame, files: Sequence[StoredFile]) -> Repeated:
    """Rows by the place of their file among some as rows by its number."""
    numbers = pl.lit(pl.Series([file.number for file in files], dtype=pl.UInt16))
    rows = table.select(numbers.gather(pl.col(_PLACE)).alias(FILE), ROW)
    copies = int(table[_COPY][0]) if table.height else 0
    return Repeated(rows, copies, table.height - copies)


def _find(compared: Compared, places: Sequence[int]) -> Repeated:
    source, files = compared.source, [compared.files[place] for place in places]
    by_name = sorted(files, key=lambda file: (file.path.name, str(file.path)))
    ages = {file.number: age for age, file in enumerate(by_name)}
    keyed = [
        compared.rows[place].with_columns(pl.lit(ages[file.number], dtype=pl.UInt16).alias(AGE))
        for place, file in zip(places, files, strict=True)
    ]
    return find_repeated(
        keyed,
        [_whole_content(file) for file in files],
        source.unique,
        compared.day,
        source.updated,
        over_all=source.unique_over == "all",
        file_by_file=sum(file.path.stat().st_size for file in files) > COMPARED_BYTES,
    )


def _whole_content(file: StoredFile) -> pl.LazyFrame:
    """Every column of the file as it is stored."""
    kept = [one for one in file.rows.collect_schema().items() if one[0] not in (FILE, ROW)]
    # Structs and lists can be compared as text alone.
    told = [
        (as_json(pl.col(name), dtype) if dtype.is_nested() else pl.col(name)).alias(_RAW + name)
        for name, dtype in kept
    ]
    return file.rows.select(FILE, ROW, *told)


def _stamp(compared: Compared, place: int) -> str:
    return f"{stamp_of(compared.files[place])} {compared.reading}"
