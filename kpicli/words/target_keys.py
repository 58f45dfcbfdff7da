"""The keys of a KPI that say what is expected of it, as an author writes them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from kpicli.words.dates import day_from

EACH = "each"

_PLAIN_SCHEMA = {"type": ["string", "number"], "description": "30%, 1200, 20d"}


def _plain_edge(written: object) -> object:
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise ValueError("write one value, such as 30%, 1200 or 20d")
    return written


def _plain_or_band(written: object) -> object:
    if isinstance(written, Mapping):
        return _band(written)
    if isinstance(written, bool) or not isinstance(written, str | int | float | WrittenBand):
        raise ValueError("write one value, such as 30%, or a band: {from: 20, to: 40}")
    return written


def _band(written: Mapping[str, object]) -> "WrittenBand":
    # Checked here and not by the union, whose errors would name forms nobody wrote.
    if set(written) != {"from", "to"}:
        raise ValueError("a band has two ends: {from: 20, to: 40}")
    return WrittenBand.model_validate({end: _plain_edge(value) for end, value in written.items()})


def _day(written: object) -> object:
    return day_from(written) if isinstance(written, str) else _no_day(written)


def _no_day(written: object) -> date:
    if not isinstance(written, date):
        raise ValueError(f"{written} is not a date; write it as 2026-01-31")
    return written


def _segment_value(written: object) -> object:
    """Values of a segment are text, also those that YAML reads as a number or as true."""
    if isinstance(written, bool):
        return str(written).lower()
    if isinstance(written, int | float):
        return str(written)
    if not isinstance(written, str):
        raise ValueError("write one value, 'each' or '(none)'; several values are several rules")
    return written


def _one_or_several(written: object) -> object:
    return [written] if isinstance(written, str) else written


class _Keys(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


PlainEdge = Annotated[
    str | int | float, BeforeValidator(_plain_edge), WithJsonSchema(_PLAIN_SCHEMA)
]


class WrittenBand(_Keys):
    """Good is inside: from and to belong to it."""

    from_: PlainEdge = Field(alias="from")
    to: PlainEdge


WrittenEdge = Annotated[
    str | int | float | WrittenBand,
    BeforeValidator(_plain_or_band),
    WithJsonSchema(
        {
            "anyOf": [
                _PLAIN_SCHEMA,
                {
                    "type": "object",
                    "properties": {"from": _PLAIN_SCHEMA, "to": _PLAIN_SCHEMA},
                    "required": ["from", "to"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
Day = Annotated[date, BeforeValidator(_day)]
SegmentValue = Annotated[
    str,
    BeforeValidator(_segment_value),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Text = Annotated[str, Field(min_length=1)]
Owners = Annotated[
    tuple[Text, ...],
    BeforeValidator(_one_or_several),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class WrittenRule(_Keys):
    """One entry of targets: for whom, from when, and what is expected."""

    for_: Mapping[str, SegmentValue] = Field(default_factory=dict, alias="for")
    from_: Day | None = Field(default=None, alias="from")
    target: WrittenEdge
    yellow: WrittenEdge | None = None
    owner: Owners = ()
    if_red: Text | None = None


class WrittenMute(_Keys):
    """Shown, not judged, while the reading date is before `until`."""

    until: Day
    reason: Text | None = None


class WrittenTargets(_Keys, defer_build=True):
    """What an author may write on a KPI to have it judged; better None: as its kind says."""

    better: Literal["higher", "lower"] | None = None
    target: WrittenEdge | None = None
    yellow: WrittenEdge | None = None
    targets: tuple[WrittenRule, ...] = ()
    min_n: Annotated[int, Field(ge=1)] | None = None
    red_after: Annotated[int, Field(ge=1)] = 1
    gate: bool = True
    mute: WrittenMute | None = None
    if_no_data: Literal["fail", "pass"] | None = None
    owner: Owners = ()
    if_red: Text | None = None
