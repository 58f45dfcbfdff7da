"""Local day numbers of date and time columns."""

import polars as pl

from kpicli.words.durations import Duration
from kpicli.words.types import ColumnType


def day_of_column(column: str, column_type: ColumnType, zone_name: str) -> pl.Expr:
    """Days since 1970-01-01 on the project's calendar; a date never moves between zones."""
    if column_type == "date":
        return pl.col(column).cast(pl.Int32)
    local = pl.col(column).dt.convert_time_zone(zone_name)
    return local.dt.date().cast(pl.Int32)


def later_instant(instant: pl.Expr, step: Duration, zone_name: str) -> pl.Expr:
    """UTC microseconds so long after an instant; calendar steps keep the local clock time.

    Where the clock goes forward the time may be skipped: then it is as much later as the clock
    jumps. Where it goes back the first of the two is taken.
    """
    if not step.is_calendar:
        return instant + step.amount * _MICROS[step.unit]
    local = _local(instant, zone_name).dt.offset_by(f"{step.amount}{step.unit}")
    return _instant_of_clock(local, zone_name)


_MICROS = {"min": 60_000_000, "h": 3_600_000_000}
_DAY_MICROS = 86_400_000_000


def _local(instant: pl.Expr, zone_name: str) -> pl.Expr:
    utc = instant.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return utc.dt.convert_time_zone(zone_name).dt.replace_time_zone(None)


def _instant_of_clock(local: pl.Expr, zone_name: str) -> pl.Expr:
    """The instant of a clock time; of one that is skipped, by the offset of the day before."""
    told = _micros(local, zone_name)
    return told.fill_null(_micros(local.dt.offset_by("-1d"), zone_name) + _DAY_MICROS)


def _micros(local: pl.Expr, zone_name: str) -> pl.Expr:
    zoned = local.dt.replace_time_zone(zone_name, ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").dt.timestamp("us")


def instant_of_column(column: str, column_type: ColumnType, zone_name: str) -> pl.Expr:
    """UTC microseconds; of a date its first instant on the project's calendar."""
    if column_type == "date":
        return instant_of_day(pl.col(column), zone_name)
    return pl.col(column).dt.timestamp("us")


def instant_of_day(day: pl.Expr, zone_name: str) -> pl.Expr:
    """UTC microseconds of the first instant of a date, or of a day since 1970-01-01."""
    return _instant_of_clock(day.cast(pl.Date).cast(pl.Datetime("us")), zone_name)
