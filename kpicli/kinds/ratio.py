"""One measure divided by another, of one source or of two."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import narwhals as nw
from pydantic import BeforeValidator, Field, model_validator

from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import Answer, Contributions, Ratio, no_inputs, no_look_back, not_told, stays
from kpicli.kinds.written import Condition, OverSides, Strict, Value
from kpicli.needs import Asked, Rows
from kpicli.words.expressions import Expression, all_of
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


class Measure(Strict):
    """One side: `sum` of an expression, `count` of rows, or `count_distinct` of a column."""

    sum: Value | None = None
    count: str | None = Field(None, description="the source whose rows are counted, or 'rows'")
    count_distinct: Value | None = None
    source: str | None = None
    where: Condition | None = None
    time: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(side is not None for side in (self.sum, self.count, self.count_distinct)) != 1:
            raise ValueError("a measure has one of sum, count, count_distinct")
        return self

    @property
    def told(self) -> Expression | None:
        """The expression that the side is about."""
        return self.sum or self.count_distinct

    @property
    def text(self) -> str:
        """The side in words."""
        match self:
            case Measure(sum=Expression(text=text)):
                words = f"the sum of {text}"
            case Measure(count_distinct=Expression(text=text)):
                words = f"the number of distinct {text}"
            case _:
                words = "the number of rows"
        where = f" where {self.where.text}" if self.where else ""
        source = f" of {self.named}" if self.named else ""
        return words + source + where

    @property
    def named(self) -> str | None:
        """The source it names itself; `count: tickets` names one too."""
        return self.source or (self.count if self.count != "rows" else None)


def _measure(written: object) -> object:
    return {"sum": written} if isinstance(written, str | int | float) else written


Side = Annotated[Measure, BeforeValidator(_measure, json_schema_input_type=Measure | str | float)]


class Written(OverSides):
    """`numerator` and `denominator` are measures: a column (its sum) or a mapping."""

    numerator: Side
    denominator: Side

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        for name in ("numerator", "denominator"):
            if not (self.source or getattr(self, name).named):
                raise ValueError(f"{name} has no source; write source: on the KPI or on the side")
        return self


def needs(written: Written) -> Mapping[str, Rows]:
    """The rows of each side; one need where both sides are columns of the same rows."""
    if _one_table(written):
        return {"rows": _need(written, written.numerator, written.denominator)}
    return {
        "numerator": _need(written, written.numerator),
        "denominator": _need(written, written.denominator),
    }


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per row of a side; the other side's column is 0, unless one row has both."""
    if "rows" in answers:
        rows = in_periods(answers["rows"].frame, calendar.days)
        types = answers["rows"].types
        both = rows.with_columns(numerator=nw.col("value_0"), denominator=nw.col("value_1"))
        return (
            Contributions(both, Ratio(), numerator=types["value_0"], denominator=types["value_1"]),
        )
    above = _table(written.numerator, answers["numerator"], calendar)
    below = _table(written.denominator, answers["denominator"], calendar)
    kinds: dict[str, Any] = {
        "numerator": answers["numerator"].types.get("value_0", "number")
        if written.numerator.sum
        else "number",
        "denominator": answers["denominator"].types.get("value_0", "number")
        if written.denominator.sum
        else "number",
    }
    zero = nw.lit(0)
    return (
        Contributions(
            above.with_columns(numerator=nw.col("told"), denominator=zero),
            Ratio(),
            once=written.numerator.count_distinct is not None,
            counted=False,
            values="numerator" if written.numerator.sum else None,
            **kinds,
        ),
        Contributions(
            below.with_columns(numerator=zero, denominator=nw.col("told")),
            Ratio(),
            once=written.denominator.count_distinct is not None,
            values="denominator" if written.denominator.sum else None,
            **kinds,
        ),
    )


def _one_table(written: Written) -> bool:
    above, below = written.numerator, written.denominator
    plain = above.sum is not None and below.sum is not None
    alike = (above.named, above.where, above.time) == (below.named, below.where, below.time)
    return plain and alike


def _need(written: Written, *sides: Measure) -> Rows:
    first = sides[0]
    asked = tuple(
        Asked(f"value_{place}", side.told, "text" if side.count_distinct else "number")
        for place, side in enumerate(sides)
        if side.told
    )
    source = first.named or written.source or ""
    own = first.named in (None, written.source)
    where = all_of(written.where if own else None, first.where)
    time = first.time or (written.time if own else None)
    return Rows(source, asked, where, time, alone=True)


def _table(side: Measure, answer: Answer, calendar: Days) -> Lazy:
    rows = in_periods(answer.frame, calendar.days)
    if side.count_distinct:
        return rows.with_columns(entity=nw.col("value_0"), told=nw.lit(1))
    return rows.with_columns(told=nw.col("value_0") if side.sum else nw.lit(1))


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A ratio of two like things, else a number; money per thing is money."""
    money = types.get("value_0") == "money" and written.numerator.sum is not None
    return "money" if money and written.denominator.sum is None else "ratio"


def sentence(written: Written) -> str:
    """Say it in words."""
    words = f"{written.numerator.text} divided by {written.denominator.text}"
    return words[0].upper() + words[1:]
