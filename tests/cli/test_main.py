"""The command itself: help, version, completion, wrong usage, and how little they import."""

import ast
import sys
from pathlib import Path

import pytest
from workdir import Workdir

from kpicli import __version__
from kpicli.cli.group import COMMANDS

HEAVY = {"polars", "pydantic", "rich", "sqlglot", "narwhals", "yaml", "jinja2"}
CLI = Path(__file__).parents[2] / "kpicli" / "cli"


def imported(shop: Workdir, *arguments: str, **env: str) -> set[str]:
    """The packages that a run imports."""
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['kpi', *{list(arguments)!r}]\n"
        "from kpicli.cli.main import run\n"
        "run()"
    )
    answer = shop.run([sys.executable, "-c", code], env).exits(0)
    return {name.partition(".")[0] for name in answer.err.split()}


def test_packages_are_seen_at_all(shop: Workdir) -> None:
    assert imported(shop, "report") >= HEAVY - {"jinja2"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["report", "--help"]])
def test_help_imports_nothing_heavy(shop: Workdir, arguments: list[str]) -> None:
    assert imported(shop, *arguments) & HEAVY == set()


def complete(words: str) -> dict[str, str]:
    place = str(len(words.split(" ")) - 1)
    return {"_KPI_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": place}


@pytest.mark.parametrize("words", ["kpi re", "kpi report --", "kpi report --grain w"])
def test_completion_imports_nothing_heavy(shop: Workdir, words: str) -> None:
    assert imported(shop, **complete(words)) & HEAVY == set()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kpi ch", ["check"]),
        ("kpi report --per", ["--periods"]),
        ("kpi report --grain w", ["week"]),
        ("kpi check --format j", ["json", "junit"]),
        ("kpi report --grain week --wi", ["--wide"]),
    ],
)
def test_completion(shop: Workdir, words: str, expected: list[str]) -> None:
    assert shop.kpi(env=complete(words)).exits(0).out.split() == expected


def test_version(shop: Workdir) -> None:
    assert shop.kpi("--version").exits(0).out == f"kpi {__version__}\n"


def test_help_lists_every_command_with_its_first_line(shop: Workdir) -> None:
    out = shop.kpi("--help").exits(0).out
    for name in COMMANDS:
        file = CLI / f"{name}.py"
        first = (ast.get_docstring(ast.parse(file.read_text())) or "").splitlines()[0]
        assert f"  {name} " in out
        assert first.split(":")[0][:30] in out


def test_help_of_a_command_is_its_docstring(shop: Workdir) -> None:
    file = ast.get_docstring(ast.parse((CLI / "check.py").read_text())) or ""
    out = " ".join(shop.kpi("check", "--help").exits(0).out.split())
    assert " ".join(file.split()) in out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", ["missing command", "`kpi --help`"]),
        ("reprot", ["there is no command 'reprot'", "did you mean report?"]),
        ("report --perids 3", ["no such option: --perids", "did you mean --periods?"]),
        ("report --period 2025-W02", ["no such option: --period", "--as-of 2026-01-31"]),
        ("--verison", ["no such option: --verison", "did you mean --version?"]),
        ("report --periods three", ["--periods", "whole number"]),
        ("report --periods 0", ["--periods"]),
        ("report --periods", ["--periods", "requires an argument"]),
        ("report revenu", ["no report or KPI 'revenu'", "did you mean revenue?"]),
        ("report -f kpis.yaml", ["there is no file kpis.yaml", "name it with -f FILE"]),
        ("report --data nowhere", ["--data nowhere", "no such folder"]),
        ("report --grain wek", ["--grain wek", "did you mean week?"]),
        ("report --as-of 21.9.2025", ["--as-of", "write it as 2026-01-31", "today, or latest"]),
        ("report --as-of 2025-02-30", ["--as-of", "not a day of the calendar"]),
        ("report --by regio", ["--by", "'regio'"]),
        ("report --by teams.regio", ["--by", "did you mean region?"]),
        (
            "report --by team.region",
            ["--by", "no column 'team.region'", "did you mean teams.region?"],
        ),
        ("report --for region", ["--for region", "--for plan=enterprise"]),
        ("report --for regio=north", ["--for", "'regio'"]),
        ("report --for region=north,region=south", ["two values of region", "--by region"]),
        ("report --where amount>", ["--where"]),
        ("report --where amont>3", ["--where", "did you mean amount?"]),
        ("report --where amount+1", ["--where", "not a yes or a no"]),
        ("validate --format csv", ["--format csv", "allowed: json, table"]),
    ],
)
def test_wrong_usage_is_one_clear_sentence(shop: Workdir, line: str, words: list[str]) -> None:
    answer = shop.kpi(*line.split()).exits(2).says(*words)
    assert answer.out == ""
    assert len(answer.err.splitlines()) <= 2


def test_commas_in_values_of_for(shop: Workdir) -> None:
    shop.change("orders.csv", "2025-09-15,red,paid,30", '2025-09-15,"a, b",paid,30')
    out = shop.kpi("report", "revenue", "--for", "team=a, b,state=paid").exits(0).out
    assert "EUR 30" in out
