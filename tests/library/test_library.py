"""Every ready definition is complete, valid over the vocabulary and gives the number told here."""

from datetime import date
from pathlib import Path

import pytest
import yaml

import kpicli.library
from kpicli.flow import open_book, run
from kpicli.library import library_definitions
from kpicli.planning.request import Request
from kpicli.results import Outcome

HERE = Path(__file__).parent
LIBRARY = Path(kpicli.library.__file__).parent
NAMES = tuple(library_definitions())
WRITTEN = ("title", "description", "group", "kind", "unit", "better")

FEBRUARY = date(2025, 2, 1)
# January 2025 of tests/library/rows, told by looking at the files.
JANUARY = {
    "leads_created": 4,
    "lead_score": 110 / 3,
    "mqls": 4,
    "sqls": 2,
    "mql_sql_ratio": 2,
    # Both leads are younger than 30 days, all leads than 90; the buttons were shown in February.
    "sql_to_opportunity": "immature",
    "lead_to_customer": "immature",
    "cta_conversion": "no_rows",
    # L3 became an SQL after 11 days, L1 after 8.
    "webinar_conversion": 1,
    # 10 and 30 minutes over 3 and 6 pages.
    "time_on_page": 40 / 9,
    "landing_page_conversion": 1 / 3,
    "content_consumption": 1,
    "social_engagement": 0.025,
    "sales_accepted_rate": 2 / 3,
    "email_open_rate": 0.5,
    "email_ctr": 0.1,
    "email_ctor": 0.2,
    "email_bounce_rate": 10 / 110,
    "site_bounce_rate": 0.5,
    "page_views_per_session": 13 / 4,
    "form_completion": 0.25,
    "marketing_spend": 2000,
    "deals_created": 3,
    "deals_won": 2,
    "revenue_won": 12000,
    "average_deal_size": 6000,
    "win_rate": 2 / 3,
    "win_rate_by_amount": 0.8,
    # January's deals are not 90 days old.
    "win_rate_created": "immature",
    "win_rate_created_by_amount": "immature",
    "stage_conversion": "immature",
    # L3's deal was won, L1's lost.
    "win_rate_of_leads": 0.5,
    # D4 is in the offer, D5 in the demo: at 0.5 and 0.2.
    "open_pipeline_history": 9000,
    "weighted_pipeline_history": 4200,
    "average_sales_cycle": 38,
    "pipeline_velocity": 2 * 6000 * (2 / 3) / 38,
    # Nobody knows December's spend.
    "cac_lagged": "no_rows",
    "open_deals": 2,
    "open_pipeline": 9000,
    "weighted_pipeline": 4200,
    "new_customers": 1,
    "cac": 2000,
    # U4 answers again in the cycle: 10, 9, 7 and 0 count.
    "nps": 25,
    "nps_by_touchpoint": 25,
    "csat": 0.5,
    "csat_by_touchpoint": 0.5,
    "survey_response_rate": 7 / 8,
    # U1 to U4 on NPS, U1 and U2 on CSAT.
    "survey_respondents_rate": 6 / 8,
    "tickets_opened": 3,
    "ticket_volume": 3 / 2,
    "first_reply_time": 2,
    "resolution_time": 17,
    "referrals": 3,
    "referrers": 2,
    "referral_rate": 2 / 4,
    "invites": 1,
    "reviews": 2,
    "case_studies": 1,
    "advocating_accounts": 2,
    # A1 pays still; A2, who speaks for us, no longer does: four others pay.
    "advocacy_rate": 2 / 4,
    "feature_uses": 9,
    "feature_ranking": 4,
    "downloads": 1,
    "shares": 1,
    "error_rate": 1 / 9,
    # Of 0.5 twice, 1 five times, 2 and 10 minutes: six tenths of the way from 2 to 10.
    "arrival_lag": 6.8,
    "arrival_lag_median": 1,
    "session_duration": 14,
    "session_duration_median": 10,
    "session_length_skew": 1.4,
    "sessions_per_user": 3 / 2,
    # December ends with 100, 200 and 300 of A1 to A3, January with 140, 0, 240, 80 and 90.
    "mrr": 550,
    "arr": 6600,
    "customers": 4,
    "arpa": 137.5,
    "new_mrr": 90,
    "expansion_mrr": 40,
    "contraction_mrr": 60,
    "churned_mrr": 200,
    "reactivation_mrr": 80,
    "net_new_mrr": -50,
    "new_paying_customers": 1,
    "churned_customers": 1,
    "nrr": 140 / 300,
    "grr": 100 / 300,
    "logo_churn": 1 / 3,
    "logo_retention": 2 / 3,
    "annualized_logo_churn": 1 - (2 / 3) ** 12,
    "revenue_churn": 260 / 600,
    "net_revenue_churn": 140 / 600,
    "expanded_accounts": 1 / 3,
    "upsell_rate": 40 / 600,
    "quick_ratio": 210 / 260,
    "customer_lifetime": 3,
    "cogs": 110,
    "gross_margin": 0.8,
    "costs_of_service": 160,
    "cost_per_customer": 40,
    "cost_per_feature": 55,
    "ltv": 110 * 600 / 260,
    "ltv_capped": 110 * 600 / 260,
    "ltv_cac": 110 * 600 / 260 / 2000,
    "cac_payback": 2000 / 72,
    # The years of A1 and A2 end in January; A2 leaves. A4's quarter ends on 5 April.
    "renewal_rate": 1 / 2,
    "revenue_renewal_rate": 100 / 300,
    "renewals_due": 80,
    "accounts_due": 1,
    "churn_reasons": 1,
    # A1 buys something more, as no column says what: its price.
    "expansion_by_type": 40,
    # A1 after 371 days; by then nobody else is still waiting.
    "expansion_velocity": 371,
    # A2 is closed on the day after A4, the third of five, has been looked at for the last time.
    "customer_survival": 366,
    "ltv_by_lifetime": 12 * 137.5 * 3 / 12,
    "purchase_value": 150,
    "purchase_frequency": 1,
    "ltv_by_purchases": 150 * 1 * 3,
    "arpu": 550 / 4,
    "value_units": 1,
    "revenue_per_unit": 550,
    # January's cohort is not a month old; its only deal that ended was lost; nobody signed up.
    "cohort_retention": "immature",
    "account_retention": "immature",
    "cohort_retention_by_money": "immature",
    "cohort_survival": "no_rows",
    "sales_cycle": "not_reached",
    "time_to_value": "no_rows",
    # Of 36 and 40 days.
    "sales_cycle_won": 38,
    # After 4 days and 10; the third deal is in the stage still.
    "stage_days": 10,
    # After 1, 24 and 24 hours; the fourth user has done nothing yet.
    "time_to_activation": 24,
    # After 65 minutes, 24 hours and 24 hours and 10 minutes; the curve rests on one half.
    "time_to_first_success": 24 + 1 / 12,
    "active_users": 4,
    "active_accounts": 2,
    # Of 1, 2, 3 and 3 events the 90th percentile is 3: nobody stands out.
    "power_users": 0,
    # In the last 28 days U5 is there on two of them, in two weeks, U3 on one.
    "stickiness": 3 / (2 * 28),
    "stickiness_working_days": 3 / (2 * 20),
    "stickiness_weekly": 3 / (2 * 4),
    "usage_frequency": 9 / 4,
    "active_days": 5 / 4,
    "usage_density": 9 / 5,
    "key_actions": 6 / 4,
    # U1 used two of seven features, U2 and U5 three, U3 one.
    "usage_depth": 9 / (4 * 7),
    "transactions": 1,
    # U3 came on one of two days, U5 on two of 28; U1, U2 and U4 on none of theirs.
    "daily_participation": (1 / 2 + 2 / 28) / 5,
    "feature_users_per_login": 1 / 3,
    # U3 and U5 are new in the last 28 days, U1 and U2 were active in those before.
    "usage_growth": 2 / 4,
    "product_engagement_score": 100 * (1 / 3 + 3 / 56 + 2 / 4) / 3,
    # One week of one of the three users who were there in all four.
    "login_consistency": 1 / 12,
    "feature_adoption": 1 / 3,
    "feature_usage_rate": 1,
    "lifecycle": 4,
    # U4 has done nothing in his first days; U3 has some days left.
    "activation_rate": 2 / 3,
    "onboarding_completion": 1,
    # The trial of the 10th is paid on the 31st, 21 days later.
    "trial_to_paid": 1,
    # Three leads are 14 days old; L4 became an MQL on the 31st.
    "mql_rate": 1,
    "mql_to_sql": 2 / 3,
}

PARTS = {
    ("nps", "promoters"): 50,
    ("nps", "passives"): 25,
    ("nps", "detractors"): 25,
    ("onboarding_completion", "steps done"): 1,
    ("power_users", "share of actions"): 0,
    ("feature_adoption", "used"): 1 / 3,
    ("feature_adoption", "new"): 1 / 3,
    ("feature_adoption", "ever"): 1 / 3,
    ("feature_adoption", "of_active"): 1,
    ("usage_growth", "new"): 2,
    ("usage_growth", "dormant"): 2,
    ("time_to_first_success", "share by day 7"): 2 / 3,
    ("usage_frequency", "median"): 2.5,
    ("referral_rate", "referrers"): 2,
    ("referral_rate", "active_users"): 4,
    ("product_engagement_score", "feature_adoption"): 1 / 3,
    ("product_engagement_score", "stickiness"): 3 / 56,
    ("product_engagement_score", "usage_growth"): 1 / 2,
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    written = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    written["kpis"] = {name: {"use": name} for name in NAMES}
    file = tmp_path_factory.mktemp("library") / "kpi.yaml"
    file.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    book = open_book(file, {}, HERE)
    return run(book, Request(periods=1, as_of=FEBRUARY), FEBRUARY)


@pytest.mark.parametrize("name", NAMES)
def test_every_definition_says_what_it_is(name: str) -> None:
    definition = library_definitions()[name]
    assert [key for key in WRITTEN if not definition.get(key)] == []


def test_a_definition_stands_in_one_file() -> None:
    found = [
        name
        for path in LIBRARY.glob("*.yaml")
        for name in yaml.safe_load(path.read_text(encoding="utf-8"))["kpis"]
    ]
    assert sorted(found) == sorted(NAMES)


def test_the_groups_are_those_of_the_catalogue_in_its_order() -> None:
    groups = dict.fromkeys(one["group"] for one in library_definitions().values())
    assert list(groups) == [
        "Marketing and leads",
        "Sales",
        "Onboarding and activation",
        "Usage",
        "Retention and revenue",
        "Satisfaction and advocacy",
    ]


def test_a_formula_names_definitions_of_the_library() -> None:
    for name in ("cac", "mql_sql_ratio"):
        formula = library_definitions()[name]["formula"]
        assert set(formula.split(" / ")) <= set(NAMES)


def test_every_definition_has_its_number() -> None:
    assert set(JANUARY) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_numbers(name: str, outcome: Outcome) -> None:
    found = [
        (one.label, one.value, one.reason)
        for one in outcome.results
        if one.kpi == name and one.part is None and one.age is None and not one.by
    ]
    expected = JANUARY[name]
    reason = expected if isinstance(expected, str) else None
    assert found == [("2025-01", None if reason else pytest.approx(expected), reason)]


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_parts(name: str, part: str, outcome: Outcome) -> None:
    found = [
        one.value
        for one in outcome.results
        if (one.kpi, one.part, one.by) == (name, part, {}) and one.age is None
    ]
    assert found == [pytest.approx(PARTS[name, part])]


def test_of_accounts_as_of_users(tmp_path: Path) -> None:
    """The account's version of a usage KPI differs only in entity: two accounts were active."""
    written = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    kinds = ("active", "stickiness", "frequency", "lifecycle", "adoption")
    names = [name for name in NAMES if library_definitions()[name]["kind"] in kinds]
    written["kpis"] = {name: {"use": name, "entity": "account_id"} for name in names}
    file = tmp_path / "kpi.yaml"
    file.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    found = run(open_book(file, {}, HERE), Request(periods=1, as_of=FEBRUARY), FEBRUARY)
    told = {one.kpi: one.value for one in found.results if one.part is None and not one.by}
    assert found.problems == ()
    assert told["active_users"] == told["active_accounts"] == told["lifecycle"] == 2
    # Events on five days of January in A1's and A2's, 9 in all.
    assert told["usage_frequency"] == 9 / 2
    assert told["usage_density"] == 9 / 5
    # Of the last 28 days A1 shows two, A2 one.
    assert told["stickiness"] == 3 / (2 * 28)
    assert told["daily_participation"] == pytest.approx(3 / (5 * 28))


def test_units_are_those_of_the_definitions(outcome: Outcome) -> None:
    for card in outcome.kpis:
        assert card.unit.replace(":EUR", "") == library_definitions()[card.name]["unit"]


def test_nothing_is_wrong(outcome: Outcome) -> None:
    assert outcome.problems == ()


def test_lifetime_value_of_mhq_gatsby(tmp_path: Path) -> None:
    """ARPA 500, margin 75 %, churn 2.5 % and CAC 6,000: lifetime value 15,000, LTV to CAC 2.5."""
    customers = [f"A{at}" for at in range(41)]
    first, leaver, comer = "2024-12-01", "A39", "A40"
    files = {
        "accounts": "account_id,signed_up\n" + "".join(f"{one},{first}\n" for one in customers),
        "subscriptions": "account_id,start,end,amount,interval\n"
        + "".join(
            f"{one},{'2025-01-31' if one == comer else first},"
            f"{'2025-01-15' if one == leaver else ''},500,month\n"
            for one in customers
        ),
        "costs": "month,category,amount\n2025-01-01,cogs,5000\n",
        "spend": "month,amount\n2025-01-01,6000\n",
        "deals": "deal_id,created_at,closed_at,is_won,type\n"
        "D,2025-01-02,2025-01-31,yes,New Business\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    dated = {"accounts": "signed_up", "subscriptions": "start", "deals": "created_at"}
    sources = {
        name: {"path": f"{name}.csv", "quiet": "1y", "start": dated[name]}
        if name in dated
        else {"path": f"{name}.csv", "quiet": "1y", "time": "month"}
        for name in files
    }
    sources["accounts"]["key"] = "account_id"
    sources["subscriptions"]["end"] = "end"
    sources["deals"]["end"] = "closed_at"
    kpis = {name: {"use": name} for name in ("arpa", "gross_margin", "revenue_churn", "cac")}
    kpis |= {name: {"use": name} for name in ("ltv", "ltv_cac")}
    file = tmp_path / "kpi.yaml"
    file.write_text(yaml.safe_dump({"version": 1, "sources": sources, "kpis": kpis}))
    request = Request(periods=1, as_of=date(2025, 2, 1), grain="month")
    found = run(open_book(file, {}), request, date(2025, 2, 1))
    assert found.problems == ()
    told = {one.kpi: one.value for one in found.results if one.part is None}
    assert told == pytest.approx(
        {"arpa": 500, "gross_margin": 0.75, "revenue_churn": 0.025, "cac": 6000, "ltv": 15_000,
         "ltv_cac": 2.5}
    )  # fmt: skip
