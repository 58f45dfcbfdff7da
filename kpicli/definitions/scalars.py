"""What an unquoted word in the YAML means: a number, true, false, null, or the text as written."""

import re

Scalar = str | int | float | bool | None

WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
# Past 18 digits it is an id, and a decimal fraction would silently lose its end.
WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})?\.\d{1,30}")
# 1.000 and 12.500 are thousands in half of Europe; nobody writes a fraction of three digits that
# ends in 0. They stay text, so that whoever wants a number asks which one is meant.
EITHER_WAY = re.compile(r"-?[1-9]\d{0,2}\.\d\d0")

NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<digits>\d[\d.,'_ \u00a0\u202f]*\d)(?P<unit>\s?%)?")
SIGNS = ".,'_ \u00a0\u202f"


def plain_value(text: str) -> Scalar:
    """What an unquoted scalar stands for.

    Only true, false, null (or nothing), whole numbers and decimal fractions are read; dates,
    times, yes, no, on, off, 010, 1_000, 0x1F, 1:30 and 1e5 stay the text that was written.
    """
    if text in WORDS:
        return WORDS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text) and not EITHER_WAY.fullmatch(text):
        return float(text)
    return text


def thousands_hint(text: str) -> str | None:
    """How to write a number that has a thousands sign or a decimal comma, both readings shown.

    None where the text is no such number.
    """
    shown = [f"{number} {why}" for number, why in readings(text)]
    return "write " + ", or ".join(shown) if shown else None


def readings(text: str) -> list[tuple[str, str]]:
    """Each number that a text with a thousands sign or a decimal comma can mean, and when."""
    found = NUMBER.fullmatch(text.strip())
    if not found or _is_plain(found["digits"]):
        return []
    unit = (found["unit"] or "").strip()
    return [(found["sign"] + number + unit, why) for number, why in _readings(found["digits"])]


def _is_plain(digits: str) -> bool:
    return digits.isdigit() or bool(DECIMAL.fullmatch(digits) and not EITHER_WAY.fullmatch(digits))


def _readings(digits: str) -> list[tuple[str, str]]:
    grouped = (_grouped(digits, sign) for sign in SIGNS)
    marked = (_decimal(digits, sign) for sign in ",.")
    return [reading for reading in (*grouped, *marked) if reading]


def _grouped(digits: str, sign: str) -> tuple[str, str] | None:
    """The number if the sign stands between thousands, with the other mark for decimals."""
    mark = r"\." if sign != "." else ","
    shape = re.compile(rf"(\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+)(?:{mark}(\d+))?")
    found = shape.fullmatch(digits)
    if not found or digits.startswith("0"):
        return None
    whole = found[1].replace(sign, "")
    number = f"{whole}.{found[2]}" if found[2] else whole
    return number, f"if the {_name(sign)} stands between thousands"


def _decimal(digits: str, sign: str) -> tuple[str, str] | None:
    """The number if the sign is the decimal mark and nothing groups the digits."""
    found = re.fullmatch(rf"(\d+){re.escape(sign)}(\d+)", digits)
    if not found:
        return None
    decimals = found[2].rstrip("0") or "0"
    return f"{found[1]}.{decimals}", f"if the {_name(sign)} marks the decimals"


def _name(sign: str) -> str:
    return {",": "comma", ".": "point", "'": "'", "_": "_"}.get(sign, "space")
