import pytest

from kpicli.words.demands import demands
from kpicli.words.expressions import ExpressionError
from kpicli.words.parsing import parse_expression
from kpicli.words.types import ColumnType


@pytest.mark.parametrize(
    ("text", "want", "asked"),
    [
        ("x > 3", None, {"x": "number"}),
        ("3 in (x, y)", None, {"x": "number", "y": "number"}),
        ("x between 1 and 2", None, {"x": "number"}),
        ("x + y", None, {"x": "number", "y": "number"}),
        ("round(x) = y", None, {"x": "number"}),
        ("coalesce(x, y) > 3", None, {"x": "number", "y": "number"}),
        ("case when a then x else 0 end", None, {"a": "yes_no", "x": "number"}),
        ("length(s) > n", None, {"s": "text", "n": "number"}),
        ("plan = 'pro'", None, {"plan": "text"}),
        ("lower(plan) = other", None, {"plan": "text", "other": "text"}),
        ("plan like 'a%'", None, {"plan": "text"}),
        ("closed > '2025-01-31'", None, {"closed": "time"}),
        ("made > '2025-01-31 10:00'", None, {"made": "time"}),
        ("discount > '30%'", None, {}),
        ("closed in ('2025-01-31', 'never')", None, {"closed": "text"}),
        ("year(d) = y", None, {"d": "time", "y": "number"}),
        ("x = y", None, {}),
        ("x is null", None, {}),
        ("won", "yes_no", {"won": "yes_no"}),
        ("won and not lost", None, {"won": "yes_no", "lost": "yes_no"}),
        ("won = true", None, {"won": "yes_no"}),
        ("amount", "number", {"amount": "number"}),
        ("coalesce(amount, fee)", "money", {"amount": "money", "fee": "money"}),
        ("accounts.arr > 100", "yes_no", {"accounts.arr": "number"}),
    ],
)
def test_use_asks_for_a_type(
    text: str, want: ColumnType | None, asked: dict[str, ColumnType]
) -> None:
    assert demands(parse_expression(text), want) == asked


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("plan = 'pro' and plan > 3", 17),
        ("won and won + 1 > 2", 8),
        ("lower(x) = 'a' or x", 18),
    ],
)
def test_two_uses_that_disagree(text: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        demands(parse_expression(text), "yes_no")
    assert caught.value.offset == offset
    assert " and as " in caught.value.message
