"""The keys that rules of good data share, as an author writes them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kpicli.errors import Level
from kpicli.sources.declaration import Share, Strict, Text

Columns = Annotated[
    tuple[Text, ...],
    BeforeValidator(
        lambda written: [written] if isinstance(written, str) else written,
        json_schema_input_type=Text | list[Text],
    ),
    Field(min_length=1),
]


class WrittenRule(Strict):
    """What every rule understands."""

    report: bool | None = None


class Levelled(WrittenRule):
    """A rule that is either a warning or an error."""

    level: Literal["warn", "error"] = "error"

    @property
    def at(self) -> Level:
        """The level of its problems."""
        return "warning" if self.level == "warn" else "error"


class OverRows(Levelled):
    """A rule of rows, of which a share may break it."""

    allow: Share = 0


def mapped(written: object, what: str) -> object:
    """ValueError where columns are not given with what is asked of them."""
    if not isinstance(written, Mapping) or not written:
        raise ValueError(f"write {what}")
    return written
