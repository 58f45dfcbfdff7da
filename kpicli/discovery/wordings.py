"""Words of files that mean one of ours: won and lost stages, terms of payment, currencies."""

import re
from collections.abc import Iterable, Mapping

_WON = {"won", "closedwon", "win", "dealwon", "gewonnen"}
_LOST = {"lost", "closedlost", "loss", "deallost", "verloren"}
_INTERVALS = {
    "day": ("day", "daily", "days"),
    "week": ("week", "weekly", "weeks"),
    "month": ("month", "monthly", "months", "mo", "m"),
    "quarter": ("quarter", "quarterly", "quarters"),
    "year": ("year", "yearly", "annual", "annually", "years", "yr", "y"),
}
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "kr": "SEK", "zł": "PLN"}
_CODES = {
    "USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR",
    "BRL", "MXN", "CNY", "NZD", "ZAR", "SGD", "HKD", "EGP", "TRY", "ILS", "AED", "HUF", "RON",
}  # fmt: skip


def won_words(words: Iterable[str]) -> tuple[str, ...]:
    """The words that say that a deal was won, as they are written."""
    return _each_once(word for word in words if _bare(word) in _WON)


def lost_words(words: Iterable[str]) -> tuple[str, ...]:
    """The words that say that a deal was lost."""
    return _each_once(word for word in words if _bare(word) in _LOST)


def interval_words(words: Iterable[str]) -> Mapping[str, str] | None:
    """Our word for each term of payment that is written otherwise; None where one is unknown."""
    found: dict[str, str] = {}
    for word in _each_once(words):
        ours = next((one for one, told in _INTERVALS.items() if _bare(word) in told), None)
        if ours is None:
            return None
        if word != ours:
            found[word] = ours
    return found


def interval_of_amount(header: str) -> str | None:
    """How often an amount is paid, where its header says so: `mrr_amount` is monthly."""
    words = set(header.split("_"))
    if words & {"mrr", "monthly"}:
        return "month"
    return "year" if words & {"arr", "annual", "yearly"} else None


def currency_code(written: str) -> str | None:
    """The code of a currency's sign or code; None for what is neither."""
    bare = written.strip()
    if bare.upper() in _CODES:
        return bare.upper()
    return next((code for sign, code in _SIGNS.items() if bare.endswith(sign)), None)


def currency_in_header(header: str) -> str | None:
    """The currency that a header names: `refund_amount_usd`, `Amount spent (EGP)`."""
    last = re.split(r"[\W_]+", header.strip(" ()"))[-1].upper()
    return last if last in _CODES else None


def _each_once(words: Iterable[str]) -> tuple[str, ...]:
    """The words in order; of those that differ by case or spaces alone the first."""
    found: dict[str, str] = {}
    for word in sorted(words):
        found.setdefault(word.strip().casefold(), word.strip())
    return tuple(found.values())


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", "", word).casefold()
