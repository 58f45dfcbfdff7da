"""kpi init on a part of the sample: the way from a folder to a report that the README walks."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from kpicli.discovery.answers import Answers, ask_nobody
from kpicli.discovery.inquiry import inquire
from kpicli.discovery.page import write_page
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

SAMPLE = Path(__file__).parents[2] / "sample_data"
TODAY = date(2025, 10, 1)
FILES = {
    "deals.csv": "opportunities.csv",
    "accounts.csv": "accounts.csv",
    "answers.csv": "answers.csv",
    "rates.csv": "rates.csv",
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The first report of the definitions that are written for some of its files."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "exports").mkdir()
    for name, copied in FILES.items():
        shutil.copy(SAMPLE / name, folder / "exports" / copied)
    told = inquire(folder / "exports", folder, "first.yaml", Answers(), ask_nobody, TODAY)
    assert told.proposal.currency == "EUR"
    (folder / "first.yaml").write_text(write_page(told), encoding="utf-8")
    return run(open_book(folder / "first.yaml", {}), Request(), TODAY)


def test_deals_and_answers_agree_with_queries(outcome: Outcome) -> None:
    found = {
        one.kpi: (one.numerator, one.denominator) if one.denominator else one.value
        for one in outcome.results
        if one.label == "2025-08" and not one.by and one.part is None and one.age is None
    }
    written = duckdb.read_csv(str(SAMPLE / "deals.csv"), all_varchar=True)  # noqa: F841
    deals = duckdb.sql(
        """select "Is Won" = 'Yes' as won, try_strptime("Close Date", '%d.%m.%Y') as day
        from written where "Is Closed" = 'Yes' and day >= '2025-08-01' and day < '2025-09-01'"""
    ).fetchall()
    won = sum(one[0] for one in deals)
    assert found["win_rate"] == (won, len(deals))
    assert found["deals_won"] == won
    said = duckdb.read_csv(str(SAMPLE / "answers.csv"), all_varchar=True)  # noqa: F841
    counted = duckdb.sql(
        """select sum(try_cast(score as double) >= 4), count(try_cast(score as double))
        from (select distinct * from said)
        where survey = 'csat' and answered_at >= '2025-08-01' and answered_at < '2025-09-01'"""
    ).fetchall()
    satisfied, asked = counted[0]
    assert found["csat"] == (satisfied, asked)


def test_the_first_report_is_short_and_speaks_of_every_file(outcome: Outcome) -> None:
    names = [card.name for card in outcome.kpis]
    assert len(names) == 12
    assert {"revenue_won", "win_rate", "nps", "csat"} <= set(names)
    assert not [one for one in outcome.problems if one.level == "error"]
