"""kpi report: what it prints, where it writes, when it fails."""

import json
import subprocess

import pytest
from workdir import KPI, Workdir


def test_report_prints_the_first_report(shop: Workdir) -> None:
    answer = shop.kpi("report").exits(0).prints("Shop", "Revenue", "80", "Paid", "50 %")
    assert answer.err == ""
    assert "Orders" not in answer.out
    assert max(map(len, answer.out.splitlines())) <= 79


def test_names_and_all(shop: Workdir) -> None:
    assert "Paid" not in shop.kpi("report", "orders").exits(0).prints("Orders").out
    shop.kpi("report", "all").exits(0).prints("Orders", "Paid", "Revenue")


def values(shop: Workdir, *arguments: str) -> list[tuple[str, str, float | None]]:
    document = json.loads(shop.kpi("report", "--format", "json", *arguments).exits(0).out)
    assert document["schema"] == "kpi-results/1"
    return [
        (one["label"], ",".join(one["by"].values()), one["value"]) for one in document["results"]
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], [("2025-W36", "", 90), ("2025-W37", "", 130), ("2025-W38", "", 80)]),
        (["--periods", "1"], [("2025-W38", "", 80)]),
        (["--as-of", "2025-09-15", "--periods", "1"], [("2025-W37", "", 130)]),
        (["--grain", "day", "--periods", "1"], [("2025-09-21", "", 50)]),
        (
            ["--by", "region", "--periods", "1"],
            [("2025-W38", "", 80), ("2025-W38", "north", 30), ("2025-W38", "south", 50)],
        ),
        (["--for", "region=north", "--periods", "1"], [("2025-W38", "", 30)]),
        (["--where", "amount > 35", "--periods", "1"], [("2025-W38", "", 50)]),
        (
            ["--by", "state,region", "--periods", "1"],
            [
                ("2025-W38", "", 80),
                ("2025-W38", "open", 50),
                ("2025-W38", "paid", 30),
                ("2025-W38", "north", 30),
                ("2025-W38", "south", 50),
            ],
        ),
    ],
)
def test_options_choose_the_numbers(
    shop: Workdir, arguments: list[str], expected: list[tuple[str, str, float]]
) -> None:
    name = ["revenue", "--periods", "3"] if not arguments else ["revenue"]
    assert values(shop, *name, *arguments) == expected


def test_data_is_another_folder(shop: Workdir) -> None:
    shop.write("june/orders.csv", "day,team,state,amount\n2025-06-02,red,paid,7\n2025-06-08,,,1\n")
    shop.write("june/teams.csv", "team,region\n")
    found = values(shop, "revenue", "--data", "june", "--periods", "1")
    assert found == [("2025-W23", "", 8)]


def test_definitions_elsewhere_see_their_own_folder(shop: Workdir) -> None:
    inner = Workdir(shop.path / "inner")
    inner.path.mkdir()
    inner.kpi("report", "-f", "../kpi_definitions.yaml").exits(0).prints("Revenue")


def test_include_partial_adds_the_running_period(shop: Workdir) -> None:
    with (shop.path / "orders.csv").open("a") as file:
        file.write("2025-09-23,red,paid,5\n")
    assert values(shop, "revenue", "--periods", "1") == [("2025-W38", "", 80)]
    found = values(shop, "revenue", "--periods", "1", "--include-partial")
    assert found == [("2025-W38", "", 80), ("2025-W39", "", 5)]


def test_parts_are_rows_where_they_are_asked_for(shop: Workdir) -> None:
    shop.write(
        "kpi_definitions.yaml",
        "version: 1\nsources:\n  answers: {path: answers.csv, time: day}\nkpis:\n"
        "  nps: {kind: nps, source: answers, of: score}\n"
        "  double: {kind: formula, formula: 2 * nps, parts: true}\n",
    )
    shop.write("answers.csv", "day,score\n2025-01-06,10\n2025-01-12,8\n")
    plain = shop.kpi("report", "double", "nps").exits(0).out
    asked = shop.kpi("report", "nps", "--parts").exits(0).out
    rows = [line.split()[0] for line in plain.splitlines()[3:6]]
    assert rows == ["Double", "Nps", "Nps"]
    assert "passives" not in plain
    assert [word in asked for word in ("promoters", "passives", "detractors")] == [True] * 3


def test_wide_has_a_column_per_period(shop: Workdir) -> None:
    shop.kpi("report", "--wide").exits(0).prints("90", "130", "80")


@pytest.mark.parametrize(
    ("word", "beginning"),
    [("table", "Shop"), ("markdown", "# Shop"), ("html", "<!doctype html>"), ("csv", "kpi,part")],
)
def test_formats(shop: Workdir, word: str, beginning: str) -> None:
    out = shop.kpi("report", "--format", word).exits(0).out
    assert out.lower().startswith(beginning.lower())


def test_verbose_tells_what_was_opened(shop: Workdir) -> None:
    answer = shop.kpi("report", "-v").exits(0)
    answer.says("orders: orders.csv, 6 rows, 2025-09-01 to 2025-09-21", " s")


def test_a_missing_source_leaves_the_rest(shop: Workdir) -> None:
    shop.change(
        "kpi_definitions.yaml", "reports:", "  visits: {kind: count, source: visits}\nreports:"
    )
    shop.change(
        "kpi_definitions.yaml", "segments:", "  visits: {path: visits.csv, time: day}\nsegments:"
    )
    answer = shop.kpi("report", "all").exits(3)
    answer.says("kpi_definitions.yaml:9:", "visits.csv is not there")
    top, _, rest = answer.out.partition("Revenue")
    assert "visits.csv is not there" in top
    assert "No number for Visits" in top
    assert "80" in rest


def test_json_tells_of_a_missing_source(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()
    document = json.loads(shop.kpi("report", "--format", "json").exits(3).out)
    assert [one["code"] for one in document["problems"]] == ["missing_file"]
    assert {one["reason"] for one in document["results"]} == {"missing_source"}
    assert {one["value"] for one in document["results"]} == {None}


def test_all_or_nothing_writes_nothing(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()
    assert shop.kpi("report", "--all-or-nothing").exits(3).says("orders.csv is not there").out == ""
    shop.kpi("report", "--all-or-nothing", "-o", "r.html").exits(3)
    assert not (shop.path / "r.html").exists()
    told = shop.kpi("report", "--all-or-nothing", "--format", "json").exits(3)
    assert [one["code"] for one in json.loads(told.out)["problems"]] == ["missing_file"]


def test_a_kpi_that_a_split_does_not_fit_shows_its_total(shop: Workdir) -> None:
    shop.write("visits.csv", "day,visitor\n2025-09-15,a\n2025-09-21,b\n")
    source, kpi = (
        "  visits: {path: visits.csv, time: day}",
        "  visits: {kind: count, source: visits}",
    )
    shop.change("kpi_definitions.yaml", "sources:\n", f"sources:\n{source}\n")
    shop.change("kpi_definitions.yaml", "kpis:\n  revenue", f"kpis:\n{kpi}\n  revenue")
    answer = shop.kpi("report", "visits", "orders", "--by", "team", "--format", "json").exits(0)
    assert "Visits: cannot be split by team, its total is shown" in answer.err
    shown = {(one["kpi"], one["by"].get("team")) for one in json.loads(answer.out)["results"]}
    assert shown == {("visits", None), ("orders", None), ("orders", "red"), ("orders", "blue")}


def test_a_warning_of_the_definitions_is_told(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "owner: Sales,", "owner: Sales, group:    #sales\n   ,")
    answer = shop.kpi("report", "-o", "out.json").exits(0)
    assert "kpi_definitions.yaml:12:102: warning" in answer.err and "#sales" in answer.err


def test_a_column_that_is_not_there_is_said_of_its_kpi_and_once(shop: Workdir) -> None:
    shop.change(
        "kpi_definitions.yaml",
        "reports:",
        "  off: {kind: share, source: orders, count_if: plann = 'x', target: 1%}\nreports:",
    )
    page = shop.kpi("report", "off", "revenue").exits(3).out
    assert "no number for Off: orders has no column 'plann'" in page
    assert page.count("plann") == 1
    assert "could not be read" not in page
    checked = shop.kpi("check", "off").exits(3).out
    assert checked.count("'plann'") == 1
    assert "not judged, see kpi_definitions.yaml:" in checked


def test_a_problem_stands_once_where_both_streams_end_in_the_same_place(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()
    done = subprocess.run(
        [KPI, "report"], cwd=shop.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stdout.count("orders.csv is not there") == 1


def test_a_text_of_where_that_no_row_has_is_a_warning(shop: Workdir) -> None:
    answer = shop.kpi("report", "orders", "--where", "state = 'piad'").exits(0)
    answer.says("warning: --where: no row of orders has state 'piad'", "did you mean 'paid'?")
    assert shop.kpi("report", "orders", "--where", "state = 'paid'").exits(0).err == ""


def test_a_part_of_the_rows_is_called_so(shop: Workdir) -> None:
    where = ("--where", "state = 'paid'", "--for", "team=red")
    for form in ("table", "markdown", "html"):
        answer = shop.kpi("report", "orders", *where, "--format", form).exits(0)
        assert "Only team = red, state = " in answer.out
