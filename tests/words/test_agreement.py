import pytest

from kpicli.words.agreement import check, result_type, scale_of
from kpicli.words.parsing import parse_expression
from kpicli.words.types import ColumnType

TYPES: dict[str, ColumnType] = {
    "plan": "text",
    "n": "number",
    "amount": "money",
    "fee": "money",
    "discount": "percent",
    "closed": "date",
    "made": "time",
    "won": "yes_no",
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("plan", "text"),
        ("'2025-01-31'", "text"),
        ("3", "number"),
        ("null", "text"),
        ("n + 1", "number"),
        ("amount", "money"),
        ("amount + 1", "money"),
        ("1 - amount", "money"),
        ("amount * n", "money"),
        ("n * amount", "money"),
        ("amount * discount", "money"),
        ("amount / 2", "money"),
        ("amount / fee", "number"),
        ("n / amount", "number"),
        ("discount + discount", "percent"),
        ("discount * n", "number"),
        ("-amount", "money"),
        ("round(amount)", "money"),
        ("coalesce(amount, 0)", "money"),
        ("coalesce(0, amount)", "money"),
        ("case when won then n else amount end", "money"),
        ("coalesce(closed, '2025-01-31')", "date"),
        ("greatest(made, '2025-01-31')", "time"),
        ("coalesce(discount, n)", "number"),
        ("date(made)", "date"),
        ("days_between(made, closed)", "number"),
        ("hours_between(closed, made)", "number"),
        ("length(plan)", "number"),
        ("plan || 'x'", "text"),
        ("amount > 3", "yes_no"),
        ("won and n > 3", "yes_no"),
        ("nullif(won, false)", "yes_no"),
    ],
)
def test_every_expression_has_a_type(text: str, kind: ColumnType) -> None:
    expression = parse_expression(text)
    assert check(expression, TYPES) == ()
    assert result_type(expression, TYPES) == kind


def test_only_money_is_scaled() -> None:
    assert scale_of("money") == 10_000
    assert scale_of("number") == scale_of("percent") == 1


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"),
    [
        ("closed > 'yesterday'", 9, "'yesterday' is not a date", "'2025-01-31'"),
        ("closed > '2025-02-30'", 9, "'2025-02-30' is not a date", "'2025-01-31'"),
        ("closed > '2025-01-31 10:00'", 9, "is not a date", "'2025-01-31'; a date has no time"),
        ("closed in ('2025-01-31', 'x')", 25, "'x' is not a date", "'2025-01-31'"),
        ("closed > 20250131", 9, "a date, 20250131 is a number", "'2025-01-31'"),
        ("made < 'noon'", 7, "'noon' is not a time", "14:30"),
        ("made between '2025-01-01' and '1.2.2025'", 30, "'1.2.2025' is not a time", "14:30"),
        ("closed = made", 9, "closed is a date, made is a time", "date(made)"),
        ("made > closed", 7, "made is a time, closed is a date", "date(made)"),
        ("amount > 'x'", 9, "'x' is not an amount of money", "99.90"),
        ("amount > '1,000'", 9, "'1,000'", "write 1000, or 1.000 where the comma"),
        ("n > 'many'", 4, "'many' is not a number", "1000"),
        ("plan = 3", 7, "plan is a text, 3 is a number", "'3' in single quotes"),
        ("plan = true", 0, "true is a yes/no", "'true' in single quotes"),
        ("plan in ('a', 3)", 14, "3 is a number", "'3' in single quotes"),
        ("won = 1", 6, "won is a yes/no, 1 is a number", "true or false"),
        ("won = 'yes'", 6, "'yes' is not a yes/no", "won = true"),
        ("won = 'no'", 6, "'no' is not a yes/no", "won = false"),
        ("n = won", 4, "n is a number, won is a yes/no", "1000"),
        ("won > false", 0, "yes and no have no order", "= true"),
        ("discount > 30", 11, "could be 30 % or 3000 %", "'30%' or '3000%'"),
        ("discount > 'x%'", 11, "'x%' is not a percentage", "'30%'"),
        ("amount + discount", 0, "cannot be added to money", "amount * (1 + discount)"),
        ("amount > discount", 9, "discount is a percentage", "99.90"),
        ("amount * fee", 0, "money times money", "a number"),
        ("plan + 1", 0, "plan is a text; + takes numbers", "plan || 1"),
        ("closed - closed", 0, "- takes numbers", "days_between(closed, closed)"),
        ("won * 2", 0, "won is a yes/no; * takes numbers", "case when"),
        ("-plan", 1, "minus takes numbers", "types:"),
        ("abs(plan)", 4, "abs takes numbers", "types:"),
        ("lower(n)", 6, "lower takes texts", "column of texts"),
        ("n like '3%'", 0, "like takes texts", "column of texts"),
        ("year(n)", 5, "takes a date or a time", "'2025-01-31'"),
        ("days_between(made, 'soon')", 19, "'soon' is a text", "'2025-01-31'"),
        ("hours_between(closed, closed)", 14, "takes a time", "days_between"),
        ("date(closed)", 5, "takes a time", "leave out date()"),
        ("n and won", 0, "n is a number, not a yes or a no", "n = 1"),
        ("not plan", 4, "plan is a text, not a yes or a no", "plan = 'pro'"),
        ("case when n then 1 else 2 end", 10, "not a yes or a no", "n = 1"),
        ("coalesce(n, 'none')", 12, "'none' is not a number", "1000"),
        ("case when won then 'a' else n end", 19, "'a' is not a number", "1000"),
    ],
)
def test_a_disagreement_has_a_place_and_help(
    text: str, offset: int, message: str, hint: str
) -> None:
    (first, *_) = check(parse_expression(text), TYPES)
    assert message in first.message
    assert hint in (first.hint or "")
    assert first.offset == offset


def test_all_disagreements_at_once() -> None:
    text = "closed > 'x' and (plan = 3 or won) and lower(n) = 'y'"
    offsets = [problem.offset for problem in check(parse_expression(text), TYPES)]
    assert offsets == [9, 25, 45]


@pytest.mark.parametrize(
    ("text", "want", "hint"),
    [
        ("plan", "yes_no", "plan = 'pro'"),
        ("amount", "yes_no", "amount = 1"),
        ("won", "number", "case when won then 1 else 0 end"),
        ("plan", "number", "that is a number"),
        ("n", "text", "that is a text"),
        ("made", "date", "that is a date"),
    ],
)
def test_the_whole_is_what_is_wanted(text: str, want: ColumnType, hint: str) -> None:
    (problem,) = check(parse_expression(text), TYPES, want)
    assert hint in (problem.hint or "")
    assert problem.offset == 0


@pytest.mark.parametrize("text", ["n", "amount * 2", "discount"])
def test_money_and_percentages_are_numbers_too(text: str) -> None:
    assert check(parse_expression(text), TYPES, "number") == ()


def test_a_column_of_undecided_type_agrees_with_everything() -> None:
    assert check(parse_expression("x > 3 and y = 'a' and z and x = y"), {}, "yes_no") == ()
