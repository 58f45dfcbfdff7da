"""The rows behind a number are those that it is made of, and add up to it."""

from datetime import date
from pathlib import Path

import pytest
from bakery import TODAY, bakery, look

from kpicli.engine.evidence import evidence_of, together
from kpicli.engine.focus import focus_on
from kpicli.errors import RequestError
from kpicli.planning.question import Question

# Per KPI: data row, numerator, denominator, why it does not count.
Row = tuple[int, float | None, float | None, str | None]
ROWS: dict[str, list[Row]] = {
    "income": [
        (1, 2.5, None, None),
        (2, 1.0, None, None),
        (4, 3.5, None, None),
        (6, None, None, "excluded"),
        (9, None, None, "unknown"),
        (10, None, None, "unparsable"),
    ],
    "paid": [
        (1, 1, 1, None),
        (2, 0, 1, None),
        (4, 1, 1, None),
        (9, 1, 1, None),
        (6, None, None, "excluded"),
        (10, None, None, "unknown"),
    ],
    # ann, bob and cleo: whoever bought again has been counted.
    "buyers": [
        (1, 1, None, None),
        (2, 1, None, None),
        (8, 1, None, None),
        (6, None, None, "excluded"),
        (4, None, None, "repeated"),
        (9, None, None, "repeated"),
        (10, None, None, "repeated"),
    ],
}


@pytest.mark.parametrize("kpi", ROWS)
def test_rows_with_what_each_adds(tmp_path: Path, kpi: str) -> None:
    (found,) = evidence_of(look(tmp_path, kpi))
    columns = ["row", "numerator", "denominator", "left_out"]
    assert found.frame.select(columns).rows() == ROWS[kpi]


def test_a_row_says_where_it_stands_and_what_the_definition_asks_of_it(tmp_path: Path) -> None:
    (found,) = evidence_of(look(tmp_path, "income"))
    assert next(found.records()) == {
        "file": "sales.csv",
        "row": 1,
        "day": date(2025, 2, 1),
        "numerator": 2.5,
        "denominator": None,
        "left_out": None,
        "sale_id": "1",
        "price": 2.5,
        "kind": "bread",
        "shops.town": "Ulm",
    }


def test_a_segment_value_has_its_own_rows(tmp_path: Path) -> None:
    (found,) = evidence_of(look(tmp_path, "income", shops__town="Ulm"))
    assert found.frame["row"].to_list() == [1, 4, 9]
    assert found.focus.value.estimated.value == 6.0


def test_a_segment_that_the_kpi_is_not_split_by(tmp_path: Path) -> None:
    (found,) = evidence_of(look(tmp_path, "paid", shops__town="Bonn"))
    assert found.frame["row"].to_list() == [2, 10]


def test_two_sources_stand_in_one_table(tmp_path: Path) -> None:
    (found,) = evidence_of(look(tmp_path, "per_visit"))
    counted = found.frame.filter(found.frame["left_out"].is_null())
    assert counted.select("source", "row", "numerator", "denominator").rows() == [
        ("sales", 1, 2.5, 0),
        ("sales", 2, 1.0, 0),
        ("sales", 4, 3.5, 0),
        ("sales", 8, 5.0, 0),
        ("visits", 2, 0.0, 1),
        ("visits", 3, 0.0, 1),
        ("visits", 4, 0.0, 1),
    ]
    assert (found.counted, found.focus.value.estimated.value) == (3, 4.0)


def test_a_part_shows_first_what_belongs_to_it(tmp_path: Path) -> None:
    (found,) = evidence_of(look(tmp_path, "rating", part="promoters"))
    rows = found.frame.select("row", "numerator", "left_out").rows()
    assert rows == [
        (1, 1, None),
        (4, 1, None),
        (2, 0, None),
        (8, 0, None),
        (9, 0, None),
        (6, None, "excluded"),
        (10, None, "unknown"),
    ]


def test_a_formula_shows_the_rows_of_its_inputs_each_in_its_period(tmp_path: Path) -> None:
    found = evidence_of(look(tmp_path, "worth"))
    frame = together(found)
    assert frame.columns[:2] == ["kpi", "period"]
    counted = frame.filter(frame["left_out"].is_null())
    assert counted.select("kpi", "period", "row").rows() == [
        ("income", "2025-02", 1),
        ("income", "2025-02", 2),
        ("income", "2025-02", 4),
        ("buyers", "2025-01", 7),
    ]


def test_without_a_period_it_is_the_newest_complete_one(tmp_path: Path) -> None:
    focus = focus_on(bakery(tmp_path), Question("paid"), TODAY)
    assert focus.period is not None
    assert focus.period.label == "2025-02"


def test_a_period_before_those_shown(tmp_path: Path) -> None:
    focus = focus_on(bakery(tmp_path), Question("usual", period="2019-05"), TODAY)
    (found,) = evidence_of(focus)
    assert (found.frame.height, focus.value.estimated.reason) == (0, "no_rows")


def test_the_running_period_where_it_is_asked_for(tmp_path: Path) -> None:
    focus = focus_on(bakery(tmp_path), Question("income", period="2025-03"), TODAY)
    (found,) = evidence_of(focus)
    assert found.frame["row"].to_list() == [11]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question("incom"), "there is no KPI 'incom'"),
        (Question("income", part="x"), "income has no part 'x'"),
        (Question("income", by={"shops.town": "Uml"}), "income has no rows of shops.town=Uml"),
        (Question("income", period="2025-04"), "2025-04 has not begun"),
        (Question("income", period="2025-2"), "2025-2 is not a period"),
        (Question("income", period="2025-02", grain="week"), "2025-02 is a month"),
    ],
)
def test_what_is_not_there(tmp_path: Path, question: Question, message: str) -> None:
    with pytest.raises(RequestError) as wrong:
        focus_on(bakery(tmp_path), question, TODAY)
    assert str(wrong.value).startswith(message)
