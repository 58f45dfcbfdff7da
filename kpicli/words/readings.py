"""A text of a definition read as a date, a time, a number or a percentage."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from kpicli.words.types import ColumnType

Reading = str | date | datetime | Decimal

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?")
_NUMBER = re.compile(r"[+-]?\d{1,14}(\.\d{1,15})?")

EXAMPLES: dict[ColumnType, str] = {
    "number": "write 1000 or 0.5",
    "money": "write 1000 or 99.90",
    "percent": "write '30%' or 0.3",
    "date": "write '2025-01-31'",
    "time": "write '2025-01-31' or '2025-01-31 14:30'",
    "yes_no": "write true or false",
    "text": "put it in single quotes",
}


def read_as(text: str, column_type: ColumnType, zone: tzinfo = UTC) -> Reading | None:
    """Read the text as a value of the type; None where it is none.

    A time without a zone is local in the zone given and comes back in UTC; a day alone is its
    first instant. A percentage is a fraction: '30%' is 0.3.
    """
    stripped = text.strip()
    match column_type:
        case "date":
            return _day(stripped)
        case "time":
            return _instant(stripped, zone)
        case "number" | "money":
            return Decimal(stripped) if _NUMBER.fullmatch(stripped) else None
        case "percent":
            return _fraction(stripped)
        case _:
            return text if column_type == "text" else None


def could_be_anything(text: str) -> bool:
    """Tell whether the text may be meant as a date, a time or a percentage."""
    return any(read_as(text, kind) is not None for kind in ("date", "time")) or "%" in text[-1:]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _instant(text: str, zone: tzinfo) -> datetime | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        written = datetime.fromisoformat(text)
        return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _fraction(text: str) -> Decimal | None:
    figures = text.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(figures):
        return None
    return Decimal(figures) / 100 if text.endswith("%") else Decimal(figures)
