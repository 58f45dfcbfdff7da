"""Segments: splits beside the total, cuts, conditions, the rest together."""

import pytest

from language.folder import Folder

FILES = {
    "accounts.csv": """
        account_id,plan,employees,arr,sponsor
        A,pro,10,50000.00,Ann
        B,free,50,100000.00,
        C,pro,1000,250000.00,Cem
        D,,,,
        """,
    "deals.csv": """
        account_id,day,device,seats,amount,won
        A,2025-01-02,web,1,10,yes
        A,2025-01-03,app,2,20,no
        B,2025-01-04,web,3,30,yes
        C,2025-01-05,app,4,40,no
        D,2025-01-06,web,5,50,yes
        X,2025-01-31,,6,60,no
        """,
}
SOURCES = """
sources:
  accounts: {path: accounts.csv, key: account_id, types: {arr: money}}
  deals: {path: deals.csv, time: day}
"""
COUNT = "kpis: {deals: {kind: count, source: deals, grain: month, %s}}"


def split(folder: Folder, by: str, segments: str = "{}") -> dict[str, float | None]:
    told = folder.put(FILES).tell(f"{SOURCES}segments: {segments}\n{COUNT % ('by: ' + by)}")
    assert told.problems == ()
    assert told.value("deals", "2025-01") == 6
    return told.split("deals", "2025-01")


def test_two_splits_stand_beside_the_total(folder: Folder) -> None:
    found = split(folder, "[plan, device]", "{plan: accounts.plan}")
    assert found == {"free": 1, "pro": 3, "(none)": 2, "app": 2, "web": 3} | {"(none)": 1}


def test_a_nested_list_is_the_cross(folder: Folder) -> None:
    found = split(folder, "[[plan, device]]", "{plan: accounts.plan}")
    assert found == {
        "free × web": 1, "pro × app": 2, "pro × web": 1, "(none) × web": 1, "(none) × (none)": 1,
    }  # fmt: skip


def test_a_name_is_a_segment_else_a_column_of_the_source(folder: Folder) -> None:
    assert split(folder, "[device]") == {"app": 2, "web": 3, "(none)": 1}
    assert split(folder, "device") == {"app": 2, "web": 3, "(none)": 1}


def test_a_name_may_be_dotted(folder: Folder) -> None:
    assert split(folder, "[accounts.plan]") == {"free": 1, "pro": 3, "(none)": 2}
    assert split(folder, "[deals.device]") == {"app": 2, "web": 3, "(none)": 1}


def test_a_name_that_is_both_is_an_error(folder: Folder) -> None:
    definitions = SOURCES + "segments: {device: accounts.plan}\n" + COUNT % "by: [device]"
    problem = folder.put(FILES).one_refusal(definitions)
    assert problem.code == "two_meanings"
    assert "device" in problem.message
    assert problem.place is not None


def test_a_name_that_is_neither_is_an_error_with_the_nearest(folder: Folder) -> None:
    problem = folder.put(FILES).one_refusal(
        SOURCES + "segments: {plan: accounts.plan}\n" + COUNT % "by: [plam]"
    )
    assert "did you mean plan?" in (problem.hint or "")


def test_a_column_of_a_table_that_is_referred_to_is_offered(folder: Folder) -> None:
    problem = folder.put(FILES).one_refusal(SOURCES + COUNT % "by: [employees]")
    assert problem.hint == "did you mean accounts.employees?"


def test_a_cuts_lower_edge_belongs(folder: Folder) -> None:
    size = "{size: {of: accounts.employees, from: {small: 0, mid: 50, enterprise: 1000}}}"
    # In the order of the cut, not of the alphabet; D has no number and X no partner.
    found = split(folder, "[size]", size)
    assert list(found.items()) == [("small", 2), ("mid", 1), ("enterprise", 1), ("(none)", 2)]


def test_what_lies_below_the_first_edge_is_none(folder: Folder) -> None:
    found = split(folder, "[size]", "{size: {of: seats, from: {some: 3, many: 5}}}")
    assert found == {"some": 2, "many": 2, "(none)": 2}


def test_a_cut_of_money_has_its_edges_in_the_currency(folder: Folder) -> None:
    value = "{value: {of: accounts.arr, from: {low: 0, high: 100000}}}"
    assert split(folder, "[value]", value) == {"low": 2, "high": 2, "(none)": 2}


def test_a_cut_of_an_expression(folder: Folder) -> None:
    value = "{value: {of: amount / seats, from: {low: 0, high: 10}}}"
    assert split(folder, "[value]", value) == {"high": 6}


def test_a_cut_is_printed_with_its_range(folder: Folder) -> None:
    told = folder.put(FILES).tell(f"""{SOURCES}
segments:
  size: {{of: accounts.employees, from: {{small: 0, mid: 50, enterprise: 1000}}}}
  value: {{of: accounts.arr, from: {{low: 0, high: 100000}}}}
  part: {{of: seats / 2, from: {{less: 0, more: 1.5}}}}
{COUNT % "by: [size, value, part]"}
""")
    text = told.written()
    for label in ("small, 0–49", "mid, 50–999", "enterprise, 1,000+"):
        assert label in text, label
    for label in ("low, 0 to under 100,000", "high, 100,000+"):
        assert label in text, label
    for label in ("less, 0 to under 1.5", "more, 1.5+"):
        assert label in text, label
    # Other programs read the name alone.
    assert {one.by.get("size") for one in told.outcome.results} >= {"small", "mid", "enterprise"}


def test_edges_ascend(folder: Folder) -> None:
    size = "segments: {size: {of: seats, from: {mid: 50, small: 0}}}\n"
    problem = folder.put(FILES).one_refusal(SOURCES + size + COUNT % "by: [size]")
    assert "ascending" in problem.message


def test_a_condition_has_its_name_and_other(folder: Folder) -> None:
    champions = "{champions: {where: accounts.arr > 90000 and accounts.sponsor is not null}}"
    # A has too little, B no sponsor, C is one; of D and X the amount cannot be told, but neither
    # has a sponsor.
    assert split(folder, "[champions]", champions) == {"champions": 1, "other": 5}


def test_a_condition_that_cannot_be_told_is_none(folder: Folder) -> None:
    found = split(folder, "[large]", "{large: {where: accounts.arr >= 100000}}")
    assert found == {"large": 2, "other": 2, "(none)": 2}


def test_values_are_text(folder: Folder) -> None:
    found = split(folder, "[seats, won]")
    assert {name: found[name] for name in ("1", "6", "yes", "no")} == {
        "1": 1, "6": 1, "yes": 3, "no": 3,
    }  # fmt: skip


def test_a_split_of_a_rate_is_computed_on_its_own(folder: Folder) -> None:
    won = "kind: share, source: deals, count_if: won, by: [device], grain: month"
    told = folder.put(FILES).tell(f"{SOURCES}kpis: {{won: {{{won}}}}}")
    assert told.value("won", "2025-01") == 0.5
    assert told.split("won", "2025-01") == {"app": 0, "web": 1, "(none)": 0}


def test_distinct_values_of_the_total_are_not_the_sum_of_the_split(folder: Folder) -> None:
    told = folder.put(FILES).tell(
        SOURCES + "kpis: {who: {kind: count, distinct: account_id, source: deals, by: [device], "
        "grain: month}}"
    )
    # A showed two devices and counts in both.
    assert told.value("who", "2025-01") == 5
    assert told.split("who", "2025-01") == {"app": 2, "web": 3, "(none)": 1}


def many(values: int) -> dict[str, str]:
    """Value v1 once, v2 twice, and so on."""
    rows = "".join(f"2025-01-31,v{one:02}\n" * one for one in range(1, values + 1))
    return {"rows.csv": "day,tag\n" + rows}


MANY = """
sources: {rows: {path: rows.csv, time: day}}
kpis: {rows: {kind: count, source: rows, grain: month, by: [tag]%s}}
"""


def test_at_most_twelve_values_are_written_and_the_rest_together(folder: Folder) -> None:
    found = folder.put(many(15)).tell(MANY % "").split("rows", "2025-01")
    assert list(found) == [f"v{one:02}" for one in range(4, 16)] + ["(other)"]
    assert found["(other)"] == 1 + 2 + 3


def test_twelve_values_need_no_rest(folder: Folder) -> None:
    found = folder.put(many(12)).tell(MANY % "").split("rows", "2025-01")
    assert len(found) == 12
    assert "(other)" not in found


def test_top_changes_how_many(folder: Folder) -> None:
    found = folder.put(many(15)).tell(MANY % ", top: 50").split("rows", "2025-01")
    assert len(found) == 15
    found = folder.put(many(15)).tell(MANY % ", top: 2").split("rows", "2025-01")
    assert found == {"v14": 14, "v15": 15, "(other)": 91}


def test_the_largest_are_so_by_denominator_over_the_window(folder: Folder) -> None:
    rows = "2024-12-05,old,1\n" * 9 + "2025-01-31,new,1\n" * 3 + "2025-01-31,mid,0\n" * 5
    told = folder.put({"rows.csv": "day,tag,won\n" + rows}).tell("""
        sources: {rows: {path: rows.csv, time: day, types: {won: number}}}
        kpis:
          rows: {kind: share, count_if: won = 1, source: rows, grain: month, by: [tag], top: 2}
        """)
    assert told.split("rows", "2025-01") == {"mid": 0, "old": None, "(other)": 1}


def test_the_rest_is_computed_at_its_own_grain(folder: Folder) -> None:
    files = {"rows.csv": "day,tag,who\n" + "".join(
        f"2025-01-31,{tag},{who}\n"
        for tag, who in [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("c", 1), ("d", 1)]
    )}  # fmt: skip
    told = folder.put(files).tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {who: {kind: count, distinct: who, source: rows, grain: month, by: [tag], top: 2}}
        """)
    # c and d are the same one, who counts once in the rest.
    assert told.split("who", "2025-01") == {"a": 3, "b": 2, "(other)": 1}


def test_a_value_named_in_targets_is_always_shown(folder: Folder) -> None:
    told = folder.put(many(15)).tell(
        MANY % ", top: 2, targets: [{for: {tag: v01}, target: 5}, {for: {tag: v02}, target: 1}]"
    )
    found = told.split("rows", "2025-01")
    assert found == {"v01": 1, "v02": 2, "v14": 14, "v15": 15, "(other)": 88}
    assert told.record("rows", "2025-01", tag="v01").status == "red"


def test_other_and_none_stand_last(folder: Folder) -> None:
    rows = "2025-01-31,\n" * 20 + "2025-01-31,zz\n" * 20 + "2025-01-31,a\n" + "2025-01-31,b\n"
    told = folder.put({"rows.csv": "day,tag\n" + rows}).tell(MANY % ", top: 2")
    assert list(told.split("rows", "2025-01")) == ["zz", "(other)", "(none)"]


def test_for_keeps_only_the_rows_of_a_value(folder: Folder) -> None:
    definitions = f"{SOURCES}segments: {{plan: accounts.plan}}\n{COUNT % 'by: [plan]'}"
    told = folder.put(FILES).tell(definitions, for_={"plan": "pro"})
    assert told.value("deals", "2025-01") == 3
    told = folder.tell(definitions, for_={"plan": "(none)"})
    assert told.value("deals", "2025-01") == 2


@pytest.mark.parametrize("name", ["plan", "accounts.plan"])
def test_for_with_a_value_that_no_row_has_is_an_error_with_the_nearest(
    folder: Folder, name: str
) -> None:
    definitions = f"{SOURCES}segments: {{plan: accounts.plan}}\n{COUNT % 'by: [plan]'}"
    [problem] = folder.put(FILES).refusal(definitions, for_={name: "prro"})
    assert problem.code == "unknown_value"
    assert "prro" in problem.message
    assert "did you mean pro?" in (problem.hint or "")


def test_by_on_the_command_line_replaces_the_splits(folder: Folder) -> None:
    definitions = f"{SOURCES}segments: {{plan: accounts.plan}}\n{COUNT % 'by: [plan]'}"
    told = folder.put(FILES).tell(definitions, by=("device",))
    assert told.split("deals", "2025-01") == {"app": 2, "web": 3, "(none)": 1}


WRONG = [
    ("{of: seats, where: won}", "a segment has one of"),
    ("{from: {small: 0}}", "a segment has one of"),
    ("{of: seats, fron: {small: 0}}", "unknown key 'fron'"),
    ("{of: seats, from: {small: little}}", "should be a number"),
]


@pytest.mark.parametrize(("segment", "message"), WRONG)
def test_a_segment_is_one_thing(folder: Folder, segment: str, message: str) -> None:
    problems = folder.put(FILES).refusal(
        f"{SOURCES}segments: {{size: {segment}}}\n{COUNT % 'by: [device]'}"
    )
    assert any(message in one.message for one in problems), problems


@pytest.mark.parametrize("kind", ["count", "active, entity: who, population: seen"])
def test_what_a_file_calls_none_or_other_stands_apart_from_ours(folder: Folder, kind: str) -> None:
    values = ["web", "web", "web", "(other)", "(none)", "", "app", "tv"]
    rows = "".join(f"2025-01-31,u{at},{value}\n" for at, value in enumerate(values))
    definitions = f"""
        sources: {{rows: {{path: rows.csv, time: day}}}}
        kpis: {{k: {{kind: {kind}, source: rows, grain: month, by: [device], top: 4}}}}
        """
    told = folder.put({"rows.csv": "day,who,device\n" + rows}).tell(definitions)
    split = told.split("k", "2025-01")
    assert split.pop("(other)") == 2
    assert split["web"] == 3
    assert {'"(none)"', '"(other)"', "(none)"} & set(split) == set(split) - {"web", "app", "tv"}
    whole = folder.tell(definitions.replace("top: 4", "top: 9")).split("k", "2025-01")
    assert (whole["(none)"], whole['"(none)"'], whole['"(other)"']) == (1, 1, 1)
    alone = folder.tell(definitions, for_={"device": '"(other)"'})
    assert alone.value("k", "2025-01") == 1
