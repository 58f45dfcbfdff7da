import pytest

from kpicli.words.mappings import parse_mapping
from kpicli.words.parsing import parse_condition
from kpicli.words.unknown import offset_of, unknown_name_hint

KNOWN = ("plan", "region", "professional", "accounts.tier", "amount")


@pytest.mark.parametrize(
    ("text", "name", "hint"),
    [
        ("plan = enterprise", "enterprise", "single quotes: plan = 'enterprise'"),
        (
            'plan = "pro" and region is null',
            "pro",
            "single quotes: plan = 'pro' and region is null",
        ),
        ("plan in (free, 'team')", "free", "single quotes: plan in ('free', 'team')"),
        ("pro <> plan", "pro", "single quotes: 'pro' <> plan"),
        ("plan = profesional", "profesional", "or did you mean professional?"),
        ("plam = 'pro'", "plam", "did you mean plan?"),
        ("account.tier = 'a'", "account.tier", "did you mean accounts.tier?"),
        ("lower(nothing) = 'x'", "nothing", "allowed: accounts.tier, amount, plan"),
    ],
)
def test_an_unknown_name_gets_the_help_that_fits(text: str, name: str, hint: str) -> None:
    assert hint in unknown_name_hint(parse_condition(text), name, KNOWN)


def test_an_unknown_name_in_a_mapping() -> None:
    condition = parse_mapping({"plam": "pro"})
    assert offset_of(condition, "plam") is None
    assert "did you mean plan?" in unknown_name_hint(condition, "plam", KNOWN)


def test_the_place_of_a_name() -> None:
    assert offset_of(parse_condition('a = 1 and "b c" = 2'), "b c") == 10
