"""A source that ends before the newest period is told, and its KPI is not judged."""

from datetime import date
from pathlib import Path

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.verdicts import exit_code, report_exit_code

BOOK = """
version: 1
sources:
  visits: {path: visits.csv, time: at}
  sales: {path: sales.csv, time: at}
kpis:
  visits: {kind: count, source: visits, grain: week, target: 1}
  sales: {kind: count, source: sales, grain: week, target: 1}
"""


def test_a_source_that_is_silent_for_longer_than_usual_is_stale(tmp_path: Path) -> None:
    (tmp_path / "kpis.yaml").write_text(BOOK, encoding="utf-8")
    # Both daily; visits to Sunday 2025-06-15, sales stop on Wednesday 2025-06-11.
    (tmp_path / "visits.csv").write_text(_days(1, 15), encoding="utf-8")
    (tmp_path / "sales.csv").write_text(_days(1, 11), encoding="utf-8")
    outcome = run(open_book(tmp_path / "kpis.yaml", {}), Request(), date(2026, 1, 1))
    stale = [one for one in outcome.problems if one.code == "stale_source"]
    assert [(one.source, one.kpi, one.level) for one in stale] == [("sales", "sales", "error")]
    newest = {one.kpi: one for one in outcome.results if one.label == "2025-W24"}
    assert (newest["visits"].complete, newest["visits"].value) == (True, 7)
    assert (newest["sales"].complete, newest["sales"].reason) == (False, "stale_source")
    assert newest["sales"].compare["previous"].change is None
    assert (outcome.summary.green, outcome.summary.no_data) == (1, 1)
    assert exit_code(outcome) == 3
    assert report_exit_code(outcome) == 3


def _days(first: int, last: int) -> str:
    return "at\n" + "".join(f"2025-06-{day:02}\n" for day in range(first, last + 1))


PEOPLE = """
version: 1
sources:
  users: {path: users.csv, key: user, start: born}
  visits: {path: visits.csv, time: at}
kpis:
  active: {kind: active, entity: user, source: visits, grain: week}
  per_head: {kind: formula, formula: active / signed_up, grain: week}
  signed_up: {kind: count, source: users, grain: week}
  came: {kind: conversion, entity: user, from: {source: users}, to: {source: visits}, within: 1d}
"""


def test_a_list_in_which_nobody_is_new_is_no_stale_source(tmp_path: Path) -> None:
    """Nobody signed up after 4 June: who is counted among the starts has no newer number."""
    (tmp_path / "kpis.yaml").write_text(PEOPLE, encoding="utf-8")
    users = "user,born\n" + "".join(f"u{day},2025-06-0{day}\n" for day in range(1, 5))
    visits = "user,at\n" + "".join(f"u1,2025-06-{day:02}\n" for day in range(1, 30))
    (tmp_path / "users.csv").write_text(users, encoding="utf-8")
    (tmp_path / "visits.csv").write_text(visits, encoding="utf-8")
    outcome = run(open_book(tmp_path / "kpis.yaml", {}), Request(), date(2026, 1, 1))
    stale = {one.kpi for one in outcome.problems if one.code == "stale_source"}
    newest = {one.kpi: one for one in outcome.results if one.label == "2025-W26"}
    assert stale == {"per_head"}
    assert (newest["active"].complete, newest["active"].value) == (True, 1)
    for kpi in ("per_head", "signed_up", "came"):
        assert (newest[kpi].complete, newest[kpi].reason) == (False, "stale_source")
