"""Renewals of the sample: the billing dates of yearly contracts that are planted."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from sample_truths import SAMPLE
from test_sample_revenue import book_of

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

FIRST, END = date(2023, 10, 30), date(2025, 9, 29)
# TRUTHS.md, churn: yearly dates due of starter, pro and enterprise, and how many left.
DUE, LEFT = 25 + 94 + 92, 9 + 14 + 8


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    of_suite = {"and_where": "product = 'Report Suite'", "grain": "day"}
    kpis = {"renewals": {"use": "renewal_rate", **of_suite}}
    kpis["due"] = {"use": "accounts_due", **of_suite, "ahead": "1d"}
    file = book_of(tmp_path_factory.mktemp("renewals"), kpis)
    return run(open_book(file, {}, SAMPLE.parent), Request(periods=700), date(2026, 1, 1))


def test_every_planted_date_is_due_and_who_left_has_not_renewed(outcome: Outcome) -> None:
    days = [
        one
        for one in outcome.results
        if one.kpi == "renewals" and one.part is None and one.start and FIRST <= one.start < END
    ]
    assert outcome.problems == ()
    due = sum(one.denominator or 0 for one in days)
    assert (due, due - sum(one.numerator or 0 for one in days)) == (DUE, LEFT)


def test_what_is_due_tomorrow_falls_due_then(outcome: Outcome) -> None:
    told = {(one.kpi, one.start): one for one in outcome.results if one.part is None}
    days = [start for kpi, start in told if kpi == "due" and start and FIRST <= start < END]
    for day, after in pairwise(days):
        assert told["due", day].value == (told["renewals", after].denominator or 0), after


def test_the_next_renewal_is_the_date_of_the_account(
    tmp_path: Path, sample: duckdb.DuckDBPyConnection
) -> None:
    """Accounts say when their contract is renewed next; the terms say the same."""
    by_term = {"use": "accounts_due", "and_where": "product = 'Report Suite'", "grain": "day"}
    kpis = {"by_term": by_term, "by_date": {**by_term, "renews": "accounts.renewal_date"}}
    book = open_book(book_of(tmp_path, kpis), {}, SAMPLE.parent)
    told = {one.kpi: one.value for one in run(book, Request(periods=1), date(2026, 1, 1)).results}
    soon = """select count(*) from accounts where email_domain <> 'acme.com'
        and renewal_date::date between date '2025-09-29' and date '2025-12-27'"""
    (expected,) = sample.execute(soon).fetchall()[0]
    assert told == {"by_term": expected, "by_date": expected}
