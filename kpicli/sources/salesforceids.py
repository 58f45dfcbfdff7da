"""Salesforce ids in their long form.

A record has an id of 15 letters and digits, in which case matters, and one of 18 that adds three
letters saying which of the 15 are capitals, so that case does not (developer.salesforce.com, ids).
Reports export the short one, other ways of export the long one.
"""

import polars as pl

LENGTH = 18
_SHORT, _CHUNK = 15, 5
_SIGNS = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"]
_SHAPE = "^[A-Za-z0-9]{15}$"


def long_id(text: pl.Expr) -> pl.Expr:
    """The id of 18 characters; a text that is no short id stays as it is, without spaces around."""
    bare = text.str.strip_chars()
    added = [_sign(bare, start) for start in range(0, _SHORT, _CHUNK)]
    return pl.when(bare.str.contains(_SHAPE)).then(pl.concat_str([bare, *added])).otherwise(bare)


def is_long_id(text: pl.Expr) -> pl.Expr:
    """Whether a text looks like an id of 18 characters."""
    return text.str.contains("^[A-Za-z0-9]{18}$")


def _sign(bare: pl.Expr, start: int) -> pl.Expr:
    """The letter for five characters: each capital is a bit, the first the lowest."""
    bits = [
        bare.str.slice(start + place, 1).str.contains("^[A-Z]$").cast(pl.UInt8) * 2**place
        for place in range(_CHUNK)
    ]
    return pl.sum_horizontal(bits).replace_strict(
        list(range(len(_SIGNS))), _SIGNS, default=None, return_dtype=pl.String
    )
