"""What the caller asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kpicli.words.calendar import Grain


@dataclass(frozen=True)
class Request:
    """Names of reports or KPIs, and what the command line overrides.

    as_of is the reading date, exclusive; None is "latest". for_ keeps only rows of a segment
    value. by None keeps each KPI's own splits. period is the label of the last period wanted.
    now is the clock, for the age of sources; None where nobody asks. unsplit holds pairs of a KPI
    and a name of by that it cannot be split by: its total is shown. ruled: whether sources are
    held against the rules of good data that reports run.
    """

    names: tuple[str, ...] = ()
    grain: Grain | None = None
    periods: int | None = None
    by: tuple[str, ...] | None = None
    for_: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None
    as_of: date | None = None
    include_partial: bool = False
    period: str | None = None
    every_target: bool = False
    now: datetime | None = None
    unsplit: frozenset[tuple[str, str]] = frozenset()
    ruled: bool = True
