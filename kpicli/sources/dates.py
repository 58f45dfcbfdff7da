"""Dates and times read from text."""

import polars as pl

from kpicli.sources.bound import bound
from kpicli.sources.patterns import Pattern

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {name: str(number) for number, name in enumerate(_MONTHS, 1)}
# Two digits of a year: 00–68 are 2000–2068, 69–99 are 1969–1999, as in POSIX.
_LAST_OF_2000S = "68"
# The spreadsheet's number of 1 January 1970, and the last one that is a day off.
_SERIAL_1970, _LAST_WRONG, _SECONDS_OF_DAY = 25_569, 60, 86_400
_HOUR = pl.duration(hours=1)
# What is told of a text's parts, beside them.
_CLOCK, _OFFSET, _AT = "clock time", "offset", "instant"


def date_of(text: pl.Expr, pattern: Pattern) -> pl.Expr:
    """Date, as it is written: never moved between zones; null where it is no such date.

    Of a number since 1970 it is the day in UTC.
    """
    return written_time(text, pattern).dt.date()


def time_of(text: pl.Expr, pattern: Pattern, zone: str) -> pl.Expr:
    """Datetime in µs, UTC; null where it is no such time.

    A text with an offset or Z says its instant; any other is a clock time in zone.
    """
    if pattern.epoch or (pattern.exact or "").endswith("Z"):
        return written_time(text, pattern).dt.replace_time_zone("UTC")
    if "zone" not in pattern.parts:
        return bound(written_time(text, pattern), lambda clock: instant(clock, zone))
    offset = _offset(_Parts(pattern).text("zone")).alias(_OFFSET)
    read = _with_clock(text, pattern).struct.with_fields(offset)
    clock, ahead = pl.field(_CLOCK), pl.field(_OFFSET)
    told = (clock - ahead).dt.replace_time_zone("UTC")
    at = pl.when(ahead.is_not_null()).then(told).otherwise(instant(clock, zone))
    return read.struct.with_fields(at.alias(_AT)).struct.field(_AT)


def instant(clock: pl.Expr, zone: str) -> pl.Expr:
    """The UTC instant of a clock time without a zone.

    An hour that comes twice is the earlier one; one that is left out (spring) is taken by the
    offset before the change: 02:30 becomes 03:30.
    """
    if zone == "UTC":
        return clock.dt.replace_time_zone(zone)
    moved = _local(clock - _HOUR, zone) + _HOUR
    return pl.coalesce(_local(clock, zone), moved)


def _local(clock: pl.Expr, zone: str) -> pl.Expr:
    local = clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def written_time(text: pl.Expr, pattern: Pattern) -> pl.Expr:
    """Datetime in µs without zone, as the clock is written; null where it is no such time."""
    if pattern.exact:
        return _exact_time(text, pattern.exact)
    return _with_clock(text, pattern).struct.field(_CLOCK)


def _with_clock(text: pl.Expr, pattern: Pattern) -> pl.Expr:
    """The parts of a text with its clock time beside them: a text is taken apart once."""
    parts = _Parts(pattern)
    if pattern.serial:
        told = _of_serial(parts)
    else:
        told = _since_1970(parts, pattern.epoch) if pattern.epoch else _day_and_clock(parts)
    return text.str.extract_groups(pattern.regex).struct.with_fields(told.alias(_CLOCK))


def _day_and_clock(parts: "_Parts") -> pl.Expr:
    day = _day(parts).cast(pl.Datetime("us"))
    return day + _clock(parts) if parts.has("hour") else day


def _exact_time(text: pl.Expr, letters: str) -> pl.Expr:
    if "%H" not in letters:
        return text.str.to_date(letters, strict=False).cast(pl.Datetime("us"))
    return text.str.to_datetime(letters, time_unit="us", strict=False)


class _Parts:
    """The named parts of a text as fields of what it was taken apart to, null where missing."""

    def __init__(self, pattern: Pattern) -> None:
        self._names = pattern.parts

    def text(self, name: str) -> pl.Expr:
        """One part; null where the pattern has none such."""
        return pl.field(name) if name in self._names else pl.lit(None, pl.String)

    def number(self, name: str, missing: int = 0) -> pl.Expr:
        """One part as a whole number."""
        return self.text(name).cast(pl.Int64, strict=False).fill_null(missing)

    def micros(self) -> pl.Expr:
        """The fraction of a second in microseconds; further digits are cut."""
        digits = self.text("fraction").str.slice(0, 6).str.pad_end(6, "0")
        return digits.cast(pl.Int64, strict=False).fill_null(0)

    def has(self, name: str) -> bool:
        """Whether the pattern has this part."""
        return name in self._names


def _since_1970(parts: _Parts, unit: int) -> pl.Expr:
    whole = parts.text("whole").cast(pl.Int64, strict=False) * unit
    fraction = parts.micros() * unit // 1_000_000
    signed = pl.when(parts.text("whole").str.starts_with("-")).then(-fraction).otherwise(fraction)
    return (whole + signed).cast(pl.Datetime("us"))


def _of_serial(parts: _Parts) -> pl.Expr:
    """The clock time of a spreadsheet's day, to the second; before March 1900 it counts wrongly."""
    days = parts.text("whole").cast(pl.Int64, strict=False)
    share = (pl.lit("0.") + parts.text("fraction").fill_null("")).str.pad_end(3, "0")
    seconds = (share.cast(pl.Float64, strict=False) * _SECONDS_OF_DAY).round(0).cast(pl.Int64)
    at = (days - _SERIAL_1970) * _SECONDS_OF_DAY + seconds
    return pl.when(days > _LAST_WRONG).then((at * 1_000_000).cast(pl.Datetime("us")))


def _day(parts: _Parts) -> pl.Expr:
    """Date; null for a day that the calendar does not have."""
    month = _month(parts)
    day = parts.text("day") if parts.has("day") else pl.lit("1")
    return pl.concat_str([_year(parts), month, day], separator="-").str.to_date(
        "%Y-%m-%d", strict=False
    )


def _year(parts: _Parts) -> pl.Expr:
    if parts.has("year"):
        return parts.text("year")
    short = parts.text("short_year")
    century = pl.when(short <= _LAST_OF_2000S).then(pl.lit("20")).otherwise(pl.lit("19"))
    return century + short


def _month(parts: _Parts) -> pl.Expr:
    if parts.has("month"):
        return parts.text("month")
    name = parts.text("month_name").str.slice(0, 3).str.to_lowercase()
    return name.replace_strict(_NUMBERS, default=None, return_dtype=pl.String)


def _clock(parts: _Parts) -> pl.Expr:
    """The time of day as a duration; null for one that no clock shows."""
    hour = parts.number("hour")
    if parts.has("half"):
        hour = _of_24(hour, parts.text("half").str.to_lowercase())
    minute, second = parts.number("minute"), parts.number("second")
    shown = (hour < 24) & (minute < 60) & (second < 60)
    span = pl.duration(
        hours=hour, minutes=minute, seconds=second, microseconds=parts.micros(), time_unit="us"
    )
    return pl.when(shown).then(span)


def _of_24(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    """12 am is 0, 12 pm is 12, 13 pm is null; without am or pm the hour as it is."""
    shifted = pl.when(hour.is_between(1, 12)).then(hour % 12 + 12 * (half == "p").cast(pl.Int64))
    return pl.when(half.is_null()).then(hour).otherwise(shifted)


def _offset(zone: pl.Expr) -> pl.Expr:
    """How far a zone written in the text is ahead of UTC; null where none is written."""
    digits = zone.str.replace_all("[^0-9]", "").str.pad_end(4, "0")
    hours = digits.str.slice(0, 2).cast(pl.Int64, strict=False)
    minutes = digits.str.slice(2, 2).cast(pl.Int64, strict=False)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    return pl.duration(minutes=sign * (hours * 60 + minutes), time_unit="us")
