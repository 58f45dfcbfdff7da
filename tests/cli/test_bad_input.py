"""What people feed it by mistake: a clear sentence, the right exit code, nothing lost."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from workdir import ORDERS, Workdir

Spoil = Callable[[Workdir], object]


def data(text: str | bytes, name: str = "orders.csv") -> Spoil:
    return lambda shop: shop.write(name, text)


def remove(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()


def no_match(shop: Workdir) -> None:
    remove(shop)
    shop.change("kpi_definitions.yaml", "path: orders.csv", "path: orders/*.csv")


def parquet(shop: Workdir) -> Path:
    shop.change("kpi_definitions.yaml", "path: orders.csv", "path: orders.parquet")
    frame = pl.read_csv(shop.path / "orders.csv", try_parse_dates=True)
    frame.write_parquet(shop.path / "orders.parquet")
    return shop.path / "orders.parquet"


def truncated_parquet(shop: Workdir) -> None:
    whole = parquet(shop).read_bytes()
    shop.write("orders.parquet", whole[: len(whole) // 2])


def text_amount_parquet(shop: Workdir) -> None:
    path = parquet(shop)
    pl.read_parquet(path).with_columns(amount=pl.date(2025, 1, 1)).write_parquet(path)


def currencies(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "    time: day", "    time: day\n    currency_column: cur")
    lines = ORDERS.splitlines()
    signs = ["cur", "EUR", "USD", "EUR", "EUR", "EUR", "EUR"]
    shop.write("orders.csv", "".join(f"{a},{b}\n" for a, b in zip(lines, signs, strict=True)))


def small_scale(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "kind: sum, source: orders, of: amount",
                "kind: nps, source: orders, of: stars")  # fmt: skip
    shop.write("orders.csv", "day,team,state,stars\n" + "".join(
        f"2025-09-{day:02},red,paid,{1 + day % 5}\n" for day in range(1, 22)))  # fmt: skip


DATA: dict[str, tuple[Spoil, list[str]]] = {
    "missing file": (remove, ["kpi_definitions.yaml:", "orders.csv is not there"]),
    "glob without a match": (no_match, ["no file matches orders/*.csv"]),
    "a web page": (data("<!DOCTYPE html><html><body>Sign in</body></html>"), ["a web page"]),
    "a workbook": (
        data(b"PK\x03\x04\x14" + bytes(25) + b"xl/" + bytes(99)),
        ["no workbook", "as CSV"],
    ),
    "truncated parquet": (truncated_parquet, ["orders.parquet"]),
    "cut off in mid-row": (
        data(ORDERS[:-6]),
        ["orders.csv looks cut off in its last row", "export it again"],
    ),
    "empty file": (data(""), ["orders.csv is empty"]),
    "missing column": (
        data(ORDERS.replace("amount", "ammount")),
        ["orders has no column 'amount'", "did you mean ammount?"],
    ),
    "column of another type": (text_amount_parquet, ["amount"]),
    "numbers that are none": (
        data(ORDERS.replace(",60", ",sixty")),
        ["orders.amount: 1 of 6 values", "orders.csv row 3: 'sixty'"],
    ),
    "dates that are none": (
        data(ORDERS.replace("2025-09-08", "2025-13-08")),
        ["orders.day: 1 of 6 values are no", "orders.csv row 3: '2025-13-08'"],
    ),
    "ambiguous dates": (
        data("day,team,state,amount\n01/02/2025,red,paid,1\n03/04/2025,red,paid,2\n"),
        ["dates:"],
    ),
    "two currencies": (currencies, ["EUR", "USD", "rates:"]),
    "stars as nps": (small_scale, ["stars", "0"]),
}


@pytest.mark.parametrize("case", DATA)
def test_bad_data_is_exit_3(shop: Workdir, case: str) -> None:
    spoil, words = DATA[case]
    spoil(shop)
    answer = shop.kpi("report", "revenue", "--format", "json").exits(3).says(*words)
    told = json.loads(answer.out)
    assert told["problems"]
    assert {one["value"] for one in told["results"]} == {None}


def test_a_header_alone_is_an_answer(shop: Workdir) -> None:
    shop.write("orders.csv", "day,team,state,amount\n")
    answer = shop.kpi("report").exits(0)
    assert answer.err == ""


def test_division_by_zero_is_no_zero(shop: Workdir) -> None:
    shop.change(
        "kpi_definitions.yaml", "  paid: {kind: share, source: orders, count_if: state = 'paid'",
        "  paid: {kind: ratio, source: orders, numerator: amount, denominator: amount - amount",
    )  # fmt: skip
    shop.change("kpi_definitions.yaml", "target: 50%", "unit: ratio")
    told = json.loads(shop.kpi("report", "paid", "--periods", "1", "--format", "json").exits(0).out)
    found = [(one["label"], one["value"], one["reason"]) for one in told["results"]]
    assert found == [("2025-W38", None, "zero_denominator")]


def test_few_unreadable_cells_are_counted(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "    time: day", "    time: day\n    skip_bad_rows: 20%")
    shop.change("orders.csv", "paid,60", "paid,sixty")
    told = json.loads(shop.kpi("report", "revenue", "--format", "json").exits(0).out)
    assert told["meta"]["sources"][0]["not_read"] == {"unparsable": 1}
    week = next(one for one in told["results"] if one["label"] == "2025-W37")
    assert (week["value"], week["n"], week["left_out"]) == (70, 1, {"unparsable": 1})


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip

YAML: dict[str, tuple[str, list[str]]] = {
    "empty": ("", ["kpi_definitions.yaml:1:1", "no definitions"]),
    "a list": ("- a\n- b\n", ["holds a list"]),
    "a text": ("hello\n", ["single text"]),
    "a key twice": ("version: 1\nkpis:\n  a: {kind: count}\n  a: {kind: sum}\n", [":4:", "a"]),
    "a tab": ("version: 1\nkpis:\n\ta: 1\n", [":3:1", "tab"]),
    "an alias bomb": (BOMB, ["kpi_definitions.yaml:"]),
    "not YAML": ("version: 1\nkpis: {a: [\n", ["kpi_definitions.yaml:"]),
    "no version": ("kpis: {}\n", ["version"]),
    "unknown key": ("version: 1\nkpi: {}\n", [":2:", "did you mean kpis?"]),
    "a comparison": (
        "version: 1\nsources: {o: {path: o.csv, time: d}}\n"
        "kpis:\n  a:\n    kind: count\n    source: o\n    grain: week\n    target: >= 5\n",
        [":8:", "target: 5"],
    ),
}


@pytest.mark.parametrize("case", YAML)
def test_bad_definitions_are_exit_2(shop: Workdir, case: str) -> None:
    text, words = YAML[case]
    shop.write("kpi_definitions.yaml", text)
    told = json.loads(shop.kpi("report", "--format", "json").exits(2).says(*words).out)
    assert told["problems"]
    assert told["results"] == []


def test_definitions_that_are_no_text(shop: Workdir) -> None:
    shop.write("kpi_definitions.yaml", "title: Café\n".encode("latin-1"))
    shop.kpi("report").exits(2).says("kpi_definitions.yaml:1:11", "UTF-8")


def test_all_problems_at_once_over_included_files(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "version: 1", "version: 1\ninclude: more/*.yaml")
    shop.write("more/a.yaml", "kpis:\n  b: {kind: cuont, source: orders}\n")
    shop.change("kpi_definitions.yaml", "kind: sum", "kind: summ")
    answer = shop.kpi("report").exits(2)
    answer.says("more/a.yaml:2:13: there is no kind 'cuont'", "b: {kind: cuont", "'summ'")


def test_nothing_from_data_is_code(shop: Workdir) -> None:
    shop.change("orders.csv", "2025-09-15,red", "2025-09-15,<script>alert(1)</script>")
    shop.change("orders.csv", "2025-09-21,blue", "2025-09-21,\"=cmd|'/c calc'!A1\"")
    arguments = ["report", "revenue", "--by", "team"]
    shop.kpi(*arguments, "-o", "r.html", "-o", "r.md", "-o", "r.csv").exits(0)
    page = (shop.path / "r.html").read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<script>" not in (shop.path / "r.md").read_text()
    assert ",=cmd" not in (shop.path / "r.csv").read_text()
