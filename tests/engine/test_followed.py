"""What each rule takes away from rows and from users, counted by eye."""

import json
from datetime import date
from pathlib import Path

import pytest

from kpicli.engine.focus import Focus, focus_on
from kpicli.engine.followed import crowd_of, followed_rows
from kpicli.flow import explain, open_book
from kpicli.planning.question import Question
from kpicli.render.explanation import explanation_json
from kpicli.render.options import Options
from kpicli.render.terminal import render_blocks
from kpicli.reports.explanation import explanation_blocks

TODAY = date(2025, 6, 1)
DEFINITIONS = """\
version: 1
sources:
  users: {path: users.csv, key: user_id, start: born, quiet: 1y}
  events:
    path: events.csv
    time: at
    unique: event_id
    types: {size: number}
    skip_bad_rows: 50%
exclude:
  - {source: users, where: is_test, reason: test users}
kpis:
  reported:
    kind: conversion
    entity: user_id
    from: {source: users}
    to: {source: events, where: event = 'report' and size > 0}
    within: 7d
    grain: month
    by: [users.plan]
  used:
    kind: adoption
    entity: user_id
    source: events
    did: event = 'report'
    eligible: plan != 'free'
    grain: month
"""

USERS = """\
user_id,born,plan,is_test
ann,2025-02-01,pro,false
bob,2025-02-02,pro,false
cid,2025-02-03,free,false
tim,2025-02-04,pro,true
dee,2025-02-26,pro,false
eve,2025-01-05,pro,false
,2025-02-05,pro,false
fay,,pro,false
"""

# Rows 2 and 3 are alike; 4 has no day, 5 is Tim's, 6 a login, 7 nobody's, 8 has a size that is
# none, 9 is of somebody in no list, 10 of January's Eve; the last is of the day the data ends.
EVENTS = """\
event_id,at,user_id,event,size
1,2025-02-02,ann,report,1
2,2025-02-03,bob,report,1
2,2025-02-03,bob,report,1
3,,ann,report,1
4,2025-02-05,tim,report,1
5,2025-02-05,ann,login,1
6,2025-02-06,,report,1
7,2025-02-06,cid,report,much
8,2025-02-07,zoe,report,1
9,2025-02-07,eve,report,1
10,2025-03-01,cid,report,1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"kpis.yaml": DEFINITIONS, "users.csv": USERS, "events.csv": EVENTS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def look(folder: Path, kpi: str, **question: object) -> Focus:
    asked = Question(kpi, "2025-02", as_of=date(2025, 3, 1), **question)  # type: ignore[arg-type]
    return focus_on(open_book(folder / "kpis.yaml", {}), asked, TODAY)


def test_every_row_goes_one_way(folder: Path) -> None:
    """Counted against the reading date of 1 March: the row of that day has not been read."""
    start, goal = followed_rows(look(folder, "reported"))
    assert (goal.source, goal.in_files, goal.counted) == ("events", 11, 2)
    assert [(one.rule, one.detail, one.rows) for one in goal.removed] == [
        ("duplicate", None, 1),
        ("undated", None, 1),
        ("excluded", "test users", 1),
        ("later", None, 1),
        ("where", None, 1),
        ("nobody", None, 1),
        ("unparsable", None, 1),
        ("unlisted", None, 1),
        ("others", None, 1),
    ]
    assert (start.source, start.in_files, start.counted) == ("users", 8, 4)
    taken = {one.rule: one.rows for one in start.removed}
    assert taken == {"undated": 1, "excluded": 1, "nobody": 1, "others": 1}


def test_every_user_goes_one_way(folder: Path) -> None:
    """Of ann, bob, cid, tim and dee Tim is a test, and Dee's seven days are not over."""
    crowd = crowd_of(look(folder, "reported"))
    assert crowd is not None
    assert (crowd.in_period, crowd.counted) == (5, 3)
    assert {one.rule: one.rows for one in crowd.removed} == {"excluded": 1, "immature": 1}
    of_pro = crowd_of(look(folder, "reported", by={"users.plan": "pro"}))
    assert of_pro is not None
    assert (of_pro.in_period, of_pro.counted) == (5, 2)
    assert {one.rule: one.rows for one in of_pro.removed} == {
        "segment": 1,
        "excluded": 1,
        "immature": 1,
    }


def test_who_could_have_is_counted_from_the_list(folder: Path) -> None:
    """In all of February there were Eve and Ann, of its first day; Fay has no birthday."""
    crowd = crowd_of(look(folder, "used"))
    assert crowd is not None
    assert crowd.counted == 2
    assert {one.rule: one.rows for one in crowd.removed} == {
        "excluded": 1,
        "ineligible": 1,
        "immature": 2,
    }


def test_the_way_is_printed_and_told_to_programs(folder: Path) -> None:
    book = open_book(folder / "kpis.yaml", {})
    explained = explain(book, Question("reported", "2025-02", as_of=date(2025, 3, 1)), TODAY)
    lines = render_blocks(explanation_blocks(explained), Options(width=79)).splitlines()
    told = [" ".join(line.split()) for line in lines]
    for line in (
        "events: rows in the file 11",
        "without user_id −1 5",
        "of nobody in users −1 3",
        "of others than those of Feb 2025 −1 2",
        "rows that tell of them (to) 2",
        "too young: not over yet −1 3",
        "counted 3",
    ):
        assert line in told
    document = json.loads(explanation_json(explained))["explanation"]
    assert [one["counted"] for one in document["funnels"]] == [4, 2]
    assert document["entities"]["removed"][0] == {"rule": "excluded", "detail": None, "rows": 1}
