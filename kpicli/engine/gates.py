"""Columns that have a value only where another one says yes, as `only_if:` says."""

from collections.abc import Mapping

import polars as pl

from kpicli.engine.catalogue import Listed
from kpicli.engine.column_types import Uses
from kpicli.errors import Problem, SourceError


def with_gates(listed: Listed, uses: Uses) -> Uses:
    """The wanted columns with those that say where some of them have a value.

    SourceError where no file has such a column.
    """
    gates = {gate for column, gate in listed.source.only_if.items() if column in uses}
    missing = tuple(
        Problem(
            "missing_column",
            f"{listed.name} has no column {gate!r}",
            f"only_if: names it; {listed.nearest_to(gate)}",
            source=listed.name,
        )
        for gate in sorted(gates)
        if not listed.has(gate)
    )
    if missing:
        raise SourceError(missing)
    return {**uses, **{gate: {*uses.get(gate, ()), "yes_no"} for gate in gates}}


def gated(rows: pl.LazyFrame, only_if: Mapping[str, str]) -> pl.LazyFrame:
    """The rows, with nothing in a column where what it hangs on is no, or not known."""
    names = rows.collect_schema().names() if only_if else []
    told = [
        pl.when(pl.col(gate) if gate in names else pl.lit(value=False))
        .then(pl.col(column))
        .alias(column)
        for column, gate in only_if.items()
        if column in names
    ]
    return rows.with_columns(told) if told else rows
