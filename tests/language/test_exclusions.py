"""Exclusion: rows that count nowhere, with every row that refers to them."""

from language.folder import Folder

FILES = {
    "accounts.csv": """
        account_id,email_domain,plan
        A,acme.com,pro
        B,bolt.io,pro
        """,
    "users.csv": """
        user_id,account_id,is_test
        u1,A,false
        u2,B,false
        u3,B,true
        """,
    "events.csv": """
        user_id,day
        u1,2025-01-02
        u2,2025-01-03
        u2,2025-01-04
        u3,2025-01-05
        u9,2025-01-31
        """,
}
SOURCES = """
sources:
  accounts: {path: accounts.csv, key: account_id}
  users: {path: users.csv, key: user_id}
  events: {path: events.csv, time: day}
kpis:
  events: {kind: count, source: events, grain: month}
"""
EMPLOYEES = "{source: accounts, where: email_domain = 'acme.com', reason: employees}"
TESTS = "{source: users, where: is_test, reason: tests}"


def test_exclude_takes_out_those_rows(folder: Folder) -> None:
    told = folder.put(FILES).tell(f"""
exclude: [{EMPLOYEES}]
{SOURCES}
  accounts: {{kind: count, source: accounts}}
""")
    record = told.record("accounts", "snapshot")
    assert (record.value, record.left_out) == (1, {"excluded": 1})


def test_and_every_row_that_refers_to_them_directly_or_by_way_of_users(folder: Folder) -> None:
    told = folder.put(FILES).tell(
        f"exclude: [{EMPLOYEES}]{SOURCES}  users: {{kind: count, source: users}}"
    )
    assert told.value("users", "snapshot") == 2
    record = told.record("events", "2025-01")
    assert (record.value, record.left_out) == (4, {"excluded": 1})


def test_excluded_rows_are_counted_per_reason(folder: Folder) -> None:
    told = folder.put(FILES).tell(f"exclude: [{EMPLOYEES}, {TESTS}]{SOURCES}")
    record = told.record("events", "2025-01")
    assert (record.value, record.left_out) == (3, {"excluded": 2})
    assert told.source("events").excluded == {"employees": 1, "tests": 1}
    assert told.source("users").excluded == {"employees": 1, "tests": 1}


def test_an_excluded_row_is_no_attribute_and_no_segment(folder: Folder) -> None:
    told = folder.put(FILES).tell(
        f"exclude: [{EMPLOYEES}]"
        + SOURCES.replace("grain: month", "grain: month, by: [users.account_id]")
    )
    assert told.split("events", "2025-01") == {"B": 3, "(none)": 1}


def test_a_condition_that_cannot_be_told_excludes_nothing(folder: Folder) -> None:
    files = FILES | {"users.csv": "user_id,account_id,is_test\nu1,A,\nu2,B,false\nu3,B,true\n"}
    told = folder.put(files).tell(f"exclude: [{TESTS}]{SOURCES}")
    assert told.value("events", "2025-01") == 4


def test_an_unknown_source_or_column_is_an_error(folder: Folder) -> None:
    folder.put(FILES)
    problem = folder.one_refusal(
        f"exclude: [{{source: acounts, where: plan = 'pro', reason: x}}]{SOURCES}"
    )
    assert (problem.code, problem.hint) == (
        "unknown_source", "did you mean accounts? allowed: accounts, events, users",
    )  # fmt: skip
    problem = folder.one_refusal(
        f"exclude: [{{source: accounts, where: plann = 'pro', reason: x}}]{SOURCES}"
    )
    assert problem.code == "missing_column"
    assert "did you mean plan?" in (problem.hint or "")


def test_a_condition_may_follow_a_reference(folder: Folder) -> None:
    told = folder.put(FILES).tell(
        "exclude: [{source: users, where: accounts.email_domain = 'acme.com', reason: employees}]"
        + SOURCES
    )
    assert told.source("users").excluded == {"employees": 1}
    assert told.value("events", "2025-01") == 4


def test_a_condition_that_does_not_fit_its_column_is_told_at_its_place(folder: Folder) -> None:
    sources = SOURCES.replace("key: account_id", "key: account_id, types: {plan: text}")
    told = folder.put(FILES).tell(
        f"exclude: [{{source: accounts, where: plan > 5, reason: x}}]{sources}"
        "  accounts: {kind: count, source: accounts}\n"
    )
    [problem] = told.problems
    assert (problem.code, problem.place and problem.place.column) == ("types", 44)
    assert told.record("accounts", "snapshot").reason == "missing_source"


def test_what_a_dated_table_excludes_is_so_by_any_route(folder: Folder) -> None:
    """C was a customer from 8 January and is internal from the 22nd on; D was internal once."""
    folder.put(
        {
            "accounts.csv": "account_id,since,until,plan\nA,2025-01-01,,pro\n"
            "C,2025-01-08,2025-01-22,pro\nC,2025-01-22,,internal\n"
            "D,2025-01-01,2025-01-10,internal\nD,2025-01-10,,pro\n",
            "users.csv": "user_id,account_id\na,A\nc,C\nd,D\n",
            "events.csv": "day,user_id,account_id\n2025-01-07,a,A\n2025-01-08,c,C\n"
            "2025-01-09,d,D\n2025-01-10,d,D\n2025-01-21,c,C\n2025-01-22,c,C\n2025-01-31,a,A\n",
        }
    )
    ends = ("by_user: {path: events.csv, time: day, columns: {account: account_id}}",
            "direct: {path: events.csv, time: day, columns: {user: user_id}}")  # fmt: skip
    told = folder.tell(
        "exclude: [{source: accounts, where: plan = 'internal', reason: our own}]\n"
        "sources:\n"
        "  accounts: {path: accounts.csv, key: account_id, valid_from: since, valid_to: until}\n"
        "  users: {path: users.csv, key: user_id}\n" + "".join(f"  {one}\n" for one in ends) +
        "kpis:\n"
        "  by_user: {kind: count, source: by_user, grain: month}\n"
        "  direct: {kind: count, source: direct, grain: month}\n"
    )  # fmt: skip
    assert told.problems == ()
    for name in ("by_user", "direct"):
        assert told.value(name, "2025-01") == 5
        assert told.record(name, "2025-01").left_out == {"excluded": 2}
        assert told.source(name).excluded == {"our own": 2}
