"""kpi validate: every problem in one pass, of the definitions and of the files."""

import json

import pytest
from workdir import Workdir


def test_nothing_wrong(shop: Workdir) -> None:
    answer = shop.kpi("validate").exits(0)
    assert answer.out.splitlines() == [
        "orders: orders.csv, 6 rows, 2025-09-01 to 2025-09-21",
        "teams: teams.csv, 2 rows",
        "kpi_definitions.yaml: 3 KPIs, 2 sources, no problems",
    ]


def test_no_data_opens_nothing(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()
    out = shop.kpi("validate", "--no-data").exits(0).out
    assert out == "kpi_definitions.yaml: 3 KPIs, 2 sources, no problems\n"


def test_every_problem_of_the_definitions_with_its_line(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "kind: sum", "kind: summ")
    shop.change("kpi_definitions.yaml", "50%", "50")
    shop.change("kpi_definitions.yaml", "source: orders, unit: count", "source: order")
    shop.change("kpi_definitions.yaml", "kpis: [revenue, paid]", "kpis: [revenues, paid]")
    answer = shop.kpi("validate").exits(2)
    answer.says(
        "kpi_definitions.yaml:12:19: there is no kind 'summ'",
        "    revenue: {kind: summ, source: orders, of: amount, grain: week, target: 100",
        "                      ^",
        "did you mean sum?",
        "kpi_definitions.yaml:14:",
        "50%",
        "kpi_definitions.yaml:15:33: there is no source 'order'",
        "did you mean orders?",
        "kpi_definitions.yaml:17:",
        "'revenues'",
    )
    assert answer.out == ""


def test_json_gives_the_problems(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "kind: sum", "kind: summ")
    document = json.loads(shop.kpi("validate", "--format", "json").exits(2).out)
    first = document["problems"][0]
    assert set(first) == {
        "level", "code", "message", "hint", "file", "line", "column", "kpi", "source",
    }  # fmt: skip
    assert (first["file"], first["line"], first["kpi"]) == ("kpi_definitions.yaml", 12, "revenue")


def test_columns_are_checked_against_headers(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "of: amount", "of: amont")
    answer = shop.kpi("validate").exits(3)
    answer.says("kpi_definitions.yaml:12:", "orders has no column 'amont'", "did you mean amount?")
    answer.prints("3 KPIs, 2 sources, 1 problem")


def test_declared_columns_of_sources_nobody_reads(shop: Workdir) -> None:
    old = "teams: {path: teams.csv, key: team}"
    shop.change("kpi_definitions.yaml", old, old[:-1] + ", types: {founded: date}}")
    shop.kpi("validate").exits(3).says("kpi_definitions.yaml:8:", "teams has no column 'founded'")


def test_cells_that_cannot_be_read_are_shown(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "    time: day", "    time: day\n    skip_bad_rows: 50%")
    shop.change("orders.csv", "paid,60", "paid,about 60")
    answer = shop.kpi("validate").exits(0)
    answer.prints("not read: 1 cell", "orders.csv row 3, amount: 'about 60' is no money")


def test_too_many_cells_are_an_error(shop: Workdir) -> None:
    shop.change("orders.csv", "paid,60", "paid,about 60")
    answer = shop.kpi("validate").exits(3)
    answer.says("orders.amount: 1 of 6 values are no money", "orders.csv row 3: 'about 60'")


def test_a_key_that_repeats(shop: Workdir) -> None:
    shop.write("teams.csv", "team,region\nred,north\nred,south\n")
    shop.kpi("validate").exits(3).says("teams", "red")


def test_duplicates_are_told(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "    time: day", "    time: day\n    unique: [day, team]")
    with (shop.path / "orders.csv").open("a") as file:
        file.write("2025-09-21,blue,open,50\n")
    shop.kpi("validate").exits(0).prints("not read: 1 row of orders.csv: 1 twice in the file")


@pytest.mark.parametrize(
    ("keys", "column"),
    [
        ("time: dai", "dai"),
        ("start: dai", "dai"),
        ("start: day, end: dai", "dai"),
        ("time: day, key: tem", "tem"),
        ("time: day, unique: tem", "tem"),
        ("time: day, updated: dai", "dai"),
        ("time: day, currency_column: stat", "stat"),
        ("time: day, refers_to: {teams: tem}", "tem"),
    ],
)
def test_a_column_that_a_source_names_in_vain_is_told_at_its_key(
    shop: Workdir, keys: str, column: str
) -> None:
    shop.change(
        "kpi_definitions.yaml",
        "    path: orders.csv\n    time: day\n",
        f"    {{path: orders.csv,\n     {keys}}}\n",
    )
    at = len("     ") + keys.rindex(column) + 1
    message = f"kpi_definitions.yaml:7:{at}: orders has no column '{column}'"
    shop.kpi("validate").exits(3).says(message, "did you mean ")
    if "refers_to" not in keys:
        shop.kpi("rows", "paid").exits(3).says(message)


def test_a_rate_that_is_looked_up_by_a_column_not_there(shop: Workdir) -> None:
    rates = ", currency_column: state, rates: {source: rates, on: dai}}"
    shop.change(
        "kpi_definitions.yaml",
        "    path: orders.csv\n    time: day\n",
        f"    {{path: orders.csv,\n     time: day{rates}\n  rates: {{path: rates.csv}}\n",
    )
    shop.write("rates.csv", "day,currency,rate\n2025-09-01,USD,0.9\n")
    shop.kpi("validate").exits(3).says("kpi_definitions.yaml:7:68: orders has no column 'dai'")


@pytest.mark.parametrize(
    "keys",
    [
        """count_if: "state = 'piad'\"""",
        """count_if: "state <> 'piad'\"""",
        """count_if: "state in ('open', 'piad')\"""",
        """count_if: "state not in ('open', 'piad')\"""",
        """where: "teams.region = 'north' or 'piad' = state", count_if: amount > 1""",
    ],
)
def test_a_text_that_no_row_has_is_told_at_its_place(shop: Workdir, keys: str) -> None:
    shop.change("kpi_definitions.yaml", "count_if: state = 'paid'", keys)
    before = len("  paid: {kind: share, source: orders, ")
    column = before + keys.index("'piad'") + 1
    answer = shop.kpi("validate").exits(0)
    answer.says(
        f"kpi_definitions.yaml:14:{column}: warning: no row of orders has state 'piad'",
        "did you mean 'paid'?",
    )
    assert answer.err.count("warning") == 1


def test_a_text_that_no_row_of_a_referred_table_has(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "region: teams.region", "up: {where: teams.region = 'up'}")
    shop.change("kpi_definitions.yaml", "unit: count}", "unit: count, by: [up]}")
    shop.kpi("validate").exits(0).says(
        "kpi_definitions.yaml:10:30: warning: no row of teams has region 'up'",
        "it has 'north', 'south'",
    )


def test_texts_that_rows_have_are_no_warning(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "count_if: state = 'paid'", "count_if: lower(state) = 'x'")
    assert shop.kpi("validate").exits(0).err == ""


def test_rules_of_good_data(shop: Workdir) -> None:
    """All that break one are told, the rows written on request, and the report says it, too."""
    shop.change(
        "kpi_definitions.yaml",
        "    time: day\n",
        "    time: day\n    quality:\n      - {accepted: {state: [paid]}}\n"
        "      - {reference: {team: teams}, level: warn}\n",
    )
    shop.change("orders.csv", "2025-09-21,blue", "2025-09-21,=pink")
    answer = shop.kpi("validate", "--rows", "out/broken.csv").exits(3)
    answer.says(
        "kpi_definitions.yaml:9:20: orders: state is not paid in 2 of 6 rows (33.3 %)",
        "first: orders.csv row 2: 'open', row 6: 'open'",
        "kpi_definitions.yaml:10:21: warning: orders: team has no partner in teams in 1 of 6 rows",
    )
    answer.prints("3 KPIs, 2 sources, 2 problems")
    assert (shop.path / "out/broken.csv").read_text().splitlines() == [
        "rule,level,source,file,row,column,text",
        "accepted,error,orders,orders.csv,2,state,open",
        "accepted,error,orders,orders.csv,6,state,open",
        "reference,warn,orders,orders.csv,6,team,'=pink",
    ]
    shop.kpi("report").exits(3).prints("state is not paid in 2 of 6 rows", "Revenue")
    shop.change("kpi_definitions.yaml", "[paid]}", "[paid]}, allow: 40%")
    shop.kpi("check").exits(1)


def test_rows_that_cannot_be_written_are_refused(shop: Workdir) -> None:
    shop.kpi("validate", "--no-data", "--rows", "a.csv").exits(2).says("--no-data opens no file")
    shop.kpi("validate", "--rows", "a.xlsx").exits(2).says("write --rows a.csv")
    assert not (shop.path / "a.xlsx").exists()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("freshness: 3d", "{warn: 3d, error: 7d}"),
        ("quality: [{required: id, allow: 50}]", "write 50%"),
    ],
)
def test_a_key_shows_how_it_is_written(shop: Workdir, key: str, said: str) -> None:
    source = f"sources: {{o: {{path: orders.csv, {key}}}}}"
    shop.write("f.yaml", f"version: 1\n{source}\nkpis: {{n: {{kind: count, source: o}}}}\n")
    shop.kpi("validate", "-f", "f.yaml", "--no-data").exits(2).says(said)
