"""A series as a trend to draw."""

from collections.abc import Mapping
from datetime import date

from kpicli.reports.blocks import Figure, Mark
from kpicli.reports.periods import name_period
from kpicli.reports.series import Series
from kpicli.reports.wording import write_target, write_value
from kpicli.results import Result


def draw_trend(series: Series, title: str, spine: tuple[date, ...]) -> Figure | None:
    """The trend over the grain's periods; a period without a whole value is a gap.

    None where there are not two values to draw a line between.
    """
    every = {result.start: result for result in series.results}
    shown = [every.get(start) for start in spine]
    whole = [result if result and result.complete else None for result in shown]
    if sum(result is not None and result.value is not None for result in whole) < 2:
        return None
    unit = series.card.unit
    return Figure(
        title,
        unit,
        tuple(result.value if result else None for result in whole),
        tuple(name_period(result) if result else "" for result in shown),
        tuple(write_value(result, unit) if result else "" for result in whole),
        tuple(result.target if result else None for result in shown),
        write_goal(series.headline, unit),
        place_marks(series.card.notes, shown),
        series.status,
    )


def write_goal(result: Result, unit: str) -> str:
    """The target as printed, empty where there is none."""
    return "" if result.target is None else write_target(result.target, unit)


def place_marks(notes: Mapping[str, str], shown: list[Result | None]) -> tuple[Mark, ...]:
    """The author's notes at the periods that hold their days."""
    return tuple(
        Mark(position, text)
        for day, text in sorted(notes.items())
        for position, result in enumerate(shown)
        if result and result.start and result.end
        if result.start.isoformat() <= day < result.end.isoformat()
    )
