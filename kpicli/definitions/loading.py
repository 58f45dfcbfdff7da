"""From a YAML file to a book, or to everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from kpicli.definitions.binding import put_together
from kpicli.definitions.book import Book, Kpi, leaves
from kpicli.definitions.checks import check_book
from kpicli.definitions.crowds import with_crowd
from kpicli.definitions.document import read_document
from kpicli.definitions.fingerprints import fingerprint
from kpicli.definitions.inclusion import Pages, read_pages
from kpicli.definitions.refusals import Loc, Refusal, refusals
from kpicli.definitions.salvage import salvage
from kpicli.definitions.shape import Shape
from kpicli.definitions.soundness import sound_part
from kpicli.definitions.sourcerules import read_rules
from kpicli.definitions.templates import Template, expand
from kpicli.definitions.units import unit_of
from kpicli.errors import DefinitionError, Place, Problem, did_you_mean
from kpicli.kinds import ALIASES, SYNONYMS, kind_named, kind_names
from kpicli.kinds.base import Kind
from kpicli.kinds.written import WrittenKpi
from kpicli.words.targets import resolve_targets

Library = Mapping[str, Mapping[str, Any]]
EXTRA_KEYS = ("use", "and_where", "each")


@dataclass(frozen=True)
class Loaded:
    """What could be made of the file; book is None where a problem is an error.

    sound is the book without the KPIs that are wrong, None where more than KPIs is.
    """

    book: Book | None
    problems: tuple[Problem, ...]
    sound: Book | None = None


def load_book(
    path: Path,
    library: Library,
    environment: Mapping[str, str],
    *,
    shown: str | None = None,
    folder: Path | None = None,
) -> Book:
    """The book of a file; DefinitionError with every problem of it."""
    loaded = read_book(path, library, environment, shown=shown, folder=folder)
    if loaded.book is None:
        raise DefinitionError(loaded.problems)
    return replace(loaded.book, warnings=loaded.problems)


def read_book(
    path: Path,
    library: Library,
    environment: Mapping[str, str],
    *,
    shown: str | None = None,
    folder: Path | None = None,
) -> Loaded:
    """The book of a file, and its problems in the order of their places."""
    pages, problems = read_pages(path, shown or path.name, environment)
    return _loaded(pages, problems, library, folder or path.parent)


def read_text(text: str, library: Library, *, shown: str, folder: Path) -> Loaded:
    """The book of a text that stands in no file yet; it includes nothing."""
    document, problems = read_document(text, shown)
    pages = Pages(document, document.value, {}) if document else None
    return _loaded(pages, problems, library, folder)


def _loaded(
    pages: Pages | None, problems: tuple[Problem, ...], library: Library, folder: Path
) -> Loaded:
    if pages is None:
        return Loaded(None, problems)
    reader = _Reader(pages, library, folder, list(problems))
    book = reader.read()
    found = tuple(sorted(reader.problems, key=_order))
    failed = any(problem.level == "error" for problem in found)
    return Loaded(None if failed else book, found, sound_part(book, found) if book else None)


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place or Place("")
    return place.file, place.line or 0, place.column or 0


@dataclass
class _Reader:
    """The one place that collects problems while it reads on."""

    pages: Pages
    library: Library
    folder: Path
    problems: list[Problem]

    def read(self) -> Book | None:
        shape = self._shape()
        if shape is None:
            # The KPIs are read all the same, so that their problems come in the same pass.
            shape = salvage(self.pages.value)
        ruled = read_rules(shape, self.pages)
        for path, refusal in ruled.refused:
            self._refuse(refusal, path, None)
        shape = ruled.shape
        kpis: dict[str, Kpi] = {}
        for kpi in self._kpis(shape):
            if kpi.name in kpis:
                message = (
                    f"{kpi.name} is defined twice, by {kpis[kpi.name].origin} and {kpi.origin}"
                )
                hint = "each: fills in names; give one of the two another name"
                self.problems.append(Problem("twice", message, hint, kpi.place, kpi=kpi.name))
            kpis[kpi.name] = kpi
        kpis |= self._inputs(kpis, shape)
        kpis = {name: _with_grain(kpi, kpis) for name, kpi in kpis.items()}
        book = replace(put_together(self.pages, shape, kpis, self.folder), rules=ruled.rules)
        for problem in check_book(book, self.pages, self.library):
            self.problems.append(problem)
        return book

    def _shape(self) -> Shape | None:
        raw = {**self.pages.value, "kpis": self.pages.value.get("kpis") or {}}
        try:
            return Shape.model_validate(raw)
        except ValidationError as wrong:
            for refusal in refusals(wrong, Shape, raw):
                self._refuse(refusal, (), None)
            return None

    def _kpis(self, shape: Shape) -> Iterator[Kpi]:
        for name, raw in shape.kpis.items():
            for template in expand(name, raw, self.library):
                if isinstance(template, Problem):
                    key = "use" if template.code == "unknown_use" else "each"
                    self._add(replace(template, kpi=name), ("kpis", name, key))
                    continue
                kpi = self._kpi(template, shape)
                if kpi is not None:
                    yield kpi

    def _inputs(self, kpis: Mapping[str, Kpi], shape: Shape) -> dict[str, Kpi]:
        """Library definitions that formulas name: computed, not shown."""
        found: dict[str, Kpi] = {}
        waiting = [name for kpi in kpis.values() for name in kpi.inputs]
        while waiting:
            name = waiting.pop()
            if name in kpis or name in found or name not in self.library:
                continue
            template = Template(name, name, self.library[name], name)
            kpi = self._kpi(template, shape)
            if kpi is not None:
                found[name] = replace(kpi, shown=False)
                waiting.extend(kpi.inputs)
        return found

    def _kpi(self, template: Template, shape: Shape) -> Kpi | None:
        path = ("kpis", template.origin)
        kind = self._kind(template, path)
        if kind is None:
            return None
        written = self._written(kind, template, path)
        if written is None:
            return None
        return self._resolved(kind, template, written, shape, path)

    def _kind(self, template: Template, path: tuple[str, ...]) -> Kind | None:
        name = template.keys.get("kind")
        if name is None:
            hint = "write kind: with one of " + ", ".join(kind_names()) + "; or use: NAME"
            self._add(
                Problem("missing_key", f"{template.name} has no kind", hint, kpi=template.name),
                path,
            )
            return None
        if str(name) not in (*kind_names(), *ALIASES):
            hint = did_you_mean(str(name), (*kind_names(), *ALIASES))
            if meant := SYNONYMS.get(str(name).casefold()):
                hint = f"write kind: {meant}"
            problem = Problem("unknown_kind", f"there is no kind {name!r}", hint, kpi=template.name)
            self._add(problem, (*path, "kind"))
            return None
        return kind_named(str(name))

    def _written(self, kind: Kind, template: Template, path: tuple[str, ...]) -> WrittenKpi | None:
        """The keys as the kind takes them, without those it refuses: all else is checked too."""
        model: type[BaseModel] = kind.Written
        keys = dict(template.keys)
        try:
            return _read_keys(model, keys)
        except ValidationError as wrong:
            for refusal in refusals(wrong, model, keys, EXTRA_KEYS):
                self._refuse(refusal, path, template.name)
                keys.pop(str(refusal.path[0]) if refusal.path else "", None)
        try:
            return _read_keys(model, keys)
        except ValidationError:
            return None

    def _resolved(
        self,
        kind: Kind,
        template: Template,
        written: WrittenKpi,
        shape: Shape,
        path: tuple[str, ...],
    ) -> Kpi:
        needs, nobody = with_crowd(kind.needs(written), shape)
        if nobody:
            self._add(replace(nobody, kpi=template.name), (*path, "entity"))
        unit = unit_of(kind, written, needs, shape)
        better = written.better or "higher"
        rules, wrong = resolve_targets(written, unit, better)
        for one in wrong:
            problem = Problem("target", one.message, one.hint, kpi=template.name)
            self._add(problem, (*path, *one.path))
        return Kpi(
            name=template.name,
            kind=ALIASES.get(written.kind, written.kind),
            shelf=kind,
            written=written,
            needs=needs,
            inputs=tuple(kind.inputs(written)),
            unit=unit,
            better=better,
            grain=written.grain or shape.grain,
            rules=rules,
            place=self.pages.place(path),
            fingerprint=fingerprint({"unit": unit, "keys": written}),
            library=template.library,
            origin=template.origin,
        )

    def _refuse(self, refusal: Refusal, above: Loc, kpi: str | None) -> None:
        path = (*above, *refusal.path)
        problem = replace(refusal.problem, kpi=kpi)
        if refusal.at_key:
            self.problems.append(problem.at(self.pages.key_place(path)))
        elif refusal.text is not None and refusal.offset is not None:
            place = self.pages.inner_place(path, refusal.text, refusal.offset)
            self.problems.append(problem.at(place))
        else:
            self._add(problem, path)

    def _add(self, problem: Problem, path: tuple[str | int, ...]) -> None:
        self.problems.append(problem.at(self.pages.place(path)))


def _read_keys(model: type[BaseModel], keys: Mapping[str, Any]) -> WrittenKpi:
    written = model.model_validate(keys)
    if not isinstance(written, WrittenKpi):
        raise TypeError(f"{model} is no KPI")
    return written


def _with_grain(kpi: Kpi, kpis: Mapping[str, Kpi]) -> Kpi:
    """A formula without a grain of its own is stated in that of its inputs, if they share one."""
    if kpi.grain or not kpi.inputs:
        return kpi
    grains = {grain for name in leaves(kpi, kpis) if (grain := kpis[name].grain)}
    return replace(kpi, grain=grains.pop()) if len(grains) == 1 else kpi
