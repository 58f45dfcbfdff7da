import pytest

from kpicli.words.expressions import ExpressionError
from kpicli.words.mappings import parse_mapping
from kpicli.words.parsing import parse_condition


@pytest.mark.parametrize(
    ("mapping", "text"),
    [
        ({"plan": "pro"}, "plan = 'pro'"),
        ({"stage": ["Won", "Lost"]}, "stage in ('Won', 'Lost')"),
        (
            {"stage": ["Won", "Lost"], "is_test": False},
            "stage in ('Won', 'Lost') and is_test = false",
        ),
        ({"stage": ["Won"]}, "stage = 'Won'"),
        ({"closed_at": None}, "closed_at is null"),
        ({"stage": ["Won", None]}, "stage = 'Won' or stage is null"),
        (
            {"stage": ["Won", "Lost", None], "n": 3},
            "(stage in ('Won', 'Lost') or stage is null) and n = 3",
        ),
        ({"n": 0.1}, "n = 0.1"),
        ({"Close Date": "2025-01-31"}, "\"Close Date\" = '2025-01-31'"),
        ({"accounts.plan": "O'Brien"}, "accounts.plan = 'O''Brien'"),
    ],
)
def test_a_mapping_says_the_same_as_a_condition(mapping: dict[str, object], text: str) -> None:
    parsed = parse_mapping(mapping)
    assert parsed == parse_condition(text)
    assert parse_condition(parsed.text) == parsed


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({}, "there is nothing here"),
        ({"plan": []}, "the list of plan is empty"),
        ({"plan": {"is": "pro"}}, "plan is compared with dict"),
        ({"plan": [["pro"]]}, "plan is compared with list"),
        ({3: "pro"}, "3 is no column"),
        ({"n": float("inf")}, "n is compared with Infinity"),
        ({"n": float("nan")}, "n is compared with NaN"),
        ({"n": 10**20}, "n is compared with 1000*"),
    ],
)
def test_a_mapping_that_says_nothing(mapping: dict[str, object], message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        parse_mapping(mapping)
