"""A short print of what a definition says, blind to how it is written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from kpicli.words.expressions import Expression

# What is shown beside a number does not change the number.
_SHOWN = {
    "title", "description", "group", "owner", "if_red", "if_green", "decides", "benchmark",
    "review", "notes",
}  # fmt: skip


def fingerprint(told: object) -> str:
    """Sixteen hex digits; equal where the meaning is equal."""
    text = json.dumps(_plain(told), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(told: Any) -> Any:
    match told:
        case Expression():
            return told.canonical()
        case BaseModel():
            fields = type(told).model_fields
            return {name: _plain(getattr(told, name)) for name in fields if name not in _SHOWN}
        case Mapping():
            return {str(key): _plain(value) for key, value in told.items()}
        case str() | int() | float() | None:
            return told
        case Sequence():
            return [_plain(value) for value in told]
        case _:
            return str(told)
