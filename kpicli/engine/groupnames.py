"""Values as the names of the groups that rows stand in."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import narwhals as nw

from kpicli.definitions.shape import Segment
from kpicli.engine.deeds import done_column
from kpicli.engine.opened import as_text
from kpicli.frames.membership import CROSS, NONE, OTHER
from kpicli.words.agreement import result_type, scale_of
from kpicli.words.expressions import Name
from kpicli.words.translation import translate
from kpicli.words.types import ColumnType


def split_group(
    split: Sequence[str],
    segments: Mapping[str, Segment],
    types: Mapping[str, ColumnType],
    zone: ZoneInfo,
    kept: Sequence[str] | None,
) -> nw.Expr:
    """The group of a split that a row stands in; whatever is not kept stands in (other)."""
    values = [segment_value(name, segments, types, zone) for name in split]
    group = nw.concat_str(values, separator=CROSS) if len(values) > 1 else values[0]
    if kept is None:
        return group
    return folded_group(group, split, kept)


def folded_group(group: nw.Expr, split: Sequence[str], kept: Sequence[str]) -> nw.Expr:
    """The values to keep of a split; the others become (other)."""
    rest = CROSS.join([OTHER] * len(split))
    return nw.when(group.is_in(list(kept))).then(group).otherwise(nw.lit(rest))


def segment_value(
    name: str, segments: Mapping[str, Segment], types: Mapping[str, ColumnType], zone: ZoneInfo
) -> nw.Expr:
    """The text of a row's value of a segment or column; (none) where there is none.

    Of a deed it stands beside the row already.
    """
    segment = segments.get(name)
    if segment is None:
        return named_group(name, types)
    if segment.where is not None:
        holds = translate(segment.where, types, zone)
        told = nw.when(holds).then(nw.lit(name)).otherwise(nw.lit("other"))
        return nw.when(holds.is_null()).then(nw.lit(NONE)).otherwise(told)
    if segment.of is None:
        return nw.col(done_column(name))
    if isinstance(segment.of.tree, Name) and segment.cut is None:
        return named_group(segment.of.tree.name, types)
    value = translate(segment.of, types, zone)
    if segment.cut is None:
        return text_group(value, result_type(segment.of, types))
    scale = scale_of(result_type(segment.of, types))
    return cut_group(value, {name: edge * scale for name, edge in segment.cut.items()})


def named_group(column: str, types: Mapping[str, ColumnType]) -> nw.Expr:
    """A column's values as groups: the cells as they are written, where they are texts."""
    written = as_text(column)
    name = written if written in types else column
    return text_group(nw.col(name), types[name])


def text_group(value: nw.Expr, kind: ColumnType) -> nw.Expr:
    """A value as a group's name; a whole number without its decimals.

    What a file calls (none) or (other) stands in quotes, apart from what is called so here.
    """
    text = value.cast(nw.String)
    if kind in ("number", "percent"):
        text = text.str.replace(r"\.0$", "")
    if kind == "text":
        quoted = nw.concat_str(nw.lit('"'), text, nw.lit('"'))
        text = nw.when(text.is_in([NONE, OTHER])).then(quoted).otherwise(text)
    return text.fill_null(NONE)


def cut_group(value: nw.Expr, edges: Mapping[str, float]) -> nw.Expr:
    """The name of the last lower edge that a number reaches; (none) below the first."""
    told = nw.lit(NONE)
    for name, edge in edges.items():
        told = nw.when(value >= edge).then(nw.lit(name)).otherwise(told)
    return told
