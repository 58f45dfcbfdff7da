"""Stdout and stderr: pipes, encodings, colours, terminals."""

import os
import pty
import subprocess

import pytest
from workdir import KPI, Workdir, environment


def on_terminal(shop: Workdir, *arguments: str, **more: str) -> str:
    """What a terminal of 80 columns shows, stderr included."""
    master, slave = pty.openpty()
    os.set_blocking(master, True)
    env = environment({"TERM": "xterm-256color", **more})
    running = subprocess.Popen(
        [KPI, *arguments], cwd=shop.path, env=env, stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            shown += os.read(master, 1 << 16)
        except OSError:  # Linux says so when the last writer is gone.
            break
    running.wait(timeout=10)
    os.close(master)
    return shown.decode()


def test_a_terminal_has_colours_and_progress(shop: Workdir) -> None:
    shown = on_terminal(shop, "report")
    assert "\x1b[1;31m" in shown
    assert shown.startswith("computing …\r\x1b[K")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_refused(shop: Workdir, env: dict[str, str]) -> None:
    assert "\x1b[1" not in on_terminal(shop, "report", **env)


def test_a_pipe_has_neither(shop: Workdir) -> None:
    answer = shop.kpi("report").exits(0)
    assert "\x1b" not in answer.out + answer.err


def test_problems_stand_once_on_a_terminal(shop: Workdir) -> None:
    (shop.path / "orders.csv").unlink()
    assert on_terminal(shop, "report", NO_COLOR="1").count("orders.csv is not there") == 1


@pytest.mark.parametrize(
    "line",
    [
        "kpi report | head -1",
        "kpi report --format json | head -1",
        "kpi list | true",
        "kpi schema | head -1",
        "kpi --help | true",
        "kpi report >&-",
    ],
)
def test_a_closed_pipe_is_no_error(shop: Workdir, line: str) -> None:
    assert shop.shell(line).exits(0).err == ""


def test_a_closed_pipe_hides_no_miss(shop: Workdir) -> None:
    assert shop.shell("kpi check | true").exits(1).err == ""


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_stream_without_our_signs_gets_plain_ones(shop: Workdir, encoding: str) -> None:
    shop.change("kpi_definitions.yaml", "title: Shop", "title: Café €")
    answer = shop.kpi("report", env={"PYTHONIOENCODING": encoding}).exits(0)
    lines = answer.raw.decode(encoding).splitlines()
    assert lines[0].startswith({"latin-1": "Café ?", "ascii": "Caf? ?"}[encoding])
    assert any(line.startswith("MISS Revenue") for line in lines)
    assert any(line.startswith("ok   Paid") for line in lines)


def test_what_programs_read_is_utf_8_everywhere(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "title: Shop", "title: Café €")
    latin = {"PYTHONIOENCODING": "latin-1"}
    for word in ("markdown", "html"):
        answer = shop.kpi("report", "--format", word, env=latin).exits(0)
        assert "Café €" in answer.raw.decode("utf-8")


def test_stderr_has_plain_signs_too(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "  paid:", "  a: {kind: formula, formula: a + 1}\n  paid:")
    answer = shop.kpi("report", env={"PYTHONIOENCODING": "ascii"}).exits(2)
    answer.says("a is told from itself")
    answer.err.encode("ascii")


def test_control_characters_reach_no_terminal(shop: Workdir) -> None:
    shop.change("orders.csv", "2025-09-15,red,paid,30", "2025-09-15,\x1b[31mred\x07,paid,30")
    out = shop.kpi("report", "revenue", "--by", "team").exits(0).prints("[31mred").out
    assert not {"\x1b", "\x07"} & set(out)


def test_a_kinds_page_shows_its_results_as_a_table_on_a_terminal(shop: Workdir) -> None:
    shown = on_terminal(shop, "explain", "share", NO_COLOR="1")
    assert "```" not in shown
    assert "win_rate,2025-01" not in shown
    assert "deals.csv:" in shown
    assert "0.3333" in shown
