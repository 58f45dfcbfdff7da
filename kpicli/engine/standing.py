"""As of which day rows are told, or as of the ends of which periods."""

import polars as pl

from kpicli.engine.attributes import Attributes, Types
from kpicli.engine.dating import told_day, with_days
from kpicli.engine.days import instant_of_column
from kpicli.engine.opened import EXCLUDED, Opened
from kpicli.engine.versions import (
    OWN_DAY,
    excluded_for_good,
    lives_of,
    on_own_day,
    reasons_of,
    versions_of,
)
from kpicli.needs import Need, Population

# The period of a row that is told once for each; files may have columns called so, too.
OWN_PERIOD = "period of row"


def standing_rows(
    need: Need, attributes: Attributes, ends: pl.LazyFrame | None, last_day: int
) -> tuple[pl.LazyFrame, Types]:
    """The rows of a need with their days, and as of which day their attributes are meant.

    With ends (see period_ends) each stands there once per period, as of its last day; else as of
    its own, of a list as of the last day that is read. Of entities that a dated table lists there
    is one row each.
    """
    source, zone_name = attributes.opened[need.source], attributes.zone_name
    listed = isinstance(need, Population) and not need.seen
    if listed and source.source.valid_from:
        told = _listed_by_versions(source, ends, last_day, zone_name)
        return told, {**source.types, **source.texts}
    rows = source.frame if ends is None else _newest_rows(need, source, zone_name)
    # A date of another table is that of its newest version.
    today = rows.with_columns(pl.lit(last_day, dtype=pl.Int32).alias(OWN_DAY))
    frame, types = attributes.beside(need.source, today, need.dotted_dates())
    dated = with_days(frame, need, source, types, zone_name).drop(OWN_DAY)
    return _as_of(dated, ends, _own_day(need, source, last_day)), types


def leaves_by_period(need: Need, source: Opened) -> bool:
    """Whether entities that a dated table lists, and may exclude for a time, are told by period."""
    afresh = isinstance(need, Population) and need.afresh and not need.seen
    return afresh and source.source.valid_from is not None and source.marked


def _listed_by_versions(
    source: Opened, ends: pl.LazyFrame | None, last_day: int, zone_name: str
) -> pl.LazyFrame:
    """One row per entity, with what is true of it on the last day; or, with ends, at each of them.

    Excluded is who is so at each of them; without ends, who is so for good. In a gap all else but
    the entity is null.
    """
    key, today = str(source.source.key), pl.lit(last_day, dtype=pl.Int32)
    lives = lives_of(source, zone_name)
    told = lives.rename({name: told_day(name) for name in ("start_day", "end_day")})
    each = _as_of(told, ends, today)
    reasons = reasons_of(source, zone_name)
    if ends is None:
        named = each.join(excluded_for_good(reasons, key), on=key, how="left")
    else:
        named = on_own_day(each, reasons, key, key)
    versions = versions_of(source, zone_name).drop(EXCLUDED)
    return on_own_day(named, versions, key, key)


def _as_of(rows: pl.LazyFrame, ends: pl.LazyFrame | None, own: pl.Expr) -> pl.LazyFrame:
    """The rows with the day as of whose end their attributes are meant.

    With ends (see period_ends) each stands there once per period, as of its last day.
    """
    if ends is None:
        return rows.with_columns(own.alias(OWN_DAY))
    each = ends.select(pl.col("period").alias(OWN_PERIOD), OWN_DAY)
    return rows.drop(OWN_DAY, strict=False).join(each, how="cross")


def _own_day(need: Need, source: Opened, last_day: int) -> pl.Expr:
    """The day of a row; of a list the last one that is read."""
    if need.shape == "moment" and (need.time or source.source.happened):
        return pl.col(told_day("day"))
    if need.shape == "span":
        return pl.col(told_day("start_day"))
    return pl.lit(last_day, dtype=pl.Int32)


def _newest_rows(need: Need, source: Opened, zone_name: str) -> pl.LazyFrame:
    """The rows; of those who are known by rows alone the newest one each, which says what is so."""
    column = need.time or source.source.happened
    if not (isinstance(need, Population) and need.seen) or column not in source.types:
        return source.frame
    (entity,) = need.asked[0].expression.names
    at = instant_of_column(str(column), source.types[str(column)], zone_name)
    return source.frame.filter(at == at.max().over(entity)).unique([entity], keep="any")
