"""Which ids are one, and by which of them they are known."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kpicli.errors import Problem

# An id and the space it is of; the id it is said to be one with, which is of the space looked for.
SPACE, ID, OF = "space of id", "id", "is one with"
# The id that is meant; null where two of the list could be.
ONE = "one"
AT_ODDS = "at odds"
_KNOT = "place of id"
_ENDS = {OF: pl.String, ONE: pl.String, AT_ODDS: pl.Boolean}


@dataclass(frozen=True)
class Kin:
    """Ids that are another one.

    ids: one row per (space of id, id) that is told; column one is the id that is meant, null where
    several of the list could be, which at odds says. An id of the space itself that is its own is
    not told. listed: the ids of the list, None where there is none. stamp
    changes with either. problems: warnings of what is said.
    """

    ids: pl.DataFrame
    listed: pl.Series | None
    stamp: str
    problems: tuple[Problem, ...] = ()


def find_kin(said: pl.DataFrame, space: str, listed: pl.Series) -> pl.DataFrame:
    """Who each id is, from what is said of pairs; in any order of rows, and in circles.

    said: columns space of id, id, is one with. listed: the ids of the space that are known to be
    different ones. Ids are followed from one to the next as far as one of the list, which ends the
    way: whoever leads to one of the list is that one, who leads to none is the smallest by text,
    who leads to two is neither. The answer is as Kin.ids tells.
    """
    pairs = said.drop_nulls().unique().filter((pl.col(SPACE) != space) | (pl.col(ID) != pl.col(OF)))
    others = pairs.group_by(SPACE, ID).len().filter(pl.col("len") > 1).select(SPACE, ID)
    within = pl.col(SPACE) == space
    # An id of another space that is said to be one id, mostly all of them, ties no two together.
    tied = pairs.join(others, on=[SPACE, ID], how="semi").filter(~within)
    meant = _meant(pl.concat([tied, pairs.filter(within)]), space, listed)
    ends = listed.unique()
    known = pl.DataFrame({OF: ends, ONE: ends, AT_ODDS: [False] * len(ends)}, schema=_ENDS)
    of_space = meant.filter(within).select(pl.col(ID).alias(OF), ONE, AT_ODDS)
    targets = pl.concat([known, of_space.join(known, on=OF, how="anti")])
    single = pairs.filter(~within).join(others, on=[SPACE, ID], how="anti")
    led = single.join(targets, on=OF, how="left").select(
        SPACE,
        ID,
        pl.when(AT_ODDS).then(ONE).otherwise(pl.coalesce(ONE, OF)).alias(ONE),
        pl.col(AT_ODDS).fill_null(value=False),
    )
    told = pl.concat([led, meant, _clashes(pairs.filter(within), listed)])
    told = told.filter(~within | AT_ODDS | (pl.col(ONE) != pl.col(ID)))
    return told.sort(SPACE, ID)


def _clashes(pairs: pl.DataFrame, listed: pl.Series) -> pl.DataFrame:
    """Ids of the list that are said to be another of the list, and stay what they are."""
    ends = listed.implode()
    both = pairs.filter(pl.col(ID).is_in(ends), pl.col(OF).is_in(ends))
    nobody, odd = pl.lit(None, dtype=pl.String).alias(ONE), pl.lit(value=True).alias(AT_ODDS)
    return both.select(SPACE, ID, nobody, odd).unique()


def _meant(tied: pl.DataFrame, space: str, listed: pl.Series) -> pl.DataFrame:
    """The id that is meant by each of those that are tied, without those of the list."""
    places = pl.concat(
        [tied.select(SPACE, ID), tied.select(pl.lit(space).alias(SPACE), pl.col(OF).alias(ID))]
    )
    ids = places.unique().sort(SPACE, ID).with_row_index(_KNOT)
    of_space = ids.filter(pl.col(SPACE) == space).select(pl.col(ID).alias(OF), pl.col(_KNOT))
    ends = of_space.filter(pl.col(OF).is_in(listed.implode()))[_KNOT].to_list()
    both = tied.join(ids, on=[SPACE, ID]).join(of_space, on=OF, suffix=" of other")
    pairs = both.select(_KNOT, f"{_KNOT} of other").iter_rows()
    named = dict(zip(of_space[_KNOT].to_list(), of_space[OF].to_list(), strict=True))
    told = list(_told(ids.height, pairs, set(ends), named))
    found = ids.with_columns(
        pl.Series(ONE, [one for one, _ in told], dtype=pl.String),
        pl.Series(AT_ODDS, [odd for _, odd in told], dtype=pl.Boolean),
    )
    return found.filter(~pl.col(_KNOT).is_in(ends)).select(SPACE, ID, ONE, AT_ODDS)


def _told(
    count: int, pairs: Iterator[tuple[int, int]], ends: set[int], named: dict[int, str]
) -> Iterator[tuple[str | None, bool]]:
    """By place: the id that is meant and whether several could be; ends lead no further."""
    above = list(range(count))
    reached: list[tuple[int, int]] = []
    for one, other in pairs:
        if one in ends or other in ends:
            reached += [(one, other)] if one not in ends else [(other, one)]
        else:
            _join(above, one, other)
    found: dict[int, set[int]] = {}
    for inner, end in reached:
        found.setdefault(inner if inner in ends else _top(above, inner), set()).add(end)
    smallest: dict[int, str] = {}
    for place in sorted(named, key=named.__getitem__, reverse=True):
        smallest[_top(above, place)] = named[place]
    for place in range(count):
        led = found.get(_top(above, place), set())
        if len(led) > 1:
            yield None, True
        else:
            yield (named[next(iter(led))] if led else smallest[_top(above, place)]), False


def _join(above: list[int], one: int, other: int) -> None:
    first, second = sorted((_top(above, one), _top(above, other)))
    above[second] = first


def _top(above: list[int], place: int) -> int:
    """The place that stands for all that are one, the way there made shorter."""
    while above[place] != place:
        above[place] = above[above[place]]
        place = above[place]
    return place
