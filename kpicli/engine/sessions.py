"""Sessions made of the rows of a source: what one entity did without a long pause."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import narwhals as nw
import polars as pl

from kpicli.engine.catalogue import SESSION_COLUMNS, Listed
from kpicli.engine.column_types import Uses
from kpicli.engine.keys import key_text
from kpicli.engine.opened import Opened
from kpicli.errors import Problem, SourceError, did_you_mean
from kpicli.sources.declaration import Source
from kpicli.words.calendar import Calendar
from kpicli.words.demands import demands
from kpicli.words.durations import Duration
from kpicli.words.translation import translate
from kpicli.words.types import ColumnType

USUAL_ENTITY = "user_id"
_WHO, _AT, _NEW, _RUN, _PAGE = ("who of row", "at of row", "new session", "session", "is page")


def uses_of_base(listed: Listed, base: Listed, uses: Uses) -> dict[str, set[ColumnType]]:
    """The columns of the base that sessions take; SourceError where it lacks one."""
    source, own = listed.source, base.source
    found: dict[str, set[ColumnType]] = {
        name: set(kinds) for name, kinds in uses.items() if name not in SESSION_COLUMNS
    }
    for name in (*own.unique, own.updated, source.entity or USUAL_ENTITY):
        if name:
            found.setdefault(name, set())
    if own.time is None:
        message = f"{base.name} has no time:, so nothing says when a session begins"
        raise SourceError([Problem("no_time", message, "sessions are made of rows with a time")])
    found.setdefault(own.time, set()).add("time")
    for told in (*([source.pages] if source.pages else ()), *listed.without):
        asked = demands(told, "yes_no")
        for name in told.names:
            found.setdefault(name, set()).update([asked[name]] if name in asked else ())
    lacking = [_lacking(listed, base, name) for name in found if not base.has(name)]
    if lacking:
        raise SourceError(lacking)
    return found


def _lacking(listed: Listed, base: Listed, name: str) -> Problem:
    message = f"{base.name}, of which {listed.name} are made, has no column {name!r}"
    hint = did_you_mean(name, base.columns())
    if name == USUAL_ENTITY and listed.source.entity is None:
        hint = f"add entity: to {listed.name}, the column that says whose session it is"
    return Problem("missing_column", message, hint)


def make_sessions(base: Opened, listed: Listed, calendar: Calendar) -> Opened:
    """One row per session; columns session_id, start, end, page_views and those of its first row.

    A pause of exactly the gap is within a session. Rows without entity or time are in none.
    Sessions that may have begun before the file's first row or go on after its last are left out.
    """
    source = listed.source
    time, entity = base.source.time or "", source.entity or USUAL_ENTITY
    if base.types[time] != "time":
        message = f"{time} of {base.name} has dates only, which say nothing of a pause"
        raise SourceError([Problem("no_time", message)])
    who = key_text(entity, base.types[entity])
    rows = _marked(base, listed, calendar).with_columns(who.alias(_WHO), pl.col(time).alias(_AT))
    gap = _length(source.gap)
    whole = _gathered(rows, gap).collect(engine="streaming")
    kept, cut = _whole(whole, gap, base, time)
    types: dict[str, ColumnType] = {
        **base.types,
        **dict(zip(SESSION_COLUMNS, ("text", "time", "time", "number"), strict=True)),
    }
    notes = (*base.record.notes, *_notes(cut, listed))
    record = replace(base.record, name=listed.name, rows=kept.height, not_read={}, spots=(),
                     notes=notes, unmatched=())  # fmt: skip
    # The file tells of every day on which it has rows, also of one that no whole session began on.
    told = base.frame.select(pl.col(time).alias("start"), pl.col(time).alias("end"))
    return replace(base, name=listed.name, source=source, frame=kept.lazy(), types=types,
                   record=record, pieces=(), steps={}, told=told)  # fmt: skip


def _marked(base: Opened, listed: Listed, calendar: Calendar) -> pl.LazyFrame:
    """The rows that are not excluded; is page says which of them are page views."""
    types, pages = {**base.types, **base.texts}, listed.source.pages
    rows = nw.from_native(base.frame)
    for without in listed.without:
        rows = rows.filter(~translate(without, types, calendar.zone).fill_null(value=False))
    holds = translate(pages, types, calendar.zone) if pages else nw.lit(value=True)
    native = rows.with_columns(holds.alias(_PAGE)).to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    return native


def _length(gap: Duration | None) -> timedelta:
    return timedelta(minutes=gap.canonical.amount if gap else 0)


def _gathered(rows: pl.LazyFrame, gap: timedelta) -> pl.LazyFrame:
    """The rows of each session put together; the first tells what else it is."""
    others = [name for name in rows.collect_schema() if name not in (_WHO, _AT, _PAGE)]
    dated = rows.filter(pl.col(_WHO).is_not_null() & pl.col(_AT).is_not_null())
    # Rows of one instant are ordered by what they say, so that no order of files matters.
    ordered = dated.sort(_WHO, _AT, *sorted(others), nulls_last=True)
    pause = pl.col(_AT) - pl.col(_AT).shift(1)
    new = (pl.col(_WHO) != pl.col(_WHO).shift(1)) | (pause > gap)
    runs = ordered.with_columns(new.fill_null(value=True).cum_sum().alias(_RUN))
    told = runs.group_by(_RUN, maintain_order=True).agg(
        pl.col(_WHO).first(),
        *(pl.col(name).first() for name in others if name not in SESSION_COLUMNS),
        pl.col(_AT).min().alias("start"),
        pl.col(_AT).max().alias("end"),
        pl.col(_PAGE).sum().cast(pl.Int64).alias("page_views"),
    )
    began = pl.col("start").dt.timestamp("us").cast(pl.String)
    return told.with_columns(pl.concat_str(_WHO, began, separator=" ").alias("session_id"))


def _whole(
    sessions: pl.DataFrame, gap: timedelta, base: Opened, time: str
) -> tuple[pl.DataFrame, int]:
    """Sessions that lie within the file with room for a pause on both sides, and how many do not.

    Where it is declared from when on the file is complete nothing was before.
    """
    ends = base.frame.select(pl.col(time).min().alias("first"), pl.col(time).max().alias("last"))
    first, last = ends.collect(engine="streaming").row(0)
    if not isinstance(first, datetime):
        return sessions.drop(_WHO, _RUN), 0
    since = base.source.history_starts is not None or pl.col("start") > first + gap
    within = sessions.filter(since, pl.col("end") < last - gap)
    return within.drop(_WHO, _RUN), sessions.height - within.height


def _notes(cut: int, listed: Listed) -> Iterator[str]:
    source: Source = listed.source
    yield f"sessions end with a pause of more than {source.gap}"
    if cut:
        what = "session is" if cut == 1 else "sessions are"
        yield f"{cut} {what} left out that the file's edge may cut"
