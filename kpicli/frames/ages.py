"""What the members of cohorts did at each age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import narwhals as nw

from kpicli.frames.cohorts import MEMBER
from kpicli.frames.lazy import Lazy

By = Literal["period", "day", "instant"]
Columns = Sequence[tuple[int, int]]
# Counted from an entity's own start a month has 30 days, as elsewhere.
_DAYS: Mapping[str, int] = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_MICROSECONDS_AN_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Ages:
    """How ages are counted: in periods of the calendar, or from each member's own day or instant.

    length is that of an age: in periods, days, or microseconds.
    """

    by: By
    length: int

    @property
    def age(self) -> nw.Expr:
        """The age at which a member came.

        Of the columns period and later; began and day; or at and came.
        """
        match self.by:
            case "period":
                passed = nw.col("later") - nw.col("period")
            case "day":
                passed = nw.col("day") - nw.col("began")
            case "instant":
                passed = nw.col("came") - nw.col("at")
        return (passed // self.length).cast(nw.Int64)

    @property
    def over(self) -> nw.Expr:
        """Whether the ages before end_age have passed for a member by the reading date.

        Of the columns period and last_whole; day and read_day; or at and read_at.
        """
        passed = nw.col("end_age") * self.length
        match self.by:
            case "period":
                return nw.col("period") + passed - 1 <= nw.col("last_whole")
            case "day":
                return nw.col("day") + passed <= nw.col("read_day")
            case "instant":
                return nw.col("at") + passed <= nw.col("read_at")


def ages_of(step: str, by: By) -> Ages:
    """Ages of a grain, or of hours: 24 of them are a day counted from an own instant."""
    if by == "period":
        return Ages(by, 1)
    days = _DAYS.get(step, 0)
    return Ages(by, days if by == "day" else (24 * days or 1) * _MICROSECONDS_AN_HOUR)


def done_at_each_age(members: Lazy, acts: Lazy, columns: Columns) -> Lazy:
    """Every member once per column of ages, with what it did there; null is nothing.

    acts: columns entity, period, acted (the age), n, amount. columns: the first age of each, and
    the age after its last. Columns age (the first), end_age, n and amount are added.
    """
    placed = _sums(acts).with_columns(age=_column_of("acted", columns))
    done = placed.group_by(*MEMBER, "age").agg(n=nw.col("n").sum(), amount=nw.col("amount").sum())
    return _at_each_age(members, columns).join(done, on=[*MEMBER, "age"], how="left")


def done_from_each_age(members: Lazy, acts: Lazy, columns: Columns, at_least: int) -> Lazy:
    """The same where n is at_least if so much was done at the age or later; amount is 0."""
    left = nw.col("n").cum_sum(reverse=True).over(*MEMBER, order_by="acted")
    enough = _sums(acts).with_columns(left=left).filter(nw.col("left") >= at_least)
    until = enough.group_by(*MEMBER).agg(until=nw.col("acted").max())
    some = nw.when(nw.col("until") >= nw.col("age")).then(nw.lit(at_least))
    each = _at_each_age(members, columns).join(until, on=list(MEMBER), how="left")
    return each.with_columns(n=some, amount=nw.lit(0))


def _sums(acts: Lazy) -> Lazy:
    sums = {name: nw.col(name).sum() for name in ("n", "amount")}
    return acts.group_by(*MEMBER, "acted").agg(**sums)


def _at_each_age(members: Lazy, columns: Columns) -> Lazy:
    each = [
        members.with_columns(age=nw.lit(first, dtype=nw.Int64), end_age=nw.lit(end, dtype=nw.Int64))
        for first, end in columns
    ]
    return nw.concat(each, how="vertical")


def _column_of(age: str, columns: Columns) -> nw.Expr:
    """The first age of the column that an age belongs to; null for one of no column."""
    if all(end - first == 1 for first, end in columns):
        return nw.col(age)
    found = nw.lit(None, dtype=nw.Int64)
    for first, end in columns:
        inside = (nw.col(age) >= first) & (nw.col(age) < end)
        found = nw.when(inside).then(nw.lit(first, dtype=nw.Int64)).otherwise(found)
    return found
