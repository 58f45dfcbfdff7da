import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpicli.words.expressions import Expression, ExpressionError, Name, all_of, walk
from kpicli.words.formulas import parse_formula
from kpicli.words.parsing import parse_condition, parse_expression

TREES = [
    ("plan = 'pro'", "plan = 'pro'"),
    ("  plan='pro'  ", "plan = 'pro'"),
    ("((plan) = ('pro'))", "plan = 'pro'"),
    ("plan <> 'pro'", "plan <> 'pro'"),
    ("plan != 'pro'", "plan <> 'pro'"),
    ("name = 'O''Brien'", "name = 'O''Brien'"),
    ("a and b or c", "(a and b) or c"),
    ("a or b and not c", "a or (b and (not c))"),
    ("a and (b and c) and d", "a and b and c and d"),
    ("not a = 1", "not (a = 1)"),
    ("a not in (1, 2)", "not (a in (1, 2))"),
    ("a not between 1 and 2", "not (a between 1 and 2)"),
    ("a not like 'x%'", "not (a like 'x%')"),
    ("a is not null", "not (a is null)"),
    ("a IS NULL AND b ILIKE 'X'", "(a is null) and (b ilike 'X')"),
    ("a between 1 and 2 and b", "(a between 1 and 2) and b"),
    ("a - b - c > 0", "((a - b) - c) > 0"),
    ("a + b * -2 > +3", "(a + (b * -2)) > 3"),
    ("-a < - -3", "(-a) < 3"),
    ("a > 1e3 or a < 0.50", "(a > 1000) or (a < 0.5)"),
    ("a || b || 'c' = d", "(a || b || 'c') = d"),
    ("LOWER(Plan) = 'pro'", "lower(Plan) = 'pro'"),
    (
        "case when a then 1 when b then 2 end = 1",
        "case when a then 1 when b then 2 else null end = 1",
    ),
    ("case x when 1 then a else b end", "case when x = 1 then a else b end"),
    ("accounts.plan = 'pro'", "accounts.plan = 'pro'"),
    ("users.accounts.plan is null", "users.accounts.plan is null"),
    ("\"Close Date\" > '2025-01-31'", "\"Close Date\" > '2025-01-31'"),
    ('"plain" is null', "plain is null"),
    ('accounts."Close Date" is null', '"accounts.Close Date" is null'),
    ("end is null and start > '2025'", "(\"end\" is null) and (start > '2025')"),
    (
        "case when end is null then 1 else 2 end = 1",
        'case when "end" is null then 1 else 2 end = 1',
    ),
    ("timestamp > date", "timestamp > date"),
    ("when or then", '"when" or "then"'),
    ("group = order", "group = order"),
    ("interval = 'month'", "interval = 'month'"),
    ("call is null", "call is null"),
    ("Größe > 3", "Größe > 3"),
    ("(a = 1) = (b = 2)", "(a = 1) = (b = 2)"),
    ("days_between(a, b) <= 7", "days_between(a, b) <= 7"),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_condition_has_one_spelling(text: str, tree: str) -> None:
    parsed = parse_condition(text)
    assert parsed.canonical() == tree
    assert parse_condition(tree) == parsed
    assert hash(parse_condition(tree)) == hash(parsed)


NAMES = """
    event_id timestamp event_name user_id session_id product_version region plan platform
    properties received_at created_at deleted_at role email_domain is_test name tier industry
    employees csm arr renewal_date parent_id score source campaign channel accepted stage is_won
    is_closed amount currency probability owner_id lead_source type position start end product
    quantity interval interval_count discount status trial_start tax month category survey cycle
    touchpoint comment sent_at delivered opens clicks bounces page_views landing_page submitted
    priority act day rate unit_id variant date time year weekday left right values value key first
    last row rows order group user table index level all any set by desc from select_ format
"""


@pytest.mark.parametrize("name", NAMES.split())
def test_every_name_of_the_vocabulary_is_a_column(name: str) -> None:
    for text in (f"{name} = 1", f"1 = {name}", f"{name} in (1, 2)", f"a > 1 and {name} is null"):
        assert name in parse_condition(text).names
    assert f"accounts.{name}" in parse_condition(f"accounts.{name} = {name}").names


ERRORS = [
    # text, offset, in the hint
    ("a == 3 and b == 2", 2, "write a = 3 and b = 2"),
    ("a = 1 && b", 6, "write a = 1 and b"),
    ('priority == "high"', 9, "write priority = 'high'"),
    ('a == "x" && b == 2', 2, "write a = 'x' and b = 2"),
    ("a => 3", 2, "write a >= 3"),
    ("a =< 3", 3, "write a <= 3"),
    ("a > = 3", 4, "write a >= 3"),
    ("!a", 0, "write not a"),
    ("is_won || is_test", 0, "write is_won or is_test"),
    ("a = 1 || b = 2", 11, "write a = 1 or b = 2"),
    ("plan = 'a' or 'b'", 14, "write plan in ('a', 'b')"),
    ("plan is 'pro'", 5, "write plan = 'pro'"),
    ("plan is not 'pro'", 5, "write plan <> 'pro'"),
    ("is_won is true", 7, "write is_won = true"),
    ("plan = null", 5, "write plan is null"),
    ("plan <> null or a", 5, "write plan is not null or a"),
    ("plan in ('a', null)", 0, "plan is null"),
    ("plan in 'a'", 8, "write plan in ('a')"),
    ("plan in pro", 8, "write plan in ('pro')"),
    ("plan in ['a']", 8, "round brackets"),
    ("plan in ()", 0, "in ('pro', 'team')"),
    ("plan isnull", 5, "write plan is null"),
    ("plan = 'pro", 7, "write plan = 'pro'"),
    ("plan = pro'", 10, "write plan = 'pro'"),
    ("plan = 'pro and a", 7, "write plan = 'pro' and a"),
    ('"Close Date = 3', 0, 'write "Close" Date = 3'),
    ("name = 'O'Brien'", 15, "name = 'O''Brien'"),
    ("plan = “pro”", 7, "plan = 'pro'"),
    ("plan = ‘pro’", 7, "plan = 'pro'"),
    ("`plan` = 'pro'", 0, "write \"plan\" = 'pro'"),
    ("Close Date > '2025-01-31'", 6, '"Close Date"'),
    ("d > date '2025-01-31'", 9, "write d > '2025-01-31'"),
    ("discount > 30%", 13, "'30%'"),
    ("a > 1,000", 5, "1000"),
    ("a > 1_000", 5, "stands alone"),
    ("a > 0x1F", 5, "stands alone"),
    ("a > 10d", 6, "stands alone"),
    ("a > .5", 4, "0.5"),
    ("a > 1e400", 4, "10^14"),
    ("a > 1e", 4, "1000 or 0.5"),
    ("a::int = 2", 1, "types:"),
    ("cast(a) = 2", 0, "types:"),
    ("a = 1; drop table x", 5, "one condition"),
    ("a > 1 -- the rest", 6, "YAML"),
    ("amount--1 > 3", 6, "YAML"),
    ("/* x */ a", 0, "YAML"),
    ("a /* x", None, "leave the comment out"),
    ("1 < a < 3", 6, "join two comparisons"),
    ("a = b is null", 6, "brackets"),
    ("a between 1 and 2 = b", 18, "brackets"),
    ("count(*) > 1", 0, "one row at a time"),
    ("sum(amount) > 1", 0, "one row at a time"),
    ("min(a) > 1", 0, "least(a, b)"),
    ("a over (b)", 2, "windows"),
    ("rank() > 3", 0, "windows"),
    ("a in (select b)", 6, "accounts.plan"),
    ("lowr(a) = 'b'", 0, "did you mean lower?"),
    ("ifnull(a, b)", 0, "coalesce(a, b)"),
    ("if(a, b, c)", 0, "case when"),
    ("now() > a", 0, "--as-of"),
    ("plan contains 'x'", 5, "write contains(plan, …)"),
    ("plan like b", 10, "'abc'"),
    ("plan like 'a!%' escape '!'", 16, "contains"),
    ("round(a, b) = 1", 9, "round(a, 2)"),
    ("lower(a, b) = 'x'", 0, "commas"),
    ("lower() = 'x'", 0, "commas"),
    ("lower(a,) = 'x'", 8, "before it"),
    ("a, b", 1, "outside brackets"),
    ("a as b", 2, "leave out the word as"),
    ("a b", 2, '"a b"'),
    ("a not b", 2, "a <> b"),
    ("a and", 2, "behind it"),
    ("and a", 0, "before it"),
    ("(a", 0, "write )"),
    ("a)", 1, "leave it out"),
    ("case when a then b", 0, "write end"),
    ("*", 0, "name the column"),
    ("a.* = 1", 1, "accounts.plan"),
    ("", None, "write a condition"),
    ("   ", None, "write a condition"),
    ("'pro'", 0, "compare it with a column"),
    ("amount + 1", 0, "compare it"),
    ("case when a then 1 end", 10, "compare it"),
    ("a and 1", 6, "compare it"),
    ("true", None, "name a column"),
    ("1 = 1", 0, "name a column"),
]


@pytest.mark.parametrize(("text", "offset", "hint"), ERRORS)
def test_an_error_has_a_place_and_help(text: str, offset: int | None, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition(text)
    message = f"{caught.value.message} | {caught.value.hint}"
    assert hint in message
    assert caught.value.offset == offset


REFUSED = [
    "$1", "?", ":x", "@x", "a#b", "a ~ b", "a -> b", "{a: 1}", "[1]", "a[0]",
    "x'1F'", "N'a'", "E'a'",
    "interval '1 day'", "exists(a)", "a = any(1)", "(a, b) = (c, d)", "()", "f(,)", "a <=> b",
    "a is distinct from b", "a collate b", "a div b", "lag(a, 1)", "case end", "case a end",
    "a in b", "count(distinct a)", "a.b. = 1", ".a = 1", "a..b = 1", "a.1 = 1",
    "{{ a }}", "{% a %}",
    "select 1", "from a", "a where b", "not", "in", "is", "like", "a = 'x' 'y'", "a\x00b",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_other_languages_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(text)


def test_names_are_whole_distinct_and_in_order() -> None:
    parsed = parse_expression(
        "b.plan || a || \"B c\" || a || case when z = 'q' then b.plan else k end"
    )
    assert parsed.names == ("b.plan", "a", "B c", "z", "k")


def test_places_are_those_of_the_text() -> None:
    text = "amount > 3 and accounts.plan = 'pro' or lower(x) = 'y'"
    for node in walk(parse_condition(text).tree):
        if isinstance(node, Name):
            assert node.offset is not None
            assert text[node.offset :].startswith(node.name)


def test_all_of_joins_and_keeps_the_places() -> None:
    joined = all_of(parse_condition("a or b"), None, parse_condition("c = 1 and d = 2"))
    assert joined is not None
    assert joined.canonical() == "(a or b) and (c = 1) and (d = 2)"
    assert joined.text == "(a or b) and (c = 1 and d = 2)"
    places = {n.name: n.offset for n in walk(joined.tree) if isinstance(n, Name)}
    assert places == {"a": 1, "b": 6, "c": 14, "d": 24}


def test_all_of_nothing_is_nothing() -> None:
    one = parse_condition("a")
    assert all_of() is all_of(None, None) is None
    assert all_of(None, one) is one


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "a" + ")" * 5_000,
        "not " * 5_000 + "a",
        "- " * 5_000 + "a > 1",
        "lower(" * 900 + "a" + ")" * 900,
        "case when a then " * 900 + "b" + " end" * 900,
        " + ".join(["a"] * 5_000) + " > 1",
        "a in (" * 500 + "1" + ")" * 500,
        "a = not " * 500 + "b",
        "a = '" + "x" * 200_000 + "'",
        "(" * 50_000,
        "case " * 8 + "a" + (" when 1 then 2" * 12 + " end") * 8 + " = 1",
    ],
    ids=lambda text: text[:12],
)
def test_too_much_is_an_error(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(text)


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_long_chain_is_fine(word: str) -> None:
    text = f" {word} ".join(f"a = {number}" for number in range(1_000))
    assert parse_condition(text).canonical().count(word) == 999


def test_a_long_list_is_fine() -> None:
    listed = ", ".join(f"'user-{number}'" for number in range(3_000))
    assert parse_condition(f"user_id in ({listed})").names == ("user_id",)


def _expression_or_error(text: str) -> None:
    for parse in (parse_condition, parse_expression, parse_formula):
        try:
            parsed = parse(text)
        except ExpressionError as error:
            assert error.message
            assert error.offset is None or 0 <= error.offset <= len(text)
        else:
            again = parse(parsed.canonical())
            assert again == parsed, parsed.canonical()
            assert isinstance(again, Expression) == isinstance(parsed, Expression)


WORDS = r"""
    a b.c "D_e" "D e" 'x' '' '2025-01-31' 1 2.5 -3 + - * / || = == <> != < <= > >= ( ) , .
    and or not in between like ilike is null true false case when then else end lower( round( lag(
    coalesce( least( count( select as over % ; : && => [ ] { } ' " -- /* */ ! ? @ $ # \ ` “
    1e 0x 1_0 end.x
"""


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=14).map(" ".join))
def test_words_in_any_order_give_a_tree_or_an_error(text: str) -> None:
    _expression_or_error(text)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("ab.'\"()=<>-+*/|&%,;:!1e2 \n", max_size=30)))
@example("'\\'")
@example("a\n=\n'x' y")
def test_any_text_gives_a_tree_or_an_error(text: str) -> None:
    _expression_or_error(text)
