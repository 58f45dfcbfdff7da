"""The shipped sample by the program and by hand-written SQL."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from running import group_of

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

ROOT = Path(__file__).parents[2]
TABLES = """
    create macro local(text) as (text::timestamptz at time zone 'Europe/Berlin');
    create table rates as select day::date as day, currency, rate::double as rate
        from read_csv('{sample}/rates.csv', all_varchar = true);
    create table accounts as select account_id, plan, email_domain = 'acme.com' as ours
        from read_csv('{sample}/accounts.csv', all_varchar = true);
    create table users as select user_id, is_test = 'true' or coalesce(ours, false) as ours
        from read_csv('{sample}/users.csv', all_varchar = true)
        left join accounts using (account_id);
    create table events as
        select distinct on (e.event_id) e.*,
            ((e.timestamp at time zone 'UTC') at time zone 'Europe/Berlin')::date as day, a.plan
        from read_parquet('{sample}/events/*.parquet') e
        left join users u on u.user_id = e.distinct_id
        left join accounts a on a.account_id = e.account_id
        where not coalesce(u.ours, false) and not coalesce(a.ours, false);
    create table deals as
        select d.*, try_cast("Amount" as decimal(18, 4))
            * case when d."Currency" = 'EUR' then 1 else r.rate end as eur
        from (select *, try_strptime("Created", '%d.%m.%Y')::date as made_on,
            try_strptime("Close Date", '%d.%m.%Y')::date as closed_on
            from read_csv('{sample}/deals.csv', all_varchar = true)) d
        asof left join rates r on r.currency = d."Currency" and d.made_on >= r.day
        left join accounts a on a.account_id = d."Account ID"
        where not coalesce(a.ours, false);
    create table subscriptions as
        select s.plan, s."start"::date as first, s."end"::date as till,
            amount::decimal(18, 4) * case when s.currency = 'EUR' then 1 else r.rate end
            * (1 - coalesce(discount::double, 0))
            / (case "interval" when 'year' then 12 else 1 end * interval_count::int) as mrr
        from read_csv('{sample}/subscriptions.csv', all_varchar = true) s
        asof left join rates r on r.currency = s.currency and s."start"::date >= r.day
        left join accounts a using (account_id)
        where not coalesce(a.ours, false);
    create table answers as
        select distinct on (answer_id) survey, local(answered_at)::date as day,
            try_cast(score as int) as score, coalesce(a.plan, '(none)') as plan
        from read_csv('{sample}/answers.csv', all_varchar = true)
        left join accounts a using (account_id)
        left join users u on u.user_id = respondent_id
        where not coalesce(a.ours, false);
    create table emails as select campaign, sent_at::timestamp::date as day,
            clicks::double as clicks, delivered::double as delivered
        from read_csv('{sample}/emails.csv', all_varchar = true);
    create table tickets as
        select coalesce(priority, '(none)') as priority,
            local(try_cast(solved_at as timestamptz))::date as day,
            (epoch(try_cast(solved_at as timestamptz)) - epoch(opened_at::timestamptz)) / 3600
                as hours
        from read_csv('{sample}/tickets.csv', all_varchar = true)
        left join accounts a using (account_id)
        where not coalesce(a.ours, false);
    create table months as select strftime(d, '%Y-%m') as label,
            (d + interval 1 month - interval 1 day)::date as last_day
        from generate_series(date '2021-01-01', date '2025-08-01', interval 1 month) t(d)
"""
MONTH, WEEK = "strftime(day, '%Y-%m')", "strftime(day, '%G-W%V')"
QUARTER, YEAR = "year(day) || '-Q' || quarter(day)", "year(closed_on)::text"
# KPI: the value, the rows, the period of a row, the split and its value.
TOLD = {
    "events": ("count(*)", "events", WEEK, "platform", "platform"),
    "users": ("count(distinct distinct_id)", "events", MONTH, "accounts.plan", "plan"),
    "errors": ("avg((event = 'error_shown')::int)", "events", WEEK, "region", "region"),
    "won": ("sum(eur)", "deals where \"Is Won\" = 'Yes' and eur is not null",
            "strftime(closed_on, '%Y-%m')", "", ""),
    "win_rate": ("avg((\"Is Won\" = 'Yes')::int)",
                 "deals where \"Is Closed\" = 'Yes' and \"Type\" = 'New Business'",
                 YEAR, "lead_source", '"Lead Source"'),
    "mrr": ("sum(mrr)",
            "subscriptions join months on first <= last_day and coalesce(till > last_day, true)",
            "label", "plan", "plan"),
    "csat": ("avg((score >= 4)::int)", "answers where survey = 'csat' and score is not null",
             MONTH, "", ""),
    "nps": ("100 * avg(case when score >= 9 then 1 when score < 7 then -1 else 0 end)",
            "answers where survey = 'nps' and score is not null", QUARTER, "accounts.plan", "plan"),
    "clicks": ("sum(clicks) / sum(delivered)", "emails", MONTH, "campaign", "campaign"),
    "hours": ("quantile_cont(hours, 0.75)", "tickets where hours is not null", MONTH,
              "priority", "priority"),
}  # fmt: skip


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    book = open_book(Path(__file__).parent / "sample.yaml", {}, ROOT)
    return run(book, Request(as_of=date(2025, 9, 29), periods=120), date(2026, 1, 1))


@pytest.fixture(scope="module")
def sample() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in TABLES.replace("{sample}", f"{ROOT}/sample_data").split(";"):
            connection.execute(statement)
        yield connection


@pytest.mark.parametrize("kpi", TOLD)
def test_the_same_as_sql(kpi: str, outcome: Outcome, sample: duckdb.DuckDBPyConnection) -> None:
    found = {
        (str(one.label), group_of(one)): one.value
        for one in outcome.results
        if one.kpi == kpi and one.part is None and one.value is not None
    }
    labels = {label for label, _ in found}
    told = {
        (label, by): pytest.approx(value, rel=1e-12)
        for label, by, value in sample.execute(_sql(kpi)).fetchall()
        if label in labels and value is not None
    }
    assert len(told) > 5
    # A count of a group without rows is 0, and SQL has no row of it.
    assert {place: value for place, value in found.items() if place in told or value} == told


def _sql(kpi: str) -> str:
    value, rows, label, split, of = TOLD[kpi]
    query = f"select {label} as label, '' as by, ({value})::double from {rows} group by 1"  # noqa: S608
    if not split:
        return query
    by = f"'{split}=' || coalesce({of}, '(none)')"
    return f"{query} union all select {label}, {by}, ({value})::double from {rows} group by 1, 2"  # noqa: S608


# The rows of TRUTHS.md: closed new business by lead source, and how many of it were won. One lost
# deal closed in 'Q3 2024', which is no date and belongs to no period.
WON = {
    "referral": (80, 34),
    "partner": (58, 22),
    "webinar": (97, 22),
    "website": (180, 46),
    "event": (68, 13),
    "paid_search": (102, 18),
    "outbound": (66 - 1, 5),
}


def test_win_rates_planted_in_the_sample() -> None:
    book = open_book(Path(__file__).parent / "sample.yaml", {}, ROOT)
    request = Request(names=("win_rate",), include_partial=True, as_of=date(2025, 9, 29))
    results = run(book, request, date(2026, 1, 1)).results
    for source, (closed, won) in WON.items():
        of_source = [one for one in results if one.by == {"lead_source": source}]
        assert sum(one.n for one in of_source) == closed
        assert sum(one.numerator or 0 for one in of_source) == won
