"""Dates as authors write them."""

import re
from datetime import date

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day_from(written: str) -> date:
    """The day that a text such as 2026-01-31 names; ValueError with what is allowed."""
    if not _DAY.fullmatch(written.strip()):
        raise ValueError(f"{written!r} is not a date; write it as 2026-01-31")
    try:
        return date.fromisoformat(written.strip())
    except ValueError as wrong:
        raise ValueError(f"{written!r} is not a day of the calendar") from wrong
