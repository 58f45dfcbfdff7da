"""Definitions on their way to be written: settings, sources, KPIs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kpicli.definitions.book import Book
from kpicli.definitions.loading import Loaded, read_text
from kpicli.discovery.drafts import Draft
from kpicli.discovery.writing import entry
from kpicli.errors import Problem
from kpicli.library import library_definitions
from kpicli.words.calendar import Grain

Keys = Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """What the file would say; folder is where its paths are seen from, shown its own name."""

    title: str
    timezone: str
    currency: str
    folder: Path
    shown: str
    drafts: tuple[Draft, ...]
    kpis: Mapping[str, Keys] = field(default_factory=dict)
    grain: Grain = "week"

    @property
    def settings(self) -> Mapping[str, str]:
        """What stands on top of the file; a KPI that says nothing of a grain is weekly."""
        told = {"title": self.title, "timezone": self.timezone, "currency": self.currency}
        return told if self.grain == "week" else {**told, "grain": self.grain}

    @property
    def used(self) -> tuple[Draft, ...]:
        """The sources that can be read: nobody has to settle anything about them first."""
        return tuple(one for one in self.drafts if not one.unsettled)

    def with_kpis(self, kpis: Mapping[str, Keys]) -> "Proposal":
        """The same sources with these KPIs."""
        return replace(self, kpis=kpis)

    def load(self) -> tuple[Loaded, Mapping[int, str]]:
        """The book of it, or its problems; and which KPI stands at which line of its text."""
        lines = ["version: 1"]
        for key, value in self.settings.items():
            lines += entry(key, value, 0)
        lines += [
            "sources:" if self.used else "sources: {}",
            *self._sources(),
            "kpis:" if self.kpis else "kpis: {}",
        ]
        places: dict[int, str] = {}
        for name, keys in self.kpis.items():
            start = len(lines) + 1
            lines += entry(name, keys, 2)
            places |= dict.fromkeys(range(start, len(lines) + 1), name)
        text = "\n".join(lines) + "\n"
        loaded = read_text(text, library_definitions(), shown=self.shown, folder=self.folder)
        return loaded, places

    def _sources(self) -> Iterator[str]:
        for draft in self.used:
            yield f"  {draft.name}:"
            for key, value in draft.keys.items():
                yield from entry(key, value, 4)

    def book(self) -> Book:
        """The book of it; ValueError where it cannot be one, which is a fault of ours."""
        loaded, _ = self.load()
        if loaded.book is None:
            raise ValueError(f"the proposal is no book: {first_messages(loaded.problems)}")
        return loaded.book


def first_messages(problems: tuple[Problem, ...]) -> str:
    """The first problems in words."""
    return "; ".join(f"{one.place}: {one.message}" for one in problems[:3])
