"""Dated tables and deeds: as of when they are read, and what cannot be meant."""

import pytest

from language.folder import Folder, Told

# ann turns pro in the middle of week 6, bob at the very end of it, cid has a gap in week 7, dan
# has no version yet, eve is in no list.
FILES = {
    "users.csv": """
        user_id,plan,account_id,since,till
        ann,free,A,2025-01-01,2025-02-05
        ann,pro,A,2025-02-05,
        bob,free,A,2025-01-01,2025-02-10
        bob,pro,B,2025-02-10,
        cid,free,B,2025-01-01,2025-02-12
        cid,pro,B,2025-02-20,2025-02-22
        dan,pro,B,2025-02-17,
        """,
    "accounts.csv": """
        account_id,tier,since
        A,tin,2025-01-01
        B,tin,2025-01-01
        A,gold,2025-02-10
        """,
    "events.csv": """
        day,user_id,event
        2025-02-03,ann,goal
        2025-02-04,ann,login
        2025-02-05,ann,login
        2025-02-09,bob,goal
        2025-02-10,bob,login
        2025-02-11,cid,login
        2025-02-12,cid,login
        2025-02-13,dan,login
        2025-02-14,eve,login
        2025-02-16,bob,goal
        2025-02-20,cid,login
        2025-02-21,dan,goal
        2025-02-23,bob,login
        """,
}
SOURCES = """
sources:
  users: {path: users.csv, key: user_id, valid_from: since, valid_to: till}
  accounts: {path: accounts.csv, key: account_id, valid_from: since}
  events: {path: events.csv, time: day}
segments:
  plan: users.plan
  tier: accounts.tier
  doer: {did: {source: events, where: event = 'goal', within: 7d}}
  once: {did: {source: events, where: event = 'goal'}}
kpis:
"""
KPIS = """
  active: {kind: active, entity: user_id, source: events, by: [plan, tier, doer, once]}
  teams: {kind: active, entity: account_id, source: events, by: [tier, doer, once]}
  events: {kind: count, source: events, by: [plan, tier, doer]}
  pro: {kind: count, source: events, where: users.plan = 'pro'}
  used: {kind: adoption, entity: user_id, source: events, did: event = 'goal', eligible: plan = 'pro'}
"""  # noqa: E501
WEEKS = ("2025-W06", "2025-W07", "2025-W08")


@pytest.fixture
def told(folder: Folder) -> Told:
    # Whose account an event is of follows from its user.
    kpis = KPIS.replace("entity: account_id, source: events", "entity: account_id, source: logins")
    logins = "  logins: {path: logins.csv, time: day}\n"
    folder.put({"logins.csv": "day,account_id\n2025-02-03,A\n2025-02-12,B\n2025-02-23,A\n"})
    told = folder.put(FILES).tell(SOURCES.replace("segments:", f"{logins}segments:") + kpis)
    assert told.problems == ()
    return told


def of(told: Told, kpi: str, segment: str) -> list[dict[str, float | None]]:
    """The groups of a split by week, those without rows left out."""
    return [
        {
            one.by[segment]: one.value
            for one in told.outcome.results
            if (one.kpi, one.label, list(one.by)) == (kpi, week, [segment]) and one.value
        }
        for week in WEEKS
    ]


def test_an_entity_is_what_it_is_at_the_periods_end(told: Told) -> None:
    # On Sunday of week 6 bob is free still; on that of week 7 cid is nothing; on that of week 8
    # cid's last version is over. dan is listed from the first version on, and eve nowhere.
    assert of(told, "active", "plan") == [
        {"pro": 1, "free": 1},
        {"pro": 1, "(none)": 2},
        {"pro": 2, "(none)": 1},
    ]


def test_what_a_table_refers_to_is_as_of_the_same_day(told: Told) -> None:
    # bob moves to B as A turns gold.
    assert of(told, "active", "tier") == [
        {"tin": 2},
        {"tin": 1, "(none)": 2},
        {"tin": 2, "(none)": 1},
    ]
    assert of(told, "teams", "tier") == [{"tin": 1}, {"tin": 1}, {"gold": 1}]


def test_a_row_is_told_as_of_its_own_day(told: Told) -> None:
    assert of(told, "events", "plan") == [
        {"free": 3, "pro": 1},
        {"free": 1, "pro": 2, "(none)": 3},
        {"pro": 3},
    ]
    assert [told.value("pro", week) for week in WEEKS] == [1, 2, 3]
    # Of cid in the gap, of dan too early and of eve nobody knows.
    assert told.record("pro", "2025-W07").left_out == {"unknown": 3}
    assert sum(of(told, "events", "tier")[1].values()) == 6


def test_who_did_it_is_told_as_of_each_period(told: Told) -> None:
    assert of(told, "active", "doer") == [
        {"doer": 2},
        {"doer": 1, "other": 2},
        {"doer": 1, "other": 2},
    ]
    assert of(told, "active", "once") == [
        {"once": 2},
        {"once": 1, "other": 2},
        {"once": 2, "other": 1},
    ]
    # A row belongs to whoever the source names; eve is in no list.
    assert of(told, "events", "doer") == [
        {"doer": 4},
        {"doer": 2, "other": 3, "(none)": 1},
        {"doer": 1, "other": 2},
    ]


def test_an_account_did_what_its_users_did_then(told: Told) -> None:
    # ann's and bob's first goals are A's; on the 16th bob is of B, as dan is on the 21st.
    assert of(told, "teams", "doer") == [{"doer": 1}, {"doer": 1}, {"other": 1}]
    assert of(told, "teams", "once") == [{"once": 1}, {"once": 1}, {"once": 1}]


def test_eligible_is_who_is_so_at_the_periods_end(told: Told) -> None:
    found = [told.record("used", week) for week in WEEKS]
    assert [(one.numerator, one.denominator) for one in found] == [(1, 1), (1, 2), (1, 3)]
    assert [dict(one.left_out) for one in found] == [
        {"ineligible": 2},
        {"unknown": 1},
        {"unknown": 1},
    ]
    card = next(one for one in told.outcome.kpis if one.name == "used")
    assert card.caveats == ()


@pytest.mark.parametrize(
    ("kpi", "name", "value", "number"),
    [
        ("active", "plan", "pro", 2),
        ("active", "plan", "(none)", 1),
        ("active", "doer", "other", 2),
        ("events", "doer", "doer", 1),
        ("events", "plan", "pro", 3),
        ("used", "doer", "doer", 1),
    ],
)
def test_one_value_alone(folder: Folder, kpi: str, name: str, value: str, number: float) -> None:
    kpis = "".join(line + "\n" for line in KPIS.splitlines() if "teams" not in line)
    told = folder.put(FILES).tell(SOURCES + kpis, for_={name: value})
    record = told.record(kpi, "2025-W08")
    assert (record.denominator or record.value) == number


EXCLUDED = {
    "plan = 'free'": (5, 10, 13, 14, 16, 20, 21, 23),
    "plan = 'pro'": (3, 4, 9, 11, 12, 14),
}


@pytest.mark.parametrize("where", EXCLUDED)
def test_rows_are_excluded_as_of_their_day(folder: Folder, where: str) -> None:
    """Where no version is valid the one before says, or else the first."""
    excluded = f"exclude:\n  - {{source: users, where: {where}, reason: them}}\n"
    told = folder.put(FILES).tell(
        SOURCES.replace("segments:", f"{excluded}segments:")
        + "  n: {kind: count, source: events, grain: day}",
        periods=21,
    )
    left = {label: n for label, n in told.values("n").items() if n}
    assert left == {f"2025-02-{day:02}": 1 for day in EXCLUDED[where]}


def test_entities_are_excluded_as_of_each_period(folder: Folder) -> None:
    """Ann is out at first, bob to the last hour of week 6, cid until after the gap; then nobody."""
    excluded = "exclude:\n  - {source: users, where: plan = 'free', reason: them}\n"
    told = folder.put(FILES).tell(
        SOURCES.replace("segments:", f"{excluded}segments:")
        + """
  active: {kind: active, entity: user_id, source: events}
  used: {kind: adoption, entity: user_id, source: events, did: event = 'goal'}
"""
    )
    active, used = ([told.record(kpi, week) for week in WEEKS] for kpi in ("active", "used"))
    assert [one.value for one in active] == [1, 2, 3]
    assert [(one.numerator, one.denominator) for one in used] == [(0, 1), (1, 2), (1, 4)]
    assert [dict(one.left_out) for one in used] == [{"excluded": 2}, {"excluded": 1}, {}]


def test_who_is_excluded_today_counts_in_the_past(folder: Folder) -> None:
    excluded = "exclude:\n  - {source: users, where: plan = 'pro', reason: them}\n"
    told = folder.put(FILES).tell(
        SOURCES.replace("segments:", f"{excluded}segments:")
        + "  active: {kind: active, entity: user_id, source: events}\n"
    )
    # ann and bob were free in week 6; of cid only the days before the gap count.
    assert [told.value("active", week) for week in WEEKS] == [2, 1, 0]


def test_what_is_known_of_today_alone_is_said_of_rows_too(folder: Folder) -> None:
    lists = SOURCES.replace(", valid_from: since, valid_to: till", "").replace(
        "key: user_id", "key: user_id, unique: user_id, keep: newest, updated: since"
    )
    kpis = "  events: {kind: count, source: events, by: [plan]}\n"
    kpis += "  pro: {kind: count, source: events, where: users.plan = 'pro', by: [users.since]}\n"
    cards = {one.name: one.caveats for one in folder.put(FILES).tell(lists + kpis).outcome.kpis}
    assert cards["events"] == ("Plan is told by users as it is today",)
    assert cards["pro"][0].startswith("Users.since is told")
    assert cards["pro"][1] == "Which rows count is told by users as it is today"
    dated = {one.name: one.caveats for one in folder.tell(SOURCES + kpis).outcome.kpis}
    assert dated == {"events": (), "pro": ()}


def test_a_balance_is_told_as_of_each_end(folder: Folder) -> None:
    folder.put(FILES | {"deals.csv": "user_id,opened\nbob,2025-02-03\ncid,2025-02-04\n"})
    deals = "  deals: {path: deals.csv, start: opened, quiet: 1y}\nsegments:"
    told = folder.tell(
        SOURCES.replace("segments:", deals)
        + "  open: {kind: balance, source: deals, by: [plan, once]}"
    )
    assert of(told, "open", "plan") == [
        {"free": 2},
        {"pro": 1, "(none)": 1},
        {"pro": 1, "(none)": 1},
    ]
    assert of(told, "open", "once") == [{"once": 1, "other": 1}] * 3


def test_a_status_of_the_past_is_known_where_its_table_is_dated(folder: Folder) -> None:
    """Elsewhere a status says what is true today alone."""
    users = FILES["users.csv"].replace("plan,", "status,")
    folder.put(FILES | {"users.csv": users, "deals.csv": "user_id,opened\nbob,2025-02-03\n"})
    deals = "  deals: {path: deals.csv, start: opened, quiet: 1y}\nkpis:"
    sources = SOURCES.partition("segments:")[0]
    told = folder.tell(
        f"{sources}{deals}\n  n: {{kind: balance, source: deals, by: [users.status]}}"
    )
    assert of(told, "n", "users.status") == [{"free": 1}, {"pro": 1}, {"pro": 1}]


def test_rows_of_a_dated_table_are_its_versions(folder: Folder) -> None:
    told = folder.put(FILES).tell(
        SOURCES + "  n: {kind: count, source: users, time: since, where: plan = 'pro', grain: week}"
    )
    assert [told.value("n", week) for week in WEEKS[:2]] == [1, 1]
    claim = "Each row of users is one of its versions: what changed counts again"
    assert told.outcome.kpis[0].caveats == (claim,)


def test_who_signed_up_did_so_once(folder: Folder) -> None:
    users = (
        "user_id,joined,plan,since\nann,2025-02-03,free,2025-02-03\nann,2025-02-03,pro,2025-02-05\n"
    )
    told = folder.put(FILES | {"users.csv": users}).tell("""
        sources:
          users: {path: users.csv, key: user_id, start: joined, valid_from: since, quiet: 1y}
          events: {path: events.csv, time: day}
        kpis:
          won: {kind: conversion, entity: user_id, from: {source: users},
                to: {source: events, where: event = 'login'}, within: 7d, by: [users.plan]}
        """)
    record = told.record("won", "2025-W06")
    assert (record.numerator, record.denominator) == (1, 1)
    assert told.split("won", "2025-W06") == {"pro": 1}


def test_a_list_without_time_is_as_of_the_last_day(folder: Folder) -> None:
    folder.put(FILES | {"seats.csv": "user_id\nann\nbob\ncid\neve\n"})
    told = folder.tell(
        SOURCES.replace("segments:", "  seats: {path: seats.csv}\nsegments:")
        + "  seats: {kind: count, source: seats, by: [plan, once]}"
    )
    found = {tuple(one.by.items()): one.value for one in told.outcome.results if one.by}
    assert found == {
        (("plan", "pro"),): 2,
        (("plan", "(none)"),): 2,
        (("once", "once"),): 2,
        (("once", "other"),): 1,
        (("once", "(none)"),): 1,
    }


WRONG = [
    (
        "ann,x,A,2025-02-04,2025-02-06",
        "validity",
        "2 rows are valid while another of the same user_id is",
        "'ann', users.csv row 1 and users.csv row 8",
    ),
    (
        "zoe,x,A,2025-02-04,2025-02-03",
        "validity",
        "1 row is valid until before",
        "users.csv row 8",
    ),
]


@pytest.mark.parametrize(("row", "code", "message", "hint"), WRONG)
def test_versions_of_a_key_do_not_overlap(
    folder: Folder, row: str, code: str, message: str, hint: str
) -> None:
    users = FILES["users.csv"].rstrip() + f"\n        {row}\n"
    problem = folder.put(FILES | {"users.csv": users}).one_refusal(
        SOURCES + "  active: {kind: active, entity: user_id, source: events}"
    )
    assert problem.code == code
    assert message in problem.message
    assert hint in (problem.hint or "")
    assert problem.place is not None


def test_two_versions_of_one_day_are_both_the_newest(folder: Folder) -> None:
    accounts = FILES["accounts.csv"].rstrip() + "\n        A,tin,2025-02-10\n"
    problem = folder.put(FILES | {"accounts.csv": accounts}).one_refusal(
        SOURCES + "  n: {kind: count, source: events, by: [tier]}"
    )
    assert problem.code == "validity"
    assert "unique: [account_id, since]" in (problem.hint or "")


REFUSED = [
    ("key: user_id, valid_to: till", "valid_to: needs valid_from:"),
    ("valid_from: since", "valid_from: needs key:"),
    ("key: user_id, valid_form: since", "did you mean valid_from?"),
]


@pytest.mark.parametrize(("keys", "told"), REFUSED)
def test_what_a_dated_table_needs(folder: Folder, keys: str, told: str) -> None:
    problems = folder.put(FILES).refusal(f"""
        sources: {{users: {{path: users.csv, {keys}}}}}
        kpis: {{n: {{kind: count, source: users}}}}
        """)
    assert any(told in f"{one.message} {one.hint}" for one in problems), problems


DEEDS = [
    ("{source: events, within: 24h}", "made of whole days"),
    ("{source: evnts}", "did you mean events?"),
    ("{source: accounts}", "a list without time"),
    ("{source: events, at_least: 0}", "greater than or equal to 1"),
    ("{source: events, where: evnt = 'a'}", "did you mean event?"),
]


@pytest.mark.parametrize(("did", "told"), DEEDS)
def test_what_a_deed_needs(folder: Folder, did: str, told: str) -> None:
    definitions = SOURCES.replace("kpis:", f"  wrong: {{did: {did}}}\nkpis:")
    problems = folder.put(FILES).refusal(
        definitions + "  n: {kind: active, entity: user_id, source: events, by: [wrong]}"
    )
    assert any(told in f"{one.message} {one.hint}" for one in problems), problems
    assert all(one.place for one in problems)


def test_rows_that_name_nobody_who_did_it(folder: Folder) -> None:
    folder.put(FILES | {"spend.csv": "month,amount\n2025-02-01,3\n"})
    problem = folder.one_refusal(
        SOURCES.replace("segments:", "  spend: {path: spend.csv, time: month}\nsegments:")
        + "  n: {kind: count, source: spend, by: [once]}"
    )
    assert problem.code == "did"
    assert problem.message == "nothing that events and spend both refer to says who did it"
