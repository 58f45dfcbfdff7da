"""Whatever a user can name is documented."""

import tomllib
from pathlib import Path

import pytest
import typer

from kpicli import __version__
from kpicli.cli.group import outline
from kpicli.cli.main import app
from kpicli.kinds import ALIASES, kind_names, kind_page

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
COMMANDS = tuple(typer.main.get_command(app).list_commands(None))
ALLOWED = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "kpi_definitions.yaml",
    "kpicli",
    "pyproject.toml",
    "sample_data",
    "tests",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    command = outline(name)
    assert command.help
    assert [one.name for one in command.params if not getattr(one, "help", None)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_readme(name: str) -> None:
    assert f"`kpi {name}`" in README


@pytest.mark.parametrize("name", kind_names())
def test_a_kind_has_a_page_with_an_example(name: str) -> None:
    page = kind_page(name)
    assert page.startswith(f"# {name}\n")
    assert "```yaml" in page


@pytest.mark.parametrize("alias", ALIASES)
def test_another_name_of_a_kind_stands_on_its_page(alias: str) -> None:
    assert f"`{alias}`" in kind_page(alias)


def test_the_changelog_begins_with_the_version() -> None:
    written = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert written["project"]["version"] == __version__
    assert f"## {__version__} " in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_top_level_holds_nothing_else() -> None:
    """Beside what .gitignore leaves out and the clone's own folder."""
    ignored = (TOP / ".gitignore").read_text(encoding="utf-8").splitlines()
    left_out = [*(line.rstrip("/") for line in ignored), ".git"]
    found = {path.name for path in TOP.iterdir() if not any(path.match(one) for one in left_out)}
    assert found == ALLOWED
