"""Steps that must share a value: each value that an entity shows is followed by itself."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.needs import ENTITY, SAME

# Parts the value from whose it is; a sign that no export writes.
_PART = "\x1f"
_WHO, _BEGUN = "who", "begun"


def starts_of_values(starts: Lazy, moments: Lazy, *, own_time: bool) -> Lazy:
    """The first start of each value after its entity's, and no later than that one's until.

    starts: columns entity, at, until; moments: entity, at, until, same and left_out. own_time: the
    time begins with the value's own start. One row per entity's start and value; the column entity
    tells them apart, at and until are the value's; who, begun and same say what it is of.
    """
    entries = starts.filter(nw.col("left_out").is_null()).select(
        nw.col(ENTITY).alias(_WHO), begun=nw.col("at"), ends=nw.col("until")
    )
    counting = moments.filter(nw.col("left_out").is_null()).select(
        nw.col(ENTITY).alias(_WHO), SAME, "at", "until"
    )
    after = entries.join(counting, on=_WHO, how="inner").filter(
        (nw.col("at") >= nw.col(_BEGUN)) & (nw.col("at") <= nw.col("ends"))
    )
    until = nw.col("until").min() if own_time else nw.col("ends").min()
    first = after.group_by(_WHO, SAME, _BEGUN).agg(at=nw.col("at").min(), until=until)
    names = [_WHO, SAME, nw.col(_BEGUN).cast(nw.String)]
    return first.with_columns(nw.concat_str(names, separator=_PART).alias(ENTITY))


def moments_of_values(moments: Lazy, starts: Lazy) -> Lazy:
    """Moments once for each start of the value that they show, under the name of that start."""
    named = starts.select(_WHO, SAME, told=nw.col(ENTITY))
    mine = moments.rename({ENTITY: _WHO}).join(named, on=[_WHO, SAME], how="inner")
    return mine.drop(_WHO, SAME).rename({"told": ENTITY})


def earliest_of_values(starts: Lazy, taken: Lazy, columns: list[str]) -> Lazy:
    """The entities' starts with the earliest of each column that one of their values has."""
    first = {name: nw.col(name).min() for name in columns}
    found = taken.group_by(_WHO, _BEGUN).agg(**first)
    return starts.join(found, left_on=[ENTITY, "at"], right_on=[_WHO, _BEGUN], how="left")
