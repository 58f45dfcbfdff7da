"""What a KPI may ask of the data."""

from dataclasses import dataclass
from typing import Literal

from kpicli.words.durations import Duration
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

Shape = Literal["moment", "span", "crowd"]
# What matters of the days before all periods and their windows: everything, the first time of each
# entity alone, or nothing.
History = Literal["all", "first", "none"]


@dataclass(frozen=True)
class Asked:
    """One value per row: its name in the answer, how it is told, and the type it must have.

    A row whose asked value is null does not count and is left out as unknown. A value outside
    within, both ends included, is an error: the column is on another scale; with full_scale so is
    one of which nobody uses the upper half. empty is what an empty cell means instead, so that it
    does count; with optional also what stands in every row of a file that has no such column. With
    may_lack a row without the value counts all the same, and the column of lack_of says why it is
    not known (null where it is): for kinds in which one row decides whether another counts.
    """

    name: str
    expression: Expression
    want: ColumnType | None = None
    within: tuple[float, float] | None = None
    full_scale: bool = False
    empty: float | str | None = None
    optional: bool = False
    may_lack: bool = False


def lack_of(name: str) -> str:
    """The column that says why an asked value is not known."""
    return f"lack of {name}"


@dataclass(frozen=True)
class Rows:
    """The rows of a source that satisfy a condition, dated by a column.

    The answer is one row per row of the source; columns row, left_out (null where it counts), the
    asked names, and day (shape moment) or start_day and end_day (shape span; a null end is open).
    time, start and end name columns to use instead of the source's own, or of what it refers to.
    states_of: the rows are states of what this asked value names, one after the other: each ends
    when the next of the same begins. Of two at one instant the one of the higher position is later.
    Days are numbers since 1970-01-01; 0 throughout for a list without time.

    history is of use to the engine, which need not read what nobody asks about: of moments before
    the periods the answer may tell more, never less.
    """

    source: str
    asked: tuple[Asked, ...] = ()
    where: Expression | None = None
    time: str | None = None
    shape: Shape = "moment"
    start: str | None = None
    end: str | None = None
    as_if_constant: bool = False
    states_of: str | None = None
    # Of kinds over entities: whether a column of these rows may split the KPI. An entity is then
    # one for each value that it showed; with owned the column customer says who it is.
    splits: bool = False
    owned: bool = False
    history: History = "none"
    # Whether each row counts by itself in the period of its own day, whatever other rows there are.
    alone: bool = False
    # Rows of another segment value than the one asked for are there, too, and asked_for is false:
    # for kinds in which one row decides whether another counts.
    whole: bool = False

    def expressions(self) -> tuple[Expression, ...]:
        """Everything that it tells from the source's columns."""
        told = tuple(asked.expression for asked in self.asked)
        return (*told, self.where) if self.where else told

    def dotted_dates(self) -> tuple[str, ...]:
        """The columns of other sources that date its rows."""
        dates = (self.time, self.start, self.end)
        return tuple(name for name in dates if name and "." in name)


@dataclass(frozen=True)
class Activity(Rows):
    """What each entity did on each day, over all history up to the reading date.

    The answer is one row per (entity, day) with a row that counts; columns entity, day, n (rows),
    with clock also first and last (UTC microseconds). asked begins with the entity. With reasons
    also one row per (entity, day, left_out) of the rows that do not count, and the column left_out.
    Where history is first, a row before the periods is of an entity's first day, its n is 1.
    final: what was told of a period stays as it is when its days are over, whatever is done later.
    """

    reasons: bool = False
    clock: bool = False
    history: History = "all"
    final: bool = False


@dataclass(frozen=True)
class Moments(Rows):
    """Every row that counts: columns entity, day, at (UTC microseconds), and what else is asked.

    within adds until: the instant so long after, at the same clock time for calendar steps. With
    reasons the rows that do not count are there, too, and the column left_out.
    """

    within: Duration | None = None
    reasons: bool = False
    history: History = "all"


@dataclass(frozen=True)
class Population(Rows):
    """Everyone who could have: the rows of the source whose key the entity is.

    The answer is one row per entity; columns entity, start_day, end_day (exclusive; null while it
    lasts), left_out (excluded; ineligible where the asked `eligible` does not hold; unknown where
    that cannot be told). seen: no source has the key, so it is everyone seen among the rows of
    the source, from the first day on which they were. needed False: nothing is a share of them, so
    that those seen will do where no source has the key. afresh: who is excluded for a time is left
    out of the periods at whose end that is so, and there is a row for each, with the column period;
    else those who are excluded for good are left out, and the rows of others on their own day.
    """

    seen: bool = False
    needed: bool = True
    afresh: bool = False


@dataclass(frozen=True)
class Holdings(Rows):
    """What each entity pays in a month, and from when to when.

    asked begins with the entity and the amount. An amount is paid per `interval`, a row dated by
    the start and the end of its subscription; for a calendar month, a row dated within it; or for
    the whole `service`, between a row's start and end. Where the last day still belongs to a row
    ends_included is true. Rows with a status of inactive are no holdings.

    The answer is one row per row of the source that had begun by the reading date; columns entity,
    start_day, end_day (exclusive; null while it lasts), monthly (whole units of money), left_out,
    and known_day, the same throughout: the first day that the file tells of. Where a split or a
    value is told row by row an entity is one for each value that it showed, and customer who it
    is. revalued: monthly is in units of the row's own currency, with the columns currency and
    rate, the one that the row was converted by.
    """

    history: History = "all"
    paid: Literal["interval", "month", "service"] = "interval"
    ends_included: bool = False
    inactive: tuple[str, ...] = ()
    revalued: bool = False


@dataclass(frozen=True)
class Terms(Holdings):
    """When the terms of what is paid end.

    renews: by the `term`, every interval longer than a month, counted from the day since when the
    customer has paid for the product by that interval without a gap; by the `end` of a row; or on
    the date `renewal` that is asked for. ahead: so many days after the reading date are told, too.

    The answer is one row per (row that counts and pays, day on which a term of it ends); columns
    as of Holdings, product, due_day (the first day after the term), and place, which names the row.
    A term of a row that has ended is told for `ahead` days more.
    """

    renews: Literal["term", "end", "date"] = "term"
    ahead: int = 0


@dataclass(frozen=True)
class Rates(Rows):
    """The rates by which a source's amounts are converted into the project's currency.

    The answer is one row per (currency, day) with a rate; columns currency, day, until (the day of
    the next one; null for the last), rate (project currency per unit). The project's own has 1
    from ever on.
    """


Need = Rows
ENTITY, CUSTOMER, SAME = "entity", "customer", "same"
ASKED_FOR = "asked_for"
POSITION = "position"
# The start of who has always been there: before any day that a file could name.
EVER = -(2**30)
ELIGIBLE = "eligible"
# The texts of which the newest stand beside a number that misses its target.
COMMENT = "comment"
AMOUNT, DISCOUNT, STATUS = "amount", "discount", "status"
INTERVAL, INTERVAL_COUNT = "interval", "interval_count"
PRODUCT, PLAN, QUANTITY, RENEWAL = "product", "plan", "quantity", "renewal"


def of_entity(entity: str) -> Asked:
    """The asked value that names who a row is of."""
    return Asked(ENTITY, Expression(entity, Name(entity)), "text")


def of_same(column: str | None) -> tuple[Asked, ...]:
    """The asked value that rows must share, under the name `same`; nothing where nobody asks."""
    return (Asked(SAME, Expression(column, Name(column)), "text"),) if column else ()


def population(
    entity: str,
    eligible: Expression | None = None,
    *,
    seen: bool = False,
    needed: bool = True,
    afresh: bool = False,
) -> Population:
    """Everyone with this key; which source lists them is settled when definitions are read."""
    asked = [of_entity(entity)]
    if eligible is not None:
        asked.append(Asked(ELIGIBLE, eligible, "yes_no"))
    return Population("", tuple(asked), shape="crowd", seen=seen, needed=needed, afresh=afresh)
