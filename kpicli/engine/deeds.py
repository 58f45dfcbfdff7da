"""Who had done something by each period's end, often enough and late enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kpicli.definitions.shape import Did, Segment
from kpicli.engine.dating import told_day
from kpicli.engine.keys import key_text
from kpicli.engine.opened import Opened
from kpicli.engine.periods import period_ends
from kpicli.engine.reach import Reach
from kpicli.engine.routes import Routes
from kpicli.engine.standing import OWN_PERIOD
from kpicli.engine.versions import OWN_DAY
from kpicli.errors import Problem, SourceError
from kpicli.frames.days import Days
from kpicli.frames.membership import NONE
from kpicli.needs import ENTITY, Need, Population
from kpicli.words.calendar import Calendar, Grain, day_number
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

_WHO, _DONE, _KNOWN, _LISTED = "who did", "done", "done is known", "is listed"


@dataclass(frozen=True)
class Doers:
    """Whom a deed is of: how its rows name them, and how the rows that are split do.

    table lists them; None where they are known by rows alone.
    """

    told: Expression
    own: Expression
    table: str | None


Deeds = Mapping[str, tuple[Did, Doers]]


@dataclass(frozen=True)
class Deedbook:
    """Where deeds stand: told gives the daily deeds of whom an expression names."""

    opened: Mapping[str, Opened]
    calendar: Calendar
    told: Callable[[Did, Expression], pl.LazyFrame]
    read_to: date | None


def deeds_of(
    need: Need, names: Sequence[str], segments: Mapping[str, Segment], routes: Routes
) -> Deeds:
    """What the segments of these names say that somebody did; SourceError where of nobody."""
    crowd = need if isinstance(need, Population) else None
    found: dict[str, tuple[Did, Doers]] = {}
    for name in names:
        did = segments[name].did if name in segments else None
        if did is not None:
            doers = doers_of(need.source, did, crowd, routes)
            if isinstance(doers, Problem):
                raise SourceError([doers])
            found[name] = did, doers
    return found


def with_deeds(
    rows: pl.LazyFrame,
    types: Mapping[str, ColumnType],
    deeds: Deeds,
    days: Days,
    ends: pl.LazyFrame | None,
    book: Deedbook,
) -> pl.LazyFrame:
    """The rows with the group of each deed, as of the end of their period.

    ends: the periods, if the rows stand there once for each; else theirs are those of their days.
    """
    frame = rows
    if ends is None:
        ends = period_ends(days, book.read_to)
        periods = days.days.to_native().rename({"day": told_day("day"), "period": OWN_PERIOD})
        frame = frame.join(periods, on=told_day("day"), how="left")
    for name, (did, doers) in deeds.items():
        reach = book.opened[did.source].reach
        frame = _with_done(
            frame,
            name,
            key_text(doers.own.text, types[doers.own.text]),
            done_by(book.told(did, doers.told), did, ends),
            known_ends(did, ends, reach, book.calendar, days.grain),
            listed_keys(book.opened[doers.table]) if doers.table else None,
        )
    return frame


def doers_of(source: str, did: Did, crowd: Population | None, routes: Routes) -> Doers | Problem:
    """Whom a deed and the rows of a source are both of.

    For kinds over entities the entity; of a row the most detailed that both lead to: the user
    rather than the user's account.
    """
    if crowd is None:
        return _common(source, did.source, routes)
    own = crowd.asked[0].expression
    if crowd.seen:
        if routes.has_column(did.source, own.text):
            return Doers(own, own, None)
        message = f"{did.source} has no column {own.text}, so nobody knows who did it"
        return Problem("did", message, f"add columns: {{{own.text}: …}} to {did.source}")
    told = _named(did.source, crowd.source, routes)
    return told if isinstance(told, Problem) else Doers(told, own, crowd.source)


def _common(source: str, did_source: str, routes: Routes) -> Doers | Problem:
    tables = [one for one, other in routes.sources.items() if other.key]
    ways = {one: (_named(did_source, one, routes), _named(source, one, routes)) for one in tables}
    found = [
        Doers(told, own, table)
        for table, (told, own) in ways.items()
        if isinstance(told, Expression) and isinstance(own, Expression)
    ]
    fine = [one for one in found if not any(_leads(other, one, routes) for other in found)]
    if len(fine) == 1:
        return fine[0]
    if not fine:
        message = f"nothing that {did_source} and {source} both refer to says who did it"
        hint = "add key: to the source that lists them, and refers_to: where its column differs"
        return Problem("did", message, hint)
    several = " and ".join(str(one.table) for one in fine)
    message = f"{did_source} and {source} both refer to {several}: who of them did it?"
    return Problem("did", message, "split a kind over entities by it, which names one")


def _leads(other: Doers, one: Doers, routes: Routes) -> bool:
    return other is not one and bool(routes.all_to(str(other.table), str(one.table)))


def _named(source: str, table: str, routes: Routes) -> Expression | Problem:
    """How rows of a source name one of a table: by a column of their own, else by a reference."""
    if source == table:
        return _column(str(routes.sources[table].key))
    for hop in routes.hops(source):
        if hop.table == table:
            return _column(hop.column)
    route = routes.to(source, table)
    if isinstance(route, Problem):
        return route
    return _column(f"{route[-1].source}.{route[-1].column}")


def _column(name: str) -> Expression:
    return Expression(name, Name(name))


def done_column(segment: str) -> str:
    """The column that says who had done what a segment asks, in its groups."""
    return f"{segment} done"


def daily_deeds(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows that count as one per entity and day: columns entity, day, times."""
    return rows.select(ENTITY, "day").drop_nulls().group_by(ENTITY, "day").agg(times=pl.len())


def done_by(daily: pl.LazyFrame, did: Did, ends: pl.LazyFrame) -> pl.LazyFrame:
    """Who had done it often enough by the end of each period: columns entity, period.

    daily as daily_deeds gives them, ends as period_ends does.
    """
    if did.within is None:
        so_far = pl.col("times").cum_sum().over(ENTITY, order_by="day")
        often = daily.filter(so_far >= did.at_least).group_by(ENTITY).agg(pl.col("day").min())
        crossed = often.join(ends, how="cross").filter(pl.col("day") <= pl.col(OWN_DAY))
        return crossed.select(ENTITY, "period")
    days = pl.int_ranges(_since(did), pl.col(OWN_DAY) + 1).cast(pl.List(pl.Int32))
    windows = ends.select("period", days.alias("day")).explode("day").drop_nulls()
    times = daily.join(windows, on="day").group_by(ENTITY, "period").agg(pl.col("times").sum())
    return times.filter(pl.col("times") >= did.at_least).select(ENTITY, "period")


def known_ends(
    did: Did, ends: pl.LazyFrame, reach: Reach | None, calendar: Calendar, grain: Grain
) -> pl.LazyFrame:
    """The periods of which the deed's source tells all: columns period, done is known."""
    if reach is None:
        return ends.select("period", pl.lit(value=False).alias(_KNOWN))
    begins = calendar.period_of(grain, reach.first).start
    begun = (
        pl.col(OWN_DAY) >= day_number(begins)
        if did.within is None
        else _since(did) >= day_number(begins)
    )
    read = pl.col(OWN_DAY) < day_number(reach.of_periods(calendar, grain).good_to)
    return ends.select("period", (begun & read).alias(_KNOWN))


def _with_done(
    frame: pl.LazyFrame,
    segment: str,
    who: pl.Expr,
    done: pl.LazyFrame,
    known: pl.LazyFrame,
    listed: pl.LazyFrame | None,
) -> pl.LazyFrame:
    """Rows with the group that whoever they are of stands in, by the end of the row's period.

    Its name, `other`, or (none) where the row is of nobody in the list, or where the deeds of some
    of the time are in no file: who has done it often enough in the rest has done it all the same.
    """
    met = (
        frame.with_columns(who.alias(_WHO))
        .join(
            done.with_columns(pl.lit(value=True).alias(_DONE)),
            left_on=[_WHO, OWN_PERIOD],
            right_on=[ENTITY, "period"],
            how="left",
        )
        .join(known, left_on=OWN_PERIOD, right_on="period", how="left")
    )
    named = pl.col(_WHO).is_not_null()
    if listed is not None:
        met = met.join(listed, left_on=_WHO, right_on="key", how="left")
        named = pl.col(_LISTED).is_not_null()
    group = (
        pl.when(named & pl.col(_DONE))
        .then(pl.lit(segment))
        .when(named & pl.col(_KNOWN))
        .then(pl.lit("other"))
        .otherwise(pl.lit(NONE))
    )
    return met.with_columns(group.alias(done_column(segment))).drop(
        _WHO, _DONE, _KNOWN, *([_LISTED] if listed is not None else [])
    )


def listed_keys(table: Opened) -> pl.LazyFrame:
    """The keys of a list, each once; column key."""
    key = str(table.source.key)
    keys = table.frame.select(key_text(key, table.types[key]).alias("key"))
    return keys.drop_nulls().unique().with_columns(pl.lit(value=True).alias(_LISTED))


def _since(did: Did) -> pl.Expr:
    """The first day that counts for a period's end."""
    end = pl.col("end_day").cast(pl.Date)
    return end.dt.offset_by(f"-{did.within}").cast(pl.Int32)
