"""Records as JSON text, laid out as Python's own encoder does with two spaces a level."""

import math
from collections.abc import Mapping
from datetime import date
from json.encoder import encode_basestring
from typing import Any

_WORDS = {None: "null", True: "true", False: "false"}


def json_text(value: Any, line: str = "\n") -> str:
    """Any record as text: numbers that are none become null, dates ISO.

    line is how a line of the record begins. Python's encoder is quick on one line alone; reports
    have a hundred thousand.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, date):
        return encode_basestring(value.isoformat())
    return _listed(value, line)


def _listed(value: Any, line: str) -> str:
    """A mapping or a list; TypeError for what JSON has no words for."""
    inner = line + "  "
    if isinstance(value, dict | Mapping):
        told = [
            f"{encode_basestring(str(key))}: {json_text(one, inner)}" for key, one in value.items()
        ]
        return "{" + inner + f",{inner}".join(told) + line + "}" if told else "{}"
    if isinstance(value, list | tuple):
        told = [json_text(one, inner) for one in value]
        return "[" + inner + f",{inner}".join(told) + line + "]" if told else "[]"
    raise TypeError(f"JSON has no {type(value).__name__}")


def _number(value: float) -> str:
    """A whole number without ".0", as a count is written; what is no number is null."""
    if not math.isfinite(value):
        return "null"
    whole = value.is_integer() and abs(value) < 2**53
    return int.__repr__(int(value)) if whole else float.__repr__(value)
