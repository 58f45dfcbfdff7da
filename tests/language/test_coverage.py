"""What stands behind a KPI: rows read, left out and joined."""

import json
from typing import Any

import pytest

from kpicli.engine import pieces
from kpicli.engine.cache import Cache
from kpicli.flow import explain, open_book, run
from kpicli.planning.question import Question
from kpicli.planning.request import Request
from kpicli.render.options import Options
from kpicli.render.terminal import render_blocks
from kpicli.reports.explanation import explanation_blocks
from language.folder import FILE, TODAY, Folder

FILES = {
    "accounts.csv": "account_id,domain,plan\nA,acme.com,pro\nB,bolt.io,pro\nC,c.io,free\n",
    "users.csv": "user_id,account_id\nu1,A\nu2,B\nu3,Z\nu4,\n",
    "events.csv": """
        id,at,user_id
        1,2025-01-06,u1
        2,2025-01-06,u2
        2,2025-01-06,u2
        3,2025-01-07,u3
        4,2025-01-08,u4
        5,2025-01-12,u9
        6,2025-01-12,
        """,
}
BOOK = """
sources:
  accounts: {path: accounts.csv, key: account_id}
  users: {path: users.csv, key: user_id}
  events: {path: events.csv, time: at, unique: id}
exclude:
  - {source: accounts, where: domain = 'acme.com', reason: employees}
kpis:
  events: {kind: count, source: events, by: [accounts.plan], grain: week}
  rows: {kind: count, source: events, grain: week}
  wau: {kind: active, source: events, entity: user_id, grain: week}
  twice: {kind: formula, formula: wau * 2, grain: week}
"""

WHO = ("u1", "u1", "u2", "u3", "u9", "")
LISTED = """
sources:
  users: {path: users.csv, key: user_id}
  events: {path: events.csv, time: at}
kpis:
  wau: {kind: active, source: events, entity: user_id, grain: week}
"""


def joined(column: str, table: str, rows: int, found: int, empty: int) -> dict[str, Any]:
    return {
        "column": column, "table": table, "rows": rows, "joined": found, "empty": empty,
        "share": found / rows,
    }  # fmt: skip


@pytest.mark.parametrize("large", [False, True])
def test_every_kpi_says_what_stands_behind_it(
    folder: Folder, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(pieces, "LARGE_BYTES", 0)
    told = folder.put(FILES).tell(BOOK)
    kpis = {one["name"]: one["coverage"] for one in json.loads(told.written("json"))["kpis"]}
    events, users = kpis["events"]
    assert events == {
        "source": "events", "read": 7, "rejected": 0, "duplicates": 1, "conflicts": 0, "rows": 6,
        "undated": 0, "later": 0, "excluded": {"employees": 1}, "unmatched": [],
        "joined": [joined("user_id", "users", 6, 4, 1)],
    }  # fmt: skip
    assert users["joined"] == [joined("account_id", "accounts", 4, 2, 1)]
    assert kpis["rows"][0]["joined"] == []
    assert kpis["wau"][0]["joined"] == [joined("user_id", "users", 6, 4, 1)]
    assert kpis["twice"] == kpis["wau"]
    page = " ".join(told.written().split())
    assert (
        "Excluded: 1 row of users (employees) · 1 row of events (employees) "
        "Without a partner: 1 row of users in accounts by account_id (25.0 %) "
        "· 1 row of events in users by user_id (16.7 %)" in page
    )


def test_what_was_counted_for_a_list_is_right_for_every_later_one(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "LARGE_BYTES", 0)
    rows = [3, 4, 6, 7, 8, 9]
    days = "".join(f"{at},2025-01-0{at},{who}\n" for at, who in zip(rows, WHO, strict=True))
    folder.put({"events.csv": "id,at,user_id\n" + days, FILE: f"version: 1{LISTED}"})
    for users, found in (("u1 u2", 3), ("u1 u2 u3", 4), ("u1 u2 u3 u9", 5), ("u2 u9", 2)):
        folder.put({"users.csv": "\n".join(["user_id", *users.split()]) + "\n"})
        cache = Cache(folder.path / "kept")
        outcome = run(open_book(folder.path / FILE, {}), Request(), TODAY, cache)
        cache.write(0.0)
        told = next(one for one in outcome.meta.sources if one.name == "events").joined
        assert [(one.rows, one.joined, one.empty) for one in told] == [(6, found, 1)], users


def test_an_explanation_says_how_many_rows_join_at_every_step(folder: Folder) -> None:
    folder.put(FILES).tell(BOOK)
    explained = explain(open_book(folder.path / FILE, {}), Question("events"), TODAY)
    page = " ".join(render_blocks(explanation_blocks(explained), Options()).split())
    assert (
        "Joins events.user_id → users: 66.7 % of 6 rows join, 1 empty, 1 without a partner "
        "Joins users.account_id → accounts: 50.0 % of 4 rows join, 1 empty, 1 without a partner"
        in page
    )
