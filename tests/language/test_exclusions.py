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
