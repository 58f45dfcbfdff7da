"""What an author may write on every KPI."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, WithJsonSchema

from kpicli.words.calendar import Grain
from kpicli.words.durations import Duration, parse_duration
from kpicli.words.expressions import Expression, all_of
from kpicli.words.mappings import parse_mapping
from kpicli.words.parsing import parse_condition, parse_expression
from kpicli.words.targets import WrittenTargets

Text = Annotated[str, Field(min_length=1)]
UNITS = Literal[
    "ratio", "count", "number", "score", "minutes", "hours", "days", "months", "money", "money/day"
]


def _condition(written: object) -> object:
    if isinstance(written, list):
        return all_of(*(_condition(one) for one in written))  # type: ignore[arg-type]
    if isinstance(written, Mapping):
        return parse_mapping(written)
    return parse_condition(written) if isinstance(written, str) else written


def _expression(written: object) -> object:
    if isinstance(written, int | float) and not isinstance(written, bool):
        return parse_expression(str(written))
    return parse_expression(written) if isinstance(written, str) else written


def _duration(written: object) -> object:
    return parse_duration(written) if isinstance(written, str) else written


def as_list(written: object) -> object:
    """One value where a list is meant."""
    return [written] if isinstance(written, str | Mapping) else written


Condition = Annotated[
    InstanceOf[Expression],
    BeforeValidator(_condition),
    WithJsonSchema(
        {"type": ["string", "object", "array"], "description": "a condition, as in SQL"}
    ),
]
Value = Annotated[
    InstanceOf[Expression],
    BeforeValidator(_expression),
    WithJsonSchema({"type": ["string", "number"], "description": "a column or an expression"}),
]
Span = Annotated[
    InstanceOf[Duration],
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "description": "a duration: 28d, 12mo, 30min"}),
]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(as_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Splits = Annotated[
    tuple[Annotated[tuple[Text, ...], BeforeValidator(as_list)], ...],
    BeforeValidator(as_list, json_schema_input_type=Text | list[Text | list[Text]]),
]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# What a hint lists first after a kind's own keys.
COMMON_KEYS = (
    "source", "where", "time", "kind", "title", "grain", "target", "yellow", "better", "owner",
    "if_red", "by", "unit", "group", "description",
)  # fmt: skip


class WrittenKpi(WrittenTargets):
    """The keys that every kind understands; meant says what helps for a key that others take."""

    meant: ClassVar[Mapping[str, str]] = {}

    kind: Text
    title: Text | None = None
    description: Text | None = None
    group: Text | None = None
    unit: UNITS | None = None
    grain: Grain | None = None
    by: Splits = ()
    top: Annotated[int, Field(ge=1, le=1000)] = 12
    if_green: Text | None = None
    decides: Text | None = None
    benchmark: Text | None = None
    review: Text | None = None
    notes: Mapping[str, Text] = Field(default_factory=dict)


class OverRows(WrittenKpi):
    """The keys of kinds over the rows of one source."""

    source: Text
    where: Condition | None = None
    time: Text | None = None


class OverSides(WrittenKpi):
    """The keys of kinds whose sides may name sources of their own."""

    source: Text | None = None
    where: Condition | None = None
    time: Text | None = None
