"""Values as the names of the groups that rows stand in."""

from collections.abc import Mapping

import narwhals as nw

from kpicli.engine.opened import as_text
from kpicli.frames.membership import NONE
from kpicli.words.types import ColumnType


def named_group(column: str, types: Mapping[str, ColumnType]) -> nw.Expr:
    """A column's values as groups: the cells as they are written, where they are texts."""
    written = as_text(column)
    name = written if written in types else column
    return text_group(nw.col(name), types[name])


def text_group(value: nw.Expr, kind: ColumnType) -> nw.Expr:
    """A value as a group's name; a whole number without its decimals."""
    text = value.cast(nw.String)
    if kind in ("number", "percent"):
        text = text.str.replace(r"\.0$", "")
    return text.fill_null(NONE)


def cut_group(value: nw.Expr, edges: Mapping[str, float]) -> nw.Expr:
    """The name of the last lower edge that a number reaches; (none) below the first."""
    told = nw.lit(NONE)
    for name, edge in edges.items():
        told = nw.when(value >= edge).then(nw.lit(name)).otherwise(told)
    return told
