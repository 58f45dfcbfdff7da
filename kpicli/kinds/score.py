"""Net promoter score: the share of promoters minus the share of detractors, times 100."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, Self

import narwhals as nw
from pydantic import model_validator

from kpicli.frames.answers import CYCLE, RESPONDENT, newest_of_cycle, newest_of_period, only_asked
from kpicli.frames.crowds import listed
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.frames.windows import in_periods
from kpicli.kinds.base import (
    Answer,
    Contributions,
    Interval,
    Ratio,
    no_inputs,
    no_look_back,
    not_told,
    stays,
)
from kpicli.kinds.written import OverRows, Text, Value
from kpicli.needs import (
    COMMENT,
    ENTITY,
    Asked,
    Moments,
    Need,
    Rows,
    lack_of,
    of_entity,
    population,
)
from kpicli.words.expressions import Expression, Name
from kpicli.words.types import ColumnType

inputs = no_inputs
told = not_told
look_back = no_look_back
per_period = stays


PROMOTER, PASSIVE = 9, 7
WEIGHT = "weight"
SCALE = (0, 10)
BANDS = ("promoters", "passives", "detractors")
# What a column is called where the definition says auto, if the answers have it at all.
AUTO = "auto"
_USUAL = {RESPONDENT: "respondent_id", CYCLE: "cycle", COMMENT: "comment"}


class Written(OverRows):
    """`of` is the answer, 0 to 10; `scale: 0-10` insists on it where all answers are low.

    respondent: the column that says who answered; of several answers in one survey cycle (the
    column named by cycle, else the period) the newest counts. vote: account gives each account one
    vote, the mean of its answers; account names the column, weight counts by an amount. auto is
    the usual name of a column, where the answers have it. comments: the column whose newest texts
    of detractors stand beside a red score; none shows no texts.
    """

    left_out: ClassVar[Mapping[str, str]] = {"ineligible": "answered again in the same cycle"}

    of: Value
    scale: Literal["0-10"] | None = None
    respondent: Text | None = None
    cycle: Text | None = None
    vote: Literal["answer", "account"] = "answer"
    account: Text = "account_id"
    weight: Value | None = None
    comments: Text | None = None
    population: Literal["seen"] | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.cycle and not self.respondent:
            raise ValueError("cycle: says when a respondent answers anew: add respondent: COLUMN")
        by_account = {"account", WEIGHT, "population"} & self.model_fields_set
        if by_account and self.vote != "account":
            raise ValueError(f"{min(by_account)}: is of votes by account: add vote: account")
        return self

    @property
    def title_note(self) -> str | None:
        """Whose votes are counted, where those are not the answers."""
        weighed = f", by {self.weight.text}" if self.weight else ""
        return f"one vote per account{weighed}" if self.vote == "account" else None


def needs(written: Written) -> Mapping[str, Need]:
    """The answers; for votes by account also every account."""
    asked = tuple(_asked(written))
    rows = (written.source, asked, written.where, written.time)
    once = written.respondent is not None
    if written.vote == "answer":
        return {"rows": Rows(*rows, whole=once)}
    seen = written.population == "seen"
    answers = Moments(*rows, splits=True, whole=once, reasons=True)
    return {"rows": answers, "everyone": population(written.account, seen=seen)}


def _asked(written: Written) -> Iterator[Asked]:
    """The account first, by which a list of accounts finds it."""
    if written.vote == "account":
        yield of_entity(written.account)
    yield Asked("answer", written.of, "number", within=SCALE, full_scale=written.scale is None)
    if written.respondent:
        yield _text(RESPONDENT, written.respondent)
        if written.cycle != "period":
            yield _text(CYCLE, written.cycle or AUTO)
    if written.comments != "none":
        yield _text(COMMENT, written.comments or AUTO)
    if written.weight:
        # Who answered twice answered twice, whatever the accounts weigh.
        once = written.respondent is not None
        yield Asked(WEIGHT, written.weight, "number", may_lack=once)


def _text(name: str, column: str) -> Asked:
    """A column's texts; empty where the cell is, or where there is no column of the usual name."""
    named = _USUAL[name] if column == AUTO else column
    return Asked(name, Expression(named, Name(named)), "text", empty="", optional=column == AUTO)


def contributions(
    written: Written, answers: Mapping[str, Answer], calendar: Days
) -> tuple[Contributions, ...]:
    """One row per answer; numerator +1, 0 or −1, denominator 1; and a table per band.

    With votes by account one row per account: the mean of its answers, times its weight.
    """
    rows = _dated(written, answers["rows"].frame, calendar)
    banded = rows.with_columns(**_bands(nw.col("answer")), weight=_weight(written))
    quotes = () if written.comments == "none" else (_quotes(banded),)
    if written.vote == "answer":
        return (*_tables(banded, "mean", "wilson", "number"), *quotes)
    votes = listed(_votes(banded), answers["everyone"].frame)
    # Weighted votes are not draws of one size.
    each: Interval | None = None if written.weight else "mean"
    weighed = answers["rows"].types.get(WEIGHT, "number")
    return (*_tables(votes, each, None, weighed), *quotes)


def _dated(written: Written, answers: Lazy, calendar: Days) -> Lazy:
    """The answers by period; the older ones of a respondent and cycle do not count."""
    if written.respondent is None:
        return in_periods(answers, calendar.days)
    if written.cycle == "period":
        answers = answers.with_columns(nw.lit("").alias(CYCLE))
    marked = newest_of_cycle(answers, calendar.spans)
    newest = only_asked(newest_of_period(in_periods(marked, calendar.days)))
    if written.weight is None:
        return newest
    return newest.with_columns(left_out=nw.coalesce("left_out", lack_of(WEIGHT)))


def _bands(answer: nw.Expr) -> dict[str, nw.Expr]:
    inside = {
        "promoters": answer >= PROMOTER,
        "passives": (answer >= PASSIVE) & (answer < PROMOTER),
        "detractors": answer < PASSIVE,
    }
    return {name: _yes(holds) for name, holds in inside.items()}


def _yes(holds: nw.Expr) -> nw.Expr:
    return nw.when(holds).then(nw.lit(1)).otherwise(nw.lit(0))


def _weight(written: Written) -> nw.Expr:
    return nw.col(WEIGHT) if written.weight else nw.lit(1)


def _votes(rows: Lazy) -> Lazy:
    """An account's share of each band among its answers that count, and its weight.

    The weight may change within a period: that of the newest answer holds, of two the higher one.
    """
    counts = nw.col("left_out").is_null()
    counting = {name: nw.when(counts).then(nw.col(name)) for name in (*BANDS, WEIGHT)}
    # A list without time has no moments.
    at = nw.when(counts).then(nw.col("at").fill_null(0))
    newest = nw.col("newest") == nw.col("newest").max().over("period", ENTITY)
    found = (
        rows.with_columns(newest=at, **counting)
        .with_columns(nw.when(newest).then(nw.col(WEIGHT)).alias(WEIGHT))
        .group_by("period", ENTITY)
        .agg(
            *(nw.col(name).mean() for name in BANDS),
            weight=nw.col(WEIGHT).max(),
            why=nw.col("left_out").min(),
        )
    )
    reason = nw.when(nw.col(WEIGHT).is_null()).then(nw.col("why"))
    return found.with_columns(left_out=reason).drop("why")


def _tables(
    rows: Lazy, score: Interval | None, share: Interval | None, weighed: ColumnType
) -> Iterator[Contributions]:
    weight = nw.col(WEIGHT)
    votes: dict[str | None, nw.Expr] = {None: nw.col("promoters") - nw.col("detractors")}
    votes |= {name: nw.col(name) for name in BANDS}
    for part, vote in votes.items():
        told = rows.with_columns(numerator=vote * weight, denominator=weight)
        estimate = Ratio(100, share if part else score)
        yield Contributions(told, estimate, part=part, numerator=weighed, denominator=weighed)


def _quotes(rows: Lazy) -> Contributions:
    """What detractors wrote."""
    wrote = (nw.col("detractors") == 1) & (nw.col(COMMENT).str.strip_chars() != "")
    return Contributions(rows.filter(wrote), Ratio(), part="detractors", quotes=COMMENT)


def unit(written: Written, types: Mapping[str, ColumnType]) -> str:
    """A score from −100 to 100."""
    return "score"


def sentence(written: Written) -> str:
    """Share of 9 and 10 minus share of 0 to 6."""
    said = (
        f"Share of answers with {written.of.text} 9 or 10 minus share with 0 to 6, times 100, "
        f"over the answers of {written.source}; 7 and 8 count in the denominator"
    )
    if written.respondent:
        said += f"; {_once(written)}"
    if written.vote == "account":
        weight = f", weighted by {written.weight.text}" if written.weight else ""
        said += f"; told of each {written.account} on its own, the mean of these{weight}"
    return said


def _once(written: Written) -> str:
    """Which answer of a respondent counts, in words."""
    who, cycle = written.respondent, written.cycle or AUTO
    there = ", where the answers say who," if who == AUTO else ""
    who = _USUAL[RESPONDENT] if who == AUTO else who
    each = {AUTO: "cycle (period where there is none)", "period": "period"}.get(cycle, cycle)
    return f"of several answers of one {who} in one {each}{there} the newest counts"
