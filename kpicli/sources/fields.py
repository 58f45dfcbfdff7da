"""The fields of objects, those within others by their address: `properties.plan`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_DEEPEST, _MOST = 6, 5_000
Keys = tuple[str, ...]


@dataclass
class Fields:
    """The fields seen so far: names at the top, and how each inner one is reached.

    open_ended: some objects have so many fields that not all inner ones are kept.
    """

    names: dict[str, None] = field(default_factory=dict)
    inner: dict[str, Keys] = field(default_factory=dict)
    open_ended: bool = False

    def see(self, record: Mapping[str, Any]) -> None:
        """Take in the fields of one object."""
        for name, value in record.items():
            if name not in self.names:
                self.names[name] = None
            if type(value) is dict:
                self._see_inner(value, (name,), f"{name}.")

    def _see_inner(self, record: Mapping[str, Any], keys: Keys, before: str) -> None:
        for name, value in record.items():
            address = before + name
            if address not in self.inner:
                if len(self.inner) >= _MOST or len(keys) >= _DEEPEST:
                    self.open_ended = True
                    return
                self.inner[address] = (*keys, name)
            if type(value) is dict:
                self._see_inner(value, (*keys, name), f"{address}.")


def reached(record: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """What stands in a record under these keys, one within the other; None for nothing."""
    found: Any = record
    for key in keys:
        if type(found) is not dict:
            return None
        found = found.get(key)
    return found


def as_text(value: Any) -> str | None:
    """A value as a cell of a text file; no number loses digits, objects and lists stay JSON."""
    match value:
        case str() | None:
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _of_float(value)
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _of_float(value: float) -> str | None:
    if value != value:  # noqa: PLR0124 - only NaN is not itself
        return None
    # Identifiers written as 12346.0 were 12346 before a tool made them floats.
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
