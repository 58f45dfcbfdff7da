"""Files that turn out to be damaged only while their rows are read."""

import polars as pl

from kpicli.errors import Problem

# A page of a Parquet file that lies raises either, depending on where it lies.
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def unreadable_source(name: str, wrong: BaseException) -> Problem:
    """The problem of a source whose rows cannot be read; of the error only what names no value."""
    what = type(wrong).__name__
    message = f"{name}: its rows cannot be read; a file is damaged or cut off ({what})"
    return Problem("unreadable", message, "export it again", source=name)
