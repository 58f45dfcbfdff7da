"""What the columns of a source hold and how their cells are written, as far as it must be said."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpicli.discovery.columns import Column
from kpicli.discovery.placing import Placement, score_range
from kpicli.sources.numbers import NumberStyle
from kpicli.words.types import ColumnType
from kpicli.words.vocabulary import word_type

_MONEY_NAMES = re.compile(
    r"(^|_)(amount|price|revenue|value|charges?|fees?|cost|costs|mrr|arr|sales|spend|budget"
    r"|salary|income)(_|$)"
)
# Numbers that count nothing.
_LABELS = re.compile(r"(^|_)(version|zip|postcode|postal_code|phone|code|number|no)$")
# Words that are never the name of anything.
_SURE_NULLS = {"null", "(null)", r"\n", "n/a", "#n/a", "nan", "nat", "--", "(blank)", "(not set)"}
# What the vocabulary knows of a column, and what such a column may seem to hold.
_AGREEING: Mapping[ColumnType | None, tuple[ColumnType, ...]] = {
    "number": ("number", "money"),
    "money": ("number", "money"),
    "time": ("time", "date"),
    "yes_no": ("yes_no", "number"),
}


def types_of(
    columns: Sequence[Column], mapped: Mapping[str, str], placement: Placement | None
) -> dict[str, ColumnType]:
    """The contract: what each column holds, where neither file nor vocabulary say so."""
    ours = {header: name for name, header in reversed(list(mapped.items()))}
    found: dict[str, ColumnType] = {}
    for column in columns:
        name = ours.get(column.header, column.name)
        known = placement is not None and name in placement.role.columns
        kind = _type(name, column, known)
        if kind and kind != "text":
            found[name] = kind
    return found


def _type(name: str, column: Column, known: bool) -> ColumnType | None:
    """known: the vocabulary has the column, as text unless it says what else."""
    if column.empty or name.endswith("_id") or (column.kind == "number" and _is_label(name, known)):
        return None
    if column.kind == "number" and (word_type(name) is None or name == "discount"):
        return _number_type(name, column)
    if column.stored:
        return column.kind if column.dates else None
    return None if column.kind in _AGREEING.get(word_type(name), ()) else column.kind


def _is_label(name: str, known: bool) -> bool:
    return bool(_LABELS.search(name)) or (known and word_type(name) is None)


def _number_type(name: str, column: Column) -> ColumnType | None:
    """Money by its name; flags and shares are numbers whatever they are called."""
    span = score_range(column)
    money = _MONEY_NAMES.search(column.name) or name == "discount"
    if money and span and span[1] > 1:
        return None if name == "discount" else "money"
    return None if column.stored else "number"


def writing_of(
    columns: Sequence[Column], mapped: Mapping[str, str], style: NumberStyle
) -> dict[str, Any]:
    """How the cells are written, where it cannot be found out again without being told."""
    ours = {header: name for name, header in reversed(list(mapped.items()))}
    told: dict[str, Any] = {}
    if dates := {ours.get(one.header, one.name): one.dates for one in columns if one.dates}:
        told["dates"] = dates
    numbers = any(one.kind in ("number", "money", "percent") for one in columns)
    if numbers and style.decimal != "point":
        told["decimal"] = style.decimal
    if numbers and style.thousands:
        told["thousands"] = style.thousands
    if nulls := sorted(set(_nulls(columns))):
        told["nulls"] = nulls
    return told


def _nulls(columns: Sequence[Column]) -> Iterator[str]:
    """Words for nothing; one that may be a name stands in no column of texts."""
    texts = [one.texts.str.strip_chars() for one in columns if one.kind == "text"]
    for column in columns:
        for word in column.nulls:
            sure = word.casefold() in _SURE_NULLS
            if sure or not any(bool((told == word).any()) for told in texts):
                yield word
