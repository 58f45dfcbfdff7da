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


SPARSE = """
version: 1
sources:
  mails: {path: mails.csv, time: at QUIET}
  visits: {path: visits.csv, time: at}
kpis:
  sent: {kind: count, source: mails, grain: month}
  readers: {kind: active, entity: user, source: mails, population: seen, grain: month}
  back: {kind: retention, entity: user, source: mails, population: seen, grain: month, ages: 3}
  visits: {kind: count, source: visits, grain: month, by: mailed}
segments:
  mailed: {did: {source: mails}}
"""
# Gaps of up to 43 days; the newest row is of Sunday, 24 May.
MAILS = "user,at\nu1,2020-02-01\nu1,2020-03-02\nu2,2020-04-11\nu1,2020-05-24\n"


def test_gaps_within_a_file_make_no_zeros_after_its_end(tmp_path: Path) -> None:
    (tmp_path / "mails.csv").write_text(MAILS, encoding="utf-8")
    visits = "user,at\n" + "".join(f"u1,2020-0{month}-15\n" for month in range(1, 8))
    (tmp_path / "visits.csv").write_text(visits, encoding="utf-8")
    found = _months(tmp_path, "")
    for kpi, may in (("sent", 1), ("readers", 1)):
        assert found[kpi, "2020-05", None] == (may, True, None)
        assert found[kpi, "2020-06", None] == (None, False, "stale_source")
    # At the age of 2 the first cohort would be told by April, at 3 by May; at 4 by nothing.
    assert found["back", "2020-02", 3] == (1, True, None)
    assert found["back", "2020-04", 2] == (None, True, "immature")
    written = _months(tmp_path, ", quiet: 38d")
    assert written["sent", "2020-06", None] == (0, True, None)
    assert written["back", "2020-04", 2] == (0, True, None)


def _months(folder: Path, quiet: str) -> dict[tuple[str, str, int | None], tuple[object, ...]]:
    book = folder / "kpis.yaml"
    book.write_text(SPARSE.replace(" QUIET", quiet), encoding="utf-8")
    outcome = run(open_book(book, {}), Request(), date(2026, 1, 1))
    return {
        (one.kpi, one.label, one.age): (one.value, one.complete, one.reason)
        for one in outcome.results
        if not one.by
    }
