"""How many of a window's days (or weeks) its active entities come back on, on average."""

from collections.abc import Mapping
from typing import Literal, Self

import narwhals as nw
from pydantic import model_validator

from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.habits import beats, habits, possible_beats
from kpicli.kinds.base import Answer, Contributions, Ratio, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.written import Condition, OverEntities, Weekdays, whole_weeks
from kpicli.needs import Activity, Need, of_entity, population
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


class Written(OverEntities):
    """`of` day is DAU/MAU, `of` week WAU/MAU; `did` says what counts as active (default: any row).

    days: only these weekdays count, above the line and below.
    """

    did: Condition | None = None
    of: Literal["day", "week"] = "day"
    days: Weekdays = ()

    @model_validator(mode="after")
    def _weeks(self) -> Self:
        if self.of == "week":
            whole_weeks(self.window)
        return self


def needs(written: Written) -> Mapping[str, Need]:
    """The activity, and everyone."""
    asked = (of_entity(written.entity),)
    rows = (written.source, asked, written.did, written.time)
    active = Activity(*rows, splits=True, reasons=True, history="none", final=True)
    return {"active": active, "everyone": population(written.entity, seen=written.is_seen)}


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per (period, entity) active in the window: numerator its days, denominator all days.

    Σ days ÷ (entities × days of the window) is the mean of DAU over the window ÷ MAU.
    """
    days = beats(calendar, written.of, written.days)
    regular = habits(answers["active"].frame, days, written.of)
    active = listed(regular, answers["everyone"].frame)
    rows = active.join(possible_beats(days), on="period", how="inner").with_columns(
        numerator=nw.col("beats"), denominator=nw.col("possible")
    )
    return (Contributions(rows, Ratio(interval="mean")),)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio."""
    return "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    did = f" with {written.did.text}" if written.did else ""
    beat = "seven days" if written.of == "week" else "day"
    only = f", on {', '.join(written.days)} only" if written.days else ""
    return (
        f"Mean number of {written.whom} with rows{did} of {written.source} per {beat}, over "
        f"{written.when}, divided by the number of those with such a row in all of it{only}"
    )
