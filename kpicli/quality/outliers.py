"""Amounts that lie far from the others."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import narwhals as nw
from pydantic import BeforeValidator, Field

from kpicli.quality import base
from kpicli.quality.base import Declared, Mark, Seen, Wanted
from kpicli.quality.written import OverRows
from kpicli.sources.declaration import Text

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = False, False, False, False
others, judged, keys = base.no_others, None, base.no_keys

TIMES = 5.0
# Of fewer values nobody can say what is usual.
LEAST = 30
# Half of all values may be the same price: a deviation is a factor of e^0.25 at least.
_NARROWEST = 0.25
# Between the quartiles of a normal distribution lie so many standard deviations.
_QUARTILES = 1.349
_SHARES = (0.25, 0.5, 0.75)


def _with_times(written: object) -> object:
    if isinstance(written, str):
        return {written: TIMES}
    if isinstance(written, list):
        return dict.fromkeys(map(str, written), TIMES)
    if not isinstance(written, Mapping) or not written:
        raise ValueError("write outliers: COLUMN, or {COLUMN: 5}, how many deviations are too many")
    return written


class Written(OverRows):
    """Amounts that lie far from the others."""

    outliers: Annotated[
        Mapping[Text, Annotated[float, Field(gt=0)]],
        BeforeValidator(
            _with_times, json_schema_input_type=Text | list[Text] | Mapping[Text, float]
        ),
    ]


def wanted(written: Written, source: Declared) -> Iterator[Wanted]:
    """Each column, as a number, and the column that names currencies."""
    for column in written.outliers:
        yield Wanted(("outliers", column), column, "number")
    if source.currency:
        yield Wanted(("outliers",), source.currency)


def marks(written: Written, seen: Seen) -> Iterator[Mark]:
    """Rows whose amount is too many robust deviations from the median, on a log scale.

    A deviation is the distance of the quartiles as of a normal distribution. Amounts are compared
    by their size without the sign, in each currency by itself; 0 and empty ones are not held
    against it, nor is any of fewer than LEAST.
    """
    for column, times in written.outliers.items():
        size = nw.col(column).abs().cast(nw.Float64)
        size = nw.when(size > 0).then(size).otherwise(nw.lit(None, dtype=nw.Float64)).log()
        low, middle, high = (
            _among(size.quantile(share, interpolation="linear"), seen) for share in _SHARES
        )
        usual = nw.max_horizontal((high - low) / _QUARTILES, nw.lit(_NARROWEST, dtype=nw.Float64))
        judged = ~size.is_null() & (_among(size.count(), seen) >= LEAST)
        breaks = judged & ((size - middle).abs() > times * usual)
        said = f"{column} is far from the others"
        yield Mark(column, said, breaks, judged, written.at, written.allow)


def _among(told: nw.Expr, seen: Seen) -> nw.Expr:
    """What is told of all rows; of those in one currency where there are several."""
    return told.over(seen.source.currency) if seen.source.currency else told
