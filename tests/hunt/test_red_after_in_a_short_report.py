"""Whether a target was missed twice does not depend on how many periods are shown."""

from pathlib import Path

import pytest
from hunting import outcome_of, records

DEFINITIONS = """
version: 1
sources: {sales: {path: sales.csv, time: day}}
kpis:
  won: {kind: sum, source: sales, of: v, grain: month, target: 10, red_after: 2, by: [shop],
        targets: [{for: {shop: each}, target: 10}]}
"""
FILES = {
    "sales.csv": (
        "day,v,shop\n2025-01-01,15,web\n2025-02-28,5,web\n2025-03-30,5,web\n2025-03-31,1,street\n"
    )
}


@pytest.mark.parametrize("periods", [1, 2, 3])
def test_the_second_miss_is_red(tmp_path: Path, periods: int) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=periods)
    told = records(outcome, "won")
    assert len(told) == periods
    assert told["2025-03"].status == "red"
    assert records(outcome, "won", shop="web")["2025-03"].status == "red"
    assert outcome.summary.red == 3


def test_a_single_miss_is_yellow(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, DEFINITIONS, FILES, periods=1, period="2025-02")
    assert records(outcome, "won")["2025-02"].status == "yellow"
