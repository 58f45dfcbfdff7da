"""A validated book of definitions: what the rest of the program reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpicli.definitions.inclusion import Pages
from kpicli.definitions.shape import Exclusion, Report, Segment
from kpicli.errors import Place, Problem
from kpicli.kinds.base import Kind
from kpicli.kinds.written import WrittenKpi
from kpicli.needs import Need, Population
from kpicli.quality.base import Rule
from kpicli.sources.declaration import Source
from kpicli.words.calendar import Calendar, Grain
from kpicli.words.durations import Duration
from kpicli.words.targets import TargetRule


@dataclass(frozen=True)
class Kpi:
    """A KPI with everything settled that can be settled without data.

    shown False: it is only an input of a formula. by holds splits, each of one or more segments.
    origin is its name in the file: `each` makes several KPIs of one.
    """

    name: str
    kind: str
    shelf: Kind
    written: WrittenKpi
    needs: Mapping[str, Need]
    inputs: tuple[str, ...]
    unit: str
    better: str
    grain: Grain | None
    rules: tuple[TargetRule, ...]
    place: Place
    fingerprint: str
    library: str | None = None
    shown: bool = True
    origin: str = ""

    @property
    def title(self) -> str:
        """The title, or the name in words, with the kind's note unless it says so itself."""
        title = self.written.title or self.name.replace("_", " ").capitalize()
        note = self.written.title_note
        told = note is None or f" {note} " in f" {title} ".replace(",", " ").casefold()
        return title if told else f"{title} ({note})"

    @property
    def by(self) -> tuple[tuple[str, ...], ...]:
        """Its splits beside the total."""
        return tuple(tuple(split) for split in self.written.by)

    @property
    def window(self) -> Duration | None:
        """How far a kind over entities looks back from each period's end."""
        return getattr(self.written, "window", None)

    @property
    def shown_inputs(self) -> tuple[tuple[str, int], ...]:
        """The inputs that stand beside a formula as its parts, and how many periods back."""
        return self.written.formula.inputs if getattr(self.written, "parts", False) else ()  # type: ignore[attr-defined]

    @property
    def crowd(self) -> Population | None:
        """Everyone who could have; None for kinds over rows."""
        return next((one for one in self.needs.values() if isinstance(one, Population)), None)

    @property
    def population(self) -> str | None:
        """The source that lists everyone who could have; None for kinds over rows."""
        return self.crowd.source if self.crowd else None

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources it reads, without those that attributes come from."""
        return tuple(dict.fromkeys(need.source for need in self.needs.values()))


def leaves(kpi: Kpi, kpis: Mapping[str, Kpi]) -> tuple[str, ...]:
    """The KPIs that a formula is told from in the end: those that are no formulas themselves."""
    found: dict[str, None] = {}
    waiting, seen = list(kpi.inputs), {kpi.name}
    while waiting:
        name = waiting.pop(0)
        if name in kpis and name not in seen:
            seen.add(name)
            waiting.extend(kpis[name].inputs)
            if not kpis[name].inputs:
                found[name] = None
    return tuple(found)


@dataclass(frozen=True)
class Book:
    """A file of definitions; folder is where its paths are seen from, rules are by source."""

    file: str
    folder: Path
    title: str
    calendar: Calendar
    currency: str
    grain: Grain | None
    sources: Mapping[str, Source]
    exclude: tuple[Exclusion, ...]
    segments: Mapping[str, Segment]
    kpis: Mapping[str, Kpi]
    reports: Mapping[str, Report]
    fingerprint: str
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    pages: Pages | None = field(default=None, compare=False, repr=False)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def place(self, section: str, name: str) -> Place | None:
        """Where a source, segment or report is defined."""
        return self.places.get((section, name))

    def at(self, section: str, name: str, *keys: str) -> Place | None:
        """Where the value of a key stands; of a key that is not there, the name above it."""
        if self.pages is None:
            return None
        origin = self.kpis[name].origin if section == "kpis" and name in self.kpis else name
        return self.pages.place((section, origin, *keys))

    def spot(self, kpi: str | None, text: str, offset: int | None) -> Place | None:
        """Where a character of a text of a KPI stands, or of a segment's or an exclusion's.

        None where the text is not in the file as it is: filled in, put together, or ready-made.
        """
        if self.pages is None:
            return None
        origin = self.kpis[kpi].origin if kpi and kpi in self.kpis else kpi
        for path in (("kpis", origin), ("segments",), ("exclude",)):
            value: Any = self.pages.value
            for key in path:
                value = value.get(key, {})
            for found in _paths_of(text, value, path):
                return self.pages.inner_place(found, text, offset or 0)
        return None

    def meant_by(self, name: str) -> tuple[str, ...]:
        """The KPIs that a name means: itself, or all that `each` makes of it; none if unknown."""
        if name in self.kpis:
            return (name,)
        return tuple(one.name for one in self.kpis.values() if one.origin == name and one.shown)

    def shown(self) -> tuple[str, ...]:
        """The KPIs that the author wrote, in the file's order."""
        return tuple(name for name, kpi in self.kpis.items() if kpi.shown)


def _paths_of(text: str, value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if value == text:
        yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths_of(text, inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths_of(text, inner, (*path, number))
