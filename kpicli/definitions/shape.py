"""The file as an author may write it, apart from the KPIs, whose kinds say what they take."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, Field, field_validator, model_validator

from kpicli.errors import nearest
from kpicli.kinds.written import Condition, Strict, Text, Texts, Value, Window
from kpicli.sources.declaration import Source
from kpicli.words.calendar import WEEKDAYS, Grain

Compared = Literal["previous", "year"]


class ZoneError(ValueError):
    """A time zone that nobody keeps; the hint names the nearest that somebody does."""

    def __init__(self, written: str) -> None:
        near = nearest(written, available_timezones())
        self.hint = f"did you mean {near}?" if near else "write one such as Europe/Berlin"
        super().__init__(f"{written!r} is not a time zone")


class Exclusion(Strict):
    """Rows that count nowhere, with every row that refers to them."""

    source: Text
    where: Condition
    reason: Text


class Did(Strict):
    """What an entity must have done by a period's end; without within: at any time before it."""

    source: Text
    where: Condition | None = None
    at_least: Annotated[int, Field(ge=1)] = 1
    within: Window | None = None

    @property
    def text(self) -> str:
        """The deed in words."""
        where = f" where {self.where.text}" if self.where else ""
        often = f"at least {self.at_least} rows" if self.at_least > 1 else "a row"
        when = f"in the {self.within} up to" if self.within else "at any time before"
        return f"{often} of {self.source}{where} {when} the period's end"


class Segment(Strict):
    """A column, a cut of a number (lower edges), a condition, or something done."""

    of: Value | None = None
    cut: Mapping[Text, float] | None = Field(None, alias="from")
    where: Condition | None = None
    did: Did | None = None

    @model_validator(mode="after")
    def _one(self) -> "Segment":
        ways = (self.of is not None, self.where is not None, self.did is not None)
        if sum(ways) != 1:
            raise ValueError("a segment has one of: a column, of: with from:, where:, did:")
        if self.cut is not None and list(self.cut.values()) != sorted(self.cut.values()):
            raise ValueError("from: lists the lower edges in ascending order")
        return self


def _segment(written: object) -> object:
    return {"of": written} if isinstance(written, str) else written


WrittenSegment = Annotated[
    Segment, BeforeValidator(_segment, json_schema_input_type=Segment | Text)
]


class Report(Strict):
    """Which KPIs stand in a report, in which order."""

    title: Text | None = None
    grain: Grain | None = None
    periods: Annotated[int, Field(ge=1, le=520)] | None = None
    compare: tuple[Compared, ...] = ("previous",)
    kpis: tuple[Text, ...] = Field(min_length=1)
    by: Texts = ()


class Shape(Strict):
    """The top of the file."""

    version: Literal[1]
    title: Text = "KPIs"
    timezone: Text = "UTC"
    week_starts: Literal[WEEKDAYS] = "monday"  # type: ignore[valid-type]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    grain: Grain | None = None
    include: Texts = ()
    sources: Mapping[Text, Source] = Field(default_factory=dict)
    exclude: tuple[Exclusion, ...] = ()
    segments: Mapping[Text, WrittenSegment] = Field(default_factory=dict)
    kpis: Mapping[Text, Mapping[str, Any]] = Field(default_factory=dict)
    reports: Mapping[Text, Report] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _zone(cls, written: str) -> str:
        try:
            ZoneInfo(written)
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise ZoneError(written) from wrong
        return written
