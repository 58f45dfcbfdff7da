"""The definitions file: every problem in one pass, each with its place and what helps."""

import pytest

from language.folder import Folder

FILES = {"rows.csv": "id,day,plan\n1,2025-01-31,pro\n"}


def places(folder: Folder, text: str) -> list[tuple[int | None, int | None, str]]:
    """Line, column and code of every problem; the text begins on line 2."""
    problems = folder.put(FILES).refusal(text)
    return [
        (one.place.line, one.place.column, one.code) if one.place else (None, None, one.code)
        for one in problems
    ]


def test_every_problem_in_one_pass_each_at_its_place(folder: Folder) -> None:
    assert places(folder, """
        titel: KPIs
        timezone: Europe/Berlni
        week_starts: funday
        currency: euro
        sources:
          rows: {path: rows.csv, tmie: day}
          more: {path: rows.csv, types: {id: nummer}}
        exclude:
          - {source: rwos, where: plan = 'x', reason: test}
        segments:
          plan: {of: plan, where: id = 1}
        kpis:
          a: {kind: cuont, source: rows}
          b: {kind: count, source: rows, targt: 5}
          c: {kind: share, source: rows, count_if: plan = = 'pro'}
          cc: {kind: share, source: rows, count_if: plan = 'pro', target: 5}
          d: {kind: formula, formula: a + x}
          e: {source: rows}
        reports:
          weekly: {grain: wekk, kpis: [a, z]}
        """) == [
        (2, 1, "unknown_key"),
        (3, 11, "wrong_value"),
        (4, 14, "not_allowed"),
        (5, 11, "wrong_value"),
        (7, 26, "unknown_key"),
        (8, 38, "not_allowed"),
        (10, 14, "unknown_source"),
        (12, 9, "wrong_value"),
        (14, 13, "unknown_kind"),
        (15, 34, "unknown_key"),
        (16, 51, "wrong_value"),
        (17, 67, "target"),
        (18, 31, "unknown_kpi"),
        (19, 6, "missing_key"),
        (21, 19, "not_allowed"),
        (21, 35, "unknown_kpi"),
    ]  # fmt: skip


NEAREST = [
    ("kpis: {a: {kind: cuont, source: rows}}", "did you mean count?"),
    ("kpis: {a: {kind: count, source: rwos}}", "did you mean rows?"),
    ("kpis: {a: {kind: count, source: rows, fliter: x}}", "allowed:"),
    ("kpis: {a: {kind: count, source: rows, wher: x}}", "did you mean where?"),
    ("kpis: {a: {kind: count, source: rows, grain: monthly}}", "did you mean month?"),
    ("kpis: {a: {use: nsp, source: rows}}", "did you mean nps?"),
    ("kpis: {a: {kind: count, source: rows, where: pln = 'pro'}}", "did you mean plan?"),
    ("kpis: {a: {kind: count, source: rows, time: dya}}", "did you mean day?"),
    ("kpis: {a: {kind: count, source: rows, by: [rwos.plan]}}", "did you mean rows?"),
    (
        "kpis: {a: {kind: count, source: rows}}\nreports: {weekly: {kpis: [b]}}",
        "allowed: a",
    ),
    ("kpis: {rows_a: {kind: count, source: rows}, b: {kind: formula, formula: row_a}}", "rows_a?"),
]


@pytest.mark.parametrize(("kpis", "hint"), NEAREST)
def test_the_nearest_right_word_is_named(folder: Folder, kpis: str, hint: str) -> None:
    problem = folder.put(FILES).one_refusal(
        f"sources: {{rows: {{path: rows.csv, time: day}}}}\n{kpis}"
    )
    assert hint in (problem.hint or "")
    assert problem.place is not None


CASCADES = [
    # A source that is refused is still known to its KPIs, and a KPI to its report and formula.
    """
    sources: {rows: {path: rows.csv, tmie: day}}
    kpis: {a: {kind: count, source: rows}}
    """,
    """
    sources: {rows: {path: rows.csv, time: day}}
    kpis:
      a: {kind: cuont, source: rows}
      b: {kind: formula, formula: a * 2}
    reports: {weekly: {kpis: [a, b]}}
    """,
    """
    sources: {rows: {path: rows.csv, time: day}}
    segments: {plan: {of: plan, form: {a: 1}}}
    kpis: {a: {kind: count, source: rows, by: [plan]}}
    """,
    """
    sources: {rows: {path: rows.csv, time: day}}
    kpis: {a: {kind: count, source: rows, wher: plan = 'pro', grain: month, target: 5}}
    """,
]


@pytest.mark.parametrize("text", CASCADES)
def test_one_mistake_is_one_problem(folder: Folder, text: str) -> None:
    problem = folder.put(FILES).one_refusal(text)
    assert problem.code in ("unknown_key", "unknown_kind")


SINGLE = [
    ("version: 2", "version"),
    ("sources: 5", "sources"),
    ("sources: {rows: rows.csv}", "rows"),
    ("kpis: [a, b]", "kpis"),
    ("kpis: {a: count}", "a"),
    ("reports: {weekly: {kpis: []}}", "kpis"),
    ("reports: {weekly: {kpis: [a], periods: 0}}", "periods"),
    ("reports: {weekly: {kpis: [a], compare: [last]}}", "last"),
]


@pytest.mark.parametrize(("text", "word"), SINGLE)
def test_a_value_of_the_wrong_form_is_told_in_plain_words(
    folder: Folder, text: str, word: str
) -> None:
    folder.put(FILES)
    whole = "version: 1\n" if "version" not in text else ""
    key = text.split(":", 1)[0]
    base = {
        "sources": "sources: {rows: {path: rows.csv}}\n",
        "kpis": "kpis: {a: {kind: count, source: rows}}\n",
    }
    lines = whole + "".join(line for name, line in base.items() if name != key) + text + "\n"
    folder.put({"kpi.yaml": lines})
    problems = folder.refusal_of_file()
    assert any(word in one.message for one in problems), problems
    for one in problems:
        for foreign in ("pydantic", "dict", "tuple", "Input", "NoneType", "instance"):
            assert foreign not in one.message
        assert one.place is not None


def test_one_name_for_a_report_and_a_kpi_is_an_error(folder: Folder) -> None:
    problem = folder.put(FILES).one_refusal("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {a: {kind: count, source: rows}}
        reports: {a: {kpis: [a]}}
        """)
    assert (problem.code, problem.message) == ("twice", "a is both a report and a KPI")


def test_an_unknown_name_on_the_command_line(folder: Folder) -> None:
    problem = folder.put(FILES).one_refusal(
        """
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {adoption: {kind: count, source: rows}}
        """,
        names=("adopton",),
    )
    assert problem.code == "unknown_name"
    assert "did you mean adoption?" in (problem.hint or "")


def test_a_key_twice_is_an_error(folder: Folder) -> None:
    problem = folder.put(FILES).one_refusal("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis:
          a: {kind: count, source: rows}
          a: {kind: count, source: rows}
        """)
    assert problem.place is not None
    assert problem.place.line == 5


TEXTS = ["2025-01-31", "yes", "no", "on", "off", "NO", "010", "1_000", "0x1F", "1:30"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_yaml_reads_otherwise_stays_the_text_that_was_written(
    folder: Folder, text: str
) -> None:
    folder.put({"rows.csv": f"day,tag\n2025-01-31,{text}\n2025-01-31,other\n"})
    told = folder.tell(f"""
        sources: {{rows: {{path: rows.csv, time: day, types: {{tag: text}}}}}}
        kpis:
          rows: {{kind: count, source: rows, where: {{tag: {text}}}, grain: month}}
          split: {{kind: count, source: rows, by: [tag], grain: month,
                   targets: [{{for: {{tag: {text}}}, target: 1}}]}}
        """)
    assert told.value("rows", "2025-01") == 1
    assert told.record("split", "2025-01", tag=text).status == "green"


def test_true_false_null_and_numbers_are_read_as_such(folder: Folder) -> None:
    folder.put({"rows.csv": "day,ok,size,tag\n2025-01-31,true,1.5,\n2025-01-31,false,2,x\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis:
          ok: {kind: count, source: rows, where: {ok: true}, grain: month}
          size: {kind: count, source: rows, where: {size: 1.5}, grain: month}
          none: {kind: count, source: rows, where: {tag: null}, grain: month}
        """)
    assert [told.value(kpi, "2025-01") for kpi in ("ok", "size", "none")] == [1, 1, 1]


def test_a_name_without_a_value_is_called_empty(folder: Folder) -> None:
    problems = folder.put(FILES).refusal("""
        sources:
          rows:
        kpis:
          a: {kind: count, source: rows}
        """)
    assert [one.message for one in problems if "None" in one.message] == []
    assert problems[0].message == "rows: empty: should be a mapping (key: value)"


HINTS = {
    "a median": ("kind: median, source: rows, of: id", "write kind: percentile"),
    "a mean": ("kind: mean, source: rows, of: id", "write kind: average"),
    "of on a count": ("kind: count, source: rows, of: plan", "write distinct:"),
    "own keys first": (
        "kind: count, source: rows, zzz: 1",
        "allowed: distinct, source, where, time, kind, title, grain, target, yellow",
    ),
    "the file's own KPIs first": ("kind: formula, formula: other / zzz", "allowed: a, other, "),
}


@pytest.mark.parametrize(("keys", "hint"), HINTS.values(), ids=HINTS)
def test_a_hint_begins_with_what_is_near(folder: Folder, keys: str, hint: str) -> None:
    problems = folder.put(FILES).refusal(f"""
        sources: {{rows: {{path: rows.csv, time: day}}}}
        kpis:
          a: {{{keys}}}
          other: {{kind: count, source: rows}}
        """)
    assert [one.hint for one in problems if (one.hint or "").startswith(hint)]
