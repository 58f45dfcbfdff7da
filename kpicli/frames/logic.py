"""Conditions put together, where there are any."""

from collections.abc import Sequence

import narwhals as nw


def any_of(conditions: Sequence[nw.Expr]) -> nw.Expr | None:
    """Whether one of them holds; None where there is none."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return nw.any_horizontal(*conditions, ignore_nulls=True)


def both_of(one: nw.Expr | None, other: nw.Expr | None) -> nw.Expr | None:
    """Whether both hold; None where one of them is not there."""
    return None if one is None or other is None else one & other
