"""Local day numbers of date and time columns."""

import polars as pl

from kpicli.words.types import ColumnType


def day_of_column(column: str, column_type: ColumnType, zone_name: str) -> pl.Expr:
    """Days since 1970-01-01 on the project's calendar; a date never moves between zones."""
    if column_type == "date":
        return pl.col(column).cast(pl.Int32)
    local = pl.col(column).dt.convert_time_zone(zone_name)
    return local.dt.date().cast(pl.Int32)


def instant_of_column(column: str, column_type: ColumnType, zone_name: str) -> pl.Expr:
    """UTC microseconds; of a date its first instant on the project's calendar."""
    if column_type == "date":
        first = pl.col(column).cast(pl.Datetime("us"))
        local = first.dt.replace_time_zone(
            zone_name, ambiguous="earliest", non_existent="null"
        )
        return local.dt.convert_time_zone("UTC").dt.timestamp("us")
    return pl.col(column).dt.timestamp("us")
