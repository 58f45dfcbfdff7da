"""Conditions and expressions: a small SQL over the columns of a row."""

import pytest

from language.folder import Folder

ROWS = """
    id,day,plan,score,due,paid,note
    1,2025-01-02,pro,9,2025-01-10,yes,Alpha one
    2,2025-01-03,free,4,2025-02-01,no,beta
    3,2025-01-04,pro,,2025-03-15,yes,100%
    4,2025-01-31,,7,,,O'Brien
    """
SOURCES = "sources: {rows: {path: rows.csv, time: day}}\n"
COUNT = 'kpis: {rows: {kind: count, source: rows, where: "%s", grain: month}}'

HOLDS = [
    ("plan = 'pro'", 2),
    ("plan <> 'pro'", 1),
    ("plan != 'pro'", 1),
    ("plan in ('pro', 'free')", 3),
    ("plan not in ('pro')", 1),
    ("plan is null", 1),
    ("plan is not null", 3),
    ("plan like 'p%'", 2),
    ("note ilike 'ALPHA%'", 1),
    ("score >= 7", 2),
    ("score between 4 and 7", 2),
    ("score > 5 and plan = 'pro'", 1),
    ("score > 5 or plan = 'pro'", 3),
    ("not paid", 1),
    ("paid", 2),
    ("paid = true", 2),
    ("due < '2025-02-01'", 1),
    ("due <= '2025-02-01'", 2),
    ("score * 2 > 10", 2),
    ("score / 0 > 1", 0),
    ("coalesce(score, 10) > 8", 2),
    ("case when plan = 'pro' then 1 else 0 end = 1", 2),
    ("lower(note) = 'beta'", 1),
    ("contains(note, '%')", 1),
    ("note = 'O''Brien'", 1),
    ("days_between(day, due) > 20", 2),
    ("month(due) = 2", 1),
    ("id in (1, 4)", 2),
    ("id = '1'", 1),
    ("rows.plan = 'pro'", 2),
]


@pytest.mark.parametrize(("condition", "count"), HOLDS)
def test_a_condition_is_a_small_sql(folder: Folder, condition: str, count: int) -> None:
    told = folder.put({"rows.csv": ROWS}).tell(SOURCES + COUNT % condition)
    assert told.problems == ()
    assert told.value("rows", "2025-01") == count


UNKNOWN = [
    ("plan = 'pro'", 2, 1),
    ("score > 5", 2, 1),
    ("score > 5 or plan = 'pro'", 3, 0),
    ("score > 5 and plan = 'pro'", 1, 2),
    ("plan is null", 1, 0),
    ("score / 0 > 1", 0, 4),
    ("not (plan = 'pro')", 1, 1),
]


@pytest.mark.parametrize(("condition", "count", "unknown"), UNKNOWN)
def test_where_a_condition_cannot_be_told_the_row_does_not_count(
    folder: Folder, condition: str, count: int, unknown: int
) -> None:
    told = folder.put({"rows.csv": ROWS}).tell(SOURCES + COUNT % condition)
    record = told.record("rows", "2025-01")
    assert record.value == count
    assert record.left_out == ({"unknown": unknown} if unknown else {})


def test_division_by_zero_is_null_and_not_zero(folder: Folder) -> None:
    told = folder.put({"rows.csv": "day,a,b\n2025-01-02,6,0\n2025-01-31,6,2\n"}).tell(
        SOURCES + "kpis: {per: {kind: average, source: rows, of: a / b, grain: month}}"
    )
    record = told.record("per", "2025-01")
    assert (record.value, record.n, record.left_out) == (3, 1, {"unknown": 1})


def test_a_mapping_says_the_same_without_quotes(folder: Folder) -> None:
    told = folder.put({"rows.csv": ROWS}).tell(f"""
        {SOURCES.strip()}
        kpis:
          one: {{kind: count, source: rows, where: {{plan: pro}}, grain: month}}
          list: {{kind: count, source: rows, where: {{plan: [pro, x], id: [1, 3]}}, grain: month}}
          none: {{kind: count, source: rows, where: {{plan: null}}, grain: month}}
          number: {{kind: count, source: rows, where: {{score: [9, 4]}}, grain: month}}
        """)
    values = {one.kpi: one.value for one in told.outcome.results if one.label == "2025-01"}
    assert values == {"one": 2, "list": 2, "none": 1, "number": 2}


def test_count_if_and_of_and_segments_are_the_same_sql(folder: Folder) -> None:
    told = folder.put({"rows.csv": ROWS}).tell(f"""
        {SOURCES.strip()}
        segments: {{late: {{where: due > '2025-02-15'}}}}
        kpis:
          good: {{kind: share, source: rows, count_if: score >= 7, grain: month, by: [late]}}
          twice: {{kind: sum, source: rows, of: score * 2, grain: month}}
        """)
    assert told.value("good", "2025-01") == pytest.approx(2 / 3)
    assert told.value("twice", "2025-01") == 40
    assert told.split("good", "2025-01") == {"other": 0.5, "late": None, "(none)": 1}


DOUBLE = 'plan = "pro"'
HINTS = [
    ("plan == 'pro'", "plan = 'pro'"),
    ("plan = 'pro' && paid", "and"),
    (DOUBLE, "'pro'"),
    ("plan = 'pro", "quote"),
    ("plan = pro", "plan = 'pro'"),
    ("sum(score) > 3", "one row at a time"),
    ("score > (select 1)", "sub-queries"),
    ("rank() over (order by score) = 1", "windows"),
    ("plan like_ 'p'", "like"),
    ("due > '2025-02-30'", "2025-02-30"),
    ("score > 'abc'", "abc"),
    ("day > now()", "--as-of"),
    ("plann = 'pro'", "did you mean plan?"),
]


@pytest.mark.parametrize(("condition", "hint"), HINTS)
def test_what_people_write_elsewhere_gets_the_hint_that_helps(
    folder: Folder, condition: str, hint: str
) -> None:
    folder.put({"rows.csv": ROWS})
    problem = folder.one_refusal(f"""
        sources: {{rows: {{path: rows.csv, time: day, types: {{due: date, score: number}}}}}}
        kpis:
          rows:
            kind: count
            source: rows
            grain: month
            where: >-
              {condition}
        """)
    assert hint in f"{problem.message} | {problem.hint}"


def test_a_text_compared_with_a_date_is_read_as_one_or_is_an_error_with_its_place(
    folder: Folder,
) -> None:
    folder.put({"rows.csv": ROWS})
    problem = folder.one_refusal("""
        sources: {rows: {path: rows.csv, time: day, types: {due: date}}}
        kpis:
          rows: {kind: count, source: rows, grain: month, where: due > 'soon'}
        """)
    assert "'soon'" in problem.message
    assert problem.place is not None
    # The line of the condition, and the column where 'soon' begins.
    assert (problem.place.line, problem.place.column) == (4, 64)


def test_a_wrong_condition_is_told_at_its_character(folder: Folder) -> None:
    folder.put({"rows.csv": ROWS})
    problem = folder.one_refusal("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis:
          rows: {kind: count, source: rows, grain: month, where: plan == 'pro'}
        """)
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (4, 63)
