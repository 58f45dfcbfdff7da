"""How many rows a period has, against the source's own past."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kpicli.quality import base
from kpicli.quality.base import Facts, Finding
from kpicli.quality.written import Levelled
from kpicli.sources.declaration import Strict
from kpicli.words.calendar import Period

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = True, True, False, True
wanted, others, marks, keys = base.no_columns, base.no_others, base.no_marks, base.no_keys

# The median distance of a normal distribution, so that one unit is a standard deviation.
_NORMAL = 1.4826
# A source that always has as many rows may have a twentieth more or less, and one.
_NARROWEST = 0.05
Per = Literal["day", "week", "month"]
# A week of days is looked at, as exports are often made once a week.
_NEWEST: Mapping[Per, int] = {"day": 7, "week": 1, "month": 1}
_DAY = timedelta(days=1)


def _with_per(written: object) -> object:
    return {"per": written} if isinstance(written, str) else written


class Usual(Strict):
    """What a period is compared with, and how far it may lie from that."""

    per: Per = "day"
    newest: Annotated[int, Field(ge=1, le=366)] | None = None
    past: Annotated[int, Field(ge=1, le=366)] = 12
    least: Annotated[int, Field(ge=1, le=366)] = 4
    times: Annotated[float, Field(gt=0)] = 5

    @property
    def judged(self) -> int:
        """How many of the newest complete periods are judged."""
        return self.newest or _NEWEST[self.per]


class Written(Levelled):
    """How many rows a period has, against the source's own past."""

    volume: Annotated[Usual, BeforeValidator(_with_per, json_schema_input_type=Usual | Per)]


def judged(written: Written, facts: Facts) -> Iterator[Finding]:
    """The newest complete periods that have far more or fewer rows than those before them.

    A day is compared with the same weekday. Days without rows count 0, from the first day of the
    source on. Fewer than `least` periods to compare with: not judged.
    """
    if not facts.days:
        return
    usual = written.volume
    counts = _counts(usual, facts)
    for at in range(max(0, len(counts) - usual.judged), len(counts)):
        period, rows = counts[at]
        past = _past(usual, counts[: max(0, len(counts) - usual.judged)], period)
        if len(past) >= usual.least and (said := _off(usual, period, rows, past)):
            yield Finding(said, written.at)


def _counts(usual: Usual, facts: Facts) -> list[tuple[Period, int]]:
    """The rows of every period that lies within the source's days, oldest first."""
    first, last = facts.since or facts.days[0][0], facts.days[-1][0]
    ended = facts.calendar.complete(usual.per, last + _DAY, usual.past * 7 + usual.judged)
    inside = [period for period in ended if period.start >= first]
    rows: dict[int, int] = {}
    for day, count in facts.days:
        index = facts.calendar.period_of(usual.per, day).index
        rows[index] = rows.get(index, 0) + count
    return [(period, rows.get(period.index, 0)) for period in inside]


def _past(usual: Usual, counts: Sequence[tuple[Period, int]], period: Period) -> list[int]:
    """The rows of the periods that are like this one, the newest of them."""
    alike = [
        rows
        for one, rows in counts
        if usual.per != "day" or one.start.weekday() == period.start.weekday()
    ]
    return alike[-usual.past :]


def _off(usual: Usual, period: Period, rows: int, past: Sequence[int]) -> str | None:
    middle = median(past)
    spread = _NORMAL * median(abs(one - middle) for one in past)
    if abs(rows - middle) <= usual.times * max(spread, _NARROWEST * middle, 1):
        return None
    alike = f"{period.start:%A}s" if usual.per == "day" else f"{usual.per}s"
    return (
        f"{rows:,} rows in {period.label}, where the {len(past)} {alike} before have "
        f"{middle:,.0f} in the middle"
    )
