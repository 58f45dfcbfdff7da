"""Values of files and sums as a page writes them."""

from datetime import date, datetime
from typing import Any

_MOST = 28


def write_cell(value: Any, most: int = _MOST) -> str:
    """A value of a file in a table: empty for none, cut where it is long."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return write_plain(value, grouped=False)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case _:
            text = str(value)
            return text if len(text) <= most else f"{text[: most - 1]}…"


def write_plain(number: float, grouped: bool = True) -> str:
    """A number with what it has of decimals, at most six: 1,196 or 0.25."""
    rounded = round(float(number), 6)
    sign = "," if grouped else ""
    if rounded.is_integer():
        return f"{int(rounded):{sign}}"
    return f"{rounded:{sign}.6f}".rstrip("0")
