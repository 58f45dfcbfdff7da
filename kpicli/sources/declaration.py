"""What an author may write on a source."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from kpicli.sources.beneath import known_preset, with_preset
from kpicli.sources.meanings import Meaning, plain_words, told_once, with_yes_no
from kpicli.sources.presets import Preset, preset_named
from kpicli.sources.reading import Reading
from kpicli.words.dates import day_from
from kpicli.words.durations import Duration, parse_duration
from kpicli.words.expressions import Expression
from kpicli.words.instances import Instance
from kpicli.words.parsing import parse_condition
from kpicli.words.types import ColumnType, TypeWord, type_of_word

Text = Annotated[str, Field(min_length=1)]


def _as_list(written: object) -> object:
    return [written] if isinstance(written, str) else written


def _share(written: object) -> object:
    """`1%` as 0.01; a plain fraction stays."""
    if isinstance(written, str) and written.strip().endswith("%"):
        try:
            return float(written.strip().removesuffix("%")) / 100
        except ValueError as wrong:
            raise ValueError(f"{written!r} is not a percentage; write 1%") from wrong
    if isinstance(written, int | float) and 1 < written <= 100:
        raise ValueError(f"{written} is more than all; write {written}%")
    return written


def _duration(written: object) -> object:
    return parse_duration(written) if isinstance(written, str | int) else written


def _separator(written: object) -> object:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}.get(str(written), written)


def _condition(written: object) -> object:
    return parse_condition(written) if isinstance(written, str) else written


Condition = Annotated[
    Expression,
    Instance(),
    BeforeValidator(_condition),
    WithJsonSchema({"type": "string", "description": "a condition, as in SQL"}),
]
Share = Annotated[
    float,
    BeforeValidator(_share),
    Field(ge=0, le=1),
    WithJsonSchema({"type": ["string", "number"]}),
]
Span = Annotated[Duration, BeforeValidator(_duration), WithJsonSchema({"type": "string"})]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_as_list, json_schema_input_type=Text | list[Text])
]
Words = Annotated[Mapping[Text, Meaning], Field(min_length=1), AfterValidator(told_once)]
Word = Literal["comma", "semicolon", "tab", "pipe"]
Separator = Annotated[
    Word,
    BeforeValidator(_separator, json_schema_input_type=Word | Literal[",", ";", "\t", "|"]),
]
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Freshness(Strict):
    """How old the newest row may be before it is a warning or an error."""

    warn: Span | None = None
    error: Span | None = None

    @model_validator(mode="before")
    @classmethod
    def _keyed(cls, written: object) -> object:
        if isinstance(written, str):
            raise ValueError("it has keys, such as {warn: 3d, error: 7d}")
        return written


class Rates(Strict):
    """Which source holds the rates, and which date of the row picks one."""

    source: Text
    on: Text


class Identity(Strict):
    """Which ids are one: the id in the column `from` is that in the column `to`.

    same: both columns hold ids of one kind, so that an id that is not named is its own.
    """

    from_: Text = Field(alias="from")
    to: Text
    same: bool = False

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("from: and to: are two columns of the file, one id in each")
        return self

    @property
    def space(self) -> str:
        """The kind of the ids in the column `from`, by the name of a column that holds them."""
        return self.to if self.same else self.from_


# How sessions are called; what else may be written on them.
SESSION_KEYS = {"key": "session_id", "start": "start", "end": "end"}
_OF_SESSIONS = {"gap", "entity", "pages", "refers_to", "quiet", "freshness", "description",
                *SESSION_KEYS}  # fmt: skip


class Source(Strict):
    """An export: its files, how they are written, what its columns mean.

    Or sessions: rows of another source, `from`, of one entity without a pause longer than `gap`.
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["path"]}, {"required": ["from", "gap"]}]}
    )

    path: Texts = ()
    preset: Annotated[Text, AfterValidator(known_preset)] | None = None
    made_from: Text | None = Field(None, alias="from")
    gap: Span | None = None
    entity: Text | None = None
    pages: Condition | None = None
    time: Text | None = None
    start: Text | None = None
    end: Text | None = None
    key: Text | None = None
    valid_from: Text | None = None
    valid_to: Text | None = None
    columns: Mapping[Text, Annotated[Texts, Field(min_length=1)]] = Field(default_factory=dict)
    refers_to: Mapping[Text, Text] = Field(default_factory=dict)
    separator: Separator | None = None
    encoding: Text | None = None
    skip_lines: Annotated[int, Field(ge=0)] = 0
    header: tuple[Text, ...] | None = None
    header_rows: Annotated[int, Field(ge=1, le=9)] = 1
    sheet: Text | None = None
    footer_from: Text | None = None
    decimal: Literal["point", "comma"] = "point"
    thousands: Text | None = None
    nulls: Texts = ()
    types: Mapping[Text, TypeWord] = Field(default_factory=dict)
    values: Mapping[Text, Words] = Field(default_factory=dict)
    only_if: Mapping[Text, Text] = Field(default_factory=dict)
    dates: Text | Mapping[Text, Text] | None = None
    zone: Text | None = None
    skip_bad_rows: Share = 0.01
    unique: Texts = ()
    unique_over: Literal["day", "all"] = "day"
    keep: Literal["newest"] | None = None
    updated: Text | None = None
    currency: Text | None = None
    currency_column: Text | None = None
    rates: Rates | None = None
    identity: Identity | None = None
    history_starts: Text | None = None
    quiet: Span | None = None
    freshness: Freshness | None = None
    quality: tuple[Mapping[Text, Any], ...] = ()
    description: Text | None = None

    @field_validator("history_starts")
    @classmethod
    def _day(cls, written: str | None) -> str | None:
        if written is not None:
            day_from(written)
        return written

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, written: object) -> object:
        """The keys that nobody has to write: the columns of sessions, what a preset says."""
        if not isinstance(written, Mapping):
            return written
        if "from" in written:
            return {**SESSION_KEYS, **written}
        return with_yes_no(with_preset(written))

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        """Files, or sessions made of another source."""
        if self.made_from is None and not self.path:
            raise ValueError("write path:, the files; or from: and gap:, for sessions of a source")
        if self.made_from is None:
            if self.gap or self.entity or self.pages:
                raise ValueError(
                    "gap:, entity: and pages: are of sessions: add from:, their source"
                )
            return self
        foreign = self.model_fields_set - {"made_from", *_OF_SESSIONS}
        if foreign:
            key = min(foreign)
            raise ValueError(
                f"{key}: is written on {self.made_from}, which the sessions are made of"
            )
        if self.gap is None or self.gap.is_calendar:
            raise ValueError("sessions end with a pause: add gap: 30min")
        return self

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.end and not self.start:
            raise ValueError("end: needs start:; a source that lasts has both")
        if self.valid_to and not self.valid_from:
            raise ValueError(
                "valid_to: needs valid_from:; a row that was true for a while has both"
            )
        if self.valid_from and not self.key:
            raise ValueError("valid_from: needs key:, the column that says of what it is true")
        if self.currency and self.currency_column:
            raise ValueError("write currency: or currency_column:, not both")
        if self.rates and not self.currency_column:
            raise ValueError("rates: needs currency_column:, the column that names the currency")
        if self.header and self.header_rows > 1:
            raise ValueError("write header:, names for a file without, or header_rows:, not both")
        if self.keep and not self.unique:
            raise ValueError("keep: needs unique:, the column whose rows are compared")
        return self

    @property
    def known_as(self) -> Preset | None:
        """The preset that lies beneath its own keys."""
        return preset_named(self.preset) if self.preset else None

    def headers_of(self, column: str) -> tuple[str, ...]:
        """What a file may call our column, the first before the others."""
        return self.columns.get(column, (column,))

    def may_lack(self, column: str) -> bool:
        """Whether a file may be without a column: only the preset speaks of it."""
        offered = self.known_as.columns if self.known_as else {}
        return column in offered and self.columns.get(column) in (None, offered[column])

    @property
    def kinds(self) -> dict[str, ColumnType]:
        """The types of the columns that types: declares."""
        return {column: type_of_word(word) for column, word in self.types.items()}

    @property
    def happened(self) -> str | None:
        """The column that records what happened: time, else start."""
        return self.time or self.start

    def reading(self, zone: str) -> Reading:
        """How its files are written; zone is the project's, for times written without one."""
        return Reading(
            separator=SEPARATORS[self.separator] if self.separator else None,
            encoding=self.encoding,
            skip_lines=self.skip_lines,
            header=self.header,
            header_rows=self.header_rows,
            sheet=self.sheet,
            footer_from=self.footer_from,
            decimal=self.decimal,
            thousands=self.thousands,
            nulls=self.nulls,
            types=self.types,
            values={column: plain_words(told) for column, told in self.values.items()},
            dates=self.dates,
            zone=self.zone or zone,
            skip_bad_rows=self.skip_bad_rows,
        )
