"""The warts of the sample are there, as many as TRUTHS.md counts."""

import duckdb
import pytest
from sample_truths import SAMPLE, truths_table

EMPTY = "select count(*) from {} where {} is null"
WARTS = {
    ("events", "rows sent twice"): """
        select count(*) - (select count(*) from (select distinct * exclude (happened) from events))
        from events""",
    ("events", "rows that share an id and differ"): """
        select count(*) from (select event_id from
            (select distinct * exclude (happened) from events) group by 1 having count(*) > 1)""",
    ("events", "rows in the file of a later month"): """
        select count(*) from events where strftime(timestamp, '%Y-%m') < month""",
    ("events", "rows that arrived 6 hours late or more, outside the bad week"): """
        select count(*) from events where received_at - timestamp >= interval 6 hour
            and happened::date not between '2025-05-12' and '2025-05-18'""",
    ("events", "rows of users who are not in users.csv"): """
        select count(*) from events anti join users on user_id = distinct_id""",
    ("events", "account_id empty"): EMPTY.format("events", "account_id"),
    ("events", "region empty"): EMPTY.format("events", "region"),
    ("accounts", "Acme's own accounts"): """
        select count(*) from accounts where email_domain = 'acme.com'""",
    ("accounts", "industry empty"): EMPTY.format("accounts", "industry"),
    ("accounts", "region empty"): EMPTY.format("accounts", "region"),
    ("accounts", "employees empty"): EMPTY.format("accounts", "employees"),
    ("users", "test users"): "select count(*) from users where is_test = 'true'",
    ("users", "test users outside Acme"): """
        select count(*) from users where is_test = 'true' and email_domain <> 'acme.com'""",
    ("users", "role empty"): EMPTY.format("users", "role"),
    ("users", "open users of closed accounts"): """
        select count(*) from users join accounts using (account_id)
        where closed_at is not null and deleted_at is null""",
    ("leads", "created_at that is no time"): """
        select count(*) from leads where try_cast(created_at as timestamp) is null""",
    ("leads", "score that is no number"): """
        select count(*) from leads where score is not null and try_cast(score as int) is null""",
    ("leads", "score empty"): EMPTY.format("leads", "score"),
    ("leads", "campaign empty"): EMPTY.format("leads", "campaign"),
    ("deals", "Product written ReportSuite"): """
        select count(*) from deals where "Product" = 'ReportSuite'""",
    ("deals", "Amount that is no number"): """
        select count(*) from deals where try_cast("Amount" as decimal(12, 2)) is null""",
    ("deals", "Close Date that is no date"): """
        select count(*) from deals where "Close Date" is not null
            and try_strptime("Close Date", '%d.%m.%Y') is null""",
    ("deals", "First Contact that is no date"): """
        select count(*) from deals where try_strptime("First Contact", '%d.%m.%Y') is null""",
    ("deals", "Owner empty"): EMPTY.format("deals", '"Owner"'),
    ("deals", "rows in USD"): """select count(*) from deals where "Currency" = 'USD'""",
    ("deals", "lost with Amount 0.00"): """
        select count(*) from deals where "Stage" = 'Closed Lost' and "Amount" = '0.00'""",
    ("deals", "Created before the sample"): """
        select count(*) from deals where strptime("Created", '%d.%m.%Y') < '2023-10-02'""",
    ("deals", "open"): """
        select count(*) from deals where "Is Closed" = 'No' and "Close Date" is null""",
    ("subscriptions", "rows in USD"): "select count(*) from subscriptions where currency = 'USD'",
    ("subscriptions", "trials, at 0.00"): """
        select count(*) from subscriptions where status = 'trial' and amount = '0.00'
            and trial_start is not null""",
    ("subscriptions", "notice given, end still to come"): """
        select count(*) from subscriptions
        where "end" > '2025-09-28' and canceled_at <= '2025-09-28' and status = 'active'""",
    ("spend", "rows in USD"): "select count(*) from spend where currency = 'USD'",
    ("answers", "rows exported twice"): """
        select count(*) - count(distinct answer_id) from answers""",
    ("answers", "score empty"): EMPTY.format(
        "(select distinct * exclude (line) from answers)", "score"
    ),
    ("answers", "score that is no number"): """
        select count(distinct answer_id) from answers
        where score is not null and try_cast(score as int) is null""",
    ("answers", "second NPS answers in a cycle"): """
        select count(distinct answer_id) - count(distinct (respondent_id, cycle))
        from answers where survey = 'nps'""",
    ("tickets", "solved_at that is no time"): """
        select count(*) from tickets
        where solved_at is not null and try_cast(solved_at as timestamptz) is null""",
    ("tickets", "priority empty"): EMPTY.format("tickets", "priority"),
    ("sessions", "end empty"): EMPTY.format("sessions", '"end"'),
    ("sessions", "page_views that is no number"): """
        select count(*) from sessions where try_cast(page_views as int) is null""",
    ("experiments", "units in both arms"): """
        select count(*) from (select unit_id from experiments group by experiment, unit_id
            having count(distinct variant) > 1)""",
    ("rates", "weekend rows"): "select count(*) from rates where isodow(day::date) > 5",
}


@pytest.mark.parametrize(("file", "wart"), WARTS)
def test_wart_is_counted(sample: duckdb.DuckDBPyConnection, file: str, wart: str) -> None:
    [(count,)] = sample.execute(WARTS[file, wart]).fetchall()
    listed = {(row[0], row[1]): row[2] for row in truths_table("Warts")}
    assert listed[file, wart] == f"{count:,}"


def test_no_wart_is_listed_without_a_count() -> None:
    listed = {(row[0], row[1]) for row in truths_table("Warts")}
    assert listed - {("leads", "blank lines"), ("deals", "blank lines")} == set(WARTS)


@pytest.mark.parametrize("file", ["leads", "deals"])
def test_one_line_is_blank(file: str) -> None:
    lines = (SAMPLE / f"{file}.csv").read_text(encoding="utf-8").split("\n")[:-1]
    assert lines.count("") == 1
    assert [file, "blank lines", "1"] in [row[:3] for row in truths_table("Warts")]


@pytest.mark.parametrize(
    ("key", "table"),
    [
        ("account_id", "accounts"),
        ("user_id", "users"),
        ("lead_id", "leads"),
        ('"Deal ID"', "deals"),
        ("subscription_id", "subscriptions"),
        ("ticket_id", "tickets"),
        ("session_id", "sessions"),
        ("referral_id", "referrals"),
    ],
)
def test_keys_do_not_repeat(sample: duckdb.DuckDBPyConnection, key: str, table: str) -> None:
    [(rows, keys)] = sample.execute(
        f"select count(*), count(distinct {key}) from {table}"  # noqa: S608
    ).fetchall()
    assert rows == keys


@pytest.mark.parametrize(
    ("table", "column", "other", "key"),
    [
        ("users", "account_id", "accounts", "account_id"),
        ("subscriptions", "account_id", "accounts", "account_id"),
        ("answers", "respondent_id", "users", "user_id"),
        ("invitations", "respondent_id", "users", "user_id"),
        ("tickets", "requester_id", "users", "user_id"),
        ("experiments", "unit_id", "users", "user_id"),
        ("deal_stages", "deal_id", "deals", '"Deal ID"'),
        ("leads", "opportunity_id", "deals", '"Deal ID"'),
        ("leads", "account_id", "accounts", "account_id"),
        ("deals", '"Account ID"', "accounts", "account_id"),
        ("accounts", "parent_id", "accounts", "account_id"),
    ],
)
def test_references_are_found(
    sample: duckdb.DuckDBPyConnection, table: str, column: str, other: str, key: str
) -> None:
    [(lost, found)] = sample.execute(
        f"select count(*) filter (o.{key} is null), count(o.{key})"  # noqa: S608
        f" from {table} t left join {other} o on t.{column} = o.{key} where t.{column} is not null"
    ).fetchall()
    assert lost == 0
    assert found > 0
