"""From the rows in the files to the entities that count: what each rule took away, in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kpicli.engine.focus import Focus
from kpicli.engine.funnel import RULES, Funnel, Removed, Rule, funnel_of
from kpicli.engine.opened import EXCLUDED, FILE, ROW
from kpicli.engine.portion import Portion, portions_of
from kpicli.engine.values import NOTHING
from kpicli.needs import ENTITY, STATUS, Holdings, Need, Population
from kpicli.words.calendar import day_number
from kpicli.words.expressions import Expression

_LISTED, _THERE, _MET = "listed here", "there", "condition met"


@dataclass(frozen=True)
class Crowd:
    """The entities of one number: those of its period, less all removed, are its n.

    An entity that starts several times stands here as often.
    """

    in_period: int
    removed: tuple[Removed, ...]
    counted: int


def crowd_of(focus: Focus) -> Crowd | None:
    """The entities on their way to a number; None for kinds over rows, or where nothing is told.

    Raises AssertionError where they do not end in the reported n: a fault of ours.
    """
    portions = _portions(focus)
    if not portions:
        return None
    frames = [one.frame.select("in_group", "left_out") for one in portions if one.table.counted]
    rows = pl.concat(frames, how="vertical_relaxed")
    apart = pl.when(~pl.col("in_group").fill_null(value=False)).then(pl.lit("segment"))
    told = rows.group_by(pl.coalesce(apart, "left_out").alias("rule")).len()
    ends = dict(told.collect(engine="streaming").iter_rows())
    counted = ends.pop(None, 0)
    if counted and focus.value == NOTHING:
        # Of a window that begins before the file does nothing is told.
        return None
    if counted != focus.value.sums.n:
        name, n = focus.step.kpi.name, focus.value.sums.n
        raise AssertionError(f"{name}: {counted} entities count, and n = {n}")
    removed = tuple(Removed(rule, ends[rule]) for rule in RULES if rule in ends)
    return Crowd(counted + sum(ends.values()), removed, counted)


def followed_rows(focus: Focus) -> tuple[Funnel, ...]:
    """A funnel per need of a kind over entities: it ends in the rows of those whom it counts on.

    They are the rows that the number is told from; what a kind takes of them its page says. The
    list of everyone has a funnel where nothing else is asked of it.
    """
    portions = _portions(focus)
    if not portions:
        return ()
    there = pl.concat([one.of_group.select(ENTITY) for one in portions]).unique().drop_nulls()
    needs = focus.step.kpi.needs
    asked = {need.source for need in needs.values() if not isinstance(need, Population)}
    found = [
        funnel_of(focus, name, need, _ends(focus, need, there), adds=False)
        for name, need in needs.items()
        if not (isinstance(need, Population) and (need.seen or need.source in asked))
        and not _listed_by_versions(focus, need)
        and _names_entities(need)
    ]
    return tuple(_once(found))


def _names_entities(need: Need) -> bool:
    """Whether its rows are somebody's; rates of exchange are nobody's."""
    return any(asked.name == ENTITY for asked in need.asked)


def _listed_by_versions(focus: Focus, need: Need) -> bool:
    """Whether several rows are one of the list: none of them is followed by itself."""
    source = focus.room.desk.opened[need.source].source
    return isinstance(need, Population) and source.valid_from is not None


def _once(found: Sequence[Funnel]) -> Iterator[Funnel]:
    """Needs that ask for the same rows have one funnel."""
    ways: dict[Funnel, list[str]] = {}
    for one in found:
        ways.setdefault(replace(one, need=""), []).append(one.need)
    for way, names in ways.items():
        yield replace(way, need=names[0], needs=tuple(names))


def _portions(focus: Focus) -> tuple[Portion, ...]:
    untold = focus.value.estimated.reason == "current_state" or focus.values.spine.snapshot
    return () if focus.step.kpi.crowd is None or untold else portions_of(focus)


def _ends(focus: Focus, need: Need, there: pl.LazyFrame) -> Mapping[tuple[str, str | None], int]:
    """How many rows in use end where: at a rule and its detail, or in what the number follows."""
    desk = focus.room.desk
    dated = "day" if need.shape == "moment" else "start_day"
    every = _rows(focus, replace(need, where=None, asked=()), None)
    rows = (
        every.select(FILE, ROW, dated)
        .join(desk.opened[need.source].frame.select(FILE, ROW, EXCLUDED), on=[FILE, ROW])
        .join(_answered(focus, need), on=[FILE, ROW], how="left")
        .join(_listed(focus), on=ENTITY, how="left")
        .join(there.with_columns(pl.lit(value=True).alias(_THERE)), on=ENTITY, how="left")
    )
    rule = pl.coalesce(*_rules(focus, need, dated), pl.lit("counted"))
    detail = pl.when(pl.col(dated).is_not_null()).then(pl.col(EXCLUDED))
    told = rows.group_by(rule.alias("rule"), detail.alias("detail")).len()
    found = told.collect(engine="streaming")
    return {(rule, detail): count for rule, detail, count in found.iter_rows()}


def _rules(focus: Focus, need: Need, dated: str) -> Iterator[pl.Expr]:
    """The rules that a row meets, in order; the first that holds takes it away."""
    spine, named = focus.values.spine, pl.col("entity").is_not_null()
    yield _take("undated", pl.col(dated).is_null())
    yield _take("excluded", pl.col(EXCLUDED).is_not_null())
    if not isinstance(need, Population):
        read_day = day_number(min(spine.as_of, spine.read_to))
        yield _take("later", pl.col(dated) >= read_day)
    yield _take("where", pl.col(_MET).is_null())
    if isinstance(need, Holdings):
        yield _take("inactive", pl.col("inactive"))
    yield _take("nobody", ~named)
    yield pl.col("left_out")
    yield _take("unlisted", pl.col(_LISTED).is_null())
    yield _take("others", pl.col(_THERE).is_null())


def _take(rule: Rule, holds: pl.Expr) -> pl.Expr:
    return pl.when(holds).then(pl.lit(rule))


def _answered(focus: Focus, need: Need) -> pl.LazyFrame:
    """The rows that satisfy a need, whose they are, and why some cannot be told."""
    also = None if isinstance(need, Population) else focus.room.asked.also
    rows = _rows(focus, need, also)
    inactive = pl.lit(value=False)
    if isinstance(need, Holdings) and need.inactive:
        inactive = pl.col(STATUS).str.strip_chars().str.to_lowercase().is_in(need.inactive)
    return rows.select(
        FILE,
        ROW,
        ENTITY,
        pl.col("left_out").cast(pl.String),
        inactive.alias("inactive"),
        pl.lit(value=True).alias(_MET),
    )


def _listed(focus: Focus) -> pl.LazyFrame:
    """Everyone in the list; of those who were only seen, all who were."""
    crowd = focus.step.kpi.crowd
    if crowd is None:
        raise TypeError("a kind over rows has no list of everyone")
    bare = replace(crowd, asked=crowd.asked[:1], shape="moment" if crowd.seen else "crowd")
    rows = _rows(focus, bare, None)
    if crowd.seen:
        rows = rows.filter(pl.col("left_out").is_null())
    return rows.select(ENTITY, pl.lit(value=True).alias(_LISTED)).drop_nulls(ENTITY).unique()


def _rows(focus: Focus, need: Need, also: Expression | None) -> pl.LazyFrame:
    rows = focus.room.desk.answer(need, (), {}, also, {}).frame.to_native()
    if not isinstance(rows, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    return rows
