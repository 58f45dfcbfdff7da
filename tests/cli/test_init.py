"""kpi init: from a folder of exports to definitions that work at once."""

from pathlib import Path

import pytest
from workdir import Workdir

OPPORTUNITIES = """\
Opportunity ID,Customer,Deal Stage,Created Date,Close Date,Deal Value
O-1,Ann & Co,Closed Won,2025-01-07,2025-02-11,1000
O-2,Bob Ltd,Closed Lost,2025-01-09,2025-02-20,500
O-3,Ann & Co,Closed Won,2025-02-03,2025-03-04,3000
O-4,Cem AG,Closed Won,2025-02-10,2025-04-01,2000
O-5,Dan,Closed Lost,2025-03-05,2025-05-20,800
O-6,Bob Ltd,Qualified,2025-05-06,,900
O-7,Cem AG,Closed Won,2025-05-12,2025-06-10,1500
"""
CUSTOMERS = """\
Customer,Sector
Ann & Co,Food
Bob Ltd,Steel
Cem AG,Food
Eve,Steel
"""


@pytest.fixture
def exports(tmp_path: Path) -> Workdir:
    """Two files of a CRM with headers of its own."""
    folder = Workdir(tmp_path)
    folder.write("exports/opportunities.csv", OPPORTUNITIES)
    folder.write("exports/customers.csv", CUSTOMERS)
    return folder


def test_two_files_become_a_report(exports: Workdir) -> None:
    exports.kpi("init", "exports").exits(0)
    exports.kpi("validate").exits(0).prints("2 sources, no problems")
    told = exports.kpi("report", "revenue_won", "win_rate", "--grain", "quarter", "--format", "csv")
    rows = [line.split(",") for line in told.exits(0).out.splitlines()]
    place = {name: number for number, name in enumerate(rows[0])}
    found = {(row[place["kpi"]], row[place["label"]]): row[place["value"]] for row in rows[1:]}
    assert float(found["revenue_won", "2025-Q1"]) == 4000
    assert float(found["win_rate", "2025-Q1"]) == pytest.approx(2 / 3)


def test_nothing_is_written_over(exports: Workdir) -> None:
    exports.write("kpi_definitions.yaml", "version: 1\n")
    exports.kpi("init", "exports").exits(2).says("is there already", "--force")
    assert (exports.path / "kpi_definitions.yaml").read_text() == "version: 1\n"
    exports.kpi("init", "exports", "--force").exits(0)
    exports.kpi("validate").exits(0)


def test_the_same_files_give_the_same_bytes(exports: Workdir) -> None:
    for name in ("a.yaml", "b.yaml"):
        exports.kpi("init", "exports", "-f", name).exits(0)
    first, second = ((exports.path / name).read_bytes() for name in ("a.yaml", "b.yaml"))
    assert first == second
