"""How the dates of text columns are written, found from all their values."""

from collections.abc import Mapping, Sequence

import polars as pl

from kpicli.errors import Problem, SourceError
from kpicli.sources.dateguess import Ambiguous, Found, find_format
from kpicli.sources.patterns import EXACT

_FILLED = "filled"


def find_patterns(source: str, columns: Mapping[str, Sequence[pl.LazyFrame]]) -> dict[str, str]:
    """The pattern of each column; SourceError where two patterns read a column differently.

    columns: per name, one lazy frame per file with just that column. A column in which nothing
    is a date gets no pattern: its cells then count as unparsable.
    """
    exact = _exact_patterns(columns)
    names = [name for name in columns if name not in exact]
    frames = [_distinct(name, columns[name]) for name in names]
    collected = pl.collect_all(frames, engine="streaming")
    found: dict[str, str] = dict(exact)
    problems: list[Problem] = []
    for name, frame in zip(names, collected, strict=True):
        match find_format(frame[name].to_list()):
            case Found(pattern):
                found[name] = pattern
            case Ambiguous() as two:
                problems.append(_ambiguous(source, name, two))
    if problems:
        raise SourceError(problems)
    return found


def _exact_patterns(columns: Mapping[str, Sequence[pl.LazyFrame]]) -> dict[str, str]:
    """The columns that are written in one way to the letter: they need no look at each text."""
    names = list(columns)
    looks = [_looked_at(name, columns[name]) for name in names]
    found = pl.collect_all(looks, engine="streaming")
    return {
        name: next(one for one in EXACT if frame[one][0])
        for name, frame in zip(names, found, strict=True)
        if frame[_FILLED][0] and any(frame[one][0] for one in EXACT)
    }


def _looked_at(name: str, frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    text = pl.col(name)
    alike = [text.str.contains(regex).all().alias(one) for one, (regex, _) in EXACT.items()]
    return pl.concat(frames).select(text.is_not_null().any().alias(_FILLED), *alike)


def _distinct(name: str, frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    return pl.concat(frames).unique().drop_nulls().sort(name)


def _ambiguous(source: str, column: str, two: Ambiguous) -> Problem:
    first, second = two.readings
    message = f"{source}.{column}: {two.example!r} may be {first} or {second}"
    hint = f"say which: dates: {{{column}: {two.patterns[0]}}} or {two.patterns[1]}"
    return Problem("ambiguous_dates", message, hint, source=source)
