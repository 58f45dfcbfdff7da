"""kpi explain: a number rule by rule, or a kind's page."""

import json

import pytest
from workdir import Workdir

from kpicli.cli.presetpage import print_preset
from kpicli.sources.presets import preset_named, preset_names

FORMULA = (
    "\n  each: {kind: formula, formula: 'revenue * 2 / lag(orders, 1)', grain: week}\nreports:"
)
FUNNEL = """\
orders: rows in the file                       6
  outside week 38                    −4     2
  not: state = 'paid'                −1     1
counted                                     1
"""


def test_every_rule_and_what_it_took_away(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "of: amount,", "of: amount, where: state = 'paid',")
    answer = shop.kpi("explain", "revenue").exits(0)
    answer.prints(
        "Sum of amount over the rows of orders",
        "day of orders; days are those of Europe/Berlin",
        "not looked for: orders has no unique:",
        "per week: week 38, 15–21 Sep 2025",
        "EUR 100; higher is better",
        "Sales",
        "numerator 30, n 1 rows",
        "missed",
        "kpi rows revenue",
    )
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    for line in FUNNEL.splitlines():
        assert " ".join(line.split()) in lines


def test_the_choices_come_from_the_kinds_page(shop: Workdir) -> None:
    page = shop.kpi("explain", "share").exits(0).out
    choice = next(line for line in page.splitlines() if line.startswith("- CSAT"))
    assert choice.removeprefix("- ") in " ".join(shop.kpi("explain", "paid").exits(0).out.split())


def test_joins_and_the_segment(shop: Workdir) -> None:
    answer = shop.kpi("explain", "paid", "--for", "region=north").exits(0)
    answer.prints("region = north, by teams.region", "orders.team → teams")
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert "not region = north −1 1" in lines


def test_a_formula_with_its_values_filled_in(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "\nreports:", FORMULA)
    shop.kpi("explain", "each").exits(0).prints(
        "revenue 80 × 2 / lag(orders, 1) 2 = 80",
        "revenue in 2025-W38: EUR 80 (80, n 2)",
        "orders in 2025-W37: 2 (2, n 2)",
        "kpi explain revenue",
    )


def test_json(shop: Workdir) -> None:
    document = json.loads(shop.kpi("explain", "revenue", "--format", "json").exits(0).out)
    (result,) = document["results"]
    assert (result["value"], result["target"], result["status"]) == (80, 100, "red")
    (funnel,) = document["explanation"]["funnels"]
    assert funnel == {
        "source": "orders",
        "in_files": 6,
        "removed": [{"rule": "outside", "detail": None, "rows": 4}],
        "counted": 2,
        "adds_to_n": True,
    }


def test_a_kinds_page_needs_no_definitions(shop: Workdir) -> None:
    (shop.path / "kpi_definitions.yaml").unlink()
    assert shop.kpi("explain", "score").exits(0).out.startswith("# score\n")
    document = json.loads(shop.kpi("explain", "score", "--format", "json").exits(0).out)
    assert document["kind"] == "score"
    shop.kpi("explain", "quallity").exits(2).says("did you mean quality?")


def test_a_ready_definition_goes_before_the_kind_also_called_so(shop: Workdir) -> None:
    answer = shop.kpi("explain", "nps").exits(0)
    answer.prints("survey = 'nps'", "The kind score is also written nps: kpi explain score")


def test_a_kpi_goes_before_the_kind_of_its_name(shop: Workdir) -> None:
    text = (shop.path / "kpi_definitions.yaml").read_text().replace("paid:", "share:")
    shop.write("kpi_definitions.yaml", text.replace("revenue, paid]", "revenue, share]"))
    answer = shop.kpi("explain", "share").exits(0)
    answer.prints("with state = 'paid'", "share is a kind, too")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shar"], "there is no KPI or kind 'shar'"),
        (["weekly"], "weekly is a report"),
        (["revenue", "--format", "csv"], "no such format"),
    ],
)
def test_what_cannot_be_explained(shop: Workdir, arguments: list[str], words: str) -> None:
    shop.kpi("explain", *arguments).exits(2).says(words)


def test_a_definition_of_the_library_that_the_file_does_not_use(shop: Workdir) -> None:
    page = shop.kpi("explain", "email_ctr").exits(0)
    page.prints("kind: ratio", "use: email_ctr", "reads ")
    told = json.loads(shop.kpi("explain", "tickets_opened", "--format", "json").exits(0).out)
    ready = told["library"]
    assert ready["sources"] == {"tickets": ["opened_at"]}
    assert (ready["keys"]["kind"], ready["keys"]["time"]) == ("count", "opened_at")


def test_a_library_page_needs_no_definitions(shop: Workdir) -> None:
    (shop.path / "kpi_definitions.yaml").unlink()
    shop.kpi("explain", "win_rate").exits(0).prints("kind: share")


@pytest.mark.parametrize("name", preset_names())
def test_a_presets_page_shows_its_headers_and_words(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    preset = preset_named(name)
    print_preset(name, "markdown")
    page = capsys.readouterr().out
    for column, headers in preset.columns.items():
        assert f"| {column} |" in page
        assert all(f"`{header}`" in page for header in headers)
    assert f"preset: {name}" in page
    print_preset(name, "json")
    assert json.loads(capsys.readouterr().out)["preset"]["keys"] == preset.source


def test_a_presets_page_needs_no_definitions(shop: Workdir) -> None:
    (shop.path / "kpi_definitions.yaml").unlink()
    shop.kpi("explain", "hubspot_deals").exits(0).prints("Deal Stage", "Closed Won → true")
    shop.kpi("explain", "hubspot_deal").exits(2)


def test_the_command_for_the_rows_is_whole(shop: Workdir) -> None:
    asked = ["paid", "--period", "2025-W37", "--for", "region=north", "--where", "amount > 1"]
    out = shop.kpi("explain", *asked).exits(0).out
    command = "kpi rows paid --period 2025-W37 --for region=north --where 'amount > 1'"
    assert command in " ".join(out.split())


def test_what_may_be_explained_is_listed_and_each_has_its_page(shop: Workdir) -> None:
    shop.kpi("explain").exits(0).prints("revenue, paid", "lifecycle", "segments", "unique")
    names = json.loads(shop.kpi("explain", "--format", "json").exits(0).out)["names"]
    assert {"identity", "sources", "exclude", "did", "targets", "conditions", "time"} <= set(
        names["topic"]
    )
    shop.change("kpi_definitions.yaml", "kind: sum", "kind: sums")
    shop.kpi("explain", "segments").exits(0).prints("# segments", "accounts.plan")
    shop.kpi("explain", "unique").exits(0).prints("# unique")
    shop.change("kpi_definitions.yaml", "kind: sums", "kind: sum")
    shop.kpi("explain", "segmens").exits(2).says("did you mean segments?", "lists what there is")


def test_a_library_page_says_whose_list_is_read(shop: Workdir) -> None:
    page = shop.kpi("explain", "nrr").exits(0)
    page.prints("reads subscriptions: account_id", "reads the list of who there is: account_id")
