"""What must hold whatever the rows are."""

import random
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run_files

from kpicli.engine.estimates import mean_interval, wilson
from kpicli.results import Outcome

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MONDAY = date(2024, 12, 30)
DEFINITIONS = """
version: 1
sources:
  rows:
    path: rows*.csv
    time: day
    unique: id
    keep: newest
    types: {amount: money}
kpis:
  count: {kind: count, source: rows, by: [plan]}
  people: {kind: count, source: rows, distinct: person, by: [plan]}
  sum: {kind: sum, source: rows, of: amount, by: [plan]}
  fractions: {kind: sum, source: rows, of: weight, by: [plan]}
  average: {kind: average, source: rows, of: weight, by: [plan]}
  median: {kind: percentile, source: rows, of: weight, by: [plan]}
  share: {kind: share, source: rows, count_if: score >= 9, by: [plan]}
  ratio: {kind: ratio, source: rows, numerator: weight, denominator: score, by: [plan]}
  nps: {kind: score, source: rows, of: score, scale: 0-10, by: [plan]}
  balance: {kind: balance, source: rows, start: day, end: until, by: [plan]}
  formula: {kind: formula, formula: sum / count, by: [plan]}
"""
EXCLUDING = DEFINITIONS.replace("source: rows,", "source: rows, where: plan <> 'foreign',")
Row = dict[str, Any]

fractions = st.floats(-1e6, 1e6).map(lambda value: f"{value!r}")
rows_of = st.lists(
    st.fixed_dictionaries(
        {
            "offset": st.integers(0, 27),
            "length": st.none() | st.integers(0, 30),
            "person": st.sampled_from(["a", "b", "c", ""]),
            "plan": st.sampled_from(["free", "pro", ""]),
            "amount": st.just("") | st.integers(-10_000, 10_000).map(lambda c: f"{c / 100:.2f}"),
            "weight": st.just("") | fractions,
            "score": st.just("") | st.integers(0, 10).map(str),
        }
    ),
    min_size=1,
    max_size=25,
)


def dated(rows: Sequence[Mapping[str, Any]], shift: int = 0) -> list[Row]:
    """The rows as a file has them; one more makes every span begin and end on the same day."""
    edges = [{**rows[0], "offset": offset} for offset in (0, 27)]
    told = []
    for number, row in enumerate([*rows, *edges]):
        day = MONDAY + timedelta(days=row["offset"] + shift)
        until = "" if row["length"] is None else day + timedelta(days=row["length"])
        rest = {name: row[name] for name in ("person", "plan", "amount", "weight", "score")}
        told.append({"id": f"r{number}", "day": day, "until": until, **rest})
    return told


def outcome_of(
    *files: Sequence[Row], definitions: str = DEFINITIONS, as_of: date = MONDAY + timedelta(days=28)
) -> Outcome:
    texts = {"kpi_definitions.yaml": definitions}
    for number, rows in enumerate(files):
        lines = [",".join(str(cell) for cell in row.values()) for row in rows]
        header = "id,day,until,person,plan,amount,weight,score"
        texts[f"rows{number}.csv"] = "\n".join([header, *lines, ""])
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_files(Path(folder), texts, grain="week", periods=5, as_of=as_of)
    assert outcome.problems == ()
    return outcome


@FEW
@given(rows_of, st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_files_and_copies_change_nothing(
    rows: list[Row], chance: random.Random, files: int
) -> None:
    told = dated(rows)
    plain = outcome_of(told).results
    shuffled = chance.sample(told, len(told))
    split = [shuffled[number::files] for number in range(files)]
    assert outcome_of(*split).results == plain
    assert outcome_of(shuffled, told).results == plain


@FEW
@given(rows_of, rows_of)
def test_rows_that_where_excludes_change_nothing(rows: list[Row], others: list[Row]) -> None:
    # A row without a plan may be foreign, so it is not told; here every row has one.
    ours = [{**row, "plan": row["plan"] or "free"} for row in dated(rows)]
    foreign = [{**row, "plan": "foreign", "id": f"f{row['id']}"} for row in dated(others)]
    alone = outcome_of(ours, definitions=EXCLUDING).results
    assert outcome_of(foreign, ours, definitions=EXCLUDING).results == alone


@FEW
@given(rows_of)
def test_parts_of_a_row_attribute_add_up(rows: list[Row]) -> None:
    results = outcome_of(dated(rows)).results
    for kpi in ("count", "sum", "balance"):
        for label in {one.label for one in results}:
            here = [one for one in results if (one.kpi, one.label) == (kpi, label)]
            (total,) = [one for one in here if not one.by]
            parts = [one for one in here if one.by]
            assert sum(one.n for one in parts) == total.n
            told = sum(round((one.value or 0) * 10_000) for one in parts)
            assert told == round((total.value or 0) * 10_000)


@FEW
@given(rows_of, st.integers(-60, 40))
def test_whole_weeks_later_everything_is_whole_weeks_later(rows: list[Row], weeks: int) -> None:
    plain = outcome_of(dated(rows)).results
    days = weeks * 7
    later = outcome_of(dated(rows, days), as_of=MONDAY + timedelta(days=28 + days)).results
    assert [_numbers(one) for one in later] == [_numbers(one) for one in plain]
    shift = timedelta(days=days)
    assert [one.start for one in later] == [one.start + shift for one in plain if one.start]


def _numbers(one: Any) -> tuple[Any, ...]:
    return one.kpi, one.part, one.by, one.value, one.n, one.low, one.high, one.reason, one.left_out


@FEW
@given(rows_of)
def test_bands_of_a_score_add_up_to_100(rows: list[Row]) -> None:
    results = [one for one in outcome_of(dated(rows)).results if one.kpi == "nps"]
    by_place: dict[Any, dict[str | None, float]] = {}
    for one in results:
        if one.value is not None:
            by_place.setdefault((one.label, str(one.by)), {})[one.part] = one.value
    for told in by_place.values():
        bands = [told[part] for part in ("promoters", "passives", "detractors")]
        assert sum(bands) == pytest.approx(100, abs=1e-9)
        assert told[None] == pytest.approx(told["promoters"] - told["detractors"], abs=1e-9)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_within_0_and_1(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1
    assert low < high


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_as_printed_elsewhere(x: int, n: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 1998, for 81 of 263; the others from Wilson's formula."""
    assert tuple(round(edge, 4) for edge in wilson(x, n)) == (low, high)


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "margin"),
    [(50, 17, 100, 14.7), (12, 4, 22, 32.2), (302, 91, 540, 6.4)],
)
def test_how_far_a_net_promoter_score_can_be_trusted(
    promoters: int, detractors: int, n: int, margin: float
) -> None:
    low, high = mean_interval(n, promoters - detractors, promoters + detractors)
    assert low is not None
    assert high is not None
    assert 50 * (high - low) == pytest.approx(margin, abs=0.05)
