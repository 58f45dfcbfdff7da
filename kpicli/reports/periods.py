"""Periods and days as people say them."""

from datetime import date, timedelta

from kpicli.results import Result

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SNAPSHOT = "as listed"


def name_period(result: Result) -> str:
    """A period in a word or two: "week 38", "Sep 2025", "Q3 2025", "21 Sep 2025"."""
    label, start = result.label, result.start
    if label is None or start is None:
        return SNAPSHOT
    match result.grain:
        case "day":
            return write_day(start)
        case "week":
            year, cut, week = label.partition("-W")
            return f"week {int(week)}" if cut else f"week of {write_day(start, with_year=False)}"
        case "month":
            return f"{MONTHS[start.month - 1]} {start.year}"
        case "quarter":
            year, _, quarter = label.partition("-")
            return f"{quarter} {year}"
        case _:
            return label


def describe_period(result: Result) -> str:
    """A period with its days, where its name does not tell them: "week 38, 15–21 Sep 2025"."""
    if result.start is None or result.end is None:
        return SNAPSHOT
    days = write_span(result.start, result.end - timedelta(days=1))
    return (
        f"{name_period(result)}, {days}"
        if result.grain in ("week", "quarter")
        else (name_period(result))
    )


def write_span(first: date, last: date) -> str:
    """Two days, with what they share written once: "15–21 Sep 2025"."""
    if first == last:
        return write_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{write_day(last)}"
    return f"{write_day(first, with_year=first.year != last.year)} – {write_day(last)}"


def write_day(day: date, with_year: bool = True) -> str:
    """A day: "21 Sep 2025", or "21 Sep"."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def write_both(earlier: date, later: date) -> tuple[str, str]:
    """Two days for one sentence, with their years only where they differ."""
    differ = earlier.year != later.year
    return write_day(earlier, differ), write_day(later, differ)
