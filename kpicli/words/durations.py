"""Durations as people write them: `28d`, `12mo`, `30min`."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

DurationUnit = Literal["min", "h", "d", "w", "mo", "q", "y"]

DURATION_UNITS: tuple[DurationUnit, ...] = get_args(DurationUnit)
LONG_WORDS: dict[str, DurationUnit] = {
    "minute": "min", "minutes": "min", "mins": "min", "hour": "h", "hours": "h", "hrs": "h",
    "day": "d", "days": "d", "week": "w", "weeks": "w", "month": "mo", "months": "mo",
    "quarter": "q", "quarters": "q", "year": "y", "years": "y",
}  # fmt: skip

_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")
_ALLOWED = "write a whole number and min, h, d, w, mo, q or y, such as 28d"
_SMALLER: dict[DurationUnit, tuple[int, DurationUnit]] = {
    "h": (60, "min"),
    "w": (7, "d"),
    "q": (3, "mo"),
    "y": (12, "mo"),
}


class DurationError(ValueError):
    """A duration that cannot be read; the hint says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}; {hint}")


@dataclass(frozen=True)
class Duration:
    """A length of time: min and h are elapsed time, the rest are local calendar steps."""

    amount: int
    unit: DurationUnit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def is_calendar(self) -> bool:
        """Whether it is counted on the local calendar; a day is then 23 to 25 hours."""
        return self.unit not in ("min", "h")

    @property
    def canonical(self) -> "Duration":
        """The same length in min, d or mo: 4w and 28d are alike, 1d and 24h are not."""
        factor, unit = _SMALLER.get(self.unit, (1, self.unit))
        return Duration(self.amount * factor, unit)


def parse_duration(written: object) -> Duration:
    """Read `28d`, `12mo` or `30min`; raises DurationError, which says what to write instead."""
    text = str(written).strip()
    found = _FORM.fullmatch(text.casefold())
    if not found or isinstance(written, bool):
        raise DurationError(f"{text or 'nothing'} is not a duration", _ALLOWED)
    amount, word = found[1], found[2]
    if "." in amount:
        raise DurationError(f"{text} is not a whole number", _whole_hint(float(amount), word))
    for unit in DURATION_UNITS:
        if word == unit:
            return Duration(int(amount), unit)
    raise DurationError(*_word_problem(text, amount, word))


def _whole_hint(amount: float, word: str) -> str:
    factor, smaller = {"h": (60, "min"), "d": (24, "h")}.get(word, (0, ""))
    if factor and (amount * factor).is_integer():
        return f"write {int(amount * factor)}{smaller}"
    return _ALLOWED


def _word_problem(text: str, amount: str, word: str) -> tuple[str, str]:
    if word == "m":
        return f"{text}: min or mo?", f"write {amount}min for minutes or {amount}mo for months"
    if word in LONG_WORDS:
        return f"{text} is not a duration", f"write {amount}{LONG_WORDS[word]}"
    if not word:
        return f"{text} does not say of what", f"write {amount}d for days or {amount}mo for months"
    return f"{text} is not a duration", _ALLOWED
