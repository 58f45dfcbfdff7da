from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kpicli.words.targets import (
    Band,
    Better,
    Target,
    TargetRule,
    WrittenTargets,
    distance,
    judge,
    resolve_targets,
    rule_in_force,
)

SAMPLE = {
    "target": "30%",
    "yellow": "27%",
    "targets": [
        {
            "for": {"plan": "enterprise"},
            "target": "60%",
            "yellow": "54%",
            "if_red": "Call the champion",
            "owner": "Sales",
        },
        {"from": "2026-01-01", "target": "35%", "yellow": "31%"},
    ],
}


def resolved(written: dict[str, Any], unit: str = "ratio", better: Better = "higher") -> Any:
    return resolve_targets(WrittenTargets.model_validate(written), unit, better)


def test_the_rules_of_the_sample_stand_in_the_order_written() -> None:
    rules, problems = resolved(SAMPLE)
    assert problems == ()
    assert rules == (
        TargetRule(Target(0.3, 0.27), place_path=("target",)),
        TargetRule(
            Target(0.6, 0.54),
            {"plan": "enterprise"},
            None,
            ("Sales",),
            "Call the champion",
            ("targets", 0),
        ),
        TargetRule(Target(0.35, 0.31), {}, date(2026, 1, 1), place_path=("targets", 1)),
    )


def test_a_band_holds_both_ends() -> None:
    written = {"target": {"from": 20, "to": 40}, "yellow": {"from": 15, "to": 45}}
    rules, problems = resolved(written, "score")
    assert problems == ()
    assert rules[0].target == Target(Band(20.0, 40.0), Band(15.0, 45.0))


@pytest.mark.parametrize(
    ("written", "unit", "better", "expected"),
    [
        (
            {"target": "30%", "yellow": "35%"},
            "ratio",
            "higher",
            [("yellow",)],
        ),
        ({"target": 5, "yellow": 3}, "count", "lower", [("yellow",)]),
        ({"yellow": "3%"}, "ratio", "higher", [("yellow",)]),
        ({"target": {"from": 40, "to": 20}}, "score", "higher", [("target",)]),
        (
            {"target": {"from": 20, "to": 40}, "yellow": {"from": 25, "to": 45}},
            "score",
            "higher",
            [("yellow",)],
        ),
        ({"target": {"from": 20, "to": 40}, "yellow": 15}, "score", "higher", [("yellow",)]),
        (
            {
                "target": {"from": 20, "to": "40%"},
                "yellow": "x",
                "targets": [{"target": "1,200"}, {"target": 3}, {"target": 2, "yellow": 9}],
            },
            "score",
            "higher",
            [("target", "to"), ("yellow",), ("targets", 0, "target"), ("targets", 2, "yellow")],
        ),
    ],
)
def test_all_problems_are_found_at_once_with_their_places(
    written: dict[str, Any], unit: str, better: Better, expected: list[tuple[str | int, ...]]
) -> None:
    _, problems = resolved(written, unit, better)
    assert [problem.path for problem in problems] == expected


def test_a_yellow_on_the_better_side_asks_which_way_is_good() -> None:
    _, (problem,) = resolved({"target": "2%", "yellow": "3%"})
    assert problem.code == "yellow_side"
    assert problem.message == "yellow 3 % is better than target 2 %"
    assert problem.hint == "is lower better? add better: lower"


def test_a_yellow_on_the_worse_side_is_right_when_lower_is_better() -> None:
    rules, problems = resolved({"target": "2%", "yellow": "3%"}, better="lower")
    assert problems == ()
    assert rules[0].target == Target(0.02, 0.03, "lower")


def test_a_good_rule_is_kept_beside_a_bad_one() -> None:
    rules, problems = resolved({"target": 30, "targets": [{"target": "40%"}]})
    assert [rule.place_path for rule in rules] == [("targets", 0)]
    assert [problem.path for problem in problems] == [("target",)]
    assert "30% or as 3000%" in problems[0].message


def test_segment_values_are_text() -> None:
    written = WrittenTargets.model_validate(
        {"targets": [{"for": {"tier": 1, "power": True, "plan": "each"}, "target": 1}]}
    )
    assert written.targets[0].for_ == {"tier": "1", "power": "true", "plan": "each"}


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        ({"target": True}, ("target",), "write one value, such as 30%, or a band"),
        ({"target": [1]}, ("target",), "or a band"),
        ({"target": {"from": 20}}, ("target",), "a band has two ends"),
        ({"target": {"from": 20, "to": [1]}}, ("target",), "write one value"),
        ({"targets": [{"for": {"plan": "pro"}}]}, ("targets", 0, "target"), "Field required"),
        (
            {"targets": [{"for": {"plan": ["a", "b"]}, "target": 1}]},
            ("targets", 0, "for", "plan"),
            "several values are several rules",
        ),
        (
            {"targets": [{"from": "1.1.2026", "target": 1}]},
            ("targets", 0, "from"),
            "write it as 2026-01-31",
        ),
        ({"targets": [{"from": 2026, "target": 1}]}, ("targets", 0, "from"), "2026-01-31"),
        ({"targets": [{"segment": "a", "target": 1}]}, ("targets", 0, "segment"), "Extra"),
        ({"min_n": 0}, ("min_n",), "greater than or equal to 1"),
        ({"red_after": 0}, ("red_after",), "greater than or equal to 1"),
        ({"mute": {"reason": "migration"}}, ("mute", "until"), "Field required"),
        ({"if_no_data": "warn"}, ("if_no_data",), "'fail' or 'pass'"),
        ({"better": "up"}, ("better",), "'higher' or 'lower'"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(
    written: dict[str, Any], place: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        WrittenTargets.model_validate(written)
    (error,) = caught.value.errors()
    assert error["loc"] == place
    assert message in error["msg"]


def test_what_is_expected_has_plain_defaults() -> None:
    written = WrittenTargets.model_validate(
        {"mute": {"until": "2026-01-31", "reason": "migration"}, "owner": ["A", "B"]}
    )
    assert written.mute is not None
    assert written.mute.until == date(2026, 1, 31)
    assert (written.owner, written.gate, written.red_after) == (("A", "B"), True, 1)
    assert WrittenTargets.model_validate({"owner": "A"}).owner == ("A",)


def test_editors_are_told_what_a_target_can_be() -> None:
    schema = WrittenTargets.model_json_schema(by_alias=True)
    plain, band, nothing = schema["properties"]["target"]["anyOf"]
    assert plain["type"] == ["string", "number"]
    assert band["required"] == ["from", "to"]
    assert nothing == {"type": "null"}


def rule(at: float, for_: dict[str, str], from_: date | None = None) -> TargetRule:
    return TargetRule(Target(at), for_, from_)


RULES = [
    rule(1, {}),
    rule(2, {"plan": "each"}),
    rule(3, {"plan": "enterprise"}),
    rule(4, {}, date(2026, 1, 1)),
    rule(5, {"plan": "enterprise"}, date(2026, 1, 1)),
    rule(6, {"plan": "enterprise", "size": "each"}),
]


@pytest.mark.parametrize(
    ("by", "start", "expected"),
    [
        ({}, date(2025, 12, 29), 1),
        ({}, date(2026, 1, 1), 4),
        ({}, None, 1),
        ({"plan": "pro"}, date(2026, 2, 1), 2),
        ({"plan": "(none)"}, date(2025, 2, 1), 2),
        ({"plan": "(other)"}, date(2025, 2, 1), None),
        ({"plan": "enterprise"}, date(2025, 2, 1), 3),
        ({"plan": "enterprise"}, date(2026, 2, 1), 5),
        ({"size": "small"}, date(2026, 2, 1), None),
        ({"plan": "enterprise", "size": "small"}, date(2026, 2, 1), 6),
        ({"plan": "pro", "size": "small"}, date(2026, 2, 1), None),
    ],
)
def test_the_last_rule_that_matches_wins(
    by: dict[str, str], start: date | None, expected: float | None
) -> None:
    found = rule_in_force(RULES, by, start)
    assert (found.target.at if found else None) == expected


def test_a_later_rule_wins_over_a_nearer_one() -> None:
    rules = [rule(3, {"plan": "pro"}), rule(2, {"plan": "each"})]
    found = rule_in_force(rules, {"plan": "pro"}, None)
    assert found is rules[1]


HIGHER, LOWER = Target(0.3, 0.27), Target(0.02, 0.03, "lower")
BAND = Target(Band(20, 40), Band(15, 45))


@pytest.mark.parametrize(
    ("value", "target", "colour", "short"),
    [
        (0.3, HIGHER, "green", 0),
        (0.1 + 0.2, HIGHER, "green", 0),
        (0.31, HIGHER, "green", 0),
        (0.29999999, HIGHER, "yellow", 0.00000001),
        (0.27, HIGHER, "yellow", 0.03),
        (0.2699, HIGHER, "red", 0.0301),
        (0.29, Target(0.3), "red", 0.01),
        (0.02, LOWER, "green", 0),
        (0.025, LOWER, "yellow", 0.005),
        (0.03, LOWER, "yellow", 0.01),
        (0.031, LOWER, "red", 0.011),
        (0.1 + 0.2, Target(0.3, None, "lower"), "green", 0),
        (20, BAND, "green", 0),
        (40, BAND, "green", 0),
        (41, BAND, "yellow", 1),
        (15, BAND, "yellow", 5),
        (46, BAND, "red", 6),
        (10, BAND, "red", 10),
    ],
)
def test_an_edge_belongs_to_its_better_side(
    value: float, target: Target, colour: str, short: float
) -> None:
    assert judge(value, target) == colour
    assert distance(value, target) == pytest.approx(short, abs=1e-12)


ORDER = {"red": 0, "yellow": 1, "green": 2}
numbers = st.floats(-1e9, 1e9)


@given(numbers, numbers, numbers, st.floats(0, 1e6))
def test_a_better_value_is_never_judged_worse(
    one: float, other: float, at: float, room: float
) -> None:
    low, high = sorted((one, other))
    up, down = Target(at, at - room, "higher"), Target(at, at + room, "lower")
    assert ORDER[judge(low, up)] <= ORDER[judge(high, up)]
    assert ORDER[judge(low, down)] >= ORDER[judge(high, down)]


@given(numbers, numbers, st.sampled_from(["higher", "lower"]))
def test_only_what_is_green_falls_short_by_nothing(value: float, at: float, better: Better) -> None:
    target = Target(at, None, better)
    assert (distance(value, target) == 0) == (judge(value, target) == "green")
