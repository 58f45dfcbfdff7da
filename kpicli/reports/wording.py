"""Values, targets, changes and segments as the report's cells and sentences say them."""

import re
from collections.abc import Mapping, Sequence

from kpicli.results import Card, Comparison, Edge, Result, Verdict
from kpicli.words.units import (
    format_change,
    format_edge,
    format_growth,
    format_judged,
    format_value,
)

# A value that does not say of what it is one: its segment's name stands before it.
_BARE = {"(none)", "(other)", "other", "yes", "no", "true", "false"}
# A growth in percent says more than a difference, except of what has no true zero.
_DIFFERENCES = {"ratio", "score", "minutes", "hours", "days", "months"}


def write_value(result: Result, unit: str) -> str:
    """A value; with more digits where rounding would hide that it misses its target."""
    if isinstance(result.target, (int, float)):
        return format_judged(result.value, result.target, unit)[0]
    return format_value(result.value, unit)


def write_row(values: Sequence[float | None], unit: str) -> list[str]:
    """Values beside each other, with as many decimals as the one that needs most: 30.0 %, 31.5 %.

    Counts and plain numbers, which may be of very different size, keep their own.
    """
    texts = [format_value(value, unit) for value in values]
    digits = max(map(_decimals, texts), default=0)
    if unit in ("count", "number") or digits == 0:
        return texts
    return [format_value(value, unit, digits) for value in values]


def write_target(edge: Edge | None, unit: str) -> str:
    """A target: "30 %", or a band "20–40 %"; "–" where there is none."""
    if edge is None or isinstance(edge, (int, float)):
        return format_edge(edge, unit)
    low, high = format_edge(edge["from"], unit), format_edge(edge["to"], unit)
    if unit.startswith("money:"):
        return f"{low}–{high.partition(' ')[2]}"
    return f"{low.partition(' ')[0]}–{high}"


def write_change(comparison: Comparison | None, unit: str) -> str:
    """How far a value moved: "+1.7 pt" of a ratio, "+1.8 %" of a count or an amount."""
    if comparison is None:
        return format_change(None, unit)
    if unit in _DIFFERENCES or comparison.change_ratio is None:
        return format_change(comparison.change, unit)
    return format_growth(comparison.change_ratio)


def write_shortfall(verdict: Verdict, better: str, unit: str) -> str:
    """By how much a target is missed: "7.9 pt short", "3 days over"."""
    short = verdict.short or 0.0
    amount = format_change(short, unit) if unit == "ratio" else format_value(short, unit)
    word = _side(verdict.result, better)
    shown = amount.lstrip("+±")
    return f"{shown} {word}" if any(digit in shown for digit in "123456789") else f"just {word}"


def name_place(by: Mapping[str, str], card: Card, splits: int = 1) -> str:
    """A segment: its value, with the segment's name where the value alone is not clear.

    The name of a cut brings its range: "small, 0–49".
    """
    told = {name: card.labels.get(name, {}).get(value, value) for name, value in by.items()}
    return ", ".join(
        f"{segment} {told[segment]}"
        if (splits > 1 or _is_bare(value)) and value != segment
        else told[segment]
        for segment, value in by.items()
    )


def count_of(number: int, noun: str) -> str:
    """A number and what it counts, noun being a plural: "1 user", "1,204 users"."""
    if number == 1 and noun.endswith("ies"):
        return f"1 {noun[:-3]}y"
    return f"{number:,} {noun.removesuffix('s') if number == 1 else noun}"


def more_exact(judged: str, beside: str) -> str:
    """The one of two texts of a value that has more decimals."""
    return judged if _decimals(judged) > _decimals(beside) else beside


def _decimals(text: str) -> int:
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def _is_bare(value: str) -> bool:
    return value.casefold() in _BARE or value.replace(".", "").isdigit()


def _side(result: Result, better: str) -> str:
    if isinstance(result.target, Mapping):
        return "short" if (result.value or 0.0) < result.target["from"] else "over"
    return "over" if better == "lower" else "short"
