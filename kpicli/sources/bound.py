"""An expression that is named several times and computed once."""

from collections.abc import Callable

import polars as pl

_VALUE, _TOLD = "value", "told"


def bound(value: pl.Expr, told: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """What is told of a value; null where it is not.

    Polars computes what an expression holds twice up to twice, and so again inside of it: dates
    were taken apart eight times. A field of a struct is a value that is there.
    """
    held = pl.struct(value.alias(_VALUE))
    return held.struct.with_fields(told(pl.field(_VALUE)).alias(_TOLD)).struct.field(_TOLD)
