"""kpi show: what a source holds."""

import json

from workdir import Workdir


def test_columns_files_references(shop: Workdir) -> None:
    answer = shop.kpi("show", "orders").exits(0)
    lines = [line.split() for line in answer.out.splitlines()]
    assert ["amount", "money", "100", "%", "40,", "50,", "60", "its", "name"] in lines
    assert ["team", "→", "teams", "100", "%", "0", "0"] in lines
    answer.prints("orders.csv: 6 rows (CSV, utf-8, comma)", "Read to", "21 Sep 2025")
    assert answer.err == ""


def test_what_was_not_read(shop: Workdir) -> None:
    shop.change("orders.csv", "open,50\n2025-09-08", "open,lots\n2025-09-08")
    shop.change("kpi_definitions.yaml", "time: day", "time: day\n    skip_bad_rows: 50%")
    answer = shop.kpi("show", "orders").exits(0)
    answer.prints("cells that make no sense: 1", "orders.csv row 2, amount: 'lots' is no money")


def test_a_source_that_no_report_can_read_is_exit_3_and_shown(shop: Workdir) -> None:
    shop.change("orders.csv", "open,50\n2025-09-08", "open,lots\n2025-09-08")
    answer = shop.kpi("show", "orders").exits(3).says("1 of 6 values are no money")
    answer.prints("orders.csv row 2, amount: 'lots' is no money")


def test_json(shop: Workdir) -> None:
    document = json.loads(shop.kpi("show", "teams", "--format", "json").exits(0).out)
    (source,) = document["sources"]
    assert [(one["name"], one["kind"], one["first"]) for one in source["columns"]] == [
        ("team", "text", None),
        ("region", "text", ["north", "south"]),
    ]
    assert (source["rows"], source["first"], source["files"][0]["rows"]) == (2, None, 2)


def test_addresses_are_not_shown(shop: Workdir) -> None:
    shop.write("teams.csv", "team,region,lead\nred,north,ann@acme.com\nblue,south,bob@acme.com\n")
    for format_ in ("table", "json", "markdown"):
        assert "@acme" not in shop.kpi("show", "teams", "--format", format_).exits(0).out


def test_texts_of_files_cannot_drive_the_terminal(shop: Workdir) -> None:
    shop.write("teams.csv", "team,region\nred,\x1b[31mnorth\nblue,so|uth\n")
    assert "\x1b" not in shop.kpi("show", "teams").exits(0).out
    assert "so\\|uth" in shop.kpi("show", "teams", "--format", "markdown").exits(0).out


def test_a_source_that_is_not_there(shop: Workdir) -> None:
    shop.kpi("show", "order").exits(2).says("did you mean orders?")
    (shop.path / "orders.csv").unlink()
    shop.kpi("show", "orders").exits(3).says("orders.csv")


def test_a_time_that_is_not_there_is_told_at_its_key(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "    time: day", "    time: dai")
    answer = shop.kpi("show", "orders").exits(3)
    answer.says("kpi_definitions.yaml:7:11: orders has no column 'dai'", "did you mean day?")


def test_numbers_that_nothing_uses_yet_are_called_so(shop: Workdir) -> None:
    shop.write("orders.csv", "day,team,state,amount,seats,note\n2025-09-01,red,paid,40,1.5,a1\n")
    out = shop.kpi("show", "orders").exits(0).out
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert lines["seats"].split()[1] == "number?"
    assert lines["note"].split()[1] == "text"
    assert "number?: not used yet; looks like numbers" in out


def test_a_table_whose_time_has_a_name_of_its_own(shop: Workdir) -> None:
    shop.write("accounts.csv", "account_id,joined\nA1,2024-01-01\n")
    shop.write("tickets.csv", "ticket_id,account_id,opened\nT1,A1,2024-01-02\n")
    shop.write(
        "kpi_definitions.yaml",
        "version: 1\nsources:\n  tickets: {path: tickets.csv, time: opened}\n"
        "  accounts: {path: accounts.csv, key: account_id, start: joined}\n"
        "kpis:\n  opened: {kind: count, source: tickets}\n",
    )
    shop.kpi("show", "tickets").exits(0).prints("account_id → accounts  100 %")
