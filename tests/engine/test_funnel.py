"""What each rule takes away, counted by eye in bakery.SALES: 11 rows are in the file."""

from pathlib import Path

import pytest
from bakery import look

from kpicli.engine.funnel import funnels_of

FUNNELS: dict[str, list[tuple[str, str | None, int]]] = {
    "income": [
        ("duplicate", None, 1),
        ("undated", None, 1),
        ("excluded", "test shop", 1),
        ("outside", None, 2),
        ("where", None, 1),
        ("unparsable", None, 1),
        ("unknown", None, 1),
    ],
    "paid": [
        ("duplicate", None, 1),
        ("undated", None, 1),
        ("excluded", "test shop", 1),
        ("outside", None, 2),
        ("where", None, 1),
        ("unknown", None, 1),
    ],
    "buyers": [
        ("duplicate", None, 1),
        ("undated", None, 1),
        ("excluded", "test shop", 1),
        ("outside", None, 2),
        ("repeated", None, 3),
    ],
}
COUNTED = {"income": 3, "paid": 4, "buyers": 3}


@pytest.mark.parametrize("kpi", FUNNELS)
def test_every_row_goes_one_way(tmp_path: Path, kpi: str) -> None:
    focus = look(tmp_path, kpi)
    (funnel,) = funnels_of(focus)
    assert [(one.rule, one.detail, one.rows) for one in funnel.removed] == FUNNELS[kpi]
    assert (funnel.in_files, funnel.counted) == (11, COUNTED[kpi])
    assert focus.value.sums.n == COUNTED[kpi]


def test_a_segment_value_takes_the_others_away(tmp_path: Path) -> None:
    (funnel,) = funnels_of(look(tmp_path, "income", shops__town="Ulm"))
    taken = {one.rule: one.rows for one in funnel.removed}
    # Of Bonn: rows 2, 8 and 10; the cake is one of them.
    assert taken == {
        "duplicate": 1, "undated": 1, "excluded": 1, "outside": 2, "segment": 3, "unknown": 1,
    }  # fmt: skip
    assert funnel.counted == 2


def test_a_ratio_of_two_sources_has_two_ways(tmp_path: Path) -> None:
    above, below = funnels_of(look(tmp_path, "per_visit"))
    assert (above.source, above.counted, above.adds) == ("sales", 4, False)
    assert (below.source, below.in_files, below.counted, below.adds) == ("visits", 5, 3, True)


def test_a_formula_has_none_of_its_own(tmp_path: Path) -> None:
    focus = look(tmp_path, "worth")
    assert funnels_of(focus) == ()
    assert [len(funnels_of(one)) for one in focus.inputs()] == [1, 1]
