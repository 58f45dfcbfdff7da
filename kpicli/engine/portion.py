"""The contributions of one number: those of its period, its part and its group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kpicli.engine.focus import Focus
from kpicli.engine.opened import FILE, ROW
from kpicli.engine.periods import SNAPSHOT_PERIOD, calendar_days, only_period
from kpicli.engine.series import contributions
from kpicli.frames.membership import CROSS, OTHER, by_column
from kpicli.kinds.base import Contributions
from kpicli.needs import Need

# A row that counts, of an entity that another row has already counted.
REPEATED = "repeated"


@dataclass(frozen=True)
class Portion:
    """The rows of one table; in_group is true for those of the number's segment value."""

    table: Contributions
    frame: pl.LazyFrame

    @property
    def of_group(self) -> pl.LazyFrame:
        """The rows that the number is made of, those left out among them."""
        return self.frame.filter(pl.col("in_group"))


def portions_of(focus: Focus, needs: Mapping[str, Need] | None = None) -> tuple[Portion, ...]:
    """The tables of the number's part; needs widen what the KPI asks for.

    Columns as in kpicli.results, and what the answers had beside: file and row number, need, days
    and splits. left_out says `repeated` of rows that count once together, but for the first.
    """
    return tuple(
        _portion(focus, table)
        for table in _tables(focus, needs)
        if table.part == focus.part
        and table.aged == (focus.age is not None)
        and table.quotes is None
    )


def quotes_of(focus: Focus, most: int) -> tuple[str, ...]:
    """The newest texts that stand beside a number, as they were written; the newest first."""
    found: list[pl.DataFrame] = []
    for table in _tables(focus, None):
        if table.quotes is not None:
            rows = _portion(focus, table).of_group.filter(pl.col("left_out").is_null())
            texts = rows.select("at", quote=pl.col(table.quotes))
            newest = texts.sort("at", "quote", descending=[True, False]).head(most)
            found.append(newest.collect(engine="streaming"))
    return tuple(text for frame in found for text in frame["quote"].to_list())


def _tables(focus: Focus, needs: Mapping[str, Need] | None) -> Iterator[Contributions]:
    """The tables of the number's period and split, of all its parts."""
    step = focus.step
    if needs is not None:
        step = replace(step, kpi=replace(step.kpi, needs=needs))
    index = focus.period.index if focus.period else SNAPSHOT_PERIOD
    room = focus.room
    days = calendar_days(focus.values.spine, step.kpi.window, room.desk.calendar)
    calendar = only_period(days, index)
    tables = contributions(step, room.desk, calendar, room.asked, _fold(focus))
    split = _split_of(focus)
    yield from (table for table in tables if table.stands_in(split))


def _split_of(focus: Focus) -> int:
    """The number of the split that the group belongs to; 0 is the total."""
    names = tuple(name for name, _ in focus.by)
    return focus.step.by.index(names) + 1 if names else 0


def _fold(focus: Focus) -> dict[tuple[str, ...], list[str]]:
    """The values that stand on their own where the number is that of the rest."""
    split = tuple(name for name, _ in focus.by)
    rest = tuple((name, OTHER) for name in split)
    if not split or focus.by != rest:
        return {}
    alike = [
        by
        for by in focus.values.parts[focus.part]
        if tuple(name for name, _ in by) == split and by != rest
    ]
    return {split: [CROSS.join(value for _, value in by) for by in alike]}


def _portion(focus: Focus, table: Contributions) -> Portion:
    frame = table.frame.to_native()
    if not isinstance(frame, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    frame = frame.with_columns(pl.col("left_out").cast(pl.String), _in_group(focus))
    if table.aged:
        # A number of a grid is one of its series: all ages at once are none.
        frame = frame.filter(pl.col("age") == focus.age)
    return Portion(table, _marked(frame) if table.once else frame)


def _in_group(focus: Focus) -> pl.Expr:
    if not focus.by:
        return pl.lit(value=True).alias("in_group")
    column = by_column(_split_of(focus))
    return (pl.col(column) == CROSS.join(value for _, value in focus.by)).alias("in_group")


def _marked(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of an entity after its first one, in the order of the files."""
    place = pl.col(FILE).cast(pl.Int64) * 2**40 + pl.col(ROW).cast(pl.Int64)
    first = place.min().over("entity", "in_group", pl.col("left_out").is_null())
    repeated = pl.col("left_out").is_null() & (place != first)
    return frame.with_columns(
        pl.when(repeated).then(pl.lit(REPEATED)).otherwise("left_out").alias("left_out")
    )
