"""A step's contributions reduced to sums by part, split, group and period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Fold
from kpicli.engine.crowd import crowd_contributions
from kpicli.engine.daily import Daily
from kpicli.engine.estimates import Sums
from kpicli.engine.folding import Folding
from kpicli.engine.ledger import check_ledger
from kpicli.engine.reduction import AGE, read_sums, reduce_table
from kpicli.engine.settled import Settled, of_period, with_periods, without_periods
from kpicli.frames.days import Days
from kpicli.frames.membership import CROSS, TOTAL
from kpicli.kinds.base import Answer, Contributions, Estimate
from kpicli.planning.plan import Step
from kpicli.words.expressions import Expression

NEED = "need"
Group = tuple[int, str]
Key = tuple[Group, int]
Part = tuple[str | None, int | None]


@dataclass(frozen=True)
class PartSums:
    """The sums of one part and age: by (split and group) and period; how they become a value."""

    part: str | None
    estimate: Estimate
    sums: Mapping[Key, Sums]
    age: int | None = None
    unit: str | None = None

    def groups(self) -> tuple[Group, ...]:
        """The groups that have rows, the total among them or not."""
        return tuple(dict.fromkeys(group for group, _ in self.sums))


@dataclass(frozen=True)
class Asked:
    """What of a step is asked beside the KPI itself."""

    only: Mapping[str, str] = field(default_factory=dict)
    also: Expression | None = None


def gather(
    step: Step, desk: Desk, calendar: Days, asked: Asked, folding: Folding
) -> tuple[PartSums, ...]:
    """The sums of every part of a step, the headline first.

    A split with more values than `top` is folded: the largest by denominator stay, with those that
    targets name, the rest stand together as (other), computed at its own grain.
    """
    found = _reduced(step, desk, calendar, asked, {})
    fold = folding.fold(step, found[0].sums)
    return _reduced(step, desk, calendar, asked, fold) if fold else found


def contributions(
    step: Step, desk: Desk, calendar: Days, asked: Asked, fold: Fold, *, named: bool = True
) -> tuple[Contributions, ...]:
    """The step's tables of contributions, lazy; the column `need` names what a row answers.

    Unless named entities may be told by numbers.
    """
    kpi, only, also = step.kpi, asked.only, asked.also
    if kpi.population is not None:
        return crowd_contributions(step, desk, calendar, only, also, fold, named=named)
    answers = {
        name: _named(
            name,
            desk.since(need, calendar.since).answer(need, step.by, only, also, fold, calendar),
        )
        for name, need in kpi.needs.items()
    }
    return kpi.shelf.contributions(kpi.written, answers, calendar)


def _named(name: str, answer: Answer) -> Answer:
    return replace(answer, frame=answer.frame.with_columns(nw.lit(name).alias(NEED)))


def _reduced(
    step: Step, desk: Desk, calendar: Days, asked: Asked, fold: Fold
) -> tuple[PartSums, ...]:
    keys = _settled(step, desk, calendar, asked, fold)
    looked = {period: desk.cache.find(key) for period, key in keys.items()}
    known = {period: found for period, found in looked.items() if found is not None}
    left = without_periods(calendar, tuple(known)) if known else calendar
    told = contributions(step, desk, left, asked, fold, named=False)
    tables = tuple(table for table in told if table.quotes is None)
    frames = _daily(step, desk, left, asked, fold, tables)
    if frames is None:
        frames = _sums_of(tables, len(step.by))
    for period in keys.keys() - known.keys():
        desk.cache.table(keys[period], partial(of_period, frames, period))
    frames = with_periods(frames, known)
    check_ledger(tables, frames)
    parts: dict[Part, dict[Key, Sums]] = {}
    kinds: dict[str | None, Estimate] = {}
    units = {table.part: table.unit for table in tables}
    for table, frame in zip(tables, frames, strict=True):
        kinds.setdefault(table.part, table.estimate)
        if not table.aged:
            parts.setdefault((table.part, None), {})
        for part, key, sums in _read(table, frame):
            into = parts.setdefault(part, {})
            into[key] = into[key].with_table(sums) if key in into else sums
    return tuple(
        PartSums(part, kinds[part], sums, age, units[part]) for (part, age), sums in parts.items()
    )


def _settled(step: Step, desk: Desk, calendar: Days, asked: Asked, fold: Fold) -> dict[int, str]:
    """Under which keys the sums of periods are kept, where there is a folder to keep them in."""
    if desk.cache.folder is None or asked.only or asked.also:
        return {}
    return Settled(step, desk, calendar, fold).keys()


def _daily(
    step: Step,
    desk: Desk,
    calendar: Days,
    asked: Asked,
    fold: Fold,
    tables: Sequence[Contributions],
) -> list[pl.DataFrame] | None:
    """The sums of tables by way of days; None where these do not tell them."""
    if step.kpi.crowd or asked.only or asked.also:
        return None

    def tell(part: Desk, days: Days) -> tuple[Contributions, ...]:
        return contributions(step, part, days, asked, fold)

    return Daily(step, desk, calendar, fold).sums(tables, tell)


def _sums_of(tables: Sequence[Contributions], splits: int) -> list[pl.DataFrame]:
    """The sums of each table; a headline that stands among its parts, too, is added up once."""
    keys = [
        (id(one.frame), one.estimate, one.once, one.counted, one.aged, one.stands) for one in tables
    ]
    apart = dict(zip(keys, tables, strict=True))
    told = [reduce_table(table, splits) for table in apart.values()]
    found = dict(zip(apart, pl.collect_all(told, engine="streaming"), strict=True))
    return [found[key] for key in keys]


def _read(table: Contributions, frame: pl.DataFrame) -> Iterator[tuple[Part, Key, Sums]]:
    """Sums by part and age, group and period; rows that are left out only count as such."""
    for row, sums in read_sums(table, frame):
        key = ((row["split"], row["group"]), row["period"])
        yield (table.part, row[AGE] if table.aged else None), key, sums


def by_of(step: Step, group: Group) -> dict[str, str]:
    """A group as results name it: {} for the total."""
    number, text = group
    if number == TOTAL:
        return {}
    return dict(zip(step.by[number - 1], text.split(CROSS), strict=True))
