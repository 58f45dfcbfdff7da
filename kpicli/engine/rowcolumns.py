"""What stands in the source beside a contribution: its file, its row and the columns named."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from kpicli.engine.days import day_of_column
from kpicli.engine.focus import Focus
from kpicli.engine.opened import FILE, ROW
from kpicli.engine.series import NEED
from kpicli.frames.membership import CROSS, by_column
from kpicli.needs import Need
from kpicli.words.calendar import day_number
from kpicli.words.types import MONEY_SCALE, ColumnType

_TAKEN = ("source", "file", "row", "entity", "day", "start_day", "end_day", "numerator",
          "denominator", "left_out", NEED, FILE, ROW)  # fmt: skip


def row_columns(focus: Focus, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with source, file and row, the columns that the definition names, and the splits.

    rows: columns need, file number, row number, and one per split. A column whose name means
    something here is called by its source, too: deals.row.
    """
    needs = focus.step.kpi.needs
    told = [
        _with_own(focus, needs[name], rows.filter(pl.col(NEED) == name))
        for name in needs
        if rows.filter(pl.col(NEED) == name).height or len(needs) == 1
    ]
    if not told:
        return rows.select(pl.exclude(_split_columns(focus)))
    return pl.concat(told, how="diagonal_relaxed")


def split_columns(focus: Focus, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of entities with a column per segment by its name, where they stand in it."""
    told = {
        column: split
        for column, split in zip(_split_columns(focus), focus.step.by, strict=True)
        if column in rows.columns
    }
    taken = set(rows.columns)
    for column, split in told.items():
        texts = pl.col(column).str.split(CROSS)
        values = {
            f"by {name}" if name in taken else name: texts.list.get(position)
            for position, name in enumerate(split)
        }
        rows = rows.with_columns(**values)
    return rows.drop(told)


def _with_own(focus: Focus, need: Need, rows: pl.DataFrame) -> pl.DataFrame:
    desk = focus.room.desk
    source = desk.opened[need.source]
    names = list(dict.fromkeys(_names(focus, need)))
    if need.shape == "moment" and "." in (need.time or ""):
        frame, types = desk.dated_rows(need, names)
    else:
        frame, types = desk.with_attributes(need.source, names, day=_own_day(focus, need))
    # A column that may be absent, and is.
    names = [name for name in names if name in types]
    own = (
        frame.join(rows.lazy().select(FILE, ROW), on=[FILE, ROW], how="semi")
        .select(FILE, ROW, *(_shown(one, types[one], desk.calendar.zone_name) for one in names))
        .rename({one: _free_name(one, need.source) for one in names})
        .collect(engine="streaming")
    )
    files = dict(enumerate(source.files))
    place = rows.with_columns(
        pl.lit(need.source).alias("source"),
        pl.col(FILE).cast(pl.Int64).replace_strict(files, return_dtype=pl.String).alias("file"),
        pl.col(ROW).alias("row"),
    )
    joined = place.join(own, on=[FILE, ROW], how="left", maintain_order="left")
    return joined.with_columns(_split_values(focus, names)).drop(_split_columns(focus))


def _own_day(focus: Focus, need: Need) -> pl.Expr | None:
    """As of which day attributes stood when they were asked; None is that of the source."""
    desk, period = focus.room.desk, focus.period
    if need.shape == "span" and period:
        last = min(period.end, desk.read_to or period.end) - timedelta(days=1)
        return pl.lit(day_number(last), dtype=pl.Int32)
    if need.time is None:
        return None
    kind = desk.opened[need.source].types[need.time]
    return day_of_column(need.time, kind, desk.calendar.zone_name)


def _names(focus: Focus, need: Need) -> Iterator[str]:
    """The source's own key, the times that date the row, what the definition asks of it."""
    source = focus.room.desk.opened[need.source]
    declared = source.source
    moment = (need.time or declared.happened,)
    span = (need.start or declared.start or declared.time, need.end or declared.end)
    for column in (declared.key, *declared.unique):
        if column in source.types:
            yield str(column)
    for column in moment if need.shape == "moment" else span:
        # A date is the row's day already.
        if column and ("." in column or source.types.get(column) == "time"):
            yield column
    also = focus.room.asked.also
    for told in (*need.expressions(), *([also] if also else [])):
        yield from told.names


def _shown(column: str, kind: ColumnType, zone: str) -> pl.Expr:
    """A value as people read it: whole currency, local time."""
    match kind:
        case "money":
            return (pl.col(column) / MONEY_SCALE).round_sig_figs(15)
        case "time":
            return pl.col(column).dt.convert_time_zone(zone)
        case _:
            return pl.col(column)


def _free_name(column: str, source: str) -> str:
    taken = column in _TAKEN or column.startswith("by ")
    return f"{source}.{column}" if taken else column


def _split_columns(focus: Focus) -> list[str]:
    return [by_column(place) for place in range(1, len(focus.step.by) + 1)]


def _split_values(focus: Focus, names: list[str]) -> Iterator[pl.Expr]:
    """A column per segment; of a cross its parts."""
    told = set(names)
    for place, split in enumerate(focus.step.by, start=1):
        texts = pl.col(by_column(place)).str.split(CROSS)
        for position, name in enumerate(split):
            if name not in told:
                told.add(name)
                taken = name in _TAKEN
                yield texts.list.get(position).alias(f"by {name}" if taken else name)
