"""How late rows arrive: from when something happened to when it was received."""

from collections.abc import Iterator
from typing import Annotated, Self

import narwhals as nw
from pydantic import AfterValidator, Field, model_validator

from kpicli.errors import Level
from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import WrittenRule
from kpicli.sources.declaration import Share, Span, Strict, Text
from kpicli.words.durations import Duration
from kpicli.words.midnights import first_instant

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = True, True, False, True
others, judged, keys = base.no_others, None, base.no_keys
_MICROS = {"min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000}


def _measured(span: Duration) -> Duration:
    if span.unit not in _MICROS:
        raise ValueError(f"{span}: a lag is written in min, h, d (24 hours) or w")
    return span


Lag = Annotated[Span, AfterValidator(_measured)]


class Late(Strict):
    """Which column says when a row was received, and how late most may be."""

    column: Text = "received_at"
    warn: Lag | None = None
    error: Lag | None = None
    share: Annotated[Share, Field(gt=0)] = 0.95

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.warn is None and self.error is None:
            raise ValueError("a lag has a limit: {column: received_at, warn: 2h, error: 24h}")
        return self

    @property
    def limits(self) -> tuple[tuple[Level, Duration], ...]:
        """The limits that are written, the graver first."""
        written: tuple[tuple[Level, Duration | None], ...] = (
            ("error", self.error),
            ("warning", self.warn),
        )
        return tuple((level, span) for level, span in written if span is not None)


class Written(WrittenRule):
    """How late rows arrive."""

    lag: Late


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """The two times."""
    yield Wanted(("lag", "column"), written.lag.column, "time")
    if source.happened:
        yield Wanted(("lag",), source.happened, "time")


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows that arrived later than a limit; one that lacks a time is not held against it.

    A row that arrived before it happened is not late: the clocks differ.
    """
    late, happened = written.lag, seen.source.happened or ""
    arrived, began = (_instant(column, seen) for column in (late.column, happened))
    lag = arrived - began
    for level, span in late.limits:
        said = f"{late.column} is more than {span} after {happened}"
        breaks = lag > nw.lit(span.amount * _MICROS[span.unit]).cast(nw.Duration("us"))
        yield Mark(late.column, said, breaks, ~lag.is_null(), level, round(1 - late.share, 12))


def _instant(column: str, seen: Seen) -> nw.Expr:
    day = seen.types[column] == "date"
    return first_instant(nw.col(column), seen.zone.key) if day else nw.col(column)
