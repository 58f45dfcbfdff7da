"""What an author may write on every KPI."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from kpicli.words.calendar import WEEKDAYS, Grain
from kpicli.words.durations import Duration, parse_duration
from kpicli.words.expressions import Expression, all_of
from kpicli.words.instances import Instance
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
    return _condition_text(written)


def _condition_text(written: object) -> object:
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
    Expression,
    Instance(),
    BeforeValidator(_condition),
    WithJsonSchema(
        {"type": ["string", "object", "array"], "description": "a condition, as in SQL"}
    ),
]
Value = Annotated[
    Expression,
    Instance(),
    BeforeValidator(_expression),
    WithJsonSchema({"type": ["string", "number"], "description": "a column or an expression"}),
]
Span = Annotated[
    Duration,
    Instance(),
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "description": "a duration: 28d, 12mo, 30min"}),
]


def _calendar_steps(span: Duration) -> Duration:
    if not span.is_calendar:
        raise ValueError(f"{span}: a window is made of whole days; write 1d, 28d, 3mo")
    return span


def whole_weeks(window: Duration | None) -> None:
    """ValueError where a window is not made of weeks of seven days."""
    days = window.canonical if window else None
    if days is None or days.unit != "d" or days.amount % 7:
        raise ValueError("weeks are counted in a window of whole weeks: add window: 28d, or 4w")


Window = Annotated[Span, AfterValidator(_calendar_steps)]
Weekdays = Annotated[
    tuple[Literal[WEEKDAYS], ...],  # type: ignore[valid-type]
    BeforeValidator(as_list),
]
Within = Annotated[
    Annotated[Duration, Instance()] | Literal["ever"],
    BeforeValidator(lambda written: written if written == "ever" else _duration(written)),
    WithJsonSchema({"type": "string", "description": "a duration: 7d, 24h, 3mo; or ever"}),
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
    # Why a row does not count, in words that say more than those of every kind.
    left_out: ClassVar[Mapping[str, str]] = {}

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

    @property
    def title_note(self) -> str | None:
        """What stands behind the title, because numbers of the name are counted in two ways."""
        return None


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


class OverEntities(WrittenKpi):
    """The keys of kinds that follow entities through time.

    entity is the column that names who; the source with that key lists everyone who could have.
    population: seen says that no source does, so only who was seen among the rows counts.
    """

    entity: Text
    source: Text
    time: Text | None = None
    population: Literal["seen"] | None = None
    window: Window | None = None

    @property
    def is_seen(self) -> bool:
        """Whether no source lists everyone."""
        return self.population == "seen"

    @property
    def whom(self) -> str:
        """The entities in words: those of a list, or whoever was seen."""
        return f"{self.entity} seen in {self.source}" if self.is_seen else self.entity

    @property
    def when(self) -> str:
        """The days that are looked at, in words."""
        return f"the {self.window} up to the period's end" if self.window else "the period"


class Step(Strict):
    """Something that an entity did: rows of a source, where a condition holds, at a time."""

    source: Text
    where: Condition | None = None
    time: Text | None = None
    entity: Text | None = None

    @property
    def text(self) -> str:
        """The step in words."""
        return self.source + (f" where {self.where.text}" if self.where else "")

    def is_like(self, other: "Step") -> bool:
        """Whether one row is both steps: the same rows of the same source by the same time."""
        mine = (self.source, self.where and self.where.text, self.time)
        return mine == (other.source, other.where and other.where.text, other.time)


Lost = Annotated[
    Step | Annotated[Expression, Instance()],
    BeforeValidator(_condition_text, json_schema_input_type=Step | str),
]


def loss_of(lost: Step | Expression | None, goal: Step) -> Step | None:
    """The step after which nobody gets there; a condition speaks of the goal's rows."""
    if isinstance(lost, Expression):
        return goal.model_copy(update={"where": lost})
    return lost
