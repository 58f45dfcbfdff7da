"""Targets: which value is good, for whom, from when, and what is not judged."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from kpicli.verdicts import exit_code
from language.folder import Folder, Told

# January: 10 answers, 6 good. February: 5 answers, 2 good. March: 4 answers, 1 good.
MONTHS = [("2025-01", 10, 6), ("2025-02", 5, 2), ("2025-03", 4, 1)]
SOURCES = "sources: {answers: {path: answers.csv, time: day, quiet: 1mo}}\n"
SHARE = "kpis: {good: {kind: share, source: answers, count_if: good = 1, grain: month, %s}}"


def rows(months: Sequence[tuple[str, int, int]] = MONTHS, plan: str = "pro") -> str:
    lines = [
        f"{month}-28,{1 if number < good else 0},{plan},{number}\n"
        for month, count, good in months
        for number in range(count)
    ]
    return "day,good,plan,hours\n" + "".join(lines)


def judge(folder: Folder, keys: str, answers: str | None = None, **request: Any) -> Told:
    """The share of good answers to the end of March."""
    folder.put({"answers.csv": answers or rows()})
    return folder.tell(SOURCES + SHARE % keys, **{"as_of": date(2025, 4, 1)} | request)


def statuses(told: Told, **by: str) -> list[str | None]:
    return [told.record("good", month, **by).status for month, _, _ in MONTHS]


EDGES = [
    ("target: 60%", ["green", "red", "red"]),
    ("target: 40%", ["green", "green", "red"]),
    ("target: 60%, yellow: 40%", ["green", "yellow", "red"]),
    ("target: 60%, yellow: 25%", ["green", "yellow", "yellow"]),
    ("better: lower, target: 25%", ["red", "red", "green"]),
    ("better: lower, target: 25%, yellow: 40%", ["red", "yellow", "green"]),
    ("target: {from: 30%, to: 50%}", ["red", "green", "red"]),
    ("target: {from: 30%, to: 40%}, yellow: {from: 25%, to: 50%}", ["red", "green", "yellow"]),
    ("target: 60.0%", ["green", "red", "red"]),
]


@pytest.mark.parametrize(("keys", "colours"), EDGES)
def test_an_edge_belongs_to_its_better_side(folder: Folder, keys: str, colours: list[str]) -> None:
    assert statuses(judge(folder, keys)) == colours


def test_the_edges_in_force_stand_beside_each_value(folder: Folder) -> None:
    record = judge(folder, "target: 60%, yellow: 40%").record("good", "2025-02")
    assert (record.value, record.target, record.yellow) == (0.4, 0.6, 0.4)


WRONG = [
    ("target: 40%, yellow: 60%", "is lower better? add better: lower"),
    ("better: lower, target: 40%, yellow: 20%", "is higher better? add better: higher"),
    ("target: 0.6", "0.6% or 60%"),
    ("target: 60", "60%"),
    ("target: {from: 50%, to: 30%}", "write {from: 30%, to: 50%}"),
    ("target: {from: 30%}", "a band has two ends"),
    ("yellow: 40%", "without a target"),
    ("target: [30%]", "one value"),
    ("targets: [{for: {plan: pro}, target: 30%}]", "add by: [plan]"),
    ("targets: [{from: 2025-13-01, target: 30%}]", "2025-13-01"),
    ("target: 30%, mute: {until: soon}", "soon"),
    ("target: 30%, min_n: 0", "greater than or equal to 1"),
    ("target: 30%, if_no_data: maybe", "allowed: fail, pass"),
    ("target: 30%, better: more", "allowed: higher, lower"),
]


@pytest.mark.parametrize(("keys", "words"), WRONG)
def test_what_cannot_be_a_target_is_refused(folder: Folder, keys: str, words: str) -> None:
    folder.put({"answers.csv": rows()})
    problem = folder.one_refusal(SOURCES + SHARE % keys)
    assert words in f"{problem.message} | {problem.hint}"
    assert problem.place is not None
    assert problem.place.line == 3


UNITS = [
    ("kind: count", "target: 5", "green"),
    ("kind: count", "target: 11", "red"),
    ("kind: sum, of: hours, unit: hours", "target: 2d", "red"),
    ("kind: average, of: hours, unit: hours", "target: 270min", "green"),
    ("kind: average, of: hours, unit: hours, better: lower", "target: 1d", "green"),
    ("kind: score, of: hours, scale: 0-10", "target: -60", "green"),
    ("kind: sum, of: hours, unit: money", "target: 45 EUR", "green"),
]


@pytest.mark.parametrize(("kind", "target", "status"), UNITS)
def test_a_target_is_written_as_the_value_is_shown(
    folder: Folder, kind: str, target: str, status: str
) -> None:
    folder.put({"answers.csv": rows()})
    told = folder.tell(
        f"{SOURCES}kpis: {{good: {{{kind}, source: answers, grain: month, {target}}}}}",
        as_of=date(2025, 2, 1),
    )
    assert told.record("good", "2025-01").status == status


WRONG_UNITS = [
    ("kind: count", "target: 30%", "write 30"),
    ("kind: average, of: hours, unit: hours", "target: 5", "write 5h"),
    ("kind: average, of: hours, unit: hours", "target: 5m", "min or mo?"),
    ("kind: sum, of: hours, unit: money", "target: 5 USD", "amounts here are in EUR"),
    ("kind: count", "target: '1,200'", "1200"),
]


@pytest.mark.parametrize(("kind", "target", "words"), WRONG_UNITS)
def test_a_target_in_another_unit_is_refused(
    folder: Folder, kind: str, target: str, words: str
) -> None:
    folder.put({"answers.csv": rows()})
    problem = folder.one_refusal(
        f"{SOURCES}kpis: {{good: {{{kind}, source: answers, grain: month, {target}}}}}"
    )
    assert words in f"{problem.message} | {problem.hint}"


def test_the_unrounded_value_is_judged_and_more_digits_are_printed(folder: Folder) -> None:
    # 599 of 1,000 are 59.9 %; 5,999 of 10,000 would be printed as 60.0 %.
    told = judge(folder, "target: 60%", rows([("2025-03", 10_000, 5_999)]))
    assert told.record("good", "2025-03").status == "red"
    assert "59.99 %" in told.written()


def test_target_judges_the_total_and_no_segment(folder: Folder) -> None:
    told = judge(folder, "target: 60%, by: [plan]")
    assert statuses(told) == ["green", "red", "red"]
    assert statuses(told, plan="pro") == [None, None, None]
    assert told.outcome.summary.targets == 1


FREE = rows([("2025-01", 4, 4), ("2025-02", 4, 2), ("2025-03", 4, 0)], "free")
TWO = rows() + FREE.partition("\n")[2]


def test_targets_are_read_top_down_and_the_last_match_wins(folder: Folder) -> None:
    told = judge(
        folder,
        "by: [plan], targets: [{for: {plan: each}, target: 30%}, {for: {plan: free}, target: 60%}, "
        "{for: {plan: free}, from: 2025-02-01, target: 50%}]",
        TWO,
    )
    assert statuses(told, plan="pro") == ["green", "green", "red"]
    assert statuses(told, plan="free") == ["green", "green", "red"]
    targets = [told.record("good", month, plan="free").target for month, _, _ in MONTHS]
    assert targets == [0.6, 0.5, 0.5]
    assert told.outcome.summary.targets == 2


def test_from_is_the_first_day_of_a_period_that_it_holds_for(folder: Folder) -> None:
    told = judge(folder, "target: 20%, targets: [{from: 2025-02-01, target: 50%}]")
    assert statuses(told) == ["green", "red", "red"]
    told = judge(folder, "target: 20%, targets: [{from: 2025-02-02, target: 50%}]")
    assert statuses(told) == ["green", "green", "red"]


def test_an_entry_has_its_own_yellow_owner_and_action(folder: Folder) -> None:
    told = judge(
        folder,
        "owner: Product, if_red: Call, by: [plan], target: 90%, targets: "
        "[{for: {plan: free}, target: 90%, yellow: 0%, owner: [Sales, CS], if_red: Write}]",
        TWO,
    )
    total, free = told.outcome.verdicts
    assert (total.owner, total.if_red, total.status) == (("Product",), "Call", "red")
    assert (free.owner, free.if_red, free.status) == (("Sales", "CS"), "Write", "yellow")


def test_a_target_for_a_cross(folder: Folder) -> None:
    told = judge(
        folder,
        "by: [[plan, good]], targets: [{for: {plan: free, good: '1'}, target: 100%}]", TWO,
    )  # fmt: skip
    assert told.record("good", "2025-02", plan="free", good="1").status == "green"
    assert told.record("good", "2025-02", plan="pro", good="1").status is None


def test_below_min_n_the_value_is_shown_and_not_judged(folder: Folder) -> None:
    told = judge(folder, "target: 60%, min_n: 5")
    assert statuses(told) == ["green", "red", None]
    record = told.record("good", "2025-03")
    assert (record.value, record.n, record.reason) == (0.25, 4, "too_few")
    assert told.outcome.summary.no_data == 1


RED_AFTER = [
    ([10, 10, 1], "yellow"),
    ([10, 1, 1], "red"),
    ([1, 1, 10], "green"),
    ([1, 10, 1], "yellow"),
]


@pytest.mark.parametrize(("good", "status"), RED_AFTER)
def test_red_after_two_is_red_only_when_the_two_newest_miss(
    folder: Folder, good: list[int], status: str
) -> None:
    months = [(f"2025-{number:02}", 10, one) for number, one in enumerate(good, start=1)]
    told = judge(folder, "target: 60%, red_after: 2", rows(months))
    assert told.record("good", "2025-03").status == status
    assert told.outcome.verdicts[0].status == status


def test_gate_false_is_coloured_and_never_an_exit_code(folder: Folder) -> None:
    told = judge(folder, "target: 60%, gate: false")
    assert told.outcome.verdicts[0].status == "red"
    assert exit_code(told.outcome) == 0
    assert exit_code(judge(folder, "target: 60%").outcome) == 1


def test_yellow_passes_unless_strict(folder: Folder) -> None:
    outcome = judge(folder, "target: 60%, yellow: 20%").outcome
    assert (exit_code(outcome), exit_code(outcome, strict=True)) == (0, 1)


def test_mute_expires_by_itself(folder: Folder) -> None:
    told = judge(folder, "target: 60%, mute: {until: 2025-05-01, reason: migration}")
    assert told.record("good", "2025-03").status is None
    verdict = told.outcome.verdicts[0]
    assert (verdict.reason, verdict.mute_reason, verdict.fails) == ("muted", "migration", False)
    assert told.outcome.summary.muted == 1
    told = judge(folder, "target: 60%, mute: {until: 2025-04-01, reason: migration}")
    assert told.outcome.verdicts[0].status == "red"


NO_DATA = [
    ("target: 60%", True, 3),
    ("target: 60%, if_no_data: pass", False, 0),
    ("by: [plan], targets: [{for: {plan: free}, target: 60%}]", False, 0),
    ("by: [plan], if_no_data: fail, targets: [{for: {plan: free}, target: 60%}]", True, 3),
]


@pytest.mark.parametrize(("keys", "fails", "code"), NO_DATA)
def test_if_no_data_fails_for_the_total_and_passes_for_segments(
    folder: Folder, keys: str, fails: bool, code: int
) -> None:
    # Nothing in March, which the source's allowance covers.
    told = judge(folder, keys, rows(MONTHS[:2]))
    record = told.record("good", "2025-03")
    assert (record.value, record.reason) == (None, "no_rows")
    [verdict] = told.outcome.verdicts
    assert (verdict.status, verdict.fails) == ("no_data", fails)
    assert exit_code(told.outcome) == code


def test_the_verdict_is_that_of_the_newest_complete_period(folder: Folder) -> None:
    told = judge(folder, "target: 60%", include_partial=True, as_of=date(2025, 3, 29))
    assert told.record("good", "2025-03").status is None
    assert told.record("good", "2025-03").reason == "running"
    assert told.outcome.verdicts[0].result.label == "2025-02"


def test_a_snapshot_is_judged(folder: Folder) -> None:
    folder.put({"answers.csv": rows()})
    told = folder.tell("""
        sources: {answers: {path: answers.csv}}
        kpis: {good: {kind: share, source: answers, count_if: good = 1, target: 40%}}
        """)
    # 9 of 19.
    assert told.record("good", "snapshot").status == "green"
