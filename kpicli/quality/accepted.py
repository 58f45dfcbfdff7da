"""The values that a column may have."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated

import narwhals as nw
from pydantic import BeforeValidator, Field

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import OverRows, mapped
from kpicli.sources.declaration import Text as Word
from kpicli.words import expressions
from kpicli.words.expressions import Call, Expression, Name
from kpicli.words.translation import translate

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = True, True, False, False
others, judged, keys = base.no_others, None, base.no_keys
_MOST = 6


def _listed(written: object) -> object:
    mapped(written, "accepted: {COLUMN: [VALUE, VALUE]}")
    if isinstance(written, Mapping):
        return {
            column: values if isinstance(values, list) else [values]
            for column, values in written.items()
        }
    return written


Values = Annotated[tuple[bool | int | float | Word, ...], Field(min_length=1)]


class Written(OverRows):
    """The values that columns may have."""

    accepted: Annotated[
        Mapping[Word, Values],
        BeforeValidator(_listed, json_schema_input_type=Mapping[Word, Values | str | float | bool]),
    ]


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """Each column, compared with its values."""
    for column, values in written.accepted.items():
        yield Wanted(("accepted", column), _among(column, values), "yes_no")


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows with another value; a row without any is not held against it."""
    for column, values in written.accepted.items():
        told = translate(_among(column, values), seen.types, seen.zone)
        shown = ", ".join(_shown(one) for one in values[:_MOST])
        more = f" or {len(values) - _MOST} others" if len(values) > _MOST else ""
        only = f"{shown}{more}" if len(values) == 1 else f"one of {shown}{more}"
        filled = ~nw.col(column).is_null()
        said = f"{column} is not {only}"
        yield Mark(column, said, ~told, filled, written.at, written.allow)


def _among(column: str, values: Sequence[bool | float | str]) -> Expression:
    tree = Call("in", (Name(column, 0), *(_literal(one) for one in values)), 0)
    return Expression(f"accepted: {column}", tree)


def _literal(value: bool | float | str) -> expressions.Node:
    if isinstance(value, bool):
        return expressions.YesNo(value)
    if isinstance(value, str):
        return expressions.Text(value)
    return expressions.Number(Decimal(str(value)))


def _shown(value: bool | float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
