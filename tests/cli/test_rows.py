"""kpi rows: what stands behind a number, on the screen and in files."""

import csv
import io
import json

import duckdb
import pytest
from workdir import Workdir

TABLE = """\
Revenue                  week 38, 15–21 Sep 2025 · data to 21 Sep 2025

       day         numerator  amount
row 5  2025-09-15         30  30
row 6  2025-09-21         50  50

2 rows: Σ numerator 80 = EUR 80
Rows of orders.csv, counted without its header
"""
FORMULA = "\n  each: {kind: formula, formula: revenue / orders, grain: week}\nreports:"


def test_a_table_that_adds_up_to_the_report(shop: Workdir) -> None:
    # The heading's period stands at the right edge.
    out = shop.kpi("rows", "revenue").exits(0).out
    assert " ".join(out.split()) == " ".join(TABLE.split())


def test_the_period_the_segment_and_the_condition_asked_for(shop: Workdir) -> None:
    answer = shop.kpi("rows", "paid", "--period", "2025-W37", "--for", "region=north")
    answer.exits(0).prints("Paid, region north", "week 37")
    answer.prints("1 row: Σ numerator 1 ÷ Σ denominator 1 = 100 %")
    shop.kpi("rows", "orders", "--where", "amount > 45").exits(0).prints("1 row: Σ numerator 1")


def test_csv_has_all_rows_and_no_formulas(shop: Workdir) -> None:
    shop.change("orders.csv", "2025-09-21,blue,open,50", "2025-09-21,=blue,open,50")
    shop.change("kpi_definitions.yaml", "source: orders, unit: count", "source: orders, by: [team]")
    rows = list(csv.DictReader(io.StringIO(shop.kpi("rows", "orders", "--format", "csv").out)))
    assert rows == [
        {"file": "orders.csv", "row": "5", "day": "2025-09-15", "numerator": "1",
         "denominator": "", "left_out": "", "team": "red"},
        {"file": "orders.csv", "row": "6", "day": "2025-09-21", "numerator": "1",
         "denominator": "", "left_out": "", "team": "'=blue"},
    ]  # fmt: skip


def test_files_by_their_endings(shop: Workdir) -> None:
    paths = ["out/{label}.csv", "out/rows.parquet", "out/rows.json", "out/rows.md"]
    asked = [word for path in paths for word in ("-o", path)]
    assert shop.kpi("rows", "revenue", *asked).exits(0).out == ""
    out = shop.path / "out"
    with duckdb.connect() as base:
        for read, name in (("read_csv", "2025-W38.csv"), ("read_parquet", "rows.parquet")):
            query = f"select sum(numerator), count(*) from {read}('{out / name}')"  # noqa: S608
            assert base.execute(query).fetchall() == [(80, 2)]
    document = json.loads((shop.path / "out/rows.json").read_text())
    assert [row["numerator"] for row in document["rows"]] == [30, 50]
    assert [(one["kpi"], one["value"]) for one in document["results"]] == [("revenue", 80)]
    assert "| row 5 |" in (shop.path / "out/rows.md").read_text()


def test_a_formula_names_the_rows_of_its_inputs(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "\nreports:", FORMULA)
    shop.kpi("rows", "each").exits(0).prints("Each", "Revenue", "Orders", "2 rows: Σ numerator 2")
    rows = csv.DictReader(io.StringIO(shop.kpi("rows", "each", "--format", "csv").exits(0).out))
    told = [(row["kpi"], row["period"], row["row"], row["numerator"]) for row in rows]
    assert told == [
        ("revenue", "2025-W38", "5", "30"),
        ("revenue", "2025-W38", "6", "50"),
        ("orders", "2025-W38", "5", "1"),
        ("orders", "2025-W38", "6", "1"),
    ]


def test_more_than_fifty_rows_are_counted(shop: Workdir) -> None:
    many = "".join(f"2025-09-{15 + day % 7},red,paid,1\n" for day in range(98))
    shop.write("orders.csv", "day,team,state,amount\n" + many)
    answer = shop.kpi("rows", "revenue").exits(0)
    answer.prints("50 of 98 rows", "98 rows: Σ numerator 98 = EUR 98")
    assert answer.out.count("\nrow ") == 50


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["revenu"], "did you mean revenue?"),
        (["weekly"], "weekly is a report, not a KPI"),
        (["revenue", "--part", "promoters"], "revenue has no part 'promoters'"),
        (["revenue", "--for", "region=nort"], "did you mean north?"),
        (["revenue", "--for", "regoin=north"], "regoin"),
        (["revenue", "--period", "2025-W99"], "there is no such period"),
        (["revenue", "--period", "2026-W02"], "2026-W02 has not begun"),
        (["revenue", "--format", "html"], "no such format"),
        (["revenue", "-o", "rows.xlsx"], "its ending names no format"),
        (["revenue", "-o", "{lable}.csv"], "{lable}"),
    ],
)
def test_what_cannot_be_asked(shop: Workdir, arguments: list[str], words: str) -> None:
    answer = shop.kpi("rows", *arguments).exits(2).says(words)
    assert answer.out == ""


def test_a_missing_file_is_exit_3(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()
    shop.kpi("rows", "revenue").exits(3).says("orders.csv")


def test_the_column_that_the_kpi_is_about_stays_on_a_narrow_page(shop: Workdir) -> None:
    key = "an_identifier_that_takes_all_the_room_of_the_page"
    shop.write("orders.csv", f"{key},day,amount\n1,2025-09-15,80\n2,2025-09-21,80\n")
    shop.write(
        "k.yaml",
        f"version: 1\nsources: {{orders: {{path: orders.csv, time: day, key: {key}}}}}\n"
        "kpis: {revenue: {kind: sum, source: orders, of: amount, grain: week, unit: number}}\n",
    )
    title = shop.kpi("rows", "revenue", "-f", "k.yaml").exits(0).out.splitlines()[2]
    assert title.split() == ["day", "numerator", "amount"]


def test_rows_of_several_files_name_theirs(shop: Workdir) -> None:
    shop.write("more/a.csv", "day,amount\n2025-09-15,1\n")
    shop.write("more/b.csv", "day,amount\n2025-09-16,2\n")
    shop.write(
        "k.yaml",
        "version: 1\nsources: {orders: {path: more/*.csv, time: day}}\n"
        "kpis: {revenue: {kind: sum, source: orders, of: amount, grain: week, unit: number}}\n",
    )
    out = shop.kpi("rows", "revenue", "-f", "k.yaml", "--period", "2025-W38").exits(0).out
    assert ["row", "1", "b.csv", "2025-09-16", "2"] in [
        line.split()[:5] for line in out.splitlines()
    ]
