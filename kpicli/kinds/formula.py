"""Arithmetic on other KPIs' values, period by period and segment by segment."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from kpicli.kinds.base import Lookup, Told, no_contributions, no_needs, stays
from kpicli.kinds.written import WrittenKpi
from kpicli.words.formulas import Formula, parse_formula
from kpicli.words.instances import Instance
from kpicli.words.types import ColumnType

needs = no_needs
contributions = no_contributions
per_period = stays


def _formula(written: object) -> object:
    return parse_formula(written) if isinstance(written, str) else written


class Written(WrittenKpi):
    """`formula` names KPIs: + - * /, numbers, coalesce, least, greatest, lag(kpi, periods).

    parts: true shows what it is told from beside it.
    """

    formula: Annotated[
        Formula, Instance(), BeforeValidator(_formula), WithJsonSchema({"type": "string"})
    ]
    parts: bool = False


def inputs(written: Written) -> tuple[str, ...]:
    """The KPIs that the formula names."""
    return written.formula.names


def told(written: Written, lookup: Lookup) -> Told:
    """The formula's value; null where an input is null or a divisor is 0."""
    found = written.formula.evaluate(lookup)
    return Told(found.value, found.reason)


def look_back(written: Written) -> int:
    """The furthest `lag`."""
    return max((back for _, back in written.formula.inputs), default=0)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A number: only the author knows what it is of."""
    return "number"


def sentence(written: Written) -> str:
    """The formula itself."""
    return written.formula.text
