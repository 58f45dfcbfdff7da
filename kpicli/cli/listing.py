"""What the definitions hold, as tables for people and records for programs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from kpicli.cards import card_of
from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.shape import Segment
from kpicli.planning.plan import EVERYTHING, make_plan
from kpicli.planning.request import Request
from kpicli.render.json import Record, card_record
from kpicli.reports.blocks import Cell, Column, Row, Table
from kpicli.reports.wording import write_target
from kpicli.results import Card
from kpicli.sources.declaration import Source
from kpicli.words.targets import Band, rule_in_force

Raw = Mapping[str, Any]
_LONG_PATH = 24


def kpi_table(book: Book, today: date) -> Table:
    """The KPIs by group, each with the target of its total that is in force."""
    kpis = [book.kpis[name] for name in book.shown()]
    columns = (_left("KPI"), _left("kind"), _left("owner", optional=True), Column("target"))
    told = [
        (kpi.written.group, (kpi.name, kpi.title), (kpi.kind, ", ".join(kpi.written.owner),
                                                    _target(kpi, today)))
        for kpi in kpis
    ]  # fmt: skip
    return Table(columns, tuple(_grouped(told)))


def kpi_records(book: Book) -> list[Record]:
    """The records of kpis[], each in its own grain, else per week."""
    if not book.shown():
        return []
    plan = make_plan(book, Request(names=(EVERYTHING,)))
    return [card_record(card_of(step, book)) for step in plan.shown]


def library_table(ready: Mapping[str, Raw]) -> Table:
    """The ready definitions by group."""
    told = [
        (raw.get("group"), (name, str(raw.get("title", name))), (str(raw.get("kind", "")),))
        for name, raw in ready.items()
    ]
    return Table((_left("KPI"), _left("kind")), tuple(_grouped(told)))


def library_records(ready: Mapping[str, Raw]) -> list[Record]:
    """The records of kpis[], each with the keys of its YAML; your own definitions settle nulls."""
    return [{**_library_record(name, raw), "keys": raw} for name, raw in ready.items()]


def source_table(book: Book) -> Table:
    """The sources: their files, the key, and the columns that date their rows."""
    columns = (_left("source"), _left("key"), _left("time"))
    rows = (
        _row((name, ", ".join(_origin(source))), (source.key or "", _dates(source)))
        for name, source in book.sources.items()
    )
    return Table(columns, tuple(rows))


def _origin(source: Source) -> Iterator[str]:
    if source.made_from:
        yield f"sessions of {source.made_from}, {source.gap}"
    yield from map(_short_path, source.path)


def source_records(book: Book) -> list[Record]:
    """Name, paths, key, time or start and end, description, place."""
    return [
        {
            "name": name,
            "path": source.path,
            "from": source.made_from,
            "key": source.key,
            "time": source.time,
            "start": source.start,
            "end": source.end,
            "description": source.description,
            **_place(book, "sources", name),
        }
        for name, source in book.sources.items()
    ]


def segment_table(book: Book) -> Table:
    """The segments and what each is."""
    rows = (_row((name, ""), (_meaning(one),)) for name, one in book.segments.items())
    return Table((_left("segment"), _left("is")), tuple(rows))


def segment_records(book: Book) -> list[Record]:
    """Name, definition in words, place."""
    return [
        {"name": name, "definition": _meaning(one), **_place(book, "segments", name)}
        for name, one in book.segments.items()
    ]


def _grouped(
    told: Iterable[tuple[str | None, tuple[str, str], tuple[str, ...]]],
) -> Iterator[Row]:
    """Rows under their group's name; groups in the order of the file, those without one first."""
    kept = list(told)
    order = list(dict.fromkeys([None, *(group for group, _, _ in kept)]))
    kept.sort(key=lambda one: order.index(one[0]))
    for group, rows in groupby(kept, key=lambda one: one[0]):
        if group:
            yield Row((Cell(group),), head=True)
        for _, name, cells in rows:
            yield _row(name, cells)


def _row(name: tuple[str, str], cells: tuple[str, ...]) -> Row:
    return Row((Cell(name[0], note=name[1]), *map(Cell, cells)))


def _short_path(path: str) -> str:
    """A long path by its end, which tells more than its folders."""
    if len(path) <= _LONG_PATH or "/" not in path:
        return path
    parts = path.split("/")
    # Of "events/*.parquet" the folder tells which files are meant.
    return "/".join(("…", *parts[-2 if "*" in parts[-1] else -1 :]))


def _left(title: str, optional: bool = False) -> Column:
    return Column(title, align="left", optional=optional)


def _target(kpi: Kpi, today: date) -> str:
    rule = rule_in_force(kpi.rules, {}, today)
    if rule is None:
        return ""
    at = rule.target.at
    edge = {"from": at.low, "to": at.high} if isinstance(at, Band) else at
    return ("≤ " if kpi.better == "lower" else "") + write_target(edge, kpi.unit)


def _library_record(name: str, raw: Raw) -> Record:
    card = Card(
        name=name,
        title=str(raw.get("title", name)),
        group=raw.get("group"),
        kind=str(raw.get("kind", "")),
        unit=str(raw.get("unit", "")),
        counts="",
        grain=str(raw.get("grain", "")),
        window=raw.get("window"),
        better=str(raw.get("better", "")),
        definition=str(raw.get("description", "")),
        formula=raw.get("formula"),
    )
    return {field: None if value == "" else value for field, value in card_record(card).items()}


def _place(book: Book, section: str, name: str) -> Record:
    place = book.place(section, name)
    return {"file": place.file if place else None, "line": place.line if place else None}


def _dates(source: Source) -> str:
    if source.time:
        return source.time
    return f"{source.start} – {source.end or 'open'}" if source.start else ""


def _meaning(segment: Segment) -> str:
    if segment.of is not None and segment.cut is not None:
        cuts = ", ".join(f"{name} from {edge:g}" for name, edge in segment.cut.items())
        return f"{segment.of.text}: {cuts}"
    if segment.did is not None:
        return segment.did.text
    told = segment.of or segment.where
    return told.text if told else ""
