"""Every number of kpi_definitions.yaml, beside SQL written by hand over the same files."""

import os
from datetime import date
from pathlib import Path

import definition_oracles
import duckdb
import pytest
import revenue_oracles
import usage_oracles
from yaml import safe_load

from kpicli.definitions.book import Book
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

BOOK = Path(__file__).parents[2] / "kpi_definitions.yaml"
TODAY = date(2026, 1, 1)
NAMES = tuple(safe_load(BOOK.read_text(encoding="utf-8"))["kpis"])
ORACLES = {**revenue_oracles.ORACLES, **definition_oracles.ORACLES, **usage_oracles.ORACLES}
TABLES = f"{revenue_oracles.LEDGER}; {revenue_oracles.TERMS};"
VIEWS = f"{definition_oracles.VIEWS} {usage_oracles.VIEWS} {TABLES}"
Numbers = dict[tuple[date, str], float]


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book(BOOK, os.environ)


@pytest.fixture(scope="module")
def outcome(book: Book) -> Outcome:
    return run(book, Request(names=("all",)), TODAY)


@pytest.fixture(scope="module")
def weekly(book: Book) -> Outcome:
    """What states no grain of its own, by week as its question in SQL is."""
    names = tuple(name for name, kpi in book.kpis.items() if kpi.grain is None)
    return run(book, Request(names=names, grain="week"), TODAY)


@pytest.fixture(scope="module")
def files(sample: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    own = sample.cursor()
    for statement in VIEWS.split(";")[:-1]:
        own.execute(statement.replace("create view", "create or replace temp view"))
    return own


def test_every_kpi_has_its_question_in_sql(book: Book) -> None:
    assert set(book.kpis) <= set(ORACLES)


@pytest.mark.parametrize("name", NAMES)
def test_numbers(
    name: str,
    book: Book,
    outcome: Outcome,
    weekly: Outcome,
    files: duckdb.DuckDBPyConnection,
) -> None:
    told = _told(outcome if book.kpis[name].grain else weekly, name)
    found = _expected(files, ORACLES[name])
    # Money is told in whole cents, and what customers pay a month in ten-thousandths.
    near = 0.0051 if book.kpis[name].unit.startswith("money") else 1e-9
    share = 1e-6 if name in revenue_oracles.ORACLES else 1e-9
    assert told
    assert told == pytest.approx({key: found[key] for key in told}, rel=share, abs=near)


def test_nothing_is_missing(outcome: Outcome) -> None:
    """Every period that the reports show has a value, save what the file cannot say."""
    reasons = {one.reason for one in outcome.results if one.value is None}
    assert reasons <= {"current_state", "no_rows", "immature", "not_reached"}
    assert outcome.problems == ()


def _told(outcome: Outcome, name: str) -> Numbers:
    return {
        (one.start, next(iter(one.by.values()), "")): one.value
        for one in outcome.results
        if one.kpi == name
        and (one.part, one.age) == (None, None)
        and one.value is not None
        and one.start
    }


def _expected(files: duckdb.DuckDBPyConnection, query: str) -> Numbers:
    found = files.execute(f"select start::date, n / d, * exclude (start, n, d) from ({query})")  # noqa: S608
    return {
        (start, part[0] or "" if part else ""): value for start, value, *part in found.fetchall()
    }
