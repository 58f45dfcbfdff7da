"""From the rows in the files to those that count: what each rule took away, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from kpicli.engine.focus import Focus
from kpicli.engine.opened import EXCLUDED, FILE, ROW
from kpicli.engine.portion import Portion, portions_of
from kpicli.engine.series import NEED
from kpicli.needs import Need
from kpicli.words.calendar import day_number

Rule = Literal[
    "unread",
    "duplicate",
    "conflict",
    "undated",
    "excluded",
    "outside",
    "later",
    "segment",
    "where",
    "inactive",
    "nobody",
    "unparsable",
    "not_converted",
    "unknown",
    "unlisted",
    "others",
    "ineligible",
    "immature",
    "repeated",
]
# In the order in which a row meets them; the first that holds takes it away.
RULES: tuple[Rule, ...] = (
    "unread",
    "duplicate",
    "conflict",
    "undated",
    "excluded",
    "outside",
    "later",
    "segment",
    "where",
    "inactive",
    "nobody",
    "unparsable",
    "not_converted",
    "unknown",
    "unlisted",
    "others",
    "ineligible",
    "immature",
    "repeated",
)
_READING: tuple[Rule, ...] = ("unread", "duplicate", "conflict")
_COUNTED = "counted"


@dataclass(frozen=True)
class Removed:
    """How many rows a rule took away; detail is the reason of an exclusion."""

    rule: Rule
    rows: int
    detail: str | None = None


@dataclass(frozen=True)
class Funnel:
    """The rows of one source on their way to one number; in_files less all removed is counted.

    adds False: the rows are not what n counts, as those above the line of a ratio, or those that
    entities are followed by. needs are all that ask for these rows, where there are several.
    """

    need: str
    source: str
    in_files: int
    removed: tuple[Removed, ...]
    counted: int
    adds: bool = True
    needs: tuple[str, ...] = ()


def funnels_of(focus: Focus) -> tuple[Funnel, ...]:
    """A funnel per need of a kind over rows; none for other kinds, or where there is no number.

    Raises AssertionError where they do not end in the reported n: a fault of ours.
    """
    portions = portions_of(focus) if focus.value.estimated.reason != "current_state" else ()
    if not portions or not all(_over_rows(one) for one in portions):
        return ()
    wide = portions_of(focus, {name: _wider(need) for name, need in focus.step.kpi.needs.items()})
    found = tuple(
        _funnel(focus, name, need, portions, wide) for name, need in focus.step.kpi.needs.items()
    )
    n = focus.value.sums.n
    if sum(one.counted for one in found if one.adds) != n:
        raise AssertionError(f"{focus.step.kpi.name}: the funnel ends in other rows than n = {n}")
    return found


def _over_rows(portion: Portion) -> bool:
    return ROW in portion.frame.collect_schema().names()


def _wider(need: Need) -> Need:
    """The same rows whatever the condition says."""
    return replace(need, where=None)


def _funnel(
    focus: Focus, name: str, need: Need, portions: tuple[Portion, ...], wide: tuple[Portion, ...]
) -> Funnel:
    adds = all(one.table.counted for one in portions if name in _needs_of(one))
    return funnel_of(focus, name, need, _ends(focus, name, need, portions, wide), adds=adds)


def funnel_of(
    focus: Focus, name: str, need: Need, found: Mapping[tuple[str, str | None], int], *, adds: bool
) -> Funnel:
    """The rows of a need's source: those not read, then where each of the others ends.

    found: how many rows in use end at a rule and its detail, or are counted. Raises AssertionError
    where they are not all of the rows: a fault of ours.
    """
    opened = focus.room.desk.opened[need.source]
    reading = {rule: opened.record.not_read.get(rule, 0) for rule in _READING}
    ends = dict(found)
    counted = ends.pop((_COUNTED, None), 0)
    removed = [Removed(rule, rows) for rule, rows in reading.items() if rows]
    removed += [
        Removed(rule, rows, detail)
        for rule in RULES
        for (ended, detail), rows in sorted(ends.items(), key=lambda end: str(end[0][1]))
        if ended == rule
    ]
    in_files = opened.record.rows + sum(reading.values())
    if in_files - sum(one.rows for one in removed) != counted:
        raise AssertionError(f"{focus.step.kpi.name}: rows of {need.source} are lost on the way")
    return Funnel(name, need.source, in_files, tuple(removed), counted, adds)


def _ends(
    focus: Focus, name: str, need: Need, portions: tuple[Portion, ...], wide: tuple[Portion, ...]
) -> dict[tuple[str, str | None], int]:
    """How many rows in use end where: at a rule and its detail, or counted."""
    desk = focus.room.desk
    bare = replace(need, where=None, asked=())
    every = desk.answer(bare, (), {}, None, {}).frame.to_native()
    dated = "start_day" if need.shape == "span" else "day"
    rows = (
        every.select(FILE, ROW, dated)
        .join(desk.opened[need.source].frame.select(FILE, ROW, EXCLUDED), on=[FILE, ROW])
        .join(_rows_of(wide, name, "in_group"), on=[FILE, ROW], how="left")
        .join(_rows_of(portions, name, "left_out"), on=[FILE, ROW], how="left")
    )
    rule = _rule(dated, _unread(focus, dated))
    told = rows.select(rule.alias("rule"), _detail(dated).alias("detail"))
    counted = told.group_by("rule", "detail").len().collect(engine="streaming")
    return {(rule, detail): rows for rule, detail, rows in counted.iter_rows()}


def _rows_of(portions: tuple[Portion, ...], need: str, column: str) -> pl.LazyFrame:
    """The rows of a need that stand in some table of the number; here is true."""
    frames = [one.frame if column == "in_group" else one.of_group for one in portions]
    frame = pl.concat(
        [one.filter(pl.col(NEED) == need).select(FILE, ROW, column) for one in frames],
        how="vertical_relaxed",
    )
    return frame.with_columns(pl.lit(value=True).alias(f"{column} here"))


def _unread(focus: Focus, dated: str) -> pl.Expr:
    """Whether a row is of the period, and dated later than the data has been read."""
    spine, period = focus.values.spine, focus.period
    if period is None:
        return pl.lit(value=False)
    read_day = day_number(min(spine.as_of, spine.read_to))
    return pl.col(dated).is_between(read_day, day_number(period.end), closed="left")


def _rule(dated: str, unread: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col(dated).is_null())
        .then(pl.lit("undated"))
        .when(pl.col(EXCLUDED).is_not_null())
        .then(pl.lit("excluded"))
        .when(pl.col("in_group here").is_null() & unread)
        .then(pl.lit("later"))
        .when(pl.col("in_group here").is_null())
        .then(pl.lit("outside"))
        .when(~pl.col("in_group"))
        .then(pl.lit("segment"))
        .when(pl.col("left_out here").is_null())
        .then(pl.lit("where"))
        .otherwise(pl.coalesce("left_out", pl.lit(_COUNTED)))
    )


def _detail(dated: str) -> pl.Expr:
    return pl.when(pl.col(dated).is_not_null()).then(pl.col(EXCLUDED))


def _needs_of(portion: Portion) -> Iterator[str]:
    """The needs that a table is made of; a kind's tables name them once."""
    found = portion.frame.select(pl.col(NEED).unique()).collect(engine="streaming")
    yield from found[NEED].to_list()
