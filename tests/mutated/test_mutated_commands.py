"""A damaged CSV under the whole program: an answer or a refusal, in time, and no traceback."""

import json
from pathlib import Path

import pytest
from mutations import mutated
from workdir import Workdir

DEFINITIONS = """
version: 1
currency: EUR
sources:
  customers: {path: customers.csv, time: joined, currency: EUR, skip_bad_rows: 5%}
kpis:
  joined: {kind: count, source: customers, grain: month, target: 5}
  paid: {kind: sum, source: customers, of: amount, unit: money, grain: month}
  active: {kind: share, source: customers, count_if: active, grain: month}
  score: {kind: nps, source: customers, of: score, grain: month}
  zoe: {kind: count, source: customers, where: note like 'Z%', grain: month}
"""
COMMANDS = (
    ("report", "--format", "json"),
    ("check", "--format", "json"),
    ("validate",),
    ("show", "customers"),
    ("rows", "paid", "--format", "csv"),
)


@pytest.mark.parametrize("seed", range(50))
def test_a_command_answers_or_refuses(tmp_path: Path, seed: int) -> None:
    folder = Workdir(tmp_path)
    folder.write("kpi_definitions.yaml", DEFINITIONS)
    folder.write("customers.csv", mutated(seed).content)
    command = COMMANDS[seed // 10]
    answer = folder.kpi(*command)
    assert answer.code in ((0, 1, 2, 3) if command[0] == "check" else (0, 2, 3))
    assert "Traceback" not in answer.err
    assert answer.out or answer.err
    if "json" in command:
        assert json.loads(answer.out)["meta"]
