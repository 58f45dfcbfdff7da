"""The made-up exports with their definitions, and the same read by DuckDB."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from exports import write_exports
from running import run_folder

from kpicli.results import Outcome

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports; oracle.yaml, the same with weeks from Sunday, and in another zone."""
    folder = tmp_path_factory.mktemp("exports")
    write_exports(folder)
    definitions = (HERE / "oracle.yaml").read_text(encoding="utf-8")
    sunday = definitions.replace("currency: EUR", "currency: EUR\nweek_starts: sunday", 1)
    kolkata = definitions.replace("Europe/Berlin", "Asia/Kolkata")
    for name, text in (("oracle", definitions), ("sunday", sunday), ("kolkata", kolkata)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def outcome(folder: Path) -> Outcome:
    """Everything, as of 1 May 2021."""
    outcome = run_folder(folder, "oracle.yaml", names=("all",), as_of=date(2021, 5, 1), periods=75)
    assert outcome.problems == ()
    return outcome


@pytest.fixture(scope="session")
def database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The exports as LANGUAGE.md says they are to be read, by oracle.sql."""
    yield from connected(folder, "Europe/Berlin")


@pytest.fixture(scope="session")
def database_of_kolkata(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same with the days of another zone."""
    yield from connected(folder, "Asia/Kolkata")


def connected(folder: Path, zone: str) -> Iterator[duckdb.DuckDBPyConnection]:
    script = (HERE / "oracle.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(script.replace("{folder}", str(folder)).replace("Europe/Berlin", zone))
        yield connection
