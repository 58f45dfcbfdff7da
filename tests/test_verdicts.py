from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicli.errors import Problem
from kpicli.results import Meta, Outcome, Reason, Result, Summary, Verdict
from kpicli.verdicts import Judged, exit_code, judge_results, report_exit_code
from kpicli.words.targets import Band, Target, TargetRule, WrittenTargets

AS_OF = date(2025, 9, 29)
FIRST = date(2025, 9, 1)
PRO = {"plan": "pro"}


def week(number: int, value: float | None, **more: Any) -> Result:
    """Give a week, counted from 0: the one that begins on 1 September 2025."""
    start = FIRST + timedelta(weeks=number)
    label = f"2025-W{36 + number}"
    plain = Result("adoption", "week", label, start, start + timedelta(weeks=1), value=value, n=100)
    return replace(plain, **more)


def kpi(*rules: TargetRule, **more: Any) -> Judged:
    usual = (TargetRule(Target(0.3, 0.27)),)
    return replace(Judged("adoption", "ratio", "higher", rules or usual), **more)


def judged(
    *results: Result, **more: Any
) -> tuple[tuple[Result, ...], tuple[Verdict, ...], Summary]:
    rules = more.pop("rules", ())
    return judge_results(results, {"adoption": kpi(*rules, **more)}, AS_OF)


def statuses(results: tuple[Result, ...]) -> list[tuple[str | None, str | None]]:
    return [(result.status, result.reason) for result in results]


def test_every_complete_period_is_coloured_and_the_newest_is_the_verdict() -> None:
    results, verdicts, summary = judged(week(0, 0.2), week(1, 0.28), week(2, 0.31), week(3, 0.25))
    assert [result.status for result in results] == ["red", "yellow", "green", "red"]
    assert {(result.target, result.yellow) for result in results} == {(0.3, 0.27)}
    (verdict,) = verdicts
    assert verdict.result.label == "2025-W39"
    assert verdict.result is results[3]
    assert (verdict.status, verdict.reason, verdict.fails) == ("red", None, False)
    assert verdict.short == pytest.approx(0.05)
    assert summary == Summary(targets=1, red=1)


def test_results_keep_their_order_and_periods_are_ordered_by_time() -> None:
    results, verdicts, _ = judged(week(2, 0.31), week(0, 0.2), week(1, 0.28))
    assert [result.label for result in results] == ["2025-W38", "2025-W36", "2025-W37"]
    assert verdicts[0].result.label == "2025-W38"


def test_a_rule_counts_from_its_date_for_periods_that_begin_then() -> None:
    rules = (TargetRule(Target(0.3)), TargetRule(Target(0.35, 0.31), from_=date(2025, 9, 15)))
    results, _, _ = judged(week(1, 0.32), week(2, 0.32), rules=rules)
    assert [(r.target, r.yellow, r.status) for r in results] == [
        (0.3, None, "green"),
        (0.35, 0.31, "yellow"),
    ]


def test_a_plain_target_judges_the_total_alone() -> None:
    results, verdicts, summary = judged(week(0, 0.31), week(0, 0.1, by=PRO))
    assert [(r.target, r.status) for r in results] == [(0.3, "green"), (None, None)]
    assert len(verdicts) == 1
    assert summary == Summary(targets=1, green=1)


def test_each_value_of_a_split_is_its_own_target() -> None:
    rules = (
        TargetRule(Target(0.3), {"plan": "each"}, owner=("Sales",)),
        TargetRule(Target(0.6), {"plan": "enterprise"}, if_red="Call the champion"),
    )
    _, verdicts, summary = judged(
        week(0, 0.31),
        week(0, 0.31, by=PRO),
        week(0, 0.5, by={"plan": "enterprise"}),
        rules=rules,
        owner=("Product",),
        if_red="Start a tour",
        file="kpis.yaml",
        line=7,
    )
    said = [(v.by["plan"], v.status, v.owner, v.if_red) for v in verdicts]
    assert said == [
        ("pro", "green", ("Sales",), "Start a tour"),
        ("enterprise", "red", ("Product",), "Call the champion"),
    ]
    assert {(v.file, v.line) for v in verdicts} == {("kpis.yaml", 7)}
    assert summary == Summary(targets=2, green=1, red=1)


def test_parts_and_ages_are_not_judged() -> None:
    given_results = (week(0, 0.1, part="new"), week(0, 0.1, age=2))
    results, verdicts, _ = judged(*given_results)
    assert results == given_results
    assert [(v.status, v.reason) for v in verdicts] == [("no_data", "no_rows")]


@pytest.mark.parametrize(
    ("result", "status", "reason"),
    [
        (week(0, 0.1, complete=False, reason="running"), None, "running"),
        (week(0, 0.1, complete=False), None, "running"),
        (week(0, None, complete=False), None, "running"),
        (week(0, 0.1, complete=False, reason="stale_source"), None, "stale_source"),
        (week(0, None, complete=False, reason="stale_source"), "no_data", "stale_source"),
        (week(0, None, complete=False, reason="missing_source"), "no_data", "missing_source"),
        (week(0, None, reason="zero_denominator"), "no_data", "zero_denominator"),
        (week(0, 0.1, reason="other_grain"), None, "other_grain"),
        (week(0, 0.1, grain="month"), None, "other_grain"),
        (week(0, 0.1, n=29), None, "too_few"),
        (week(0, 0.1, n=30), "red", None),
        (week(0, None, n=0, reason="no_rows"), "no_data", "no_rows"),
    ],
)
def test_what_cannot_be_judged_keeps_its_value_and_says_why(
    result: Result, status: str | None, reason: str | None
) -> None:
    (after,), (verdict,), summary = judged(result, min_n=30, grain="week")
    assert (after.status, after.reason, after.value) == (status, reason, result.value)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert (verdict.short is None) == (status != "red")
    assert summary.targets == summary.red + summary.no_data == 1


def test_without_a_target_nothing_is_judged_and_small_samples_still_show() -> None:
    (none, few, empty), verdicts, summary = judge_results(
        [week(0, 0.1), week(1, 0.1, n=3), week(2, None, reason="no_rows")],
        {"adoption": Judged("adoption", "ratio", "higher", min_n=30)},
        AS_OF,
    )
    assert (none.status, none.reason, none.target) == (None, None, None)
    assert (few.status, few.reason) == (None, "too_few")
    assert (empty.status, empty.reason) == (None, "no_rows")
    assert (verdicts, summary) == ((), Summary())


def test_a_kpi_that_nobody_judges_passes_through() -> None:
    result = week(0, 0.1)
    assert judge_results([result], {}, AS_OF) == ((result,), (), Summary())


def test_a_list_without_time_is_judged_in_any_grain() -> None:
    snapshot = Result("adoption", "snapshot", None, None, None, value=0.1, n=10)
    (after,), (verdict,), _ = judged(snapshot, grain="month", red_after=2)
    assert (after.status, verdict.status) == ("red", "red")


@pytest.mark.parametrize(
    ("as_of", "target"),
    [(date(2026, 1, 1), 0.3), (date(2026, 1, 2), 0.35), (None, 0.3)],
)
def test_a_list_as_it_is_takes_the_rule_of_the_last_day_read(
    as_of: date | None, target: float
) -> None:
    rules = (TargetRule(Target(0.3)), TargetRule(Target(0.35), from_=date(2026, 1, 1)))
    snapshot = Result("adoption", "snapshot", None, None, None, value=0.4, n=10)
    (after,), (verdict,), _ = judge_results([snapshot], {"adoption": kpi(*rules)}, as_of)
    assert (after.target, verdict.status) == (target, "green")


@pytest.mark.parametrize(
    ("values", "red_after", "expected"),
    [
        ([0.1, 0.4, 0.1], 2, ["yellow", "green", "yellow"]),
        ([0.4, 0.1, 0.1], 2, ["green", "yellow", "red"]),
        ([0.1, 0.1, 0.1], 3, ["yellow", "yellow", "red"]),
        ([0.1, 0.28, 0.1], 2, ["yellow", "yellow", "yellow"]),
        ([0.1, None, 0.1], 2, ["yellow", "no_data", "yellow"]),
        ([0.1, 0.1], 1, ["red", "red"]),
    ],
)
def test_red_waits_until_enough_periods_miss(
    values: list[float | None], red_after: int, expected: list[str]
) -> None:
    weeks = [week(number, value, reason=_empty(value)) for number, value in enumerate(values)]
    results, (verdict,), _ = judged(*weeks, red_after=red_after)
    assert [result.status for result in results] == expected
    assert verdict.status == expected[-1]


def _empty(value: float | None) -> Reason | None:
    return "no_rows" if value is None else None


def test_the_running_period_neither_misses_nor_breaks_a_row_of_misses() -> None:
    running = week(2, 0.9, complete=False, reason="running")
    results, (verdict,), _ = judged(week(0, 0.1), week(1, 0.1), running, red_after=2)
    assert [result.status for result in results] == ["yellow", "red", None]
    assert (verdict.status, verdict.result.label) == ("red", "2025-W37")


def test_an_immature_newest_period_falls_back_to_the_latest_mature_one() -> None:
    results, (verdict,), summary = judged(
        week(0, 0.1), week(1, 0.31), week(2, None, reason="immature")
    )
    assert results[2].status == "no_data"
    assert (verdict.result.label, verdict.status) == ("2025-W37", "green")
    assert summary == Summary(targets=1, green=1)


def test_groups_are_judged_in_the_period_of_their_total() -> None:
    """The total of week 38 is mature; of the group nobody is, though its week 37 has a value."""
    rules = (TargetRule(Target(0.3)), TargetRule(Target(0.3), for_=PRO))
    _, verdicts, _ = judged(
        week(1, 0.31), week(2, 0.32), week(1, 0.4, by=PRO),
        week(2, None, by=PRO, reason="immature"), rules=rules,
    )  # fmt: skip
    assert [(dict(one.by), one.result.label, one.status) for one in verdicts] == [
        ({}, "2025-W38", "green"), (PRO, "2025-W38", "no_data"),
    ]  # fmt: skip


def test_a_cell_of_a_grid_may_be_of_too_few() -> None:
    few, enough = week(1, 0.5, age=2, n=29), week(1, 0.5, age=1, n=30)
    results, _, _ = judged(few, enough, min_n=30)
    assert statuses(results) == [(None, "too_few"), (None, None)]


def test_an_empty_newest_period_is_the_verdict() -> None:
    _, (verdict,), _ = judged(week(0, 0.31), week(1, None, reason="no_rows"))
    assert (verdict.status, verdict.reason, verdict.fails) == ("no_data", "no_rows", True)


def test_a_period_that_a_source_does_not_reach_is_not_judged_by_an_older_one() -> None:
    _, (verdict,), _ = judged(week(0, 0.31), week(1, 0.1, complete=False, reason="stale_source"))
    assert (verdict.status, verdict.reason, verdict.fails) == (None, "stale_source", True)
    assert verdict.result.label == "2025-W37"


def test_where_nothing_is_complete_the_newest_ended_period_says_why() -> None:
    stale = week(0, 0.1, complete=False, reason="stale_source")
    running = week(1, 0.1, complete=False, reason="running")
    _, (verdict,), _ = judged(stale, running)
    assert (verdict.result.label, verdict.reason) == ("2025-W36", "stale_source")
    assert verdict.fails


@pytest.mark.parametrize(
    ("as_of", "muted"),
    [(date(2026, 1, 30), True), (date(2026, 1, 31), False), (None, True)],
)
def test_a_mute_ends_with_the_reading_date_it_names(as_of: date | None, muted: bool) -> None:
    expected = kpi(mute_until=date(2026, 1, 31), mute_reason="migration")
    (result,), (verdict,), summary = judge_results([week(0, 0.1)], {"adoption": expected}, as_of)
    assert result.target == 0.3
    assert (result.status, result.reason) == ((None, "muted") if muted else ("red", None))
    assert (verdict.reason, verdict.mute_reason, verdict.fails) == (
        ("muted", "migration", False) if muted else (None, None, False)
    )
    assert summary == (Summary(targets=1, muted=1) if muted else Summary(targets=1, red=1))


def test_a_muted_target_without_data_is_muted() -> None:
    (result,), (verdict,), summary = judged(
        week(0, None, reason="no_rows"), mute_until=date(2026, 1, 31)
    )
    assert (result.status, result.reason) == (None, "no_rows")
    assert (verdict.status, verdict.reason, verdict.fails) == (None, "muted", False)
    assert summary == Summary(targets=1, muted=1)


@pytest.mark.parametrize(
    ("by", "if_no_data", "fails"),
    [
        ({}, None, True),
        ({}, "pass", False),
        (PRO, None, False),
        (PRO, "fail", True),
    ],
)
def test_no_data_fails_the_total_and_passes_a_segment_unless_told_otherwise(
    by: dict[str, str], if_no_data: Any, fails: bool
) -> None:
    _, (verdict,), _ = judged(
        week(0, None, by=by, reason="no_rows"),
        rules=(TargetRule(Target(0.3), by),),
        if_no_data=if_no_data,
    )
    assert verdict.fails is fails


def test_another_grain_is_no_missing_data() -> None:
    _, (verdict,), _ = judged(week(0, 0.1, reason="other_grain"), if_no_data="fail")
    assert (verdict.reason, verdict.fails) == ("other_grain", False)


def test_a_named_segment_without_any_result_is_a_target_without_data() -> None:
    rules = (TargetRule(Target(0.3)), TargetRule(Target(0.6, 0.5), {"plan": "enterprise"}))
    results, verdicts, summary = judged(week(0, 0.31), week(1, 0.31), rules=rules)
    assert len(results) == 2
    missing = verdicts[1]
    assert (missing.by, missing.status, missing.reason) == (
        {"plan": "enterprise"},
        "no_data",
        "no_rows",
    )
    assert (missing.result.label, missing.result.target) == ("2025-W37", 0.6)
    assert not missing.fails
    assert summary == Summary(targets=2, green=1, no_data=1)


def test_a_named_segment_shares_the_reason_of_a_total_without_value() -> None:
    rules = (TargetRule(Target(0.6), {"plan": "enterprise"}),)
    gone = week(0, None, complete=False, reason="missing_source")
    _, (verdict,), _ = judged(gone, rules=rules)
    assert (verdict.status, verdict.reason) == ("no_data", "missing_source")


def test_a_named_segment_is_not_missed_before_its_rule_begins() -> None:
    rules = (TargetRule(Target(0.6), {"plan": "enterprise"}, date(2027, 1, 1)),)
    _, verdicts, summary = judged(week(0, 0.31), rules=rules)
    assert (verdicts, summary) == ((), Summary())


def test_a_kpi_without_any_result_is_a_target_without_data() -> None:
    _, (verdict,), summary = judge_results([], {"adoption": kpi()}, AS_OF)
    assert (verdict.status, verdict.reason, verdict.fails) == ("no_data", "no_rows", True)
    assert summary == Summary(targets=1, no_data=1)


def test_a_band_is_written_with_its_two_ends() -> None:
    rules = (TargetRule(Target(Band(20, 40), Band(15, 45))),)
    (result,), (verdict,), _ = judged(week(0, 43), rules=rules)
    assert result.target == {"from": 20, "to": 40}
    assert result.yellow == {"from": 15, "to": 45}
    assert (verdict.status, verdict.short) == ("yellow", 3)


def test_what_an_author_wrote_is_taken_over() -> None:
    written = WrittenTargets.model_validate(
        {
            "min_n": 30,
            "red_after": 2,
            "gate": False,
            "mute": {"until": "2026-01-31", "reason": "migration"},
            "if_no_data": "pass",
            "owner": ["Product", "Sales"],
            "if_red": "Call",
        }
    )
    assert Judged("nrr", "ratio", "higher", line=4).as_written(written) == Judged(
        "nrr",
        "ratio",
        "higher",
        (),
        30,
        2,
        False,
        date(2026, 1, 31),
        "migration",
        "pass",
        ("Product", "Sales"),
        "Call",
        None,
        4,
        None,
    )


REASONS = [None, "no_rows", "immature", "stale_source", "other_grain", "running"]


@st.composite
def some_results(draw: st.DrawFn) -> list[Result]:
    numbers = st.integers(0, 5)
    found = []
    for name in draw(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12)):
        value = draw(st.none() | st.floats(0, 1))
        reason = draw(st.sampled_from(REASONS))
        by = draw(st.sampled_from([{}, PRO, {"plan": "free"}]))
        complete = draw(st.booleans())
        n = draw(st.integers(0, 60))
        plain = week(draw(numbers), value, reason=reason, by=by, complete=complete, n=n)
        found.append(replace(plain, kpi=name))
    return found


@given(some_results(), st.integers(1, 3), st.sampled_from([None, date(2026, 1, 1)]))
def test_the_summary_adds_up_and_verdicts_agree_with_it(
    results: list[Result], red_after: int, mute: date | None
) -> None:
    rules = (TargetRule(Target(0.5, 0.4)), TargetRule(Target(0.6), {"plan": "each"}))
    expected = {
        "a": Judged("a", "ratio", "higher", rules, min_n=30, red_after=red_after),
        "b": Judged("b", "ratio", "higher", rules, mute_until=mute),
    }
    after, verdicts, summary = judge_results(results, expected, AS_OF)
    parts = summary.green + summary.yellow + summary.red + summary.no_data + summary.muted
    assert summary.targets == parts == len(verdicts)
    assert [(r.kpi, r.by, r.value) for r in after] == [(r.kpi, r.by, r.value) for r in results]
    assert all((v.short is None) == (v.status not in ("green", "yellow", "red")) for v in verdicts)
    assert not any(v.fails for v in verdicts if v.short is not None)


ERROR = Problem("missing_file", "deals.csv is not there")
WARNING = Problem("old", "deals.csv is old", level="warning")


def verdict(status: Any, **more: Any) -> Verdict:
    plain = Verdict("adoption", {}, week(0, 0.1), status, None, None, (), None)
    return replace(plain, **more)


@pytest.mark.parametrize(
    ("verdicts", "problems", "usual", "strict"),
    [
        ([], [], 0, 0),
        ([verdict("green")], [], 0, 0),
        ([verdict("yellow")], [], 0, 1),
        ([verdict("green"), verdict("red")], [], 1, 1),
        ([verdict("red", gate=False)], [], 0, 0),
        ([verdict("yellow", gate=False)], [], 0, 0),
        ([verdict("no_data")], [], 0, 0),
        ([verdict("no_data", fails=True)], [], 3, 3),
        ([verdict(None, fails=True)], [], 3, 3),
        ([verdict("red"), verdict("no_data", fails=True)], [], 3, 3),
        ([verdict("no_data", fails=True, gate=False)], [], 0, 0),
        ([verdict(None, reason="muted")], [], 0, 0),
        ([verdict("red")], [ERROR], 3, 3),
        ([verdict("green")], [ERROR], 3, 3),
        ([verdict("red")], [WARNING], 1, 1),
    ],
)
def test_a_check_ends_with_three_before_one(
    verdicts: list[Verdict], problems: list[Problem], usual: int, strict: int
) -> None:
    outcome = _outcome(verdicts, problems)
    assert exit_code(outcome) == usual
    assert exit_code(outcome, strict=True) == strict


@pytest.mark.parametrize(("problems", "code"), [([], 0), ([WARNING], 0), ([WARNING, ERROR], 3)])
def test_a_report_fails_only_for_what_is_missing(problems: list[Problem], code: int) -> None:
    missed = [verdict("red"), verdict("no_data", fails=True)]
    assert report_exit_code(_outcome(missed, problems)) == code


def _outcome(verdicts: list[Verdict], problems: list[Problem]) -> Outcome:
    meta = Meta("0.1.0", "Acme", None, AS_OF, "UTC", "kpi_definitions.yaml", "")
    return Outcome(meta, (), (), tuple(verdicts), tuple(problems))
