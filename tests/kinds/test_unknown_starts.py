"""A start of which nobody knows what it weighs is the entity's start all the same."""

from pathlib import Path

import pytest
from running import DEFINITIONS, run_files

BOOK = """
version: 1
sources: {deals: {path: deals.csv, time: at, quiet: 1y}}
kpis:
  k:
    kind: conversion
    entity: who
    population: seen
    grain: week
    from: {source: deals, where: stage = 'open'}
    to: {source: deals, where: stage = 'won'}
    within: 14d
"""
# Ann's first deal has no amount, her second has. Cid's start are two rows at one instant, of which
# one tells.
ROWS = """at,who,stage,amount
2025-01-06 09:00,ann,open,
2025-01-13 09:00,ann,open,10
2025-01-14 09:00,ann,won,10
2025-01-06 09:00,bob,open,40
2025-01-07 09:00,bob,won,40
2025-01-08 09:00,cid,open,5
2025-01-08 09:00,cid,open,
2025-01-09 09:00,cid,won,
2025-02-09 09:00,zoe,seen,
"""


@pytest.mark.parametrize(
    ("keys", "cells"),
    [
        ("", {"2025-W02": (3, 3, 0), "2025-W03": (None, None, 0)}),
        ("weight: amount", {"2025-W02": (45, 45, 1), "2025-W03": (None, None, 0)}),
        ("weight: amount, starts: every", {"2025-W02": (45, 45, 1), "2025-W03": (10, 10, 0)}),
        ("weight: amount, starts: nearest", {"2025-W02": (45, 45, 1), "2025-W03": (10, 10, 0)}),
    ],
)
def test_a_start_of_nobody_knows_how_much_is_no_later_one(
    keys: str, cells: dict[str, tuple[float | None, float | None, int]], tmp_path: Path
) -> None:
    lines = "".join(f"    {one}\n" for one in keys.split(", ") if one)
    outcome = run_files(tmp_path, {DEFINITIONS: BOOK + lines, "deals.csv": ROWS})
    assert outcome.problems == ()
    told = {
        one.label: (one.numerator, one.denominator, one.left_out.get("unknown", 0))
        for one in outcome.results
        if one.part is None
    }
    assert {label: told[label] for label in cells} == cells
