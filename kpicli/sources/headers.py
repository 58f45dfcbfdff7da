"""Names of ours found among the headers of a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kpicli.errors import Problem, SourceError, nearest
from kpicli.sources.reading import Header

_LISTED = 12


@cache
def plain_form(header: str) -> str:
    """A header as a name in the definitions: `Close Date`, `closeDate` → close_date.

    What is not a letter or digit of any script becomes one underscore; `%` and `#` are said in
    words, for they tell columns apart.
    """
    spoken = header.replace("%", " percent ").replace("#", " number ")
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", spoken)
    parted = re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", parted)
    return re.sub(r"[\W_]+", "_", parted).strip("_").lower()


@dataclass(frozen=True)
class Matched:
    """Our name → header, and what could not be matched."""

    headers: Mapping[str, str]
    problems: tuple[Problem, ...]


def match_columns(
    file: str, header: Header, names: Sequence[str], declared: Mapping[str, Sequence[str]]
) -> Matched:
    """The header of each of our names; declared is what the source's `columns:` says.

    Of several declared headers the first that the file has is taken: as it is written, else by
    its plain form. A name that is not
    declared is known by its plain form, and two headers with that form are a problem even if
    one of them is written exactly so. Codes: missing_column, ambiguous_column.
    """
    found = {name: _match(file, header, name, declared.get(name, ())) for name in names}
    return Matched(
        {name: hit for name, hit in found.items() if isinstance(hit, str)},
        tuple(hit for hit in found.values() if isinstance(hit, Problem)),
    )


def _match(file: str, header: Header, name: str, declared: Sequence[str]) -> str | Problem:
    hits = next((hits for one in declared if (hits := _standing(header, one))), ())
    if not declared:
        hits = [known for known in header.names if plain_form(known) == plain_form(name)]
    if not hits:
        return _missing(file, header, " or ".join(declared) or name)
    return hits[0] if len(hits) == 1 else _ambiguous(file, name, hits)


def _standing(header: Header, wanted: str) -> Sequence[str]:
    """The columns that are called so, else those whose plain form is the same."""
    exact = [known for known in header.names if known == wanted.strip()]
    return exact or [known for known in header.names if plain_form(known) == plain_form(wanted)]


def _missing(file: str, header: Header, wanted: str) -> Problem:
    return Problem("missing_column", f"{file} has no column {wanted}", _hint(header, wanted))


def _hint(header: Header, wanted: str) -> str:
    plain = {plain_form(name): name for name in header.names}
    near = nearest(plain_form(wanted), plain)
    listed = ", ".join(header.names[:_LISTED]) + (", …" if len(header.names) > _LISTED else "")
    meant = f"did you mean {plain[near]}? " if near else ""
    prose = len(header.names) <= 2 and any(len(name.split()) > 8 for name in header.names)
    below = "; if the table begins lower, write skip_lines:" if prose else ""
    return f"{meant}it has: {listed}{below}"


def _ambiguous(file: str, name: str, hits: Sequence[str]) -> Problem:
    if len(set(hits)) == 1:
        message = f"{file} has {len(hits)} columns named {hits[0]}"
        return Problem("ambiguous_column", message, "give them different names in the file")
    message = f"{file}: {name} may be {' or '.join(sorted(set(hits)))}"
    return Problem("ambiguous_column", message, f'write columns: {{{name}: "{hits[0]}"}}')


def positions(path: Path, header: Header, columns: Sequence[str]) -> tuple[int, ...]:
    """Where the headers stand, from 0; raises SourceError with all that are not there once."""
    problems = tuple(filter(None, (_not_once(path, header, column) for column in columns)))
    if problems:
        raise SourceError(problems)
    return tuple(header.names.index(column) for column in dict.fromkeys(columns))


def _not_once(path: Path, header: Header, column: str) -> Problem | None:
    hits = [known for known in header.names if known == column]
    if not hits:
        return _missing(path.name, header, column)
    return _ambiguous(path.name, column, hits) if len(hits) > 1 else None
