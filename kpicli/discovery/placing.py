"""Which source of the vocabulary a table is, and which of its columns are ours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpicli.discovery.columns import Column, without_nulls
from kpicli.discovery.vocabulary import Role, roles
from kpicli.discovery.wordings import currency_in_header
from kpicli.sources.presets import Fit
from kpicli.words.types import ColumnType
from kpicli.words.vocabulary import word_type

# A table with fewer points is too little like a source to be taken for it.
LEAST = 2.5
# With fewer points than this, or another source as near as this, somebody should look.
SURE = 4.0
NEAR = 1.0
_FILE_POINTS, _EXACT, _OTHER, _KEY = 2.0, 1.0, 0.75, 1.0
_KNOWN = 100.0
_ASKED = re.compile("recommend|likely|wahrscheinlich|weiterempfehl")
_HIGHEST_STARS, _HIGHEST = 7, 10
_SCORES = {str(number) for number in range(11)}


@dataclass(frozen=True)
class Match:
    """A column of ours found in a table; reason says by what, exact that it has our name."""

    ours: str
    column: Column
    reason: str
    exact: bool


@dataclass(frozen=True)
class Placement:
    """A table taken for a source of the vocabulary; points tell how much it is like it.

    fit: the preset that knows it. sure: nothing else is nearly as likely.
    """

    role: Role
    matches: tuple[Match, ...]
    points: float
    reasons: tuple[str, ...] = ()
    fit: Fit | None = None
    sure: bool = True

    def match(self, ours: str | None) -> Match | None:
        """The column that plays one of ours."""
        return next((one for one in self.matches if one.ours == ours), None)


def placements_of(stem: str, columns: Sequence[Column]) -> tuple[Placement, ...]:
    """What a table may be, the likeliest first."""
    found = [one for role in roles().values() if (one := _placed(role, stem, columns)) is not None]
    return tuple(sorted(found, key=lambda one: -one.points))


def place(tables: Mapping[str, Sequence[Placement]]) -> dict[str, Placement | None]:
    """What each table is: every source is played by the table that is most like it."""
    placed: dict[str, Placement | None] = dict.fromkeys(tables)
    taken: set[str] = set()
    pairs = [(one.points, name, one) for name, told in tables.items() for one in told]
    for points, name, one in sorted(pairs, key=lambda pair: -pair[0]):
        if placed[name] is None and one.role.name not in taken and points >= LEAST:
            placed[name] = one
            taken.add(one.role.name)
    return placed


def known_placements(fits: Sequence[Fit]) -> tuple[Placement, ...]:
    """What a table is by the presets that know its headers, which is better than any guess."""
    return tuple(
        Placement(
            roles().get(fit.preset.role) or Role(fit.preset.role, (), (), (), {}),
            (),
            _KNOWN + len(fit.columns) - number,
            (f"headers of {fit.preset.title}",),
            fit,
        )
        for number, fit in enumerate(fits)
    )


def is_sure(placed: Placement, others: Sequence[Placement]) -> bool:
    """Whether nobody has to be asked what a table is."""
    rivals = [one for one in others if one.role != placed.role]
    return placed.points >= SURE and all(placed.points - one.points >= NEAR for one in rivals)


def _placed(role: Role, stem: str, columns: Sequence[Column]) -> Placement | None:
    matches = tuple(_matches(role, columns))
    by_name = {one.ours: one for one in matches}
    if any(need not in by_name for need in role.needs):
        return None
    key = by_name.get(role.key or "")
    if role.key in role.needs and _is_link(columns):
        return None
    if role.key in role.needs and key and not key.column.unique:
        return None
    points, reasons = 0.0, []
    if word := _file_word(role, stem):
        points += _FILE_POINTS
        reasons.append(f"{word} in its name")
    told = [by_name[one] for one in role.tells if one in by_name]
    points += sum(_EXACT if one.exact else _OTHER for one in told)
    if key and key.column.unique and key.column.name != "id":
        points += _KEY
    if role.name == "answers" and is_recommendation(by_name["score"].column):
        points += 2 * _OTHER
        reasons.append("scores from 0 to 10")
    headers = [one.column.header for one in told]
    reasons.append(", ".join(headers[:4]) or by_name[role.needs[0]].column.header)
    return Placement(role, matches, points, tuple(reasons))


def _is_link(columns: Sequence[Column]) -> bool:
    """Whether a table says nothing but which row of one table belongs to which of another."""
    pointing = sum(one.name.endswith("_id") for one in columns)
    dated = any(one.kind in ("date", "time") for one in columns)
    return pointing > 1 and not dated and len(columns) - pointing <= 1


def _file_word(role: Role, stem: str) -> str | None:
    words = stem.split("_")
    for word in role.files:
        wanted = word.split("_")
        if any(words[at : at + len(wanted)] == wanted for at in range(len(words))):
            return word
    return None


def _matches(role: Role, columns: Sequence[Column]) -> Iterator[Match]:
    """Exact names first, so that no other header takes their place; one header plays one part."""
    taken: set[str] = set()
    found: dict[str, Match] = {}
    for exact in (True, False):
        for ours in role.names:
            if ours in found:
                continue
            names = (ours,) if exact else role.columns.get(ours, ())
            hit = next(_fitting(role, ours, names, columns, taken), None)
            if hit is not None:
                taken.add(hit.header)
                found[ours] = Match(ours, hit, _reason(ours, hit, exact), exact)
    if "score" in role.needs and "score" not in found and len(columns) == 1:
        only = columns[0]
        if only.kind == "number" and is_recommendation(only):
            found["score"] = Match("score", only, "its only column, numbers from 0 to 10", False)
    asked = next((one for one in columns if one.header not in taken and asks_likelihood(one)), None)
    if "score" in role.needs and "score" not in found and asked:
        found["score"] = Match("score", asked, "by its question, numbers from 0 to 10", False)
    yield from (found[ours] for ours in role.names if ours in found)


def _fitting(
    role: Role, ours: str, names: Sequence[str], columns: Sequence[Column], taken: set[str]
) -> Iterator[Column]:
    for name in names:
        for column in columns:
            if (
                name in (column.name, _without_currency(ours, column))
                and column.header not in taken
                and fits(role, ours, column)
            ):
                yield column


def _without_currency(ours: str, column: Column) -> str:
    """The name of an amount without the currency at its end: `spend_eur`."""
    named = word_type(ours) == "money" and currency_in_header(column.name)
    return column.name.rpartition("_")[0] if named else column.name


def fits(role: Role, ours: str, column: Column) -> bool:
    """Whether a column holds what one of ours should hold; an empty one may hold anything."""
    if column.empty:
        return column.name == ours
    wanted = "time" if ours in role.dates else word_type(ours)
    allowed: dict[ColumnType | None, tuple[ColumnType, ...]] = {
        "time": ("date", "time"),
        "number": ("number", "money", "percent"),
        "money": ("number", "money"),
        "yes_no": ("yes_no", "number"),
        None: ("text", "number", "yes_no", "time", "date"),
    }
    if ours in (role.key, role.unique) or ours.endswith("_id"):
        return column.kind in ("text", "number")
    if wanted == "yes_no" and column.kind == "number":
        return bool(without_nulls(column.texts).is_in(["0", "1"]).all())
    return column.kind in allowed[wanted]


def _reason(ours: str, column: Column, exact: bool) -> str:
    told = [] if exact else ["by its name"]
    if column.kind in ("date", "time"):
        told.append("dates" if column.kind == "date" else "times")
    elif column.unique:
        told.append("no value twice")
    return ", ".join(told)


def is_recommendation(column: Column) -> bool:
    """Whether whole numbers from 0 to 10, high and low ones, stand in a column."""
    texts = without_nulls(column.texts).str.strip_chars()
    return (
        bool(texts.is_in(list(_SCORES)).all())
        and bool(texts.is_in(["9", "10"]).any())
        and bool(texts.is_in(["0", "1", "2", "3", "4", "5", "6"]).any())
    )


def asks_likelihood(column: Column) -> bool:
    """Whether a column holds answers from 0 to 10 to the question of a recommendation."""
    span = score_range(column) if column.kind == "number" and _ASKED.search(column.name) else None
    return span is not None and span[0] >= 0 and _HIGHEST_STARS < span[1] <= _HIGHEST


def own_name(stem: str, taken: set[str]) -> str:
    """A name for a table that is no source of the vocabulary and must not pass for one."""
    name = re.sub(r"^(\d)", r"file_\1", stem)
    if name in roles():
        name = f"{name}_file"
    number = 2
    while name in taken:
        name = f"{stem}_{number}"
        number += 1
    return name


def score_range(column: Column) -> tuple[float, float] | None:
    """The smallest and the largest number of a column."""
    numbers = without_nulls(column.texts).cast(pl.Float64, strict=False).drop_nulls()
    if numbers.is_empty():
        return None
    return float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
