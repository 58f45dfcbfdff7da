"""The vocabulary's sources, with what exports call their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kpicli.definitions.document import read_document

_FILE = Path(__file__).with_name("vocabulary.yaml")


@dataclass(frozen=True)
class Role:
    """A source of the vocabulary.

    files: words in the names of its files. key identifies a row, unique finds copies; time, or
    start and end, date it. needs: our names without which a table is something else; tells: those
    that few other tables have. columns: the plain forms of others' headers by our name.
    """

    name: str
    files: tuple[str, ...]
    needs: tuple[str, ...]
    tells: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    key: str | None = None
    unique: str | None = None
    time: str | None = None
    start: str | None = None
    end: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of ours that it may have."""
        dated = (self.key, self.unique, self.time, self.start, self.end)
        told = (*self.columns, *self.needs, *self.tells, *(one for one in dated if one))
        return tuple(dict.fromkeys(told))

    @property
    def dates(self) -> tuple[str, ...]:
        """The columns that say when a row happened or lasted."""
        return tuple(one for one in (self.time, self.start, self.end) if one)


@cache
def roles() -> Mapping[str, Role]:
    """Every source of the vocabulary by its name."""
    document, problems = read_document(_FILE.read_text(encoding="utf-8"), _FILE.name)
    if document is None:
        raise ValueError(f"{_FILE.name}: {problems}")
    return {name: _role(name, told) for name, told in document.value.items()}


def _role(name: str, told: Mapping[str, Any]) -> Role:
    return Role(
        name,
        files=tuple(told["files"]),
        needs=tuple(told["needs"]),
        tells=tuple(told["tells"]),
        columns={ours: tuple(theirs) for ours, theirs in told["columns"].items()},
        key=told.get("key"),
        unique=told.get("unique"),
        time=told.get("time"),
        start=told.get("start"),
        end=told.get("end"),
    )
