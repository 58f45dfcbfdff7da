"""The calendar as kinds see it: integers only."""

from dataclasses import dataclass

from kpicli.frames.lazy import Lazy
from kpicli.words.calendar import Grain


@dataclass(frozen=True)
class Days:
    """Which day belongs to which period.

    days: one row per (day, period); columns day, period. window: the same for the days of each
    period's window, which looks back from its end; without a window the period itself. spans: one
    row per period; columns period, first_day, end_day (exclusive), window_first (the window's
    first day), read_day (exclusive), read_at (UTC microseconds): up to where the KPI is read, and
    last_whole: the newest period that ends by then. course: the days of every period from the first
    of them up to the reading date, for what follows its entities on; columns day, period.
    stretches: each period beside the one before, and its window beside what was before that; see
    kpicli.engine.stretches for the columns. before: the days of the window before each period's
    window, as long as it. spans also has known_day: from where the sources tell what happened.
    since is the first day of all these tables.
    """

    days: Lazy
    window: Lazy
    spans: Lazy
    course: Lazy
    grain: Grain
    stretches: Lazy
    before: Lazy
    since: int
