"""A preset's keys laid beneath those that an author wrote."""

from collections.abc import Mapping
from typing import Any

from kpicli.errors import did_you_mean
from kpicli.sources.presets import Preset, preset_named, preset_names

# Merged entry by entry; of all other keys the author's own one holds.
BY_ENTRY = ("columns", "types", "values", "only_if", "dates", "refers_to")
# What says the same in another way: the author's own takes the preset's away.
_INSTEAD = {
    "currency": ("currency_column",),
    "currency_column": ("currency",),
    "decimal": ("thousands",),
}
WORDS = "values"


class UnknownPresetError(ValueError):
    """A preset that is not on the shelf; the hint names the nearest that is."""

    def __init__(self, written: str) -> None:
        near = did_you_mean(written, preset_names())
        self.hint = f"{near}; kpi list --presets says what each reads"
        super().__init__(f"there is no preset {written!r}")


def known_preset(written: str) -> str:
    """The name of a preset; ValueError where there is none of it."""
    if written not in preset_names():
        raise UnknownPresetError(written)
    return written


def with_preset(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of a source with those of the preset that it names, the author's own first.

    A key or an entry that the author wrote empty takes the preset's away. Keys of a preset that
    is not there are left as they are: whoever reads `preset:` says so.
    """
    name = written.get("preset")
    if name is None or name not in preset_names():
        return written
    return laid_beneath(written, preset_named(str(name)))


def laid_beneath(written: Mapping[str, Any], preset: Preset) -> dict[str, Any]:
    """The keys of the preset that the author did not write, and all that the author wrote."""
    replaced = {other for key in written for other in _INSTEAD.get(key, ())}
    merged = {key: told for key, told in preset.source.items() if key not in replaced}
    for key, own in written.items():
        if own is None:
            merged.pop(key, None)
        elif key in BY_ENTRY and isinstance(own, Mapping):
            merged[key] = _by_entry(merged.get(key), own, deeper=key == WORDS)
        else:
            merged[key] = own
    return merged


def _by_entry(offered: object, own: Mapping[str, Any], *, deeper: bool) -> dict[str, Any]:
    """Entries of both; deeper: those of an entry, too, blind to the case of the words."""
    merged = dict(offered) if isinstance(offered, Mapping) else {}
    for name, told in own.items():
        if told is None:
            merged.pop(name, None)
        elif deeper and isinstance(told, Mapping) and isinstance(merged.get(name), Mapping):
            said = {str(word).casefold() for word in told}
            kept = {word: one for word, one in merged[name].items() if word.casefold() not in said}
            merged[name] = {**kept, **told}
        else:
            merged[name] = told
    return merged
