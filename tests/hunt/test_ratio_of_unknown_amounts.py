"""A side of a ratio whose rows all lack their amount is not 0."""

from pathlib import Path

import pytest
from hunting import outcome_of, records, values

DEFINITIONS = """
version: 1
sources:
  spend: {path: spend.csv, time: day}
  deals: {path: deals.csv, time: day}
kpis:
  cost: {kind: ratio, numerator: {sum: amt, source: spend}, denominator: {count: deals}}
  yield: {kind: ratio, numerator: {count: deals}, denominator: {sum: amt, source: spend}}
"""
# February's amount has not been filled in yet, March has no spend.
FILES = {
    "spend.csv": "day,amt\n2025-01-10,5\n2025-02-28,\n2025-04-30,1\n",
    "deals.csv": "day\n2025-01-01\n2025-02-02\n2025-03-31\n2025-04-30\n",
}


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ("cost", {"2025-01": 5, "2025-02": None, "2025-03": 0, "2025-04": 1}),
        ("yield", {"2025-01": 0.2, "2025-02": None, "2025-03": None, "2025-04": 1}),
    ],
)
def test_an_empty_amount_is_not_nothing(
    tmp_path: Path, kpi: str, expected: dict[str, float | None]
) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, grain="month", periods=4)
    assert values(outcome, kpi) == expected


def test_the_record_says_which_side_is_unknown(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, grain="month", periods=4)
    cost, back = records(outcome, "cost"), records(outcome, "yield")
    assert (cost["2025-02"].numerator, cost["2025-02"].denominator) == (None, 1)
    assert (back["2025-02"].numerator, back["2025-02"].denominator) == (1, None)
    assert (back["2025-02"].reason, back["2025-03"].reason) == ("no_rows", "zero_denominator")
