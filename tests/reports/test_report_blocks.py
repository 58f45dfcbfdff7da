"""Which number heads a row, what stands on top, and what is said about the rest."""

from dataclasses import replace

import pytest
from acme import ACTIVE, WEEKS, acme_outcome, calm_outcome, trend

from kpicli.reports.blocks import Detail, Heading, Note, Row, Table, Tally
from kpicli.reports.detail import write_targets
from kpicli.reports.report import report_blocks
from kpicli.reports.series import collect_series, sort_results
from kpicli.results import Comparison, Outcome, Result, Summary

BLOCKS = report_blocks(acme_outcome())


def one(blocks, kind):
    return next(block for block in blocks if isinstance(block, kind))


def notes(blocks, *roles):
    return [block.text for block in blocks if isinstance(block, Note) and block.role in roles]


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def row_of(blocks, name: str) -> Row:
    table = one(blocks, Table)
    return next(row for row in table.rows if row.cells[0].text == name)


def only(*results: Result) -> Outcome:
    """An outcome of weekly active users with these results alone."""
    calm = calm_outcome()
    return replace(calm, results=results, verdicts=(), summary=Summary())


def test_the_heading_names_period_and_data():
    assert one(BLOCKS, Heading) == Heading(
        "Acme KPIs · weekly", "week 38, 15–21 Sep 2025", "data to 21 Sep 2025"
    )


def test_what_is_missing_stands_before_the_numbers():
    table = next(at for at, block in enumerate(BLOCKS) if isinstance(block, Table))
    assert notes(BLOCKS[:table], "problem", "missing") == [
        "kpi_definitions.yaml:31:5: source costs: no file at sample_data/costs.csv",
        "No new number for Cost of acquiring a customer: spend.csv ends 31 Aug; needed to 21 Sep",
        "No number for Customer lifetime value: costs could not be read",
    ]
    assert notes(BLOCKS[table:], "problem", "missing") == []


@pytest.mark.parametrize(
    ("name", "cells", "note", "status"),
    [
        ("Adoption of reports, 28 days", ["31.5 %", "29.8 %", "+1.7 pt", "30 %"], "", "green"),
        ("plan pro", ["29.96 %", "26.0 %", "+4.0 pt", "30 %"], "", "yellow"),
        ("size (none)", ["31.5 %", "29.8 %", "+1.7 pt", "30 %"], "", None),
        ("Trials that pay within 7 days", ["13.6 %", "13.5 %", "+0.1 pt", "–"], "week 37", None),
        ("Logo churn", ["2.4 %", "2.3 %", "+0.1 pt", "≤ 2 %"], "Aug", None),
        ("Cost of acquiring a customer", ["EUR 805.00", "EUR 812.30", "−0.9 %", "≤ 900"],
         "week 35", "no_data"),
        ("Average charge", ["USD 64.76", "–", "–", "–"], "as listed", None),
        ("First replies within an hour", ["–", "80 %", "–", "75 %"], "", "no_data"),
    ],
)  # fmt: skip
def test_a_row_shows_its_newest_telling_period(name, cells, note, status):
    row = row_of(BLOCKS, name)
    assert texts(row)[1:5] == cells
    assert (row.cells[0].note, row.status) == (note, status)


def test_too_few_and_unfinished_values_are_grey():
    assert row_of(BLOCKS, "size (none)").cells[1].tone == "grey"
    running = row_of(BLOCKS, "week 39, still running")
    assert texts(running)[1:4] == ["3,120", "", ""]
    assert running.cells[1].tone == "grey"


def test_groups_keep_their_order_and_the_ungrouped_come_last():
    heads = [row.cells[0].text for row in one(BLOCKS, Table).rows if row.head]
    assert heads == ["Product health", "Customer growth", "Money", "Service", "Other"]


def test_segments_stand_under_their_total():
    table = one(BLOCKS, Table)
    assert [(row.depth, row.cells[0].text) for row in table.rows[1:6]] == [
        (0, "Adoption of reports, 28 days"), (1, "plan enterprise"), (1, "plan pro"),
        (1, "size enterprise"), (1, "size (none)"),
    ]  # fmt: skip


def test_a_segment_without_its_total_is_named_in_full():
    results = trend("wau", ACTIVE, by={"plan": "pro"})
    row = row_of(report_blocks(only(*results)), "Weekly active users, pro")
    assert row.depth == 0


def test_parts_appear_when_asked():
    names = [
        row.cells[0].text for row in one(report_blocks(acme_outcome(), parts=True), Table).rows
    ]
    assert names[names.index("Net promoter score") + 1] == "promoters"
    assert "promoters" not in [row.cells[0].text for row in one(BLOCKS, Table).rows]


def test_an_empty_newest_period_is_not_replaced_by_an_older_one():
    results = trend("wau", [*ACTIVE[:-1], None], reason="no_rows")
    blocks = report_blocks(only(*results))
    assert texts(row_of(blocks, "Weekly active users"))[1] == "–"
    assert notes(blocks, "unjudged") == ["Weekly active users: no rows in week 38"]


def test_the_earlier_year_is_shown_where_it_was_asked_for():
    result = trend("wau", ACTIVE)[-1]
    result = replace(result, compare={"year": Comparison(6000.0, 1149.0, 0.1915)})
    outcome = only(result)
    outcome = replace(outcome, meta=replace(outcome.meta, compare=("previous", "year")))
    table = one(report_blocks(outcome), Table)
    assert [column.title for column in table.columns] == [
        "", "week 38", "before", "change", "on year", "target",
    ]  # fmt: skip
    assert texts(table.rows[0]) == ["Weekly active users", "7,149", "–", "–", "+19.2 %", "–"]


def test_a_report_of_lists_alone_has_neither_change_nor_trend():
    whole = acme_outcome()
    charge = [result for result in whole.results if result.kpi == "charge"]
    card = [card for card in whole.kpis if card.name == "charge"]
    lists = replace(whole, results=tuple(charge), kpis=tuple(card), verdicts=(), summary=Summary())
    assert [column.title for column in one(report_blocks(lists), Table).columns] == [
        "", "value", "target",
    ]  # fmt: skip


def test_the_trend_keeps_gaps_marks_and_every_period():
    figure = row_of(BLOCKS, "Net promoter score").cells[5].figure
    assert len(figure.values) == WEEKS
    assert figure.values[3] is None
    stale = row_of(BLOCKS, "Cost of acquiring a customer").cells[5].figure
    assert stale.values[-3:] == (None, None, None)
    adoption = row_of(BLOCKS, "Adoption of reports, 28 days").cells[5].figure
    assert [(mark.position, mark.text) for mark in adoption.marks] == [(5, "onboarding rewritten")]


def test_the_foot_tells_who_and_what_did_not_count():
    assert notes(BLOCKS, "coverage") == [
        "Left out: 212 users too young for the window (Adoption of reports, 28 days) · "
        "31 users excluded (in 2 KPIs) · 2 deals without an exchange rate (Won revenue)",
        "Not read: 5 rows of deals.csv: 3 broken, 2 twice in the file; "
        "1 cell with a value that makes no sense (kpi validate shows them)",
    ]


def test_a_target_for_a_segment_that_nobody_is_in_is_not_lost():
    whole = acme_outcome()
    nobody = Result("wau", "week", "2025-W38", None, None, by={"plan": "gold"}, reason="no_rows")
    verdict = replace(whole.verdicts[0], kpi="wau", by={"plan": "gold"}, result=nobody,
                      status="no_data", reason="no_rows", short=None)  # fmt: skip
    blocks = report_blocks(replace(whole, verdicts=(verdict,)))
    assert [text for text in notes(blocks, "unjudged") if "gold" in text] == [
        "Weekly active users, gold: not judged, no rows"
    ]


def test_what_is_near_a_target_not_to_be_passed_lies_above_it():
    card = next(one for one in acme_outcome().kpis if one.better == "lower")
    result = Result(card.name, "week", None, None, None, target=0.02, yellow=0.03)
    assert write_targets(replace(card, unit="ratio"), result) == (
        "2 %, near up to 3 %; lower is better"
    )
    higher = replace(card, unit="score", better="higher")
    assert write_targets(higher, replace(result, target=10.0, yellow=0.0)) == (
        "10, near from 0; higher is better"
    )


def test_details_stand_in_the_order_of_the_table():
    rows = [row.anchor for row in one(BLOCKS, Table).rows if row.anchor]
    details = [block.anchor for block in BLOCKS if isinstance(block, Detail)]
    assert details == list(dict.fromkeys(rows))


def test_details_hold_what_stands_behind_a_number():
    detail = next(block for block in BLOCKS if isinstance(block, Detail))
    facts = dict(detail.facts)
    assert facts["Target"] == "30 %, near from 27 %; higher is better"
    assert facts["Owner"] == "Product, Customer success"
    assert facts["Counted"] == (
        "4,210 users, without 212 too young for the window and 31 excluded (week 38)"
    )
    assert facts["95 % interval"] == "29.5 % to 33.5 %"
    assert facts["Written in"] == "kpi_definitions.yaml:41"


def test_wide_has_a_table_per_grain_and_stars_what_is_not_whole():
    blocks = report_blocks(acme_outcome(), wide=True)
    weekly, monthly, listed = (block for block in blocks if isinstance(block, Table))
    assert [weekly.columns[1].title, weekly.columns[-2].title] == ["week 26", "week 39"]
    assert len(monthly.columns) == WEEKS + 2
    assert listed.columns[1].title == "as listed"
    active = next(row for row in weekly.rows if row.cells[0].text == "Weekly active users")
    assert texts(active)[-3:] == ["7,149", "3,120*", "–"]
    assert any(text.startswith("* not whole") for text in notes(blocks, "coverage"))


def test_a_calm_report_says_so_and_nothing_else():
    blocks = report_blocks(calm_outcome())
    assert one(blocks, Tally).text == "The target is met"
    assert [block.role for block in blocks if isinstance(block, Note)] == ["foot"]


def test_results_are_put_in_the_contracts_order():
    names = [(one.part, tuple(one.by.values())) for one in collect_series(acme_outcome())
             if one.card.name in ("report_adoption", "nps")]  # fmt: skip
    assert names == [
        (None, ()), (None, ("enterprise",)), (None, ("pro",)), (None, ("enterprise",)),
        (None, ("(none)",)), (None, ()), ("promoters", ()),
    ]  # fmt: skip


def test_other_and_none_come_last_and_time_goes_forward():
    whole = calm_outcome()
    values = ["(none)", "(other)", "zeta", "alpha"]
    mixed = [one for value in values for one in reversed(trend("wau", ACTIVE, by={"plan": value}))]
    ordered = sort_results(replace(whole, results=tuple(mixed)))
    assert list(dict.fromkeys(one.by["plan"] for one in ordered)) == [
        "zeta", "alpha", "(other)", "(none)",
    ]  # fmt: skip
    assert [one.label for one in ordered[:2]] == ["2025-W26", "2025-W27"]


def of_active() -> list[Result]:
    return [one for one in calm_outcome().results if one.kpi == calm_outcome().kpis[0].name]


def test_groups_stand_in_the_period_of_their_total():
    """Nobody of pro is old enough in the newest week, in which the total has a value."""
    total = of_active()[-2:]
    first, last = (replace(one, by={"plan": "pro"}) for one in total)
    young = replace(last, value=None, reason="immature")
    series = collect_series(only(*total, first, young))
    assert [one.headline.label for one in series] == [total[-1].label] * 2


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (((0.4, 30), (0.6, 70)), None),
        (((0.6, 30), (0.7, 90)), "some count in several groups, or for another group than before"),
        (((0.6, 30), (None, 0)), "some stand in no group that has a value"),
    ],
)
def test_a_total_outside_its_groups_says_why(groups, told):
    newest = replace(of_active()[-1], value=0.5, denominator=100, n=100)
    split = [
        replace(newest, by={"plan": name}, value=value, n=n)
        for name, (value, n) in zip(("free", "pro"), groups, strict=True)
    ]
    found = notes(report_blocks(only(newest, *split)), "coverage")
    title = calm_outcome().kpis[0].title
    expected = [f"{title}: the total lies outside its groups by plan: {told}"] if told else []
    assert [one for one in found if "outside" in one] == expected
