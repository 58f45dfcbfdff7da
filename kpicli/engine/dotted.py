"""Dotted names told apart: columns of other tables, and fields within objects."""

from collections.abc import Container

from kpicli.engine.catalogue import Catalogue
from kpicli.errors import Problem, did_you_mean


def parted(name: str, tables: Container[str]) -> tuple[str | None, str]:
    """The table and its column; None and the name itself where it is of the own rows.

    A first word that is no table is a column, and what follows is a field within it.
    """
    table, dot, column = name.partition(".")
    return (table, column) if dot and table in tables else (None, name)


def unclear_name(catalogue: Catalogue, source: str, name: str) -> Problem | None:
    """Why a dotted name that is no column of the source leads nowhere, or to two things."""
    first = name.partition(".")[0]
    listed, known = catalogue.listed[source], catalogue.listed
    if first in known:
        if first == source or not listed.holds(name):
            return None
        message = f"{name} is a column of {first} and a field of {first} in {source}"
        hint = f"give the field a name of its own: columns: {{…: {name}}} on {source}"
        return Problem("two_meanings", message, hint, source=source)
    if catalogue.has_column(source, first):
        message = f"{source} has no column {name!r}"
        beside = (f"{table}.{one}" for table in known for one in known[table].columns())
        return Problem("missing_column", message, did_you_mean(name, (*listed.columns(), *beside)))
    hint = did_you_mean(first, (*known, *(one for one in listed.columns() if "." not in one)))
    return Problem("unknown_source", f"there is no source {first!r}", hint)
