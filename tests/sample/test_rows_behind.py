"""The rows behind numbers of the sample, against SQL over the same files."""

from datetime import date
from math import isclose

import duckdb
import pytest
from sample_truths import SAMPLE

from kpicli.definitions.book import Book
from kpicli.engine.evidence import Evidence, evidence_of
from kpicli.engine.focus import focus_on
from kpicli.engine.funnel import funnels_of
from kpicli.flow import open_book
from kpicli.planning.question import Question

TODAY = date(2025, 9, 29)
PERIOD = {"nps": "2025-08", "marketing_spend": "2025-08"}
# Per KPI: the data row and what it adds.
QUERIES = {
    # Of a row that is there twice the later one stands.
    "nps": """
        select max(line), case when score >= 9 then 1 when score >= 7 then 0 else -1 end
        from (select line, answer_id, try_cast(score as int) as score from answers
            where survey = 'nps' and answered_at::timestamptz at time zone 'Europe/Berlin'
                between '2025-08-01' and '2025-08-31 23:59:59.999')
        where score is not null
        group by answer_id, score""",
    "marketing_spend": """
        select line, amount::double * case currency when 'EUR' then 1 else (select rate::double
            from rates where rates.currency = s.currency and day::date <= s.month::date
            order by day::date desc limit 1) end
        from spend s where month::date between '2025-08-01' and '2025-08-31'""",
}


@pytest.mark.parametrize("kpi", QUERIES)
def test_rows_of_a_period_and_their_sum(kpi: str, sample: duckdb.DuckDBPyConnection) -> None:
    ours = _counted(_evidence(kpi))
    theirs = dict(sample.execute(QUERIES[kpi]).fetchall())
    assert ours.keys() == theirs.keys()
    assert all(isclose(ours[row], theirs[row], rel_tol=1e-9) for row in ours)
    assert isclose(sum(ours.values()), sum(theirs.values()), rel_tol=1e-9)


def test_the_way_of_events_to_a_rate(sample: duckdb.DuckDBPyConnection) -> None:
    focus = focus_on(_book(), Question("error_rate", period="2025-W38"), TODAY)
    (funnel,) = funnels_of(focus)
    taken = {one.rule: one.rows for one in funnel.removed}
    (rows, distinct) = sample.execute(
        "select count(*), count(distinct event_id) from events"
    ).fetchall()[0]
    (of_week,) = sample.execute("""
        select count(distinct event_id) from events
        where happened >= '2025-09-15' and happened < '2025-09-22'
            and coalesce(account_id, '') not in (
                select account_id from accounts where email_domain = 'acme.com')
            and coalesce(distinct_id, '') not in (select user_id from users where is_test = 'true')
    """).fetchall()[0]
    assert (funnel.in_files, taken["duplicate"], funnel.counted) == (rows, rows - distinct, of_week)


def _book() -> Book:
    return open_book(SAMPLE.parent / "kpi_definitions.yaml", {})


def _evidence(kpi: str) -> Evidence:
    (found,) = evidence_of(focus_on(_book(), Question(kpi, period=PERIOD[kpi]), TODAY))
    return found


def _counted(found: Evidence) -> dict[int, float]:
    return {one["row"]: one["numerator"] for one in found.records() if one["left_out"] is None}
