"""Edges of a target as an author writes them: `30%`, `20d`, `1200 EUR`."""

import re
from collections.abc import Callable
from decimal import Decimal

from kpicli.words.durations import LONG_WORDS

_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d[\d.,'’_\s]*\d")
# 1.200 is a thousand and more in half of Europe, and nobody ends a fraction of three digits in 0.
_EITHER_WAY = re.compile(r"[+-]?[1-9]\d{0,2}\.\d\d0")
_SPAN = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([a-z]+)")
# A month has no fixed number of days, so these two families never meet.
_MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10_080}
_MONTHS = {"mo": 1, "q": 3, "y": 12}
_UNIT_WORD = {"minutes": "min", "hours": "h", "days": "d", "months": "mo"}


class EdgeError(ValueError):
    """A target or yellow that cannot be read; the hint says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}; {hint}")


def parse_edge(written: object, unit: str) -> float:
    """Read a target or yellow as an author writes it, in the unit of results.

    `30%` for a ratio (0.3), `20d`, `3h` or `45min` for a duration, `1200` or `1200 EUR` for
    money, plain numbers for the rest. Raises EdgeError, which says what to write instead.
    """
    text = _as_text(written)
    _refuse_comparison(text)
    return float(_reader(unit)(text, unit))


def _as_text(written: object) -> str:
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise EdgeError(f"{written} is not a number", "write one value, such as 30% or 1200")
    if isinstance(written, str):
        return written.strip().replace("−", "-")
    return _plain(Decimal(repr(written)))


def _refuse_comparison(text: str) -> None:
    bare = text.lstrip("<>=≤≥ ")
    if bare != text:
        hint = f"write {bare}; better: higher or better: lower says which way is good"
        raise EdgeError(f"{text} is a comparison", hint)


def _reader(unit: str) -> Callable[[str, str], Decimal]:
    if unit == "ratio":
        return _read_percent
    if unit in _UNIT_WORD:
        return _read_span
    return _read_money if unit.startswith("money:") else _read_plain


def _read_percent(text: str, _unit: str) -> Decimal:
    if _NUMBER.fullmatch(text):
        raise _bare_ratio(text)
    if not text.endswith("%"):
        raise EdgeError(f"{text} is not a percentage", "write a number and the sign, such as 30%")
    return _read_number(text.removesuffix("%").rstrip(), "%") / 100


def _bare_ratio(text: str) -> EdgeError:
    low, high = _plain(Decimal(text)), _plain(Decimal(text) * 100)
    if low == high:
        return EdgeError(f"{text} has no sign", f"this KPI is shown in percent: write {low}%")
    hint = f"this KPI is shown in percent: write {low}% or {high}%"
    return EdgeError(f"{text} can be read as {low}% or as {high}%", hint)


def _read_span(text: str, unit: str) -> Decimal:
    word = _UNIT_WORD[unit]
    if _NUMBER.fullmatch(text):
        raise EdgeError(f"{text} is not a duration", f"this KPI is in {unit}: write {text}{word}")
    found = _SPAN.fullmatch(text.lower())
    if not found:
        raise EdgeError(f"{text} is not a duration", f"this KPI is in {unit}: write 20{word}")
    return Decimal(found[1]) * _factor(text, found[1], found[2], word)


def _factor(text: str, amount: str, written: str, word: str) -> Decimal:
    for family in (_MINUTES, _MONTHS):
        if written in family and word in family:
            return Decimal(family[written]) / family[word]
    raise _span_error(text, amount, written, word)


def _span_error(text: str, amount: str, written: str, word: str) -> EdgeError:
    if written in LONG_WORDS:
        return EdgeError(f"{text} is not a duration", f"write {amount}{LONG_WORDS[written]}")
    if written == "m":
        return EdgeError(f"{text}: min or mo?", f"write {amount}min or {amount}mo")
    if written in _MINUTES or written in _MONTHS:
        hint = f"a month has no fixed number of days: write it in {word}"
        return EdgeError(f"{text} cannot be turned into {word}", hint)
    hint = f"write min, h, d, w, mo, q or y after the number, such as {amount}{word}"
    return EdgeError(f"{text} is not a duration", hint)


def _read_money(text: str, unit: str) -> Decimal:
    currency, slash, per = unit.removeprefix("money:").partition("/")
    bare = re.sub(rf"\s*/\s*{per}$", "", text) if slash else text
    name = re.escape(currency)
    amount = re.sub(rf"^{name}\s*|\s*{name}$", "", bare, flags=re.IGNORECASE)
    if re.search(r"[A-Za-z]{2}|[€$£¥]", amount):
        hint = f"amounts here are in {currency}: write 1200, or 1200 {currency}"
        raise EdgeError(f"{text} is not an amount in {currency}", hint)
    return _read_number(amount, "")


def _read_plain(text: str, unit: str) -> Decimal:
    if text.endswith("%"):
        hint = f"write {text.removesuffix('%').rstrip()}"
        raise EdgeError(f"{text} is a percentage, and this KPI is a {unit}", hint)
    return _read_number(text, "")


def _read_number(text: str, sign: str) -> Decimal:
    """Read a plain decimal number; sign is what follows it, for the hints."""
    if _NUMBER.fullmatch(text) and not _EITHER_WAY.fullmatch(text):
        return Decimal(text)
    short = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*([kKmM])", text)
    if short:
        full = Decimal(short[1]) * (1000 if short[2] in "kK" else 1_000_000)
        raise EdgeError(f"{text}{sign} is shortened", f"write it in full: {_plain(full)}{sign}")
    readings = [f"{reading}{sign}" for reading in _readings(text)]
    if not readings:
        raise EdgeError(f"{text}{sign} is not a number", f"write a plain number: 1200{sign}")
    raise EdgeError(
        f"{text}{sign} can be read as {' or as '.join(readings)}",
        f"no sign for thousands, and a point before decimals: write {' or '.join(readings)}",
    )


def _readings(text: str) -> list[str]:
    """Say what a number with signs inside can mean: signs as thousands, the last as decimals."""
    if not _GROUPED.fullmatch(text):
        return []
    found = []
    if re.fullmatch(r"[+-]?\d{1,3}([.,'’_\s]\d{3})+", text):
        found.append(_digits(text))
    last = max(text.rfind("."), text.rfind(","))
    if last > 0 and text.count(text[last]) == 1:
        found.append(_plain(Decimal(f"{_digits(text[:last])}.{_digits(text[last:])}")))
    return found


def _digits(text: str) -> str:
    return re.sub(r"[^\d+-]", "", text)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
