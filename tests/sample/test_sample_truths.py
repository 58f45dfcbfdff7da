"""The truths of TRUTHS.md can be found again in the files, by SQL written without the generator."""

from math import exp, sqrt

import duckdb
import pytest
from sample_truths import truths_table

SIGMAS = 2.6
ACTIVATED = """exists (select 1 from events where event = 'alert_created'
    and distinct_id = user_id and happened >= born and happened < born + interval 7 day)"""
ARM = f"""
    with once as (select unit_id, any_value(variant) as arm from experiments
        where experiment = '{{}}' group by 1 having count(distinct variant) = 1)
    select count(*), count(*) filter ({ACTIVATED})
    from once join people on unit_id = user_id where arm = '{{}}'"""  # noqa: S608
WON = """
    select count(*), count(*) filter ("Is Won" = 'Yes') from deals
    where "Type" = 'New Business' and "Is Closed" = 'Yes' and "Lead Source" = '{}'"""
NPS = """
    with firsts as (select distinct on (respondent_id, cycle) * from answers
        where survey = 'nps' and try_cast(score as int) is not null
        order by respondent_id, cycle, answered_at)
    select count(*), count(*) filter (score::int between {} and {})
    from firsts join accounts using (account_id) where plan = '{}'"""
CSAT = """
    with asked as (select respondent_id, cycle, any_value(sent_at::timestamptz) as sent
        from invitations where survey = 'csat' group by 1, 2 having count(*) = 1),
    replies as (select a.score::int as score, t.first_reply_at::timestamptz as replied,
        t.opened_at::timestamptz as opened
        from (select distinct * exclude (line) from answers where survey = 'csat') a
        join asked using (respondent_id, cycle)
        join tickets t on requester_id = respondent_id
            and try_cast(t.solved_at as timestamptz) + interval 2 hour = sent
        where a.score is not null)
    select count(*), count(*) filter (score >= 4) from replies
    where (replied - opened <= interval 4 hour) = {}"""
CLICKS = """
    select sum(delivered::int), sum(clicks::int) from emails where campaign = '{}'
        and month(sent_at::timestamp) <> 8
        and (month(sent_at::timestamp) <> 12 or day(sent_at::timestamp) < 18)"""
FORMS = (
    "select count(*), count(*) filter (submitted = 'yes') from sessions where landing_page = '{}'"
)
RATES = {
    **{
        f"win rate, new business, {source}": WON.format(source)
        for source in (
            "referral",
            "partner",
            "webinar",
            "website",
            "event",
            "paid_search",
            "outbound",
        )
    },
    "activation, checklist, control": ARM.format("activation_checklist", "control"),
    "activation, checklist, treatment": ARM.format("activation_checklist", "treatment"),
    "activation, empty state copy, control": ARM.format("empty_state_copy", "control"),
    "activation, empty state copy, treatment": ARM.format("empty_state_copy", "treatment"),
    "activation, all who were not in the checklist experiment": f"""
        select count(*), count(*) filter ({ACTIVATED}) from people
        anti join (select unit_id from experiments where experiment = 'activation_checklist')
            on unit_id = user_id
        where born >= '2023-10-02' and born < '2025-09-22'""",  # noqa: S608
    "trials that became paid": """
        select count(*), count(*) filter (exists (select 1 from subscriptions s
            where s.account_id = t.account_id and s.amount::decimal(12, 2) > 0))
        from subscriptions t where status = 'trial' and trial_end < '2025-09-25'""",
    "customers who left and came back": """
        with stays as (select *, lead(first) over (partition by account_id order by first) as next
            from terms where status <> 'trial')
        select count(*), count(next) from stays where canceled and till < '2025-01-29'""",
    **{f"promoters, {plan}": NPS.format(9, 10, plan) for plan in ("starter", "pro", "enterprise")},
    **{f"detractors, {plan}": NPS.format(0, 6, plan) for plan in ("starter", "pro", "enterprise")},
    "answers to NPS invitations": """
        select count(*), count(*) filter (exists (select 1 from answers a
            where a.survey = 'nps' and (a.respondent_id, a.cycle) = (i.respondent_id, i.cycle)))
        from invitations i where survey = 'nps' and sent_at < '2025-09-08'""",
    "answers to CSAT invitations": """
        select count(*), (select count(distinct answer_id) from answers where survey = 'csat')
        from invitations where survey = 'csat'""",
    "CSAT 4 or 5, first reply within 4 hours": CSAT.format("true"),
    "CSAT 4 or 5, first reply later": CSAT.format("false"),
    **{
        f"clicks per delivered mail, {campaign}": CLICKS.format(campaign)
        for campaign in ("newsletter", "product_update", "webinar_invite", "winback")
    },
    **{
        f"form submitted, landing page {page}": FORMS.format(page)
        for page in ("/", "/pricing", "/demo", "/blog", "/webinar")
    },
}
BILLING_DATES = """
    create or replace table billing_dates as
    with marked as (select *, lag(till) over (partition by account_id order by first)
            is distinct from first as fresh from terms where status <> 'trial'),
    stays as (select *, sum(fresh::int) over (partition by account_id order by first) as stay
        from marked),
    anchored as (select *, min(first) over (partition by account_id, stay) as anchor from stays),
    due as (select *, (anchor + to_months(month::int))::date as day
        from anchored, range(1, 60) as months(month)
        where (paid = 'month' or month % 12 = 0)
            and anchor + to_months(month::int) > first
            and anchor + to_months(month::int) <= coalesce(till, date '2025-09-28')
            and anchor + to_months(month::int) between date '2023-10-30' and date '2025-09-28')
    select due.account_id, due.day, due.plan, paid, canceled and till = due.day as went,
        count(distinct days.user_id) / count(distinct p.user_id) as active_share
    from due
    join people p on p.account_id = due.account_id
        and born::date < due.day and (gone is null or gone::date >= due.day)
    left join days on days.user_id = p.user_id and days.day >= due.day - 28 and days.day < due.day
    group by all"""
HAZARD = {"starter": 0.036, "pro": 0.018, "enterprise": 0.009}
REPORT_WEEKS = """
    select week.monday::text, plan, count(*), count(*) filter (exists (select 1 from events e
        where e.event = 'report_created' and e.distinct_id = user_id
            and e.happened >= week.monday and e.happened < week.monday + interval 7 day))
    from (select unnest(range(date '2025-03-03', date '2025-09-29', interval 7 day))::date
        as monday) week
    join people on born::date < week.monday and (gone is null or gone::date >= week.monday)
    join terms on terms.account_id = people.account_id and terms.first <= week.monday
        and (till is null or till > week.monday)
    where plan <> 'starter'
    group by all order by 1, 2"""
CEILING = {"pro": 0.18, "enterprise": 0.58}


@pytest.fixture(scope="module")
def billing(sample: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool, float]]:
    """Plan, month or year, whether the customer left, active share; one per billing date."""
    sample.execute(BILLING_DATES)
    return sample.execute("select plan, paid, went, active_share from billing_dates").fetchall()


@pytest.fixture(scope="module")
def report_weeks(sample: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int]]:
    """Monday, plan, users, users who wrote a report in that week."""
    return sample.execute(REPORT_WEEKS).fetchall()


@pytest.mark.parametrize("name", RATES)
def test_rate_is_as_planted(sample: duckdb.DuckDBPyConnection, name: str) -> None:
    [(cases, hits)] = sample.execute(RATES[name]).fetchall()
    [(planted, listed_cases, listed_hits)] = [
        (float(row[1].rstrip("%")) / 100, row[2], row[3])
        for row in truths_table("Rates")
        if row[0] == name
    ]
    assert (listed_cases, listed_hits) == (f"{cases:,}", f"{hits:,}")
    assert abs(hits / cases - planted) <= SIGMAS * sqrt(planted * (1 - planted) / cases)


def test_no_rate_is_listed_without_a_check() -> None:
    assert {row[0] for row in truths_table("Rates")} == set(RATES)


def test_checklist_helps_and_the_other_experiment_does_not(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    assert z_score(sample, "checklist") > 3
    assert abs(z_score(sample, "empty state copy")) < 1.5


def z_score(sample: duckdb.DuckDBPyConnection, experiment: str) -> float:
    [(n, control)] = sample.execute(RATES[f"activation, {experiment}, control"]).fetchall()
    [(m, treatment)] = sample.execute(RATES[f"activation, {experiment}, treatment"]).fetchall()
    pooled = (control + treatment) / (n + m)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float((treatment / m - control / n) / spread)


def leaving(plan: str, paid: str, active_share: float) -> float:
    monthly = HAZARD[plan] * exp(-2.5 * (active_share - 0.5))
    return monthly if paid == "month" else 1 - (1 - monthly) ** 12


@pytest.mark.parametrize("row", truths_table("Churn"), ids=lambda row: f"{row[0]}-{row[1]}")
def test_customers_leave_by_plan_and_use(
    billing: list[tuple[str, str, bool, float]], row: list[str]
) -> None:
    plan, paid, *listed = row
    due = [
        (went, leaving(plan, paid, share))
        for p, t, went, share in billing
        if (p, t) == (plan, paid)
    ]
    expected = sum(chance for _, chance in due)
    left = sum(went for went, _ in due)
    assert listed == [f"{len(due):,}", f"{expected:.1f}", f"{left}"]
    assert abs(left - expected) <= SIGMAS * sqrt(sum(c * (1 - c) for _, c in due))


@pytest.mark.parametrize("row", truths_table("Use and churn"), ids=lambda row: row[0])
def test_customers_who_use_it_stay(
    billing: list[tuple[str, str, bool, float]], row: list[str]
) -> None:
    low, high = (float(edge) for edge in row[0].split(" to "))
    due = [
        (went, leaving(plan, paid, share))
        for plan, paid, went, share in billing
        if paid == "month" and low <= share and (share < high or high == 1)
    ]
    expected = sum(chance for _, chance in due)
    left = sum(went for went, _ in due)
    assert row[1:] == [f"{len(due):,}", f"{expected:.1f}", f"{left}"]
    assert abs(left - expected) <= SIGMAS * sqrt(sum(c * (1 - c) for _, c in due))


def adoption(plan: str, week: int) -> float:
    """Logistic, times the weekly habit; weeks 22 to 25 lie in August, of week 21 three days."""
    three_days = (0.84 + 0.1 + 0.08) / 5.22
    august = {21: 1 - 0.22 * three_days, **dict.fromkeys(range(22, 26), 0.78)}
    return 0.6 * august.get(week, 1.0) * CEILING[plan] / (1 + exp(-0.22 * (week - 14)))


def test_adoption_climbs_along_the_curve(report_weeks: list[tuple[str, str, int, int]]) -> None:
    assert len(report_weeks) == 60
    for place, (monday, plan, users, wrote) in enumerate(report_weeks):
        planted = adoption(plan, place // 2)
        off = abs(wrote / users - planted) / sqrt(planted * (1 - planted) / users)
        assert off < 3.5, (monday, plan, wrote / users, planted)


@pytest.mark.parametrize("row", truths_table("Adoption"), ids=lambda row: f"{row[0]}-{row[1]}")
def test_adoption_is_listed(report_weeks: list[tuple[str, str, int, int]], row: list[str]) -> None:
    place, found = next(
        (place, week) for place, week in enumerate(report_weeks) if list(week[:2]) == row[:2]
    )
    planted = adoption(row[1], place // 2)
    assert row[2:] == [f"{100 * planted:.1f}%", f"{found[2]:,}", f"{found[3]:,}"]


def test_nobody_writes_reports_before_the_release(sample: duckdb.DuckDBPyConnection) -> None:
    [(first,)] = sample.execute(
        "select min(happened)::date::text from events where event = 'report_created'"
    ).fetchall()
    assert first == "2025-03-03"


SEASONS = {
    "18 to 31 December 2023": ("2023-12-18", "2023-12-31", 0.45, 0.06),
    "18 to 31 December 2024": ("2024-12-18", "2024-12-31", 0.45, 0.06),
    "August 2024": ("2024-08-01", "2024-08-31", 0.78, 0.06),
    "August 2025": ("2025-08-01", "2025-08-31", 0.78, 0.06),
}


@pytest.mark.parametrize("name", SEASONS)
def test_season_dips(sample: duckdb.DuckDBPyConnection, name: str) -> None:
    first, last, planted, tolerance = SEASONS[name]
    busy = """select count(*) filter (isodow(day) < 6)
        / count(distinct day) filter (isodow(day) < 6) from days where day between {} and {}"""
    start, end = f"date '{first}'", f"date '{last}'"
    spans = [(start, end), (f"{start} - 21", f"{start} - 1"), (f"{end} + 8", f"{end} + 28")]
    inside, before, after = (sample.execute(busy.format(*span)).fetchall()[0][0] for span in spans)
    assert abs(inside / ((before + after) / 2) - planted) <= tolerance


def test_events_arrive_in_minutes_but_for_one_week(sample: duckdb.DuckDBPyConnection) -> None:
    weeks = sample.execute(
        """select date_trunc('week', happened)::date::text,
            quantile_cont(epoch(received_at) - epoch(timestamp), 0.95) / 60
        from events group by 1"""
    ).fetchall()
    slow = {monday: round(minutes) for monday, minutes in weeks if minutes >= 15}
    assert slow == {"2025-05-12": 217}
