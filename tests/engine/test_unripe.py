"""A period of which most are too young is no headline, and is not judged."""

from datetime import date
from pathlib import Path

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.reports.series import collect_series

BOOK = """
version: 1
sources:
  deals: {path: deals.csv, key: deal, time: created}
  wins: {path: wins.csv, time: at}
kpis:
  won:
    kind: conversion
    entity: deal
    from: {source: deals}
    to: {source: wins}
    within: 10d
    population: seen
    grain: month
    target: 20%
"""


def test_a_period_with_more_young_than_grown_is_no_headline(tmp_path: Path) -> None:
    (tmp_path / "kpis.yaml").write_text(BOOK, encoding="utf-8")
    # May: of four deals one is won. June, read to the 30th: one may be told, three are too young.
    days = ["05-02", "05-03", "05-04", "05-05", "06-01", "06-28", "06-29", "06-30"]
    deals = "deal,created\n" + "".join(f"d{n},2025-{day}\n" for n, day in enumerate(days))
    (tmp_path / "deals.csv").write_text(deals, encoding="utf-8")
    (tmp_path / "wins.csv").write_text(
        "deal,at\nd0,2025-05-03\nd4,2025-06-02\nd5,2025-06-30\n", encoding="utf-8"
    )
    outcome = run(open_book(tmp_path / "kpis.yaml", {}), Request(), date(2026, 1, 1))
    june = next(one for one in outcome.results if one.label == "2025-06")
    assert (june.value, june.n, june.left_out["immature"]) == (1, 1, 3)
    assert (june.reason, june.status) == ("immature", None)
    (series,) = collect_series(outcome)
    assert (series.headline.label, series.headline.value) == ("2025-05", 0.25)
    assert [(one.result.label, one.status) for one in outcome.verdicts] == [("2025-05", "green")]
    assert series.results[-1] == june
