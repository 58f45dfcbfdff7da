"""What the README prints is what the commands print; --snapshot-update writes it anew."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from kpicli.cli.group import outline
from kpicli.cli.main import app
from kpicli.definitions.document import read_document
from kpicli.kinds import kind_names, kind_page

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The two lines that set up; .ci/run runs them.
SET_UP = 2
COMMANDS = tuple(typer.main.get_command(app).list_commands(None))


def _blocks() -> list[str]:
    return CONSOLE.findall(README.read_text(encoding="utf-8"))


def _commands_of(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone as far as the commands look, with the README's own definitions beside."""
    made = tmp_path_factory.mktemp("clone")
    shutil.copytree(TOP / "sample_data", made / "sample_data")
    shutil.copy(TOP / "kpi_definitions.yaml", made)
    twelve = YAML.findall(README.read_text(encoding="utf-8"))[0]
    (made / "my_kpis.yaml").write_text(twelve, encoding="utf-8")
    return made


@pytest.mark.skipif(os.name == "nt", reason="the commands are written for sh")
@pytest.mark.parametrize("place", range(SET_UP, len(_blocks())))
def test_commands_print_what_is_shown(
    place: int, folder: Path, request: pytest.FixtureRequest
) -> None:
    block = _blocks()[place]
    told = [f"$ {command}\n{_output(command, folder)}" for command in _commands_of(block)]
    _hold(block, "".join(told), request)


def _output(command: str, folder: Path) -> str:
    scripts = Path(sys.executable).parent
    environment = {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "HOME": str(folder),
    }
    ran = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return ran.stdout.decode("utf-8")


def _hold(shown: str, told: str, request: pytest.FixtureRequest) -> None:
    """The README shows what is told, or is written anew by flag."""
    if request.config.getoption("--snapshot-update"):
        text = README.read_text(encoding="utf-8")
        README.write_text(text.replace(shown, told, 1), encoding="utf-8", newline="\n")
        return
    assert shown == told


def test_the_first_two_blocks_are_a_line_each() -> None:
    first, second = _blocks()[:SET_UP]
    assert [first.count("\n"), second.count("\n")] == [1, 1]
    assert "kpi report" in first
    assert "pytest" in second


def test_every_other_block_begins_with_its_command() -> None:
    assert [block for block in _blocks()[SET_UP:] if not block.startswith("$ ")] == []


def test_twelve_lines_are_twelve() -> None:
    twelve = YAML.findall(README.read_text(encoding="utf-8"))[0]
    assert len(twelve.splitlines()) == 12
    assert read_document(twelve, "README.md")[1] == ()


def _commands() -> str:
    rows = [f"| `kpi {name}` | {_first_line(outline(name).help)} |" for name in COMMANDS]
    return "\n".join(("| command | |", "|---|---|", *rows))


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]


def _kinds() -> str:
    rows = [f"| [`{name}`](kpicli/kinds/{name}.md) | {_sentence(name)} |" for name in kind_names()]
    return "\n".join(("| kind | |", "|---|---|", *rows))


def _sentence(kind: str) -> str:
    """The line under the page's heading."""
    return next(line for line in kind_page(kind).splitlines()[1:] if line)


@pytest.mark.parametrize(("name", "table"), [("commands", _commands), ("kinds", _kinds)])
def test_tables_are_those_of_the_shelves(
    name: str, table: Callable[[], str], request: pytest.FixtureRequest
) -> None:
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n.*?<!-- end -->\n", text, re.DOTALL)
    assert found
    _hold(found[0], f"<!-- {name} -->\n{table()}\n<!-- end -->\n", request)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (TOP / link).exists()] == []
