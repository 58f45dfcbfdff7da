"""Where a KPI meets what its source lacks: a time, an end, rows, the past."""

from pathlib import Path

import pytest
from running import group_of, run_files

from kpicli.errors import DefinitionError
from kpicli.results import Outcome

DEALS = """id,created,closed,amount,stage,owner
1,2025-01-05,2025-02-10,100,Won,a
2,2025-01-20,,50,Open,b
2,2025-01-20,,50,Open,b
3,2025-02-01,2025-03-31,70,Lost,a
4,2025-03-10,,30,Open,c
"""


def told(folder: Path, source: str, kpi: str, grain: str = "grain: month, ") -> Outcome:
    definitions = f"""
version: 1
sources:
  deals: {{path: deals.csv{source}}}
  nothing: {{path: nothing.csv, time: day}}
  owners: {{path: owners.csv, key: owner}}
kpis:
  told: {{{grain}{kpi}}}
"""
    files = {
        "kpi_definitions.yaml": definitions,
        "deals.csv": DEALS,
        "nothing.csv": "day,x\n",
        "owners.csv": "owner,team\na,north\nb,south\n",
    }
    return run_files(folder, files, periods=3)


def values(outcome: Outcome) -> list[tuple[str, str, float | None, str | None]]:
    assert outcome.problems == ()
    return [(str(one.label), group_of(one), one.value, one.reason) for one in outcome.results]


@pytest.mark.parametrize(
    ("source", "kpi", "expected"),
    [
        pytest.param(
            "",
            "kind: count, source: deals, time: closed",
            [("2025-01", None, "no_rows"), ("2025-02", 1, None), ("2025-03", 1, None)],
            id="a list with a time of the KPI's own has periods",
        ),
        pytest.param(
            ", unique: id",
            "kind: balance, source: deals, start: created, end: closed",
            [("2025-01", 2, None), ("2025-02", 2, None)],
            id="so has a balance of a list",
        ),
        pytest.param(
            ", time: closed, unique: id",
            "kind: count, source: deals, time: created",
            [("2025-01", 2, None), ("2025-02", 1, None), ("2025-03", 1, None)],
            id="a row written twice is one, though its own time is empty",
        ),
        pytest.param(
            ", time: closed",
            "kind: sum, source: nothing, of: x",
            [
                ("2025-01", None, "no_rows"),
                ("2025-02", None, "no_rows"),
                ("2025-03", None, "no_rows"),
            ],
            id="a file with a header only is an answer",
        ),
        pytest.param(
            ", time: created, unique: id, quiet: 1mo",
            "kind: share, source: deals, count_if: stage = 'Won', weight: amount - 50",
            [("2025-01", 1, None), ("2025-02", 0, None)],
            id="a weight may be an expression",
        ),
    ],
)
def test_values(
    source: str, kpi: str, expected: list[tuple[str, float | None, str | None]], tmp_path: Path
) -> None:
    found = [
        (label, value, reason) for label, _, value, reason in values(told(tmp_path, source, kpi))
    ]
    newest = [one for one in found if one[0] in {label for label, _, _ in expected}]
    assert newest == expected


def test_a_split_by_stage_is_of_today_and_its_total_is_not(tmp_path: Path) -> None:
    source = ", start: created, end: closed, unique: id, quiet: 1mo"
    found = values(told(tmp_path, source, "kind: balance, source: deals, by: [stage]"))
    total = [(label, value, reason) for label, by, value, reason in found if not by]
    assert total == [("2024-12", None, "no_rows"), ("2025-01", 2, None), ("2025-02", 2, None)]
    assert {(value, reason) for _, by, value, reason in found if by} <= {
        (None, "no_rows"),
        (None, "current_state"),
    }


@pytest.mark.parametrize(
    ("source", "kpi", "message"),
    [
        (
            ", start: created, end: closed",
            "kind: balance, source: deals, time: closed",
            "time",
        ),
        (
            ", time: created",
            "kind: ratio, numerator: {count: deals}, denominator: {count: owners}",
            "owners is a list without time",
        ),
        (
            "",
            "kind: count, source: deals, time: closed, target: 3",
            "grows with its period",
        ),
    ],
)
def test_definitions_that_cannot_mean_anything(
    source: str, kpi: str, message: str, tmp_path: Path
) -> None:
    grain = "" if "target" in kpi else "grain: month, "
    with pytest.raises(DefinitionError) as caught:
        told(tmp_path, source, kpi, grain=grain)
    assert message in caught.value.problems[0].message
