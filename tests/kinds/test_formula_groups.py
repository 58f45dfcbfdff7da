"""A formula meets its inputs group by group, also where there are more groups than are shown."""

from pathlib import Path

from running import group_of, run_files

DEFINITIONS = """
version: 1
sources: {sales: {path: sales.csv, time: day}}
kpis:
  won: {kind: sum, source: sales, of: a, grain: month, by: [owner]}
  lost: {kind: sum, source: sales, of: b, grain: month}
  share:
    kind: formula
    formula: won / lost
    by: [owner]
    top: 3
    targets: [{for: {owner: o01}, target: 1}]
"""
# Who won most lost least: each side alone would keep other owners.
ROWS = "\n".join(
    f"2025-01-{number + 1:02},o{number:02},{number + 1},{40 - number}" for number in range(20)
)
FILES = {
    "kpi_definitions.yaml": DEFINITIONS,
    "sales.csv": f"day,owner,a,b\n{ROWS}\n2025-01-31,o00,0,0\n",
}


def values(folder: Path, kpi: str) -> dict[str, float | None]:
    outcome = run_files(folder, FILES, periods=1)
    assert outcome.problems == ()
    return {group_of(one): one.value for one in outcome.results if one.kpi == kpi}


def test_the_rest_is_the_same_rest_on_both_sides(tmp_path: Path) -> None:
    told = values(tmp_path, "share")
    # 12 stay because `won` shows 12; the owner with a target of its own is the 13th.
    largest = {f"owner=o{number:02}": (number + 1) / (40 - number) for number in range(8, 20)}
    named = {"owner=o01": 2 / 39}
    rest_won = sum(range(1, 9)) - 2
    rest_lost = sum(range(33, 41)) - 39
    assert told == {"": 210 / 610, **largest, **named, "owner=(other)": rest_won / rest_lost}


def test_an_input_shows_the_splits_of_its_own(tmp_path: Path) -> None:
    assert values(tmp_path, "lost") == {"": 610}
    assert set(values(tmp_path, "won")) == set(values(tmp_path, "share"))
