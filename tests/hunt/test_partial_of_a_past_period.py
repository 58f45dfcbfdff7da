"""--include-partial adds the running period, and never a later one that is complete."""

from pathlib import Path

import pytest
from hunting import outcome_of, records

DEFINITIONS = """
version: 1
sources: {sales: {path: sales.csv, time: day}}
kpis: {won: {kind: sum, source: sales, of: v, grain: month}}
"""
FILES = {"sales.csv": "day,v\n2025-01-01,1\n2025-02-28,2\n2025-03-31,3\n2025-04-10,4\n"}


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2025-01", {"2025-01": True}),
        ("2025-03", {"2025-03": True}),
        ("2025-04", {"2025-03": True, "2025-04": False}),
        (None, {"2025-03": True, "2025-04": False}),
    ],
)
def test_what_is_shown(tmp_path: Path, period: str | None, expected: dict[str, bool]) -> None:
    outcome = outcome_of(
        tmp_path, DEFINITIONS, FILES, periods=1, period=period, include_partial=True
    )
    shown = {label: one.complete for label, one in records(outcome, "won").items()}
    assert shown == expected
