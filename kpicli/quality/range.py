"""Between which edges the values of a column lie."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Self

import narwhals as nw
from pydantic import BeforeValidator, Field, model_validator

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import OverRows, mapped
from kpicli.sources.declaration import Strict
from kpicli.sources.declaration import Text as Word
from kpicli.words import expressions
from kpicli.words.expressions import Call, Expression, Name
from kpicli.words.translation import translate

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = True, True, False, False
others, judged, keys = base.no_others, None, base.no_keys
_FORM = "range: {COLUMN: {from: 0, to: 10}}"
Edge = int | float | Word


class Edges(Strict):
    """The least and the greatest value; both belong."""

    low: Edge | None = Field(None, alias="from")
    high: Edge | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError(f"a range has an edge: {_FORM}")
        edges = [edge for edge in (self.low, self.high) if isinstance(edge, int | float)]
        if edges != sorted(edges):
            raise ValueError(f"from: {self.low} lies above to: {self.high}")
        return self

    @property
    def text(self) -> str:
        """What lies beyond, in words."""
        if self.low is None or self.high is None:
            return f"is below {self.low}" if self.high is None else f"is above {self.high}"
        return f"is not between {self.low} and {self.high}"


class Written(OverRows):
    """Between which edges the values of columns lie."""

    range: Annotated[Mapping[Word, Edges], BeforeValidator(lambda written: mapped(written, _FORM))]


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """Each column, compared with its edges."""
    for column, edges in written.range.items():
        yield Wanted(("range", column), _beyond(column, edges), "yes_no")


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows with a value beyond an edge; a row without any is not held against it."""
    for column, edges in written.range.items():
        beyond = translate(_beyond(column, edges), seen.types, seen.zone)
        filled = ~nw.col(column).is_null()
        said = f"{column} {edges.text}"
        yield Mark(column, said, beyond, filled, written.at, written.allow)


def _beyond(column: str, edges: Edges) -> Expression:
    sides = (("<", edges.low), (">", edges.high))
    calls = tuple(
        Call(verb, (Name(column, 0), _literal(edge)), 0) for verb, edge in sides if edge is not None
    )
    return Expression(f"range: {column}", calls[0] if len(calls) == 1 else Call("or", calls, 0))


def _literal(edge: Edge) -> expressions.Node:
    if isinstance(edge, str):
        return expressions.Text(edge)
    return expressions.Number(Decimal(str(edge)))
