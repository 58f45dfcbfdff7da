"""Where the values of a split come from: from what an entity is, or from each of its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from kpicli.definitions.book import Kpi
from kpicli.engine.routes import HasColumn
from kpicli.errors import Problem
from kpicli.needs import Need


def split_by_rows(
    kpi: Kpi, split: Sequence[str], segments: Mapping[str, Any], has_column: HasColumn
) -> bool:
    """Whether a split of a KPI over entities is told row by row: an entity may show two values."""
    return any(_of_rows(kpi, name, segments, has_column) for name in split)


def _of_rows(kpi: Kpi, name: str, segments: Mapping[str, Any], has_column: HasColumn) -> bool:
    rows = carriers(kpi)
    if name in segments or not rows:
        return False
    return all(has_column(need.source, name) for need in rows)


def carriers(kpi: Kpi) -> tuple[Need, ...]:
    """The needs whose rows may split the KPI: not those of the list that the entities stand in."""
    crowd = kpi.crowd
    return tuple(
        need
        for need in kpi.needs.values()
        if need.splits and crowd and (crowd.seen or need.source != crowd.source)
    )


def split_sources(
    kpi: Kpi, split: Sequence[str], segments: Mapping[str, Any], has_column: HasColumn
) -> tuple[str, ...]:
    """The sources whose rows, or what these refer to, tell the values of a split."""
    crowd = kpi.crowd
    if crowd is None:
        return kpi.sources
    if split_by_rows(kpi, split, segments, has_column):
        return tuple(dict.fromkeys(need.source for need in carriers(kpi)))
    missed = [name for name in split if name not in segments and "." not in name]
    own = dict.fromkeys(need.source for need in carriers(kpi))
    if any(not any(has_column(one, name) for one in (crowd.source, *own)) for name in missed):
        # It is missed in the KPI's own rows, which come first.
        return tuple(own) or (crowd.source,)
    return (crowd.source,)


def shown_by_rows(kpi: Kpi, name: str, has_column: HasColumn) -> str | None:
    """The source of rows that has the column, where everyone who could have is listed elsewhere."""
    crowd = kpi.crowd
    if crowd is None or has_column(crowd.source, name):
        return None
    return next((source for source in kpi.sources if has_column(source, name)), None)


def several_values(kpi: str, name: str, rows: str, listed: str) -> Problem:
    """A split by a column of the rows, of a KPI that counts each of a list once."""
    message = (
        f"{name} is a column of {rows}, of which one of {listed} may show several values; "
        f"{kpi} counts each of {listed} once"
    )
    hint = f"split by a column of {listed} or of what it refers to, such as accounts.plan"
    return Problem("several_values", message, hint)
