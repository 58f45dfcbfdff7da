"""Subscriptions written to a file, and what the definitions of recurring make of them."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from running import run_files

from kpicli.results import Outcome

MONTHS = 24
FIRST, AS_OF = date(2023, 1, 1), date(2025, 1, 1)
MOVED = ("new", "expansion", "contraction", "churn", "reactivation")
HEADER = ("id", "account_id", "start", "end", "amount", "interval")
Row = tuple[Any, ...]

SOURCE = """
version: 1
currency: EUR
grain: month
sources:
  subscriptions:
    path: subscriptions.csv
    start: start
    end: end
    types: {discount: number}
    quiet: 9y
"""


def written(keys: str, names: tuple[str, ...] = ("mrr",), source: str = SOURCE) -> str:
    """Definitions of one KPI per measure, with these keys on each."""
    common = f"kind: recurring, source: subscriptions, entity: account_id, population: seen{keys}"
    return source + "kpis:\n" + "".join(f"  {n}: {{{common}, measure: {n}}}\n" for n in names)


def table(rows: list[Row], header: tuple[str, ...] = HEADER) -> str:
    """Rows as a CSV file; None is an empty cell."""
    into = StringIO()
    csv.writer(into, lineterminator="\n").writerows([header, *rows])
    return into.getvalue()


def run(
    folder: Path,
    rows: list[Row],
    keys: str = "",
    names: tuple[str, ...] = ("mrr",),
    header: tuple[str, ...] = HEADER,
    **request: Any,
) -> Outcome:
    """What these measures are of these rows."""
    files = {"kpi_definitions.yaml": written(keys, names), "subscriptions.csv": table(rows, header)}
    return run_files(folder, files, **{"as_of": AS_OF, "periods": MONTHS, **request})


def told(outcome: Outcome, kpi: str, part: str | None = None) -> dict[str, float | None]:
    """The values of a KPI by period."""
    found = [one for one in outcome.results if (one.kpi, one.part) == (kpi, part) and not one.by]
    return {one.label or "": one.value for one in found}


def monthly(account: str, amounts: list[int]) -> list[Row]:
    """A row per month from January 2024 in which the account pays."""
    return [
        (f"{account}{at}", account, date(2024, at + 1, 1), date(2024, at + 2, 1), amount, "month")
        for at, amount in enumerate(amounts)
        if amount
    ]
