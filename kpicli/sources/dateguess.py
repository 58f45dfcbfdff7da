"""Which way of writing dates a column has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kpicli.sources.dates import date_of
from kpicli.sources.patterns import EXACT, ISO, parse_pattern

# Dots are day-first everywhere. A year of two digits stands last: 20-10-16 is never 2020.
CANDIDATES = (
    ISO,
    "YYYY/MM/DD",
    "YYYY.MM.DD",
    "YYYYMMDD",
    "DD.MM.YYYY",
    "DD.MM.YY",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "DD/MM/YY",
    "MM/DD/YY",
    "DD-MM-YYYY",
    "MM-DD-YYYY",
    "DD-MM-YY",
    "MM-DD-YY",
    "MMM DD, YYYY",
    "MMM DD YYYY",
    "DD MMM YYYY",
    "DD. MMM YYYY",
    "DD-MMM-YYYY",
    "DD-MMM-YY",
    "DD MMM YY",
    "DD/MMM/YYYY",
    "DDD, DD MMM YYYY",
    "YYYY-MM",
    "MM/YYYY",
    "MMM YYYY",
)


@dataclass(frozen=True)
class Found:
    """The one pattern that reads most texts; what it cannot read is no date."""

    pattern: str


@dataclass(frozen=True)
class Ambiguous:
    """Two patterns read the column, differently: an example text in both readings."""

    patterns: tuple[str, str]
    example: str
    readings: tuple[date, date]


@dataclass(frozen=True)
class NotADate:
    """No pattern reads even half of the texts: the first one, and what may help."""

    example: str
    hint: str | None


def find_format(distinct_texts: Sequence[str]) -> Found | Ambiguous | NotADate:
    """How the dates of a column are written, from all its distinct texts; blank ones are none.

    A column without any text is read as ISO. Two patterns that read the same texts differently,
    or each some text that the other cannot, are ambiguous: the author has to say.
    """
    texts = pl.Series("text", distinct_texts, dtype=pl.String).drop_nulls()
    texts = texts.filter(texts.str.strip_chars() != "")
    for exact, (regex, _) in EXACT.items():
        if not texts.is_empty() and texts.str.contains(regex).all():
            return Found(exact)
    if texts.is_empty() or texts.str.contains(parse_pattern(ISO).regex).all():
        return Found(_with_clock(ISO, texts))
    shaped = [one for one in CANDIDATES if texts.str.contains(parse_pattern(one).regex).any()]
    read = {pattern: _read(texts, pattern) for pattern in shaped or [ISO]}
    best = max(read, key=lambda pattern: read[pattern].count())
    if read[best].count() * 2 < len(texts):
        return NotADate(texts[0], _hint(texts))
    return _rival(texts, read, best) or Found(_with_clock(best, texts))


def _read(texts: pl.Series, pattern: str) -> pl.Series:
    expression = date_of(pl.col("text"), parse_pattern(pattern))
    return pl.DataFrame([texts]).select(expression.alias("day")).to_series()


def _rival(texts: pl.Series, read: Mapping[str, pl.Series], best: str) -> Ambiguous | None:
    """A pattern that reads some text otherwise, and is not refuted by another text."""
    ours = read[best]
    for pattern, theirs in read.items():
        differ = (ours != theirs).fill_null(False)
        if differ.any() and (
            theirs.count() == ours.count() or (ours.is_null() & theirs.is_not_null()).any()
        ):
            at = differ.arg_max() or 0
            return Ambiguous((best, pattern), texts[at], (ours[at], theirs[at]))
    return None


def _with_clock(pattern: str, texts: pl.Series) -> str:
    """The pattern with the letters of the clock times that follow the dates."""
    if not texts.str.contains("[0-9]:[0-9]{2}").any():
        return pattern
    seconds = ":ss" if texts.str.contains("[0-9]:[0-9]{2}:[0-9]{2}").any() else ""
    half = " am" if texts.str.contains(r"(?i)[ap]\.?m\.?\s*$").any() else ""
    return f"{pattern} hh:mm{seconds}{half}"


def _hint(texts: pl.Series) -> str | None:
    bare = texts.str.strip_chars()
    for digits, unit in ((10, "seconds"), (13, "milliseconds"), (16, "microseconds")):
        if bare.str.contains(rf"^1[0-9]{{{digits - 1}}}$").all():
            return f"numbers since 1970? write dates: {unit}"
    if bare.str.contains(r"^[2-6][0-9]{4}(\.[0-9]+)?$").all():
        return "numbers of a spreadsheet? write dates: excel"
    return "write dates: with letters as in a spreadsheet, such as DD.MM.YYYY"
