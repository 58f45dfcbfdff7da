"""Entities by number meet and add up as they do by name."""

import narwhals as nw
import polars as pl
import pytest

from kpicli.frames.places import per_entity, with_beside

PERIODS = [0, 0, 0, 7, 7, -1]
NUMBERS = [1, 1, 0, 1, 2**32 - 1, 2**32 - 1]


@pytest.mark.parametrize("entity", [pl.UInt32, pl.String])
def test_rows_of_an_entity_and_period_are_one(entity: type[pl.DataType]) -> None:
    columns = {"period": PERIODS, "entity": NUMBERS, "n": [1, 2, 3, 4, 5, 6]}
    types = {"period": pl.Int32, "entity": pl.UInt32, "n": pl.Int64}
    rows = nw.from_native(pl.LazyFrame(columns, types).cast({"entity": entity}))
    summed = per_entity(rows, n=nw.col("n").sum())
    told = summed.to_native().cast({"entity": pl.Int64}).sort("period", "entity")
    found = [(-1, 2**32 - 1, 6), (0, 0, 3), (0, 1, 3), (7, 1, 4), (7, 2**32 - 1, 5)]
    assert told.collect().rows() == found
    beside = summed.filter(nw.col("period") == 0).rename({"n": "beside"})
    met = with_beside(rows, beside).sort("n").collect()
    assert met.columns == ["period", "entity", "n", "beside"]
    assert met["beside"].to_list() == [3, 3, 3, None, None, None]
