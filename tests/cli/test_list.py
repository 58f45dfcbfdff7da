"""kpi list: what the definitions hold."""

import json

from workdir import Workdir

from kpicli.sources.presets import preset_names


def test_kpis_with_kind_owner_and_target(shop: Workdir) -> None:
    lines = shop.kpi("list").exits(0).out.splitlines()
    assert [line.split() for line in lines] == [
        ["KPI", "kind", "owner", "target"],
        ["revenue", "·", "Revenue", "sum", "Sales", "EUR", "100"],
        ["paid", "·", "Paid", "share", "50", "%"],
        ["orders", "·", "Orders", "count"],
    ]


def test_groups_are_headings(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "kind: share", "kind: share, group: Money")
    lines = shop.kpi("list").exits(0).out.splitlines()
    assert [line.split()[0] for line in lines] == ["KPI", "revenue", "orders", "Money", "paid"]


def test_json_has_the_records_of_kpis(shop: Workdir) -> None:
    document = json.loads(shop.kpi("list", "--format", "json").exits(0).out)
    assert document["schema"] == "kpi-results/1"
    assert [one["name"] for one in document["kpis"]] == ["revenue", "paid", "orders"]
    first = document["kpis"][0]
    assert set(first) == {
        "name", "title", "group", "kind", "unit", "counts", "grain", "window", "better", "owner",
        "if_red", "if_green", "definition", "formula", "file", "line", "fingerprint",
        "coverage",
    }  # fmt: skip
    assert (first["owner"], first["line"], first["grain"]) == (["Sales"], 12, "week")


def test_sources_and_segments(shop: Workdir) -> None:
    shop.kpi("list", "--sources").exits(0).prints("orders · orders.csv", "day", "team")
    shop.kpi("list", "--segments").exits(0).prints("region", "teams.region")
    sources = json.loads(shop.kpi("list", "--sources", "--format", "json").exits(0).out)["sources"]
    assert [(one["name"], one["path"], one["line"]) for one in sources] == [
        ("orders", ["orders.csv"], 6),
        ("teams", ["teams.csv"], 8),
    ]
    segments = json.loads(shop.kpi("list", "--segments", "--format", "json").exits(0).out)
    assert [one["definition"] for one in segments["segments"]] == ["teams.region"]


def test_the_library_needs_no_definitions(shop: Workdir) -> None:
    (shop.path / "kpi_definitions.yaml").unlink()
    shop.kpi("list", "--library").exits(0).prints("revenue_won", "win_rate")
    records = json.loads(shop.kpi("list", "--library", "--format", "json").exits(0).out)["kpis"]
    keys = next(one["keys"] for one in records if one["name"] == "win_rate")
    assert (keys["kind"], keys["source"]) == ("share", "deals")
    won = next(one for one in records if one["name"] == "revenue_won")
    assert (won["kind"], won["file"], won["fingerprint"]) == ("sum", None, None)


def test_the_presets_need_no_definitions(shop: Workdir) -> None:
    (shop.path / "kpi_definitions.yaml").unlink()
    lines = shop.kpi("list", "--presets").exits(0).out.splitlines()
    assert {line.split()[0] for line in lines[1:]} == set(preset_names())
    shop.kpi("list", "--presets").prints("hubspot_deals ", "HubSpot deals", "programs")
    told = json.loads(shop.kpi("list", "--presets", "--format", "json").exits(0).out)["presets"]
    deals = next(one for one in told if one["name"] == "hubspot_deals")
    assert (deals["role"], deals["keys"]["key"]) == ("deals", "deal_id")


def test_one_list_at_a_time(shop: Workdir) -> None:
    shop.kpi("list", "--library", "--sources").exits(2).says("ask for one")


def test_what_is_right_is_shown_beside_a_kpi_that_is_wrong(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "  paid: {kind: share", "  paid: {kind: shares")
    listed = shop.kpi("list").exits(2).says("there is no kind 'shares'")
    listed.prints("revenue", "orders")
    assert "paid" not in listed.out
    shop.kpi("list", "--sources").exits(0).prints("teams")
    shop.kpi("show", "orders").exits(0).says("without paid").prints("amount")
    shop.kpi("explain", "revenue").exits(0).says("without paid").prints("EUR 100")
    shop.kpi("explain", "paid").exits(2).says("there is no kind 'shares'")
    shop.kpi("report", "revenue").exits(2)
