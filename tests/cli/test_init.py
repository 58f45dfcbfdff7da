"""kpi init: from a folder of exports to definitions that work at once."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from workdir import Answer, Workdir

from kpicli.cli.questions import ask
from kpicli.discovery.answers import Question

OPPORTUNITIES = """\
Opportunity ID,Customer,Deal Stage,Created Date,Close Date,Deal Value
O-1,Ann & Co,Closed Won,2025-01-07,2025-02-11,"$1,000"
O-2,Bob Ltd,Closed Lost,2025-01-09,2025-02-20,$500
O-3,Ann & Co,Closed Won,2025-02-03,2025-03-04,"$3,000"
O-4,Cem AG,Closed Won,2025-02-10,2025-04-01,"$2,000"
O-5,Dan,Closed Lost,2025-03-05,2025-05-20,$800
O-6,Bob Ltd,Qualified,2025-05-06,,$900
O-7,Cem AG,Closed Won,2025-05-12,2025-06-10,"$1,500"
"""
CUSTOMERS = """\
Customer,Sector
Ann & Co,Food
Bob Ltd,Steel
Cem AG,Food
Eve,Steel
"""
# Decimal commas, days first, an old encoding, a name in another language.
INVOICES = """\
Invoice ID;Invoice Date;Customer;Total;Währung
1001;13.01.2025;Ann & Co;1.234,50;USD
1002;14.02.2025;Bob Ltd;99,90;USD
1003;15.04.2025;Ann & Co;12,00;USD
1004;20.06.2025;Cem AG;n/a;USD
"""
# No day above 12: nobody can tell which way round these are.
TICKETS = """\
Ticket ID,Created,Solved,Priority
1,01/02/2025,03/02/2025,high
2,05/06/2025,06/06/2025,low
"""


def _events(month: int) -> bytes:
    told = [
        {
            "event": "login",
            "distinct_id": f"u{day % 7}",
            "time": f"2025-{month:02}-{day:02}T09:00:00Z",
        }
        for day in range(1, 28)
    ]
    return gzip.compress("".join(json.dumps(one) + "\n" for one in told).encode(), mtime=0)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Workdir:
    """A folder as people have it: several formats and dialects, and files that are none."""
    folder = Workdir(tmp_path_factory.mktemp("exports"))
    folder.write("exports/opportunities.csv", OPPORTUNITIES.encode("utf-16"))
    folder.write("exports/customers.csv", "\ufeff" + CUSTOMERS)
    folder.write("exports/billing/invoices 2025.csv", INVOICES.encode("latin-1"))
    for month in (1, 2, 3, 4, 5, 6):
        folder.write(f"exports/events/2025-{month:02}.ndjson.gz", _events(month))
    folder.write("exports/tickets.csv", TICKETS)
    folder.write("exports/page.csv", "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n")
    folder.write("exports/empty.csv", b"")
    folder.write("exports/README.md", "# Exports\n")
    return folder


@pytest.fixture(scope="module")
def init(exports: Workdir) -> Answer:
    """What the command says of it."""
    return exports.kpi("init", "exports").exits(0)


def test_the_written_file_is_valid_and_tells_true_numbers(exports: Workdir, init: Answer) -> None:
    told = exports.kpi("validate").exits(0).out
    assert told.splitlines()[-1].endswith("4 sources, no problems")
    assert exports.kpi("report").exits(0).out.startswith("Exports · monthly")
    names = ("revenue_won", "win_rate", "purchase_value", "active_users")
    csv = exports.kpi("report", *names, "--grain", "quarter", "--format", "csv").exits(0).out
    found = dict(_values(csv))
    assert found["revenue_won", "2025-Q1"] == 4000
    assert found["win_rate", "2025-Q1"] == pytest.approx(2 / 3)
    assert found["purchase_value", "2025-Q1"] == pytest.approx((1234.5 + 99.9) / 2)
    assert found["active_users", "2025-Q1"] == 7


def _values(csv: str) -> Iterator[tuple[tuple[str, str], float]]:
    header, *rows = (line.split(",") for line in csv.splitlines())
    kpi, label, value = (header.index(name) for name in ("kpi", "label", "value"))
    for row in rows:
        if row[value]:
            yield (row[kpi], row[label]), float(row[value])


def test_what_was_found_is_said(init: Answer) -> None:
    assert max(map(len, init.out.splitlines())) <= 79
    told = " ".join(init.out.split())
    for words in (
        "deals opportunities.csv, 7 rows, 2025-01-07 to 2025-05-12",
        "deal_id is Opportunity ID",
        "account_id → accounts; 1 of 7 rows find none of accounts: Dan",
        "events 6 files, 162 rows",
        "currency USD, the files say so",
        "tickets 01/02/2025 is 1 Feb 2025 or 2 Jan 2025? --dates day-first",
        "page.csv is a web page, not a table",
        "empty.csv is empty",
        "weighted_pipeline needs deals.probability",
        "kpi report all everything",
    ):
        assert words in told, words


def test_the_file_says_why(exports: Workdir, init: Answer) -> None:
    lines = (exports.path / "kpi_definitions.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=kpi.schema.json"
    assert max(map(len, lines)) <= 100
    told = "\n".join(" ".join(line.split()) for line in lines)
    for line in (
        "path: exports/events/*.ndjson.gz",
        "closed_at: Close Date # by its name, dates",
        "is_closed: {Closed Won: true, Closed Lost: true, else: false}",
        "decimal: comma",
        "nulls: [n/a]",
        "# dates: {opened_at: DD/MM/YYYY, solved_at: DD/MM/YYYY} # day-first",
        "win_rate: {use: win_rate} # Win rate",
        "# weighted_pipeline: needs deals.probability",
    ):
        assert line in told, line


def test_nothing_is_written_over_and_options_answer(exports: Workdir, init: Answer) -> None:
    before = (exports.path / "kpi_definitions.yaml").read_bytes()
    exports.kpi("init", "exports").exits(2).says("is there already", "--force")
    exports.kpi("init", "exports", "-f", "other/one.yaml", "--dates", "day_first").exits(2).says(
        "did you mean day-first?"
    )
    exports.kpi("init", "nowhere", "-f", "x.yaml").exits(2).says("there is no such folder")
    assert (exports.path / "kpi_definitions.yaml").read_bytes() == before
    options = ("--dates", "day-first", "--timezone", "Europe/Berlin", "--currency", "CHF")
    exports.kpi("init", "exports", "--force", "-f", "other/one.yaml", *options).exits(0)
    text = (exports.path / "other/one.yaml").read_text(encoding="utf-8")
    for told in ("path: ../exports/tickets.csv", "tickets_opened", "timezone: Europe/Berlin",
                 "currency: CHF", "currency: USD"):  # fmt: skip
        assert told in text
    exports.kpi("validate", "-f", "other/one.yaml").exits(0)


def test_folders_without_an_export(tmp_path: Path) -> None:
    folder = Workdir(tmp_path)
    (tmp_path / "exports").mkdir()
    folder.kpi("init", "exports").exits(3).says("exports holds no export")
    folder.write("exports/a.csv", b"\x00\x01\x02\x03" * 50)
    folder.kpi("init", "exports").exits(3).says("a.csv is binary, not text")
    assert not (tmp_path / "kpi_definitions.yaml").exists()
    told = folder.kpi("init", "exports", "-f", "exports").exits(2)
    assert "--force" not in told.says("exports is a folder").err


def test_a_table_that_nobody_knows_gets_numbers_of_its_own(tmp_path: Path) -> None:
    folder = Workdir(tmp_path)
    folder.write("exports/paints.csv", b"colour,price,dry\nblue,1.50,yes\nred,2.50,no\n")
    folder.kpi("init", "exports").exits(0).prints("a table of its own")
    first = (tmp_path / "kpi_definitions.yaml").read_bytes()
    folder.kpi("init", "exports", "--force").exits(0)
    assert (tmp_path / "kpi_definitions.yaml").read_bytes() == first
    told = folder.kpi("report", "--format", "csv").exits(0).out
    assert {kpi: value for (kpi, _), value in _values(told)} == {
        "paints_rows": 2, "dry_share": 0.5, "price": 4, "average_price": 2,
    }  # fmt: skip


HUBSPOT = """\
Record ID,Deal Name,Deal Stage,Amount,Deal owner,Create Date,Close Date
1,First,Closed Won,100,Ann,2025-01-02 10:00,2025-02-03 11:00
2,Second,Closed Lost,50,Ann,2025-01-05 10:00,2025-02-07 11:00
3,Third,Closed Won,300,Bob,2025-02-01 10:00,2025-03-03 11:00
4,Fourth,Qualified,80,Bob,2025-04-01 10:00,2025-08-03 11:00
"""


def test_a_known_export_is_read_by_its_preset(tmp_path: Path) -> None:
    folder = Workdir(tmp_path)
    folder.write("exports/hubspot-crm-exports-2025.csv", HUBSPOT)
    folder.kpi("init", "exports").exits(0).prints("preset hubspot_deals")
    assert "preset: hubspot_deals" in (tmp_path / "kpi_definitions.yaml").read_text()
    csv = folder.kpi("report", "revenue_won", "--grain", "month", "--format", "csv").exits(0).out
    assert dict(_values(csv))["revenue_won", "2025-02"] == 100


def _damaged(number: int) -> bytes:
    """Files cut off, with bytes changed, encodings mixed, quotes that never close."""
    chance = Random(number)
    content = bytearray((OPPORTUNITIES, INVOICES, TICKETS, CUSTOMERS)[number % 4].encode("latin-1"))
    for _ in range(chance.randrange(1, 9)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if number % 3 == 0:
        content[chance.randrange(20, len(content)) :] = b""
    if number % 5 == 0:
        content += 'Größe;"'.encode("utf-16")
    return bytes(content)


def test_damaged_files_are_told_or_left_out(tmp_path: Path) -> None:
    folder = Workdir(tmp_path)
    for number in range(24):
        folder.write(f"exports/{number}/export.csv", _damaged(number))
    folder.kpi("init", "exports").exits(0)
    assert folder.kpi("validate").code in (0, 3)


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (Question("Which?", ("day-first", "month-first")), ["2"], "month-first"),
        (Question("Which?", ("day-first", "month-first")), ["what", "day-first"], "day-first"),
        (Question("Which?", ("day-first", "month-first")), [""], None),
        (Question("Zone?", usual="UTC", kind="zone"), ["Berlin", "Europe/Berlin"], "Europe/Berlin"),
        (Question("Currency?", usual="EUR", kind="currency"), ["chf"], "CHF"),
        (Question("Currency?", usual="EUR", kind="currency"), ["?", "?", "?"], "EUR"),
    ],
)
def test_answers_at_a_terminal(question: Question, typed: list[str], answer: str | None) -> None:
    said = iter(typed)
    read: Callable[[str], str] = lambda prompt: next(said)  # noqa: E731
    assert ask(question, read) == answer
