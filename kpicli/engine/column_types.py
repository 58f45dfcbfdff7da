"""The type of each column that a plan wants."""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from kpicli.engine.catalogue import Listed
from kpicli.words.types import ColumnType
from kpicli.words.vocabulary import word_type

Uses = Mapping[str, set[ColumnType]]
Origin = Literal["declared", "preset", "file", "name", "use", "identity"]
_PHYSICAL: tuple[tuple[type[pl.DataType], ColumnType], ...] = (
    (pl.Date, "date"),
    (pl.Datetime, "time"),
    (pl.Boolean, "yes_no"),
)
# Where uses ask for several types the one that says most wins: money is a number, a time a date.
_STRONGEST: tuple[ColumnType, ...] = ("time", "date", "money", "percent", "number", "yes_no")
_NUMBERS = ("number", "money", "percent")


def column_types(listed: Listed, uses: Uses) -> dict[str, ColumnType]:
    """The type of each wanted column: declared, else what file, vocabulary or use say.

    A column that nobody declares and nothing asks for is text.
    """
    return {column: _column_type(listed, column, asked) for column, asked in uses.items()}


def type_origin(listed: Listed, column: str, asked: set[ColumnType]) -> Origin:
    """Whence the type of a column comes: what the definitions declare goes before all."""
    if column in listed.source.kinds:
        preset = listed.source.known_as
        offered = preset.types.get(column) if preset else None
        return "preset" if offered == listed.source.types[column] else "declared"
    if listed.gives(column):
        return "identity"
    if listed.dtype(column) != pl.String:
        return "file"
    if _column_type(listed, column, asked) == word_type(column):
        return "name"
    return "use" if asked else "file"


def _column_type(listed: Listed, column: str, asked: set[ColumnType]) -> ColumnType:
    declared = listed.source.kinds.get(column)
    if declared:
        return declared
    word, dtype = word_type(column), listed.dtype(column)
    if dtype is not None and dtype != pl.String:
        return _stored_type(dtype, word, asked)
    used = next((one for one in _STRONGEST if one in asked), None)
    if word == "money" and used in (None, *_NUMBERS):
        return "money"
    # A vocabulary column that is only shown or compared with texts stays the text it is.
    return used or ("text" if "text" in asked else word or "text")


def _stored_type(dtype: pl.DataType, word: ColumnType | None, asked: set[ColumnType]) -> ColumnType:
    for known, name in _PHYSICAL:
        if isinstance(dtype, known):
            return name
    if not dtype.is_numeric():
        return "text"
    # A number is a date where the author says how; whoever asks for one is told so.
    dated: tuple[ColumnType, ...] = ("time", "date")
    if used := next((one for one in dated if one in asked), None):
        return used
    if "yes_no" in asked and dtype.is_integer():
        return "yes_no"
    if asked == {"text"}:
        return "text"
    return "money" if word == "money" or "money" in asked else "number"
