"""What is planted in the sample comes out of the KPIs that are made for it, within chance."""

import os
from datetime import date
from math import exp, sqrt

import pytest
from sample_truths import OUTSIDERS, SAMPLE, SOURCES, truths_table

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome, Result

SIGMAS = 2.6
BOOK = f"""
{SOURCES}  answers:
    path: {SAMPLE.as_posix()}/answers.csv
    time: answered_at
    unique: answer_id
    quiet: 1mo
    refers_to: {{users: respondent_id, accounts: account_id}}
  invitations:
    path: {SAMPLE.as_posix()}/invitations.csv
    time: sent_at
    quiet: 1mo
    refers_to: {{users: respondent_id}}
  experiments:
    path: {SAMPLE.as_posix()}/experiments.csv
    time: exposed_at
    quiet: 2y
    refers_to: {{users: unit_id}}
{OUTSIDERS}kpis:
  nps: {{use: nps, grain: quarter, by: [plan]}}
  responses: {{use: survey_response_rate, grain: quarter, by: [survey]}}
  respondents: {{use: survey_respondents_rate, grain: quarter, by: [survey]}}
  lag: {{use: arrival_lag, grain: week}}
  errors: {{use: error_rate, grain: week}}
  adoption:
    use: feature_adoption
    window: 1w
    grain: week
    eligible: accounts.plan in ('pro', 'enterprise')
    since_release: 2025-03-03
    by: [plan]
  copy:
    kind: conversion
    entity: user_id
    from: {{source: experiments, where: experiment = 'empty_state_copy'}}
    to: {{source: events, where: event_name = 'alert_created'}}
    within: 7d
    grain: quarter
    by: [variant]
  checklist:
    kind: conversion
    entity: user_id
    from: {{source: experiments, where: experiment = 'activation_checklist'}}
    to: {{source: events, where: event_name = 'alert_created'}}
    within: 7d
    grain: quarter
    by: [variant]
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    file = tmp_path_factory.mktemp("recovered") / "kpi.yaml"
    file.write_text(BOOK, encoding="utf-8")
    return run(open_book(file, os.environ), Request(periods=30), date(2026, 1, 1))


def told(outcome: Outcome, kpi: str, part: str | None = None, **by: str) -> list[Result]:
    return [
        one
        for one in outcome.results
        if (one.kpi, one.part, one.by) == (kpi, part, by) and one.value is not None
    ]


def together(results: list[Result]) -> tuple[float, float]:
    """Above and below the line, over all periods."""
    return sum(one.numerator or 0 for one in results), sum(one.denominator or 0 for one in results)


def planted(name: str) -> float:
    (share,) = (float(row[1].rstrip("%")) / 100 for row in truths_table("Rates") if row[0] == name)
    return share


def is_within_chance(hits: float, cases: float, share: float) -> bool:
    return abs(hits / cases - share) <= SIGMAS * sqrt(share * (1 - share) / cases)


def test_nothing_is_wrong(outcome: Outcome) -> None:
    assert outcome.problems == ()


@pytest.mark.parametrize("plan", ["starter", "pro", "enterprise"])
@pytest.mark.parametrize("part", ["promoters", "detractors"])
def test_score_by_plan(part: str, plan: str, outcome: Outcome) -> None:
    hits, cases = together(told(outcome, "nps", part, plan=plan))
    assert cases > 200
    assert is_within_chance(hits, cases, planted(f"{part}, {plan}"))


def test_second_answers_of_a_cycle_do_not_count(outcome: Outcome) -> None:
    left = sum(one.left_out.get("ineligible", 0) for one in told(outcome, "nps"))
    (warts,) = (row for row in truths_table("Warts") if row[1].startswith("second NPS answers"))
    assert 0 < left <= int(warts[2])


def test_share_of_those_invited_who_answer(outcome: Outcome) -> None:
    """To CSAT one is invited after every ticket, to NPS once per cycle."""
    for kpi, survey in (("responses", "csat"), ("respondents", "nps")):
        hits, cases = together(told(outcome, kpi, survey=survey))
        assert is_within_chance(hits, cases, planted(f"answers to {survey.upper()} invitations"))


@pytest.mark.parametrize(("experiment", "helps"), [("checklist", True), ("copy", False)])
def test_one_experiment_helps(experiment: str, helps: bool, outcome: Outcome) -> None:
    arms = {
        name: together(told(outcome, experiment, variant=name)) for name in ("control", "treatment")
    }
    (hits, cases), (more, others) = arms["control"], arms["treatment"]
    pooled = (hits + more) / (cases + others)
    spread = sqrt(pooled * (1 - pooled) * (1 / cases + 1 / others))
    z = (more / others - hits / cases) / spread
    assert z > 3 if helps else abs(z) < 1.5


@pytest.mark.parametrize(("plan", "ceiling"), [("pro", 0.18), ("enterprise", 0.58)])
def test_the_wave_of_adoption(plan: str, ceiling: float, outcome: Outcome) -> None:
    """The plan is today's, so that a few users stand elsewhere: a tenth more than chance."""
    weeks = told(outcome, "adoption", plan=plan)
    assert len(weeks) == 30
    for place, week in enumerate(weeks):
        season = 0.78 if place in range(22, 26) else 1.0
        curve = 0.6 * season * ceiling / (1 + exp(-0.22 * (place - 14)))
        chance = 3.5 * sqrt(curve * (1 - curve) / week.n)
        assert abs((week.value or 0) - curve) < chance + 0.1 * curve, week.label


def test_one_week_is_late_and_broken(outcome: Outcome) -> None:
    late = [one.label for one in told(outcome, "lag") if (one.value or 0) >= 15]
    rates = {one.label: one.value or 0 for one in told(outcome, "errors")}
    usual = sorted(rates.values())[len(rates) // 2]
    assert late == ["2025-W20"]
    assert 4 < rates["2025-W20"] / usual < 6
    assert max(rate for label, rate in rates.items() if label != "2025-W20") < 2 * usual
