"""The JSON Schema that the sample's first line names is the one that `kpi schema` prints."""

import json
from pathlib import Path

import pytest

from kpicli.definitions.schema import definitions_schema

TOP = Path(__file__).parents[1]
FILE = TOP / "kpicli/definitions/kpi.schema.json"


def test_the_file_is_what_is_printed(request: pytest.FixtureRequest) -> None:
    told = json.dumps(definitions_schema(), ensure_ascii=False, indent=2) + "\n"
    if request.config.getoption("--snapshot-update"):
        FILE.write_text(told, encoding="utf-8", newline="\n")
    assert FILE.read_text(encoding="utf-8") == told


def test_the_sample_names_the_file() -> None:
    first = (TOP / "kpi_definitions.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={FILE.relative_to(TOP).as_posix()}"
