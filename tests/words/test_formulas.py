import pytest

from kpicli.words.expressions import ExpressionError
from kpicli.words.formulas import FormulaValue, parse_formula

VALUES = {
    ("arpa", 0): 50.0,
    ("margin", 0): 0.8,
    ("churn", 0): 0.04,
    ("mrr", 0): 110.0,
    ("mrr", 1): 100.0,
    ("zero", 0): 0.0,
    ("huge", 0): 1e308,
}


def value_of(name: str, back: int) -> float | None:
    return VALUES.get((name, back))


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("arpa * margin / churn", 1000.0, None),
        ("(mrr - lag(mrr, 1)) / lag(mrr, 1)", 0.1, None),
        ("mrr - 2 * -3", 116.0, None),
        ("-mrr + 10", -100.0, None),
        ("1 + 2 * 3 + 0 * mrr", 7.0, None),
        ("arpa / zero", None, "zero_denominator"),
        ("zero / zero", None, "zero_denominator"),
        ("1 + arpa / zero", None, "zero_denominator"),
        ("missing / zero", None, None),
        ("missing + 1", None, None),
        ("lag(arpa, 1) * 2", None, None),
        ("missing + arpa / zero", None, "zero_denominator"),
        ("coalesce(missing, 3)", 3.0, None),
        ("coalesce(missing, arpa, 3)", 50.0, None),
        ("coalesce(zero, 3)", 0.0, None),
        ("coalesce(arpa / zero, 0)", 0.0, None),
        ("coalesce(missing, gone)", None, None),
        ("coalesce(missing, arpa / zero)", None, "zero_denominator"),
        ("least(arpa, mrr, missing)", 50.0, None),
        ("greatest(arpa, mrr, missing)", 110.0, None),
        ("least(missing, gone)", None, None),
        ("huge * huge", None, None),
        ("huge * huge - huge * huge", None, None),
    ],
)
def test_a_formula_is_computed(text: str, value: float | None, reason: str | None) -> None:
    computed = parse_formula(text).evaluate(value_of)
    assert computed.reason == reason
    assert computed.value == (None if value is None else pytest.approx(value))


def test_a_value_has_no_reason() -> None:
    assert parse_formula("mrr").evaluate(value_of) == FormulaValue(110.0)


def test_inputs_are_whole_distinct_and_in_order() -> None:
    formula = parse_formula("(mrr - lag(mrr, 12)) / lag(mrr, 12) * arpa + lag(mrr, 1) - mrr")
    assert formula.inputs == (("mrr", 0), ("mrr", 12), ("arpa", 0), ("mrr", 1))
    assert formula.names == ("mrr", "arpa")
    assert formula.offset_of("arpa") == 38


def test_a_formula_has_one_spelling() -> None:
    formula = parse_formula("a*(b)-COALESCE( c,0 )")
    assert formula.canonical() == "(a * b) - coalesce(c, 0)"
    assert parse_formula(formula.canonical()) == formula


@pytest.mark.parametrize(
    ("text", "offset", "hint"),
    [
        ("a > 3", 0, "+ - * /"),
        ("a and b", 0, "+ - * /"),
        ("a + 'x'", 4, "+ - * /"),
        ("a + null", None, "+ - * /"),
        ("round(a)", 0, "coalesce"),
        ("sum(a)", 0, "one row at a time"),
        ("__import__(a)", 0, "allowed"),
        ("a.b(c)", None, None),
        ("lag(a)", 0, "commas"),
        ("lag(a, 0)", 7, "lag(mrr, 1)"),
        ("lag(a, -1)", 8, "lag(mrr, 1)"),
        ("lag(a, 1.5)", 7, "lag(mrr, 1)"),
        ("lag(a, b)", 7, "lag(mrr, 1)"),
        ("lag(a + b, 1)", 4, "lag(mrr, 1)"),
        ("a ** b", 3, "name the column"),
        ("a +", 2, "behind it"),
        ("30% * a", 2, "0.3"),
        ("1 + 2", 0, "arpa"),
        ("", None, None),
    ],
)
def test_what_a_formula_may_not_say(text: str, offset: int | None, hint: str | None) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text)
    if hint:
        assert hint in (caught.value.hint or "")
        assert caught.value.offset == offset
