"""A sentence per target, and the lines that count them."""

import pytest
from acme import acme_outcome

from kpicli.reports.check import check_blocks
from kpicli.reports.sentences import count_misses, count_targets, note_verdict
from kpicli.reports.urgency import fails_check, worst_first
from kpicli.results import Summary

OUTCOME = acme_outcome()
SENTENCES = [
    ("nps", {}, "Net promoter score (week 38): 23.7, target 30, 6.3 short",
     "Customer success: Call the detractors"),
    ("nrr", {}, "Net revenue retention, 12 months (week 38): 97.1 %, target 105 %, 7.9 pt short",
     "Customer success: Review the renewals of the next 90 days"),
    ("report_adoption", {"plan": "pro"},
     "Adoption of reports, 28 days, plan pro (week 38): 29.96 %, target 30 %, 0.04 pt short",
     "Product: Start a guided tour for the plans below target"),
    ("cycle", {}, "Sales cycle, median (week 38): 52 days, target 20–40 days, 12 days over "
     "(shown only, no gate)", "Sales: Look at the deals older than 60 days"),
    ("cac", {}, "Cost of acquiring a customer (week 35): not judged, spend.csv ends 31 Aug; "
     "needed to 21 Sep", None),
    ("reply", {}, "First replies within an hour (week 38): not judged, muted "
     "(new help desk until Oct)", None),
    ("ltv", {}, "Customer lifetime value (week 38): not judged, costs could not be read; "
     "this target fails without data", "Owner: Finance"),
]  # fmt: skip


def verdict_of(kpi, by):
    return next(one for one in OUTCOME.verdicts if one.kpi == kpi and one.by == by)


@pytest.mark.parametrize(("kpi", "by", "text", "action"), SENTENCES)
def test_a_sentence_says_what_where_how_much_who_and_what_to_do(kpi, by, text, action):
    note = note_verdict(verdict_of(kpi, by), OUTCOME)
    assert (note.text, note.action) == (text, action)


def test_in_its_own_report_the_period_goes_without_saying():
    note = note_verdict(verdict_of("nps", {}), OUTCOME, in_report=True)
    assert note.text == "Net promoter score: 23.7, target 30, 6.3 short"


def test_what_fails_the_check_comes_first_and_the_widest_miss_before_others():
    order = [(one.kpi, *one.by.values()) for one in worst_first(OUTCOME.verdicts)]
    assert order == [
        ("nps",), ("nrr",), ("ltv",), ("cycle",), ("cac",), ("reply",),
        ("report_adoption", "enterprise"), ("report_adoption", "pro"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kpi", "by", "plain", "strict"),
    [
        ("nps", {}, True, True),
        ("report_adoption", {"plan": "pro"}, False, True),
        ("report_adoption", {}, False, False),
        ("cycle", {}, False, False),
        ("reply", {}, False, False),
        ("cac", {}, False, False),
        ("ltv", {}, True, True),
    ],
)
def test_only_a_gate_that_is_missed_fails(kpi, by, plain, strict):
    verdict = verdict_of(kpi, by)
    assert fails_check(verdict) is plain
    assert fails_check(verdict, strict=True) is strict


@pytest.mark.parametrize(
    ("summary", "closing", "report"),
    [
        (Summary(37, 33, 1, 1, 1, 1), "37 targets: 33 met, 1 near, 1 missed, 2 not judged",
         "1 of 37 targets missed, 1 near, 2 not judged"),
        (Summary(1, 1), "1 target: 1 met, 0 near, 0 missed, 0 not judged", "The target is met"),
        (Summary(9, 9), "9 targets: 9 met, 0 near, 0 missed, 0 not judged", "All 9 targets met"),
        (Summary(9, 8, 1), "9 targets: 8 met, 1 near, 0 missed, 0 not judged",
         "None of 9 targets missed, 1 near"),
        (Summary(2, 2), "2 targets: 2 met, 0 near, 0 missed, 0 not judged", "Both targets met"),
        (Summary(2, no_data=2), "2 targets: 0 met, 0 near, 0 missed, 2 not judged",
         "2 targets, none could be judged"),
        (Summary(1, red=1), "1 target: 0 met, 0 near, 1 missed, 0 not judged",
         "The target is missed"),
    ],
)  # fmt: skip
def test_the_closing_line_adds_up(summary, closing, report):
    assert count_targets(summary) == closing
    assert count_misses(summary) == report


def test_a_check_ends_with_the_sum():
    assert check_blocks(OUTCOME)[-1].text == "9 targets: 1 met, 2 near, 3 missed, 3 not judged"
