"""How many rows find a partner in the tables that a KPI looks things up in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from kpicli.engine.answers import Desk
from kpicli.engine.cache import Cache
from kpicli.engine.keys import key_text
from kpicli.engine.lostkeys import KEY, ROWS, lost_rows
from kpicli.engine.opened import Opened
from kpicli.engine.routes import Hop
from kpicli.engine.splits import split_sources
from kpicli.errors import Problem
from kpicli.needs import ENTITY, Need
from kpicli.planning.plan import Step
from kpicli.results import Joined, SourceRecord
from kpicli.words.expressions import Name

StepKey = tuple[str, str]


def followed(steps: Iterable[Step], desk: Desk) -> dict[StepKey, tuple[Hop, ...]]:
    """The references behind each step; behind a formula those of its inputs, which come before."""
    told: dict[StepKey, tuple[Hop, ...]] = {}
    for step in steps:
        inputs = (hop for key in step.input_keys for hop in told.get(key, ()))
        told[step.key] = tuple(dict.fromkeys(inputs)) if step.input_keys else hops_of(step, desk)
    return told


def hops_of(step: Step, desk: Desk) -> tuple[Hop, ...]:
    """The references that a KPI follows: to attributes, and to the list of everyone."""
    return tuple(
        dict.fromkeys(
            hop for need in step.kpi.needs.values() for hop in hops_of_need(step, need, desk)
        )
    )


def hops_of_need(step: Step, need: Need, desk: Desk) -> tuple[Hop, ...]:
    """Those that one need follows."""
    found = (*_to_attributes(step, need, desk), *_to_crowd(step, need, desk))
    return tuple(dict.fromkeys(found))


def names_read(step: Step, need: Need, desk: Desk) -> Iterator[str]:
    """The columns that a need reads, dotted where they are of another table."""
    has_column = desk.routes.has_column
    optional = {one.expression for one in need.asked if one.optional}
    for told in need.expressions():
        there = told not in optional or all(has_column(need.source, one) for one in told.names)
        yield from told.names if there else ()
    yield from need.dotted_dates()
    told_here = (
        split
        for split in step.by
        if need.source in split_sources(step.kpi, split, desk.segments, has_column)
    )
    for name in (name for split in told_here for name in split):
        segment = desk.segments.get(name)
        told_by = (segment.of, segment.where) if segment else ()
        yield from (one for told in told_by if told for one in told.names)
        if segment is None:
            yield name


def _to_attributes(step: Step, need: Need, desk: Desk) -> Iterator[Hop]:
    tables = {name.partition(".")[0] for name in names_read(step, need, desk) if "." in name}
    for table in sorted(tables & desk.opened.keys() - {need.source}):
        route = desk.routes.to(need.source, table)
        yield from () if isinstance(route, Problem) else route


def _to_crowd(step: Step, need: Need, desk: Desk) -> Iterator[Hop]:
    crowd = step.kpi.crowd
    if crowd is None or crowd.seen or need.source == crowd.source:
        return
    for asked in need.asked:
        if asked.name == ENTITY and isinstance(asked.expression.tree, Name):
            yield Hop(need.source, asked.expression.tree.name, crowd.source)


def with_joined(
    opened: Mapping[str, Opened], hops: Iterable[Hop], cache: Cache
) -> tuple[SourceRecord, ...]:
    """The records of the sources, with how many rows joined by each of these references."""
    known = [hop for hop in dict.fromkeys(hops) if _is_countable(hop, opened)]
    tables = list(dict.fromkeys(hop.table for hop in known))
    keys = pl.collect_all([_keys(opened[table]) for table in tables], engine="streaming")
    held = {table: frame[KEY] for table, frame in zip(tables, keys, strict=True)}
    own = {name: [hop for hop in known if hop.source == name] for name in opened}
    small = [name for name, each in own.items() if each and not opened[name].pieces]
    counts = pl.collect_all([_counts(opened[name], own[name], held) for name in small])
    told = {name: row.row(0) for name, row in zip(small, counts, strict=True)}
    told |= {
        name: _of_pieces(one, own[name], held, cache)
        for name, one in opened.items()
        if one.pieces and own[name]
    }
    return tuple(
        replace(one.record, joined=tuple(_joined(told[name], own[name])) if own[name] else ())
        for name, one in opened.items()
    )


def _is_countable(hop: Hop, opened: Mapping[str, Opened]) -> bool:
    """Whether both sides were read."""
    if hop.source not in opened or hop.table not in opened:
        return False
    key = opened[hop.table].source.key
    return hop.column in opened[hop.source].types and key in opened[hop.table].types


def _keys(table: Opened) -> pl.LazyFrame:
    key = table.source.key or ""
    return table.frame.select(key_text(key, table.types[key]).alias(KEY)).drop_nulls().unique()


def _counts(opened: Opened, hops: Iterable[Hop], keys: Mapping[str, pl.Series]) -> pl.LazyFrame:
    """One row: all rows, then for each reference how many joined and how many are empty."""
    told = [pl.len().alias("rows")]
    for at, hop in enumerate(hops):
        value = key_text(hop.column, opened.types[hop.column])
        told += [
            value.is_in(keys[hop.table].implode()).sum().alias(f"joined {at}"),
            value.is_null().sum().alias(f"empty {at}"),
        ]
    return opened.frame.select(told)


def _of_pieces(
    opened: Opened, hops: Iterable[Hop], keys: Mapping[str, pl.Series], cache: Cache
) -> tuple[int, ...]:
    """The same of a large source, whose rows are counted already."""
    rows = opened.record.rows
    told: list[int] = []
    for hop in hops:
        lost = lost_rows(opened, hop, keys[hop.table], cache)
        empty = lost.filter(pl.col(KEY).is_null())
        told += [rows - int(lost[ROWS].sum()), int(empty[ROWS].sum())]
    return (rows, *told)


def _joined(row: tuple[int, ...], hops: Iterable[Hop]) -> Iterator[Joined]:
    for at, hop in enumerate(hops):
        yield Joined(hop.column, hop.table, row[0], row[1 + 2 * at], row[2 + 2 * at])
