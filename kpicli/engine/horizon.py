"""How far the sources of a KPI have been read, by what the KPI counts by."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import narwhals as nw
import polars as pl

from kpicli.definitions.book import Book, Kpi
from kpicli.engine.answers import Desk
from kpicli.engine.dotted import parted
from kpicli.engine.reach import Reach, declared_quiet
from kpicli.engine.room import Room
from kpicli.needs import Need, Rows
from kpicli.planning.plan import Step
from kpicli.words.calendar import day_of


def reach_by_source(book: Book, step: Step, room: Room) -> dict[str, Reach]:
    """The reach of each source; one whose entities are followed begins with the first of them.

    Where several columns date the rows of one source the newest of them says how far it was read.
    """
    found: dict[str, Reach] = {}
    for name, reach in _reaches(book, step, room):
        known = found.get(name)
        followed = known is not None and step.kpi.population is not None
        first = min(known.first, reach.first) if known and followed else reach.first
        listed = reach.listed and (known is None or known.listed)
        newest = max(filter(None, (known, reach)), key=lambda one: (one.last, -one.quiet))
        found[name] = replace(newest, first=first, listed=listed)
    return found


def dating_columns(book: Book, kpi: Kpi) -> Iterator[str | None]:
    """The columns that date what a KPI counts; none of them for a list without time."""
    for need in kpi.needs.values():
        yield _dating_column(book, need)
    for name in kpi.inputs:
        yield from dating_columns(book, book.kpis[name])


def _reaches(book: Book, step: Step, room: Room) -> Iterator[tuple[str, Reach]]:
    """The reach of every dated source that a KPI reads, by the column that dates its rows.

    Before the first of a list nobody was there, which is known: only what they did has a beginning.
    A silence that was not declared reaches into no period that begins after the newest row, save
    of what lasts: that goes on as it was.
    """
    crowd = step.kpi.crowd
    others = [need for need in step.kpi.needs.values() if need is not crowd]
    for need in [crowd, *others] if crowd else others:
        column = _dating_column(book, need)
        own = _own_reach(room.desk, need, column)
        reach = _read_reach(room, need, column, own)
        if reach is not None:
            # A column of its own begins where its values do.
            began = own.first if own else reach.first
            listed = need is crowd and not crowd.seen
            if need.shape != "span":
                reach = reach.of_periods(book.calendar, step.grain)
            yield need.source, replace(reach, first=date.min if listed else began, listed=listed)
        for name in need.dotted_dates():
            owner = parted(name, room.desk.opened)[0]
            table = room.desk.opened[owner] if owner else None
            if table is not None and table.reach is not None:
                dated = _own_reach(room.desk, need, name)
                farthest = _farther(room, replace(need, time=name), table.reach, dated)
                told = farthest.of_periods(book.calendar, step.grain)
                yield table.name, replace(told, first=date.min)
    for name in step.kpi.inputs:
        yield from _reaches(book, replace(step, kpi=book.kpis[name]), room)


def _own_reach(desk: Desk, need: Need, column: str | None) -> Reach | None:
    """The reach of the column that dates a need, which may be one of another table."""
    table, name = parted(column or "", desk.opened)
    return desk.opened[table or need.source].reaches.get(name)


def _read_reach(room: Room, need: Need, column: str | None, own: Reach | None) -> Reach | None:
    """How far the source of a need was read: by its own dates, or by those the KPI counts by."""
    source = room.desk.opened[need.source]
    if source.reach is None or "." in (column or ""):
        return source.reach or own
    return _farther(room, replace(need, time=column), source.reach, own)


def _farther(room: Room, need: Need, told: Reach, own: Reach | None) -> Reach:
    """The later of two reaches: that of the source, and that of the need's own date.

    A row that counts and is dated later than the source's newest shows that the file was read up
    to there. Dates that go on beyond the clock are expected ones and show nothing.
    """
    if own is None or own.last <= told.last:
        return told
    newest = _newest_counted(room.desk, need)
    if newest is None or newest > room.today or newest <= told.last:
        return told
    table, _ = parted(str(need.time), room.desk.opened)
    quiet = room.desk.opened[table or need.source].source.quiet
    allowed = declared_quiet(quiet, newest) if quiet else own.quiet
    return replace(told, last=newest, quiet=allowed)


def _newest_counted(desk: Desk, need: Need) -> date | None:
    """The last day of the rows that satisfy the condition of a need."""
    rows = Rows(need.source, where=need.where, time=need.time)
    told = desk.shared.once(("newest", rows), lambda: desk.answer(rows, (), {}, None, {}))
    counted: pl.LazyFrame = told.frame.filter(nw.col("left_out").is_null()).to_native()
    last: int | None = counted.select(pl.col("day").max()).collect().item()
    return None if last is None else day_of(last)


def _dating_column(book: Book, need: Need) -> str | None:
    return need.time or need.start or book.sources[need.source].happened
