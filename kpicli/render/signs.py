"""The signs of a status, the bars of a trend, and what stands for them in plain ASCII."""

from collections.abc import Sequence

from kpicli.results import Status

SIGNS: dict[Status, str] = {"green": "✓", "yellow": "~", "red": "✗", "no_data": "–"}
WORDS: dict[Status, str] = {"green": "ok", "yellow": "near", "red": "MISS", "no_data": "-"}
BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = "_.:-=+*#"
GAP = " "
SHADES = " ░▒▓█"
PLAIN_SHADES = " .:+#"
_PLAIN = str.maketrans(
    {
        "–": "-",
        "−": "-",
        "…": "...",
        "·": "|",
        "≤": "<=",
        "±": "+-",
        "✓": "ok",
        "✗": "MISS",
        "“": '"',
        "”": '"',
    }
)


def write_sign(status: Status | None, plain: bool = False) -> str:
    """The sign of a status; empty where there is nothing to judge."""
    return "" if status is None else (WORDS if plain else SIGNS)[status]


def write_plain(text: str, plain: bool = True) -> str:
    """The text with our own typography in ASCII; letters of other languages stay."""
    return text.translate(_PLAIN) if plain else text


def draw_bars(values: Sequence[float | None], plain: bool = False) -> str:
    """A character per value between the smallest and the largest; a gap where there is none."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    bars = PLAIN_BARS if plain else BARS
    return "".join(GAP if value is None else _bar(value, low, high, bars) for value in values)


def draw_shade(heat: float | None, plain: bool = False) -> str:
    """A character as strong as a number from 0 to 1; blank where there is none."""
    shades = PLAIN_SHADES if plain else SHADES
    return GAP if heat is None else shades[round(heat * (len(shades) - 1))]


def can_show_signs(encoding: str | None) -> bool:
    """Whether a stream of this encoding can write all signs and bars."""
    try:
        ("".join(SIGNS.values()) + BARS + SHADES + "…−≤").encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _bar(value: float, low: float, high: float, bars: str) -> str:
    if high == low:
        return bars[len(bars) // 2 - 1]
    return bars[round((value - low) / (high - low) * (len(bars) - 1))]
