"""The instants at which local days begin."""

import narwhals as nw

_UTC = nw.Datetime("us", "UTC")


def first_instant(day: nw.Expr, zone: str) -> nw.Expr:
    """The first instant of a date in a zone, in UTC.

    A day whose midnight the clocks leave out begins later; of a midnight that comes twice it is
    the first.
    """
    # The change of a clock on that day is the difference between the days around it.
    before, after = (_by_offset_of(day, days, zone) for days in (-1, 1))
    early = nw.min_horizontal(before, after)
    late = nw.max_horizontal(before, after)
    return nw.when(_local(early, zone).dt.date() == day).then(early).otherwise(late)


def _by_offset_of(day: nw.Expr, days: int, zone: str) -> nw.Expr:
    midnight = day.cast(_UTC)
    other = midnight.dt.offset_by(f"{days}d")
    return midnight - (_local(other, zone) - other.dt.replace_time_zone(None))


def _local(instant: nw.Expr, zone: str) -> nw.Expr:
    return instant.dt.convert_time_zone(zone).dt.replace_time_zone(None)
