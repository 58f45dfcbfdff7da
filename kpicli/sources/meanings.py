"""What the words of a file mean, as an author says under `values:`."""

from collections.abc import Mapping
from typing import Any

import polars as pl

# The entry for every other word of a column.
ELSE = "else"

Meaning = bool | int | float | str | None
Words = Mapping[str, str | None]


def told_once(words: Mapping[str, Meaning]) -> Mapping[str, Meaning]:
    """The words; ValueError where two differ by spaces or case only."""
    seen: dict[str, str] = {}
    for word in words:
        bare = word.strip().casefold()
        if bare in seen:
            raise ValueError(f"{seen[bare]!r} and {word!r} are one word here: case does not matter")
        seen[bare] = word
    return words


def plain_words(told: Mapping[str, Meaning]) -> dict[str, str | None]:
    """Each word as it is looked for, and its meaning as a cell would be written."""
    return {word.strip().casefold(): _written(meaning) for word, meaning in told.items()}


def with_yes_no(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of a source, with columns whose words all mean yes or no as such columns."""
    values, types = written.get("values"), written.get("types") or {}
    if not (isinstance(values, Mapping) and isinstance(types, Mapping)):
        return written
    told = {name: "yes_no" for name, words in values.items() if _is_yes_no(words)}
    return {**written, "types": {**told, **types}} if told else written


def _is_yes_no(words: object) -> bool:
    """Whether every meaning is yes or no, or that there is no value."""
    meanings = words.values() if isinstance(words, Mapping) else ()
    told = [meaning for meaning in meanings if meaning is not None]
    return bool(told) and all(isinstance(meaning, bool) for meaning in told)


def meant(text: pl.Expr, words: Words) -> pl.Expr:
    """The meaning of each cell; other words stay, or mean what is said under else.

    Spaces around a word and its case do not matter. An empty cell stays empty.
    """
    known = {word: meaning for word, meaning in words.items() if word != ELSE}
    bare = text.str.strip_chars().str.to_lowercase()
    other = pl.when(bare != "").then(pl.lit(words[ELSE])) if ELSE in words else text
    if not known:
        return other
    told = bare.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )
    return pl.when(bare.is_in(list(known))).then(told).otherwise(other)


def _written(meaning: Meaning) -> str | None:
    if isinstance(meaning, bool):
        return "true" if meaning else "false"
    return None if meaning is None else str(meaning)
