"""The exit codes of the contract, and which of several holds."""

import os
import signal
import subprocess
import time

import pytest
from workdir import KPI, Workdir, environment


def spoil_definitions(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "kind: sum", "kind: summ")


def spoil_data(shop: Workdir) -> None:
    (shop.path / "teams.csv").unlink()
    shop.change(
        "kpi_definitions.yaml", "reports:", "  teams: {kind: count, source: teams}\nreports:"
    )


def near_miss(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "target: 100", "target: 100, yellow: 75")


def no_target(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "target: 100, ", "")
    shop.change("kpi_definitions.yaml", ", target: 50%", "")


def late_start(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "target: 100,", "target: 100, where: team = 'green',")
    shop.change("kpi_definitions.yaml", "kind: sum", "kind: average")


@pytest.mark.parametrize(
    ("changes", "line", "code"),
    [
        ([], "report", 0),
        ([], "check", 1),
        ([], "check paid", 0),
        ([near_miss], "check", 0),
        ([near_miss], "check --strict", 1),
        ([spoil_data], "report all", 3),
        ([spoil_data], "check", 1),
        ([spoil_data], "check all", 3),
        ([spoil_definitions], "check", 2),
        ([spoil_definitions, spoil_data], "check all", 2),
        ([no_target], "check", 2),
        ([no_target, spoil_data], "check all", 2),
        ([], "check orders", 2),
        ([], "check revenu", 2),
        ([], "report --gain week", 2),
        ([], "reprot", 2),
        ([], "", 2),
        ([late_start], "report", 0),
        ([late_start], "check", 3),
        ([], "validate", 0),
        ([spoil_data], "validate", 3),
        ([spoil_data], "validate --no-data", 0),
        ([spoil_definitions, spoil_data], "validate", 2),
        ([], "list", 0),
        ([spoil_data], "list", 0),
        ([spoil_definitions], "list", 2),
        ([spoil_definitions], "list --library", 0),
        ([spoil_definitions], "schema", 0),
        ([], "--help", 0),
        ([], "--version", 0),
        ([], "report --help", 0),
    ],
)
def test_exit_code(shop: Workdir, changes: list, line: str, code: int) -> None:
    for change in changes:
        change(shop)
    answer = shop.kpi(*line.split()).exits(code)
    if code == 0:
        assert answer.err == ""


def test_a_miss_with_a_missing_source_is_3(shop: Workdir) -> None:
    spoil_data(shop)
    answer = shop.kpi("check", "revenue", "teams").exits(3)
    answer.prints("Revenue (week 38): EUR 80, target EUR 100, EUR 20 short", "1 missed")


def test_ctrl_c_says_nothing(shop: Workdir) -> None:
    os.mkfifo(shop.path / "kpi_slow.yaml")
    running = subprocess.Popen(
        [KPI, "report", "-f", "kpi_slow.yaml"], cwd=shop.path, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # Whoever runs the tests in the background has them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    # Whoever opens a pipe for writing waits for its reader: the command has begun to read.
    with (shop.path / "kpi_slow.yaml").open("wb"):
        time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        time.sleep(0.1)
    # Polars has the read go on after a signal: it ends with the pipe.
    out, err = running.communicate(timeout=10)
    assert (running.returncode, out, err) == (130, b"", b"")
