"""The shelf of known exports, one YAML file each: what a product writes, in our words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kpicli.sources.headers import plain_form
from kpicli.sources.meanings import with_yes_no

_FOLDER = Path(__file__).parent
# libyaml where it was built in: ten times faster, the same language.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Headers = tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """An export that a product writes.

    evidence says whence its headers are known, about what the author has to know and to add. role
    is the source of the vocabulary that it plays. recognise holds sets of headers: a file that has
    all of one set is taken for this export. source holds keys of a source, which lie beneath the
    author's own; exclude the rows that count nowhere, each as where and reason.
    """

    name: str
    title: str
    evidence: str
    about: str
    role: str
    recognise: tuple[Headers, ...]
    source: Mapping[str, Any]
    exclude: tuple[Mapping[str, str], ...] = ()

    @property
    def columns(self) -> Mapping[str, Headers]:
        """Our name of each column: the headers it may have in the file, the first before others."""
        return {name: _texts(told) for name, told in self.source.get("columns", {}).items()}

    @property
    def types(self) -> Mapping[str, str]:
        """The type of each column that the preset says one of."""
        return dict(with_yes_no(self.source).get("types", {}))


@dataclass(frozen=True)
class Fit:
    """A preset that may read a file: the header of each of its columns that the file has."""

    preset: Preset
    columns: Mapping[str, str]


def preset_names() -> tuple[str, ...]:
    """The presets there are."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def preset_named(name: str) -> Preset:
    """The preset of this name; KeyError where there is none."""
    if name not in preset_names():
        raise KeyError(name)
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    told = yaml.load(text, _LOADER)  # noqa: S506
    sets = told["recognise"]
    several = [one for one in sets if isinstance(one, list)]
    recognise = tuple(_texts(one) for one in several or ([sets] if sets else []))
    about = " ".join(told["about"].split())
    exclude = tuple(told.get("exclude", ()))
    return Preset(
        name,
        told["title"],
        told["evidence"],
        about,
        told["role"],
        recognise,
        told["source"],
        exclude,
    )


def presets() -> tuple[Preset, ...]:
    """Every preset, by its name."""
    return tuple(preset_named(name) for name in preset_names())


def recognised(headers: Sequence[str]) -> tuple[Fit, ...]:
    """The presets that a file of these headers may be read by, the one that knows most of it first.

    Headers are compared by their plain form; of a nested column (`properties.time`) either the
    whole name or the column that holds it will do. Where two know as much, the one that asks for
    more comes first.
    """
    standing = {plain_form(header): header for header in reversed(headers)}
    fits = [
        (len(known), Fit(preset, _columns(preset, standing)))
        for preset in presets()
        if (known := _known_by(preset, standing))
    ]
    fits.sort(key=lambda one: (-len(one[1].columns), -one[0], one[1].preset.name))
    return tuple(fit for _, fit in fits)


def _known_by(preset: Preset, standing: Mapping[str, str]) -> Headers:
    """The largest set of headers that all stand in the file; empty where none does."""
    whole = [one for one in preset.recognise if all(_found(name, standing) for name in one)]
    return max(whole, key=len, default=())


def _columns(preset: Preset, standing: Mapping[str, str]) -> dict[str, str]:
    found = {
        ours: [hit for name in names if (hit := _found(name, standing))]
        for ours, names in preset.columns.items()
    }
    return {ours: hits[0] for ours, hits in found.items() if hits}


def _found(name: str, standing: Mapping[str, str]) -> str | None:
    holder, nested, _ = name.partition(".")
    return standing.get(plain_form(name)) or (standing.get(plain_form(holder)) if nested else None)


def _texts(told: str | Sequence[str]) -> Headers:
    return (told,) if isinstance(told, str) else tuple(told)
