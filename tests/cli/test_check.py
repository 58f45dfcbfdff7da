"""kpi check: a sentence per miss, and every output of it."""

import json
from xml.etree import ElementTree

import pytest
from workdir import Workdir


def test_a_miss_says_what_to_do(shop: Workdir) -> None:
    answer = shop.kpi("check").exits(1)
    answer.prints("Revenue (week 38): EUR 80, target EUR 100, EUR 20 short", "Sales: Call them")
    assert answer.out.splitlines()[-1] == "2 targets: 1 met, 0 near, 1 missed, 0 not judged"
    assert answer.err == ""


def test_a_name_judges_that_kpi_alone(shop: Workdir) -> None:
    last = shop.kpi("check", "paid").exits(0).out.splitlines()[-1]
    assert last == "1 target: 1 met, 0 near, 0 missed, 0 not judged"


def test_nothing_to_judge_is_an_error(shop: Workdir) -> None:
    shop.kpi("check", "orders").exits(2).says("nothing with a target to judge")


def test_no_target_at_all_is_said(shop: Workdir) -> None:
    shop.write(
        "bare.yaml",
        "version: 1\nsources: {o: {path: orders.csv}}\nkpis: {n: {kind: count, source: o}}\n",
    )
    shop.kpi("check", "-f", "bare.yaml").exits(2).says("no KPI has a target")


def test_junit(shop: Workdir) -> None:
    shop.kpi("check", "-o", "out/targets.xml").exits(1)
    page = ElementTree.parse(shop.path / "out/targets.xml")  # noqa: S314
    cases = page.findall(".//testcase")
    assert [(one.get("name"), [inner.tag for inner in one]) for one in cases] == [
        ("revenue", ["failure"]),
        ("paid", []),
    ]


def test_line_is_one_line(shop: Workdir) -> None:
    out = shop.kpi("check", "--format", "line").exits(1).out
    assert out == "Shop – 2 targets: 1 met, 0 near, 1 missed, 0 not judged (Revenue)\n"


def test_github_annotates_and_appends_its_summary(shop: Workdir) -> None:
    shop.write("summary.md", "before\n")
    env = {"GITHUB_STEP_SUMMARY": str(shop.path / "summary.md")}
    answer = shop.kpi("check", "--format", "github", env=env).exits(1)
    answer.prints("::error file=kpi_definitions.yaml,line=12::Revenue (week 38): EUR 80")
    summary = (shop.path / "summary.md").read_text()
    assert summary.startswith("before\n")
    assert "Revenue (week 38): EUR 80, target EUR 100, EUR 20 short" in summary


def test_other_formats_leave_the_summary_alone(shop: Workdir) -> None:
    env = {"GITHUB_STEP_SUMMARY": str(shop.path / "summary.md")}
    shop.kpi("check", env=env).exits(1)
    assert not (shop.path / "summary.md").exists()


def test_json_counts_the_targets(shop: Workdir) -> None:
    document = json.loads(shop.kpi("check", "--format", "json").exits(1).out)
    assert document["summary"] == {
        "targets": 2, "green": 1, "yellow": 0, "red": 1, "no_data": 0, "muted": 0,
    }  # fmt: skip


@pytest.mark.parametrize("arguments", [["--format", "tabel"], ["-o", "x.jpg"]])
def test_unknown_formats_are_refused(shop: Workdir, arguments: list[str]) -> None:
    shop.kpi("check", *arguments).exits(2)


def test_a_part_of_the_rows_is_not_held_against_the_target_of_all(shop: Workdir) -> None:
    shop.kpi("check", "--where", "team = 'red'").exits(2).says("nothing with a target")
    shop.kpi("check", "--for", "team=red").exits(2).says("nothing with a target")
    rule = "targets: [{for: {team: red}, target: 200}], by: [team]"
    shop.change("kpi_definitions.yaml", "target: 100", f"target: 100, {rule}")
    shop.kpi("check", "revenue", "--for", "team=red").exits(1).prints("target EUR 200", "EUR 30")


def test_a_check_speaks_of_the_number_that_the_report_shows(shop: Workdir) -> None:
    """Paid states no grain, and its only report is by month: 4 of 6 rows, not 1 of 2."""
    shop.change("kpi_definitions.yaml", "grain: week, periods: 3", "grain: month, periods: 3")
    shop.write("orders.csv", "day,team,state,amount\n2025-08-31,red,open,1\n" + ORDERS_BELOW)
    answer = shop.kpi("check", "--as-of", "2025-10-01", "--format", "csv").exits(0)
    assert "paid,,month,2025-09" in answer.out.replace('"', "")


ORDERS_BELOW = """\
2025-09-01,red,paid,100
2025-09-14,blue,paid,70
2025-09-28,red,paid,130
2025-09-30,blue,open,150
"""


def test_a_grain_in_which_no_target_is_stated_leaves_nothing_to_judge(shop: Workdir) -> None:
    shop.kpi("check", "revenue", "--grain", "quarter").exits(2).says(
        "nothing to judge: the targets are stated per week"
    )
