"""Which days a source covers, and how long it is usually silent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from kpicli.words.calendar import Calendar, Grain, shift
from kpicli.words.durations import Duration

# The usual silence is the gap that one in twenty exceeds: weekends count, one holiday does not.
_USUAL = 0.95
_MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True)
class Reach:
    """Days with rows, from first to last; quiet is how many days may be silent without staleness.

    read_to is exclusive: the day after the newest row's. listed: a KPI asks of the source only who
    could have, and a list in which nobody is new is no older for it. written: quiet was declared,
    not found from the gaps between days.
    """

    first: date
    last: date
    quiet: int
    listed: bool = False
    written: bool = False

    @property
    def read_to(self) -> date:
        """The day after the last one."""
        return self.last + timedelta(days=1)

    @property
    def good_to(self) -> date:
        """Up to which day nothing is missed, counting the usual silence."""
        if self.listed:
            return date.max
        return self.read_to + timedelta(days=self.quiet)

    def of_periods(self, calendar: Calendar, grain: Grain) -> "Reach":
        """The reach as far as periods of a grain can be told.

        Gaps within a file say nothing of what follows it: they may end the period of the newest
        row, not fill a later one with nothing. A silence that was declared may.
        """
        if self.written:
            return self
        left = (calendar.period_of(grain, self.last).end - self.read_to).days
        return replace(self, quiet=min(self.quiet, left))


def usual_quiet(day_numbers: Sequence[int]) -> int:
    """Days that usually pass without a row between two days with rows; days ascend."""
    gaps = sorted(later - earlier - 1 for earlier, later in pairwise(day_numbers))
    if not gaps:
        return 0
    return gaps[min(len(gaps) - 1, int(_USUAL * len(gaps)))]


def declared_quiet(quiet: Duration, last: date) -> int:
    """A declared allowance in whole days, as of the source's last day."""
    if not quiet.is_calendar:
        return quiet.canonical.amount // _MINUTES_OF_DAY
    start = last + timedelta(days=1)
    return (shift(start, quiet) - start).days
