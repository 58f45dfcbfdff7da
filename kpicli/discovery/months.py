"""Tables with a row, or some rows, for each month."""

from collections.abc import Sequence
from dataclasses import replace

from kpicli.discovery.drafts import Draft
from kpicli.words.calendar import Grain

# A shorter history is shown by the week.
_DAYS_FOR_MONTHS = 120
_LEAST_MONTHS = 2
_SILENT = "1mo"


def usual_grain(drafts: Sequence[Draft]) -> Grain:
    """By the month, unless the history is short and no file knows of months alone."""
    spans = [one.span for one in drafts if one.span]
    longest = max(((last - first).days for first, last in spans), default=0)
    monthly = any(is_monthly(one) for one in drafts)
    return "month" if monthly or longest >= _DAYS_FOR_MONTHS else "week"


def is_monthly(draft: Draft) -> bool:
    """Whether all that happened is written on first days of months, or all on last ones."""
    column = draft.column(draft.told.get("time"))
    if column is None or len(column.days) < _LEAST_MONTHS:
        return False
    first = column.days.dt.day() == 1
    last = column.days.dt.offset_by("1d").dt.day() == 1
    return bool(first.all()) or bool(last.all())


def with_silence(draft: Draft) -> Draft:
    """The source, allowed to be silent for a month where it speaks once in each."""
    if "quiet" in draft.told or not is_monthly(draft):
        return draft
    told = f"dated by the month: it may be silent for {_SILENT}, its KPIs are told by the month"
    return replace(draft, keys={**draft.keys, "quiet": _SILENT}, guesses=(*draft.guesses, told))
