"""The first instant of a day, where clocks change at midnight and where they do not."""

from datetime import UTC, date, datetime

import narwhals as nw
import polars as pl
import pytest

from kpicli.words.midnights import first_instant


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2025, 1, 15), "UTC", datetime(2025, 1, 15)),
        (date(2025, 1, 15), "Europe/Berlin", datetime(2025, 1, 14, 23)),
        (date(2025, 7, 15), "Europe/Berlin", datetime(2025, 7, 14, 22)),
        (date(2025, 3, 30), "Europe/Berlin", datetime(2025, 3, 29, 23)),
        (date(2025, 10, 26), "Europe/Berlin", datetime(2025, 10, 25, 22)),
        (date(2025, 1, 15), "America/New_York", datetime(2025, 1, 15, 5)),
        # In Beirut midnight is left out in spring, and comes late in autumn.
        (date(2024, 3, 31), "Asia/Beirut", datetime(2024, 3, 30, 22)),
        (date(2024, 10, 27), "Asia/Beirut", datetime(2024, 10, 26, 22)),
        # São Paulo left it out in the spring of 2018.
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3)),
        # In Havana midnight comes twice: the first is meant.
        (date(2024, 11, 3), "America/Havana", datetime(2024, 11, 3, 4)),
    ],
)
def test_a_day_begins(day: date, zone: str, instant: datetime) -> None:
    frame = nw.from_native(pl.DataFrame({"day": [day]}))
    told = frame.select(first_instant(nw.col("day"), zone).alias("at"))
    assert told["at"].to_list() == [instant.replace(tzinfo=UTC)]


def test_no_day_has_no_instant() -> None:
    frame = nw.from_native(pl.DataFrame({"day": [None]}, schema={"day": pl.Date}))
    told = frame.select(first_instant(nw.col("day"), "Europe/Berlin").alias("at"))
    assert told["at"].to_list() == [None]
