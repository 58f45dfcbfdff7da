"""Sums of fractions that no order of rows, files or threads changes."""

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

_STEP = 2**62
_PIECES = ("whole", "fine", "finest")


def exact_sum(value: pl.Expr, name: str) -> tuple[pl.Expr, ...]:
    """The sum of a Float64 column as sums of whole numbers; read_sum puts them together.

    Adding fractions rounds at every step, so the last digits would depend on which thread came
    first. Each value is its whole part, the rest in 2^62nds and what is left of that in 2^124ths.
    """
    known = pl.when(value.abs() < _STEP).then(value)
    whole = known.round(0)
    rest = (known - whole) * _STEP
    fine = rest.round(0)
    finest = ((rest - fine) * _STEP).round(0)
    pieces = zip(_PIECES, (whole, fine, finest), strict=True)
    return (
        *(
            piece.cast(pl.Int64).cast(pl.Int128).sum().alias(f"{name} {word}")
            for word, piece in pieces
        ),
        # Numbers so large have no fraction, and no digits that a reader could check.
        pl.when(value.abs() >= _STEP).then(value).sum().alias(f"{name} beyond"),
    )


def read_sum(row: Mapping[str, int | float | None], name: str, scale: int) -> float:
    """The sum divided by scale, rounded once; also of a column of whole numbers."""
    if f"{name} whole" not in row:
        return float(Fraction(row[name] or 0) / scale)
    pieces = (Fraction(row[f"{name} {word}"] or 0) for word in _PIECES)
    total = sum(piece / _STEP**power for power, piece in enumerate(pieces))
    return float(total / scale) + (row[f"{name} beyond"] or 0) / scale
