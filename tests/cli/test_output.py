"""-o: files by their endings, names from the period, replaced whole or not at all."""

import json
import os
import stat

import pytest
from workdir import Workdir


def test_several_files_by_their_endings(shop: Workdir) -> None:
    answer = shop.kpi(
        "report", "-o", "out/{report}-{label}.html", "-o", "out/latest.json", "-o",
        "{start}_{last_day}.md",
    ).exits(0)  # fmt: skip
    assert (answer.out, answer.err) == ("", "")
    before = {"kpi_definitions.yaml", "orders.csv", "teams.csv"}
    assert shop.files() - before == {
        "out/weekly-2025-W38.html",
        "out/latest.json",
        "2025-09-15_2025-09-21.md",
    }
    assert json.loads((shop.path / "out/latest.json").read_text())["meta"]["report"] == "weekly"


def test_a_label_makes_no_folder(shop: Workdir) -> None:
    shop.change("kpi_definitions.yaml", "sources:\n", "week_starts: sunday\nsources:\n")
    shop.kpi("report", "--as-of", "2025-09-21", "-o", "{label}.json").exits(0)
    assert (shop.path / "2025-09-14-7d.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "{week}.html"], ["{week}", "label, last_day, report, start"]),
        (["-o", "{labels}.html"], ["did you mean label?"]),
        (["-o", "r.pdf"], ["r.pdf", ".html"]),
        (["-o", "r.xml"], ["junit", "allowed: csv, html, json"]),
        (["-o", "r.html", "--format", "json"], ["r.html is html", "--format says json"]),
        (["--format", "htm"], ["did you mean html?"]),
        (["--format", "junit"], ["junit", "allowed: csv, html, json, markdown, table"]),
    ],
)
def test_wrong_outputs_are_refused_before_any_work(
    shop: Workdir, arguments: list[str], words: list[str]
) -> None:
    (shop.path / "orders.csv").unlink()
    shop.kpi("report", *arguments).exits(2).says(*words)
    assert shop.files() == {"kpi_definitions.yaml", "teams.csv"}


def test_format_serves_an_ending_that_names_none(shop: Workdir) -> None:
    shop.kpi("report", "-o", "page", "--format", "markdown").exits(0)
    assert (shop.path / "page").read_text().startswith("# Shop")


def test_a_failure_leaves_the_old_files(shop: Workdir) -> None:
    shop.write("a.html", "old")
    shop.write("blocked", "a file where a folder is wanted")
    answer = shop.kpi("report", "-o", "a.html", "-o", "blocked/b.html").exits(3)
    answer.says("blocked/b.html cannot be written")
    assert (shop.path / "a.html").read_text() == "old"
    assert {name for name in shop.files() if "a.html" in name} == {"a.html"}


def test_a_folder_is_no_target(shop: Workdir) -> None:
    (shop.path / "r.html").mkdir()
    shop.kpi("report", "-o", "r.html").exits(3).says("r.html cannot be written: it is a folder")


def test_a_full_disk_is_told(shop: Workdir) -> None:
    shop.kpi("report", "-o", "/dev/full", "--format", "json").exits(3).says("no space left")
    shop.shell("kpi report > /dev/full").exits(3).says("cannot be written: no space left")


def test_rights_and_links_stay(shop: Workdir) -> None:
    real = shop.write("real.html", "old")
    real.chmod(0o640)
    (shop.path / "link.html").symlink_to("real.html")
    shop.kpi("report", "-o", "link.html", "-o", "new.html").exits(0)
    assert (shop.path / "link.html").is_symlink()
    assert "Shop" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((shop.path / "new.html").stat().st_mode) == 0o666 & ~mask


def test_the_same_input_gives_the_same_bytes(shop: Workdir) -> None:
    shop.kpi("report", "-o", "a.html", "-o", "a.json").exits(0)
    shop.kpi("report", "-o", "b.html", "-o", "b.json").exits(0)
    for ending in ("html", "json"):
        first, second = (shop.path / f"{name}.{ending}" for name in "ab")
        assert first.read_bytes() == second.read_bytes()
