"""Relations: one source refers to another, many-to-one, and rows never multiply."""

import pytest

from language.folder import Folder

CHAIN = {
    "accounts.csv": """
        account_id,plan,parent
        A,pro,Acme
        B,free,Bolt
        """,
    "users.csv": """
        user_id,account_id,role
        u1,A,admin
        u2,A,member
        u3,B,member
        u4,,member
        """,
    "events.csv": """
        user_id,day
        u1,2025-01-02
        u1,2025-01-03
        u2,2025-01-04
        u3,2025-01-05
        u4,2025-01-06
        u9,2025-01-07
        ,2025-01-31
        """,
}
TABLES = """
  accounts: {path: accounts.csv, key: account_id}
  users: {path: users.csv, key: user_id}
"""


def test_a_column_of_the_keys_name_refers_to_its_table(folder: Folder) -> None:
    told = folder.put(CHAIN).tell(f"""
sources:{TABLES}
  events: {{path: events.csv, time: day}}
kpis: {{events: {{kind: count, source: events, grain: month, by: [users.role]}}}}
""")
    assert told.split("events", "2025-01") == {"admin": 2, "member": 3, "(none)": 2}


def test_references_are_followed_at_every_step(folder: Folder) -> None:
    told = folder.put(CHAIN).tell(f"""
sources:{TABLES}
  events: {{path: events.csv, time: day}}
kpis: {{events: {{kind: count, source: events, grain: month, by: [accounts.plan]}}}}
""")
    # u4 has no account, u9 is no user, one event has no user at all.
    assert told.split("events", "2025-01") == {"free": 1, "pro": 3, "(none)": 3}


def test_rows_without_a_partner_are_kept_and_rows_never_multiply(folder: Folder) -> None:
    told = folder.put(CHAIN).tell(f"""
sources:{TABLES}
  events: {{path: events.csv, time: day}}
kpis: {{events: {{kind: count, source: events, grain: month, by: [accounts.plan, users.role]}}}}
""")
    assert told.value("events", "2025-01") == 7


def test_a_condition_on_a_missing_partner_cannot_be_told(folder: Folder) -> None:
    told = folder.put(CHAIN).tell(f"""
sources:{TABLES}
  events: {{path: events.csv, time: day}}
kpis: {{pro: {{kind: count, source: events, grain: month, where: accounts.plan = 'pro'}}}}
""")
    record = told.record("pro", "2025-01")
    assert (record.value, record.left_out) == (3, {"unknown": 3})


def test_refers_to_where_the_name_differs(folder: Folder) -> None:
    folder.put(CHAIN | {"deals.csv": "deal_id,company_id,day\nD1,A,2025-01-02\nD2,,2025-01-31\n"})
    told = folder.tell(f"""
sources:{TABLES}
  deals: {{path: deals.csv, time: day, refers_to: {{accounts: company_id}}}}
kpis: {{deals: {{kind: count, source: deals, grain: month, by: [accounts.plan]}}}}
""")
    assert told.split("deals", "2025-01") == {"pro": 1, "(none)": 1}


LONG = {
    "a.csv": "a_id,name\n1,one\n",
    "b.csv": "b_id,a_id\n1,1\n",
    "c.csv": "c_id,b_id\n1,1\n",
    "d.csv": "d_id,c_id\n1,1\n",
    "rows.csv": "c_id,d_id,day\n1,1,2025-01-31\n",
}


def test_three_steps_are_followed_and_four_are_not(folder: Folder) -> None:
    tables = "".join(f"  {name}: {{path: {name}.csv, key: {name}_id}}\n" for name in "abc")
    three = """
  rows: {path: rows.csv, time: day}
kpis: {rows: {kind: count, source: rows, grain: month, by: [a.name]}}
"""
    folder.put(LONG)
    told = folder.tell(f"sources:\n{tables}{three}")
    assert told.split("rows", "2025-01") == {"one": 1}
    four = "  d: {path: d.csv, key: d_id}\n" + three.replace("by: [a.name]", "by: [d.d_id]")
    folder.put({"rows.csv": "d_id,day\n1,2025-01-31\n"})
    assert folder.tell(f"sources:\n{tables}{four}").value("rows", "2025-01") == 1
    problem = folder.one_refusal(f"sources:\n{tables}{four.replace('d.d_id', 'a.name')}")
    assert problem.code == "no_route"


def test_two_different_routes_are_an_error_that_prints_both(folder: Folder) -> None:
    files = CHAIN | {"events.csv": "user_id,account_id,day\nu1,B,2025-01-31\n"}
    definitions = f"""
sources:{TABLES}
  events: {{path: events.csv, time: day}}
kpis: {{events: {{kind: count, source: events, grain: month, by: [accounts.plan]}}}}
"""
    problem = folder.put(files).one_refusal(definitions)
    assert problem.code == "two_routes"
    assert "events.account_id → accounts" in problem.message
    assert "events.user_id → users, then users.account_id → accounts" in problem.message
    direct = definitions.replace("time: day", "time: day, refers_to: {accounts: account_id}")
    assert folder.tell(direct).split("events", "2025-01") == {"free": 1}


def test_no_route_says_what_to_write(folder: Folder) -> None:
    problem = folder.put(CHAIN).one_refusal("""
        sources:
          accounts: {path: accounts.csv}
          events: {path: events.csv, time: day}
        kpis: {events: {kind: count, source: events, grain: month, by: [accounts.plan]}}
        """)
    assert problem.code == "no_route"
    assert "refers_to: {accounts: COLUMN}" in (problem.hint or "")


def test_nothing_refers_to_a_source_without_a_key(folder: Folder) -> None:
    problem = folder.put(CHAIN).one_refusal("""
        sources:
          accounts: {path: accounts.csv}
          users: {path: users.csv, refers_to: {accounts: account_id}}
        kpis: {users: {kind: count, source: users}}
        """)
    assert problem.code == "no_key"
    assert "add key: to accounts" in (problem.hint or "")


@pytest.mark.parametrize("kind", ["number", "text"])
def test_a_key_and_its_reference_meet_as_written(folder: Folder, kind: str) -> None:
    """Spreadsheets and databases store one identifier as 7, 7.0 and '7'."""
    folder.put(
        {
            "accounts.csv": "account_id,plan\n7,pro\n8,free\n",
            "deals.csv": "account_id,day\n7,2025-01-02\n8,2025-01-31\n",
        }
    )
    told = folder.tell(f"""
        sources:
          accounts: {{path: accounts.csv, key: account_id, types: {{account_id: {kind}}}}}
          deals: {{path: deals.csv, time: day}}
        kpis: {{deals: {{kind: count, source: deals, grain: month, by: [accounts.plan]}}}}
        """)
    assert told.split("deals", "2025-01") == {"free": 1, "pro": 1}


def test_an_attribute_may_be_added_up(folder: Folder) -> None:
    told = folder.put(CHAIN | {"users.csv": "user_id,seats\nu1,3\nu2,4\n"}).tell("""
        sources:
          users: {path: users.csv, key: user_id}
          events: {path: events.csv, time: day}
        kpis: {seats: {kind: sum, source: events, of: users.seats, grain: month}}
        """)
    record = told.record("seats", "2025-01")
    # u1 twice and u2 once; the four others have no partner.
    assert (record.value, record.n, record.left_out) == (10, 3, {"unknown": 4})
