"""The rows of a dated table: what was true of a key from one day to another."""

import polars as pl

from kpicli.engine.days import day_of_column, instant_of_column
from kpicli.engine.opened import EXCLUDED, FILE, ROW, Opened, bad
from kpicli.errors import Problem, SourceError
from kpicli.needs import EVER

# As of the end of which day a row is told.
OWN_DAY = "as of day"
FOREVER = 2**30
VALID_FROM, VALID_TO = "valid from day", "valid to day"
_BEFORE = "valid before"
_ALL = "all versions"
_NEVER = -(2**62)


def versions_of(opened: Opened, zone_name: str) -> pl.LazyFrame:
    """The table's rows that are valid at the end of some day, with the days from and to.

    Those whose days nobody can read are valid on none. Without valid_to a row is valid until the
    next of its key.
    """
    key, begin, end = _columns(opened)
    known = ~pl.any_horizontal(
        pl.lit(value=False),
        *(pl.col(bad(one)) for one in (begin, end) if one in opened.unreadable and one),
    )
    dated = opened.frame.filter(known, pl.col(key).is_not_null()).with_columns(
        day_of_column(begin, opened.types[begin], zone_name).fill_null(EVER).alias(VALID_FROM)
    )
    to_day = (
        day_of_column(end, opened.types[end], zone_name)
        if end
        else pl.col(VALID_FROM).shift(-1).over(key, order_by=_begin_at(opened, zone_name))
    )
    told = dated.with_columns(to_day.fill_null(FOREVER).alias(VALID_TO))
    return told.filter(pl.col(VALID_FROM) < pl.col(VALID_TO))


def reasons_of(opened: Opened, zone_name: str) -> pl.LazyFrame:
    """Why the rows of a key are excluded, and from which day on: columns key, excluded because.

    Before its first version, and in its gaps, a key is excluded as the version beside says: an
    employee is one before the table begins.
    """
    key, begin, _ = _columns(opened)
    day = day_of_column(begin, opened.types[begin], zone_name).fill_null(EVER)
    at = _begin_at(opened, zone_name)
    first = at == at.min().over(key)
    return (
        opened.frame.filter(pl.col(key).is_not_null())
        .sort(at)
        .select(
            key,
            EXCLUDED,
            pl.when(first).then(pl.lit(EVER, pl.Int32)).otherwise(day).alias(VALID_FROM),
            pl.lit(FOREVER, pl.Int32).alias(VALID_TO),
        )
    )


def excluded_for_good(reasons: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Keys of which every version is excluded, as reasons_of tells them: columns key, reason."""
    told = reasons.group_by(key).agg(
        pl.col(EXCLUDED).is_not_null().all().alias(_ALL),
        pl.col(EXCLUDED).sort_by(VALID_FROM).last(),
    )
    return told.filter(_ALL).select(key, EXCLUDED)


def on_own_day(
    rows: pl.LazyFrame, versions: pl.LazyFrame, reference: str, key: str
) -> pl.LazyFrame:
    """Each row once, with the version of its reference that is valid at the end of its own day."""
    beside = [one for one in versions.collect_schema() if one not in (key, VALID_FROM, VALID_TO)]
    # A sorted search instead of a join by the key alone: rows never multiply.
    found = rows.sort(OWN_DAY).join_asof(
        versions.sort(VALID_FROM, maintain_order=True),
        left_on=OWN_DAY,
        right_on=VALID_FROM,
        by_left=reference,
        by_right=key,
        strategy="backward",
        check_sortedness=False,
    )
    valid = pl.col(VALID_TO) > pl.col(OWN_DAY)
    return found.with_columns(pl.when(valid).then(one).alias(one) for one in beside).drop(
        VALID_FROM, VALID_TO
    )


def lives_of(opened: Opened, zone_name: str) -> pl.LazyFrame:
    """One row per key of the table: columns key, start_day, end_day.

    It is there from the earliest start, or else from its first version on, and ends as the newest
    version says.
    """
    key, begin, _ = _columns(opened)
    start, end = opened.source.start or begin, opened.source.end
    newest = pl.col(end).sort_by(_begin_at(opened, zone_name)).last() if end else None
    first = day_of_column(start, opened.types[start], zone_name)
    earliest = first.fill_null(EVER) if start == begin else first
    named = opened.frame.filter(pl.col(key).is_not_null())
    lives = named.group_by(key).agg(
        earliest.min().alias("start_day"), *([newest] if newest is not None else [])
    )
    still = pl.lit(None, pl.Int32)
    ended = day_of_column(end, opened.types[end], zone_name) if end else still
    return lives.select(key, "start_day", ended.alias("end_day"))


def refuse_overlaps(opened: Opened, zone_name: str) -> None:
    """SourceError where two rows of a key are valid at once, or one ends before it begins."""
    if opened.source.valid_from is None:
        return
    key, _, end = _columns(opened)
    start = _begin_at(opened, zone_name)
    stop = (
        instant_of_column(end, opened.types[end], zone_name).fill_null(2**62)
        if end
        # Two rows of one instant are both the newest.
        else start + 1
    )
    told = opened.frame.filter(pl.col(key).is_not_null()).select(
        pl.col(key).cast(pl.String).alias("key"),
        FILE,
        ROW,
        start.alias(VALID_FROM),
        stop.alias(VALID_TO),
    )
    lasting = told.filter(pl.col(VALID_FROM) != pl.col(VALID_TO)).sort("key", VALID_FROM, FILE, ROW)
    before = lasting.with_columns(
        pl.col(VALID_TO).shift(1).over("key").alias(_BEFORE),
        pl.col(FILE, ROW).shift(1).over("key").name.suffix(" before"),
    )
    wrong = before.filter(
        (pl.col(VALID_FROM) < pl.col(_BEFORE)) | (pl.col(VALID_TO) < pl.col(VALID_FROM))
    )
    found = wrong.sort("key", VALID_FROM).collect(engine="streaming")
    if found.height:
        raise SourceError([_wrong(opened, found)])


def _wrong(opened: Opened, found: pl.DataFrame) -> Problem:
    first = found.row(0, named=True)
    name, key = opened.name, opened.source.key
    here = f"{opened.files[first[FILE]]} row {first[ROW]}"
    wrong = "1 row is" if found.height == 1 else f"{found.height:,} rows are"
    if first[VALID_TO] < first[VALID_FROM]:
        message = f"{name}: {wrong} valid until before the day it is valid from"
        return Problem("validity", message, f"the first: {here}", source=name)
    other = f"{opened.files[first[f'{FILE} before']]} row {first[f'{ROW} before']}"
    message = f"{name}: {wrong} valid while another of the same {key} is"
    hint = f"the first: {first['key']!r}, {other} and {here}"
    if opened.source.valid_to is None:
        hint += f"; rows alike are one with unique: [{key}, {opened.source.valid_from}]"
    return Problem("validity", message, hint, source=name)


def _columns(opened: Opened) -> tuple[str, str, str | None]:
    source = opened.source
    return str(source.key), str(source.valid_from), source.valid_to


def _begin_at(opened: Opened, zone_name: str) -> pl.Expr:
    begin = str(opened.source.valid_from)
    return instant_of_column(begin, opened.types[begin], zone_name).fill_null(_NEVER)
