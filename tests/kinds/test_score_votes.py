"""One answer per respondent and cycle, one vote per account: beside SQL and by hand."""

# ruff: noqa: S608

import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from running import DEFINITIONS, group_of, run_files

from kpicli.errors import DefinitionError
from kpicli.results import Outcome

MAY = date(2025, 5, 1)
BOOK = """
version: 1
sources:
  answers: {path: answers.csv, time: moment, quiet: 1mo}
  accounts: {path: accounts.csv, key: account_id}
exclude:
  - {source: accounts, where: plan = 'own', reason: our own}
kpis:
"""
ANY = "kind: score, source: answers, of: score, grain: month, by: [channel, accounts.plan]"
VOTE = "case when score >= 9 then 1 when score >= 7 then 0 else -1 end"
# An answer goes where a later one of the same person and cycle (or month) is known.
NEWEST = """
    select *, not exists (select 1 from given later
        where later.who = mine.who and {same}
            and (later.moment, -later.score) > (mine.moment, -mine.score)) as newest
    from given mine"""
ONCE = """(later.cycle = mine.cycle
    or later.cycle is null and mine.cycle is null and later.month = mine.month)"""
CASES = {
    "every": ("", "select *, true as newest from given", "row"),
    "once": ("respondent: who", NEWEST.format(same=ONCE), "row"),
    "monthly": (
        "respondent: who, cycle: period",
        NEWEST.format(same="later.month = mine.month"),
        "row",
    ),
    "account": ("vote: account", "select *, true as newest from given", "account"),
    "account_once": (
        "respondent: who, vote: account",
        NEWEST.format(same=f"later.account_id is not null and {ONCE}"),
        "account",
    ),
    "money": (
        "vote: account, weight: accounts.arr",
        "select *, true as newest from given where arr is not null",
        "money",
    ),
    "money_once": (
        "respondent: who, vote: account, weight: accounts.arr",
        # The newest of all that were given; then those whose account has a weight.
        f"""select * from ({NEWEST.format(same=f"later.account_id is not null and {ONCE}")})
            where arr is not null""",
        "money",
    ),
}
# Each account's own score, then the mean of these: unweighted, or by what they pay.
VALUE = {"row": "avg(vote)", "account": "avg(own)", "money": "sum(own * arr) / sum(arr)"}


def write_answers(folder: Path, seed: int) -> None:
    """People who answer again and again, some without a name, a cycle, a score or an account."""
    pick = random.Random(seed)
    accounts = [f"A{number}" for number in range(9)]
    plans = [pick.choice(["pro", "free", "own"]) for _ in accounts]
    paid = ["" if pick.random() < 0.2 else f"{pick.randint(1, 900)}.50" for _ in accounts]
    lines = [",".join(row) for row in zip(accounts, plans, paid, strict=True)]
    (folder / "accounts.csv").write_text("account_id,plan,arr\n" + "\n".join(lines) + "\n")
    rows = ["moment,score,who,account_id,cycle,channel"]
    for _ in range(220):
        person = pick.randint(0, 25)
        cells = (
            f"2025-0{pick.randint(1, 4)}-{pick.randint(1, 9):02}T0{pick.randint(0, 9)}:00:00",
            pick.choice(["", *map(str, range(11)), "9", "10", "10"]),
            "" if pick.random() < 0.1 else f"p{person}",
            pick.choice([accounts[person % 9]] * 9 + [""]),
            pick.choice(["winter", "spring", ""]),
            pick.choice(["mail", "app"]),
        )
        rows.append(",".join(cells))
    (folder / "answers.csv").write_text("\n".join(rows) + "\n")


@pytest.fixture(scope="module", params=(1, 2))
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Outcome, duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("answers")
    write_answers(folder, request.param)
    kpis = "".join(f"  {name}: {{{ANY}, {keys}}}\n" for name, (keys, _, _) in CASES.items())
    outcome = run_files(folder, {DEFINITIONS: BOOK + kpis}, periods=4, as_of=MAY)
    base = duckdb.connect()
    base.execute(f"""
        create table given as select a.*, plan, arr, {VOTE} as vote,
            strftime(moment, '%Y-%m') as month
        from read_csv('{folder}/answers.csv', types={{'score': 'int', 'moment': 'timestamp'}}) a
        left join read_csv('{folder}/accounts.csv') using (account_id)
        where score is not null and plan is distinct from 'own'""")
    return outcome, base


@pytest.mark.parametrize("name", CASES)
def test_numbers(name: str, told: tuple[Outcome, duckdb.DuckDBPyConnection]) -> None:
    outcome, base = told
    expected = dict(_cells(base, name))
    found = {
        (one.part or "", one.label, group_of(one)): (pytest.approx(one.value, abs=1e-9), one.n)
        for one in outcome.results
        if one.kpi == name and one.n
    }
    assert outcome.problems == ()
    assert len(expected) >= 4 * 4
    assert {place: cell for place, cell in found.items() if place in expected} == expected
    assert set(found) == set(expected)


def _cells(base: duckdb.DuckDBPyConnection, name: str) -> Any:
    _, rows, by = CASES[name]
    parts = {
        "": "vote",
        "promoters": "(score >= 9)::int",
        "passives": "(score between 7 and 8)::int",
        "detractors": "(score <= 6)::int",
    }
    groups = {
        "": "''",
        "channel": "'channel=' || channel",
        "plan": "'accounts.plan=' || coalesce(plan, '(none)')",
    }
    for part, vote in parts.items():
        for group in groups.values():
            each = f"""select month, {group} as g, {vote} as vote, arr, account_id
                from ({rows}) where newest"""
            if by != "row":
                each = f"""select month, g, account_id, avg(vote) as own, any_value(arr) as arr
                    from ({each}) where account_id is not null group by all"""
            query = f"select month, g, 100 * {VALUE[by]}, count(*) from ({each}) group by all"
            for month, g, value, n in base.execute(query).fetchall():
                yield (part, month, g), (value, n)


def test_a_segment_asked_for_is_the_one_of_the_split(tmp_path: Path) -> None:
    """Who answers by mail and then in the app counts in the app, also where mail is asked for."""
    write_answers(tmp_path, 3)
    keys = f"{ANY.split(', by:', maxsplit=1)[0]}, respondent: who"
    files = {DEFINITIONS: BOOK + f"  nps: {{{keys}}}\n  by: {{{keys}, by: [channel]}}\n"
             f"  acc: {{{keys}, vote: account, by: [channel]}}\n"}  # fmt: skip
    split = run_files(tmp_path, files, periods=4, as_of=MAY)
    asked = run_files(tmp_path, {}, periods=4, as_of=MAY, for_={"channel": "mail"})
    for name, other in (("by", "nps"), ("acc", "acc")):
        found = [
            (one.label, one.part, one.value, one.n, one.left_out)
            for one in split.results
            if one.kpi == name and one.by == {"channel": "mail"}
        ]
        told = [
            (one.label, one.part, one.value, one.n, one.left_out)
            for one in asked.results
            if one.kpi == other and not one.by
        ]
        assert found == told


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("cycle: cycle", "add respondent: COLUMN"),
        ("weight: accounts.arr", "weight: is of votes by account: add vote: account"),
        ("account: who", "account: is of votes by account: add vote: account"),
        ("vote: account, account: who", "no source has the key who"),
        ("vote: plan", "answer"),
    ],
)
def test_what_does_not_go_together(keys: str, message: str, tmp_path: Path) -> None:
    write_answers(tmp_path, 1)
    with pytest.raises(DefinitionError) as wrong:
        run_files(tmp_path, {DEFINITIONS: BOOK + f"  nps: {{{ANY}, {keys}}}\n"})
    assert message in " ".join(f"{one.message} {one.hint}" for one in wrong.value.problems)


def test_a_list_without_time_has_votes_as_it_is(tmp_path: Path) -> None:
    """Nobody knows which answer is the newest: the lowest counts. A: 9 and 0; B: 10."""
    book = BOOK.split("exclude", maxsplit=1)[0].replace(", time: moment, quiet: 1mo", "")
    keys = "kind: score, source: answers, of: score, respondent: who, vote: account"
    files = {
        DEFINITIONS: f"{book}kpis:\n  k: {{{keys}}}\n",
        "accounts.csv": "account_id\nA\nB\n",
        "answers.csv": "score,who,account_id\n9,ann,A\n0,bob,A\n10,bob,A\n10,cid,B\n",
    }
    told = {one.part: (one.value, one.n) for one in run_files(tmp_path, files).results}
    assert told[None] == (50, 2)
    assert told["promoters"] == (75, 2)


def test_usual_columns_may_be_absent_and_named_ones_may_not(tmp_path: Path) -> None:
    kpis = (
        "  auto: {kind: score, source: answers, of: score, respondent: auto}\n"
        "  named: {kind: score, source: answers, of: score, respondent: user}\n"
    )
    files = {
        DEFINITIONS: BOOK.split("exclude", maxsplit=1)[0] + "kpis:\n" + kpis,
        "accounts.csv": "account_id\n",
    }
    files["answers.csv"] = "moment,score\n2025-01-06,9\n2025-01-07,10\n2025-01-12,3\n"
    outcome = run_files(tmp_path, files, periods=1)
    (problem,) = outcome.problems
    assert problem.message == "answers has no column 'user'"
    values = {one.kpi: one.n for one in outcome.results if one.part is None}
    assert values == {"auto": 3, "named": 0}


def test_a_weight_that_changes_is_that_of_the_newest_answer(tmp_path: Path) -> None:
    """A paid 1000 until 10 January and 50 since: its promoters of the 20th weigh 50."""
    files = {
        DEFINITIONS: """
version: 1
sources:
  answers: {path: answers.csv, time: day, quiet: 1mo}
  accounts: {path: accounts.csv, key: account_id, valid_from: since}
kpis:
  nps: {kind: score, source: answers, of: score, vote: account, weight: accounts.arr, grain: month}
""",
        "accounts.csv": "account_id,arr,since\nA,1000,2024-01-01\nA,50,2025-01-10\n"
        "B,150,2024-01-01\n",
        "answers.csv": "day,score,account_id\n2025-01-20,10,A\n2025-01-05,10,A\n2025-01-07,3,B\n",
    }
    outcome = run_files(tmp_path, files, as_of=date(2025, 2, 1), periods=1)
    found = {result.part: result for result in outcome.results}
    assert found[None].value == pytest.approx(100 * (50 - 150) / 200)
    assert found["promoters"].denominator == pytest.approx(200)
