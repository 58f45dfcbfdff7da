"""Rules of good data: what authors may write, what breaks them, where it is told."""

import json
import random
from datetime import UTC, date, datetime, timedelta

import duckdb
import polars as pl
import pytest
from language.folder import FILE, Folder

from kpicli.engine import pieces
from kpicli.engine.quality import Judgement
from kpicli.engine.rulesurvey import survey_rules
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.render.breaches import breaches_csv

NOW = datetime(2025, 6, 1, tzinfo=UTC)
TODAY = date(2026, 1, 1)
WORDS = ("Won", "Lost", "won", "Open", "")


@pytest.fixture
def folder(tmp_path) -> Folder:  # type: ignore[no-untyped-def]
    """An empty folder for definitions and exports."""
    return Folder(tmp_path)


def surveyed(folder: Folder, definitions: str) -> Judgement:
    """What kpi validate finds broken."""
    folder.put({FILE: f"version: 1\n{definitions}"})
    return survey_rules(open_book(folder.path / FILE, {}), TODAY, NOW)


def of_deals(*rules: str, more: str = "") -> str:
    """A source deals with these rules, and a KPI over it."""
    listed = "".join(f"      - {rule}\n" for rule in rules)
    return (
        "sources:\n  accounts: {path: accounts.csv, key: account_id}\n"
        f"  deals:\n    path: deals.csv\n    time: at\n{more}    quality:\n{listed}"
        "kpis:\n  won: {kind: sum, source: deals, of: amount, grain: month}\n"
    )


@pytest.mark.parametrize(
    ("rule", "code", "said", "hint"),
    [
        (
            "acepted: {a: [b]}",
            "unknown_rule",
            "there is no rule 'acepted'",
            "did you mean accepted?",
        ),
        ("{level: warn}", "unknown_rule", "what is the rule?", "allowed: accepted, "),
        (
            "{required: a, unique: b}",
            "two_rules",
            "required and unique are two rules in one",
            "- {u",
        ),
        ("{required: a, level: wran}", "not_allowed", "level: 'wran' is not known", "mean warn?"),
        ("{required: a, alow: 1%}", "unknown_key", "unknown key 'alow'", "did you mean allow?"),
        ("{required: a, allow: 200%}", "wrong_value", "allow: ", None),
        ("{required: []}", "wrong_value", "required: ", None),
        ("{accepted: [a]}", "wrong_value", "write accepted: {COLUMN: [VALUE, VALUE]}", None),
        ("{range: {a: {from: 2, to: 1}}}", "wrong_value", "from: 2 lies above to: 1", None),
        ("{range: {a: {}}}", "wrong_value", "a range has an edge", None),
        ("{pattern: {a: '(b'}}", "wrong_value", "'(b' is no pattern: missing )", None),
        ("{pattern: {a: '(?=b)'}}", "wrong_value", "look-around", None),
        (r"{pattern: {a: '(b)\1'}}", "wrong_value", "is no pattern that is understood", None),
        (
            "{reference: {a: acounts}}",
            "unknown_source",
            "there is no source 'acounts'",
            "accounts?",
        ),
        ("{reference: {a: deals}}", "no_key", "deals has no key", "add key: to deals"),
        ("{lag: {column: a}}", "wrong_value", "a lag has a limit", None),
        ("{lag: {warn: 2mo}}", "wrong_value", "2mo: a lag is written in min, h, d", None),
        ("{volume: dai}", "not_allowed", "'dai' is not known", "did you mean day?"),
        ("{outliers: {a: 0}}", "wrong_value", "a: 0", None),
        ("{freshness: {warn: 24}}", "wrong_value", "24 does not say of what", None),
    ],
)
def test_what_is_no_rule_is_refused_at_its_place(
    folder: Folder, rule: str, code: str, said: str, hint: str | None
) -> None:
    found = folder.one_refusal(of_deals(rule))
    assert (found.code, found.place and found.place.line) == (code, 8), found
    assert said in found.message
    assert hint is None or hint in (found.hint or "")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{path: a.csv, quality: [{volume: day}]}", "no_time"),
        ("{path: a.csv, quality: [{lag: {warn: 1h}}]}", "no_time"),
        (
            "{path: a.csv, time: t, freshness: {warn: 1h}, quality: [freshness: {error: 2h}]}",
            "twice",
        ),
    ],
)
def test_a_source_that_cannot_have_a_rule(folder: Folder, source: str, code: str) -> None:
    assert folder.one_refusal(f"sources:\n  a: {source}\n").code == code


MADE = """
    unique: deal_id
    currency_column: currency
    rates: {source: rates, on: at}
    types: {owner: text}
"""
RULES = (
    "{required: [owner, stage]}",
    "{unique: deal_id}",
    "{unique: [owner, at]}",
    "{accepted: {stage: [Won, Lost]}}",
    "{range: {score: {from: 2, to: 8}, at: {to: 2025-01-20}}}",
    "{pattern: {owner: 'K\\d'}}",
    "{reference: {account_id: accounts}}",
    "{lag: {column: received_at, warn: 90min, error: 1d, share: 99%}}",
    "{outliers: {amount: 3}}",
)
ORACLE = """
with whole as (select *, row_number() over () as row from read_csv('{0}/deals.csv', nullstr='',
  types={{'owner': 'varchar', 'deal_id': 'varchar', 'amount': 'double', 'stage': 'varchar'}})),
deals as (from whole qualify row_number() over (partition by deal_id order by row) = 1),
sizes as (select *, case when amount <> 0 then ln(abs(amount)) end as size from deals),
usual as (select currency, quantile_cont(size, 0.5) as middle, count(size) as n, greatest(0.25,
  (quantile_cont(size, 0.75) - quantile_cont(size, 0.25)) / 1.349) as one from sizes group by all)
select 'owner has no value', count(*), (select count(*) from deals)
  from deals where owner is null
union all select 'stage has no value', count(*), (select count(*) from deals)
  from deals where stage is null
union all select 'deal_id repeats', (select count(*) from whole) - count(distinct deal_id),
  (select count(*) from whole) from whole
union all select 'owner and at repeat', count(*) - count(distinct (owner, "at")), count(*)
  from whole where owner is not null
union all select 'stage is not one of', count(*) filter (stage not in ('Won', 'Lost')), count(stage)
  from deals
union all select 'score is not between', count(*) filter (score < 2 or score > 8), count(score)
  from deals
union all select 'at is above', count(*) filter ("at" > timestamp '2025-01-20'), count(*)
  from deals
union all select 'owner is not written', count(*) filter (not regexp_full_match(owner, 'K[0-9]')),
  count(owner) from deals
union all select 'account_id has no partner', count(*) filter (
  account_id not in (select account_id from read_csv('{0}/accounts.csv'))), count(account_id)
  from deals
union all select 'received_at is more than 90min', count(*) filter (
  received_at - "at" > interval 90 minutes), count(received_at) from deals
union all select 'received_at is more than 1d', count(*) filter (
  received_at - "at" > interval 24 hours), count(received_at) from deals
union all select 'amount is far', count(*) filter (abs(size - middle) > 3 * one), count(size)
  from sizes join usual using (currency) where n >= 30
"""


def made(folder: Folder, seed: int) -> None:
    """Files with all that the rules look for, by chance."""
    luck = random.Random(seed)
    rows = ["deal_id,at,received_at,owner,stage,score,amount,currency,account_id"]
    for number in range(400):
        at = datetime(2025, 1, 1) + timedelta(minutes=luck.randrange(0, 40_000, 30))
        late = luck.choice(("", *(at + timedelta(minutes=m) for m in (-5, 0, 90, 91, 1440, 1441))))
        usual = round(luck.choice((1, 1, 1, 1, 1, 100)) * luck.lognormvariate(4, 0.4), 2)
        score, amount = luck.choice(("", *range(11))), luck.choice((usual, -usual, 0))
        rows.append(
            f"D{number},{at},{late},{luck.choice(('', 'K1', 'K2', 'K12', 'k1'))},"
            f"{luck.choice(WORDS)},{score},{amount},"
            f"{luck.choice(('EUR', 'USD'))},{luck.choice(('', 'A', 'B', 'C'))}"
        )
    rows += luck.sample(rows[1:], 20)
    folder.put({
        "deals.csv": "\n".join([*rows, ""]),
        "accounts.csv": "account_id\nA\nB\n",
        "rates.csv": "day,currency,rate\n2024-12-31,USD,0.5\n",
    })  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_as_many_rows_break_the_rules_as_a_query_finds(
    folder: Folder, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(folder, seed)
    definitions = of_deals(*RULES, more=MADE[1:]).replace(
        "  accounts:", "  rates: {path: rates.csv, time: day}\n  accounts:"
    )
    found = surveyed(folder, definitions)
    told = {one.mark.said: (one.broken, one.judged) for one in found.breaches}
    with duckdb.connect() as sql:
        expected = sql.execute(ORACLE.format(folder.path)).fetchall()
    for begins, broken, judged in expected:
        assert [counts for said, counts in told.items() if said.startswith(begins)] == [
            (broken, judged)
        ], begins
    assert len(breaches_csv(found.breaches).splitlines()) == 1 + sum(one for _, one, _ in expected)
    monkeypatch.setattr(pieces, "LARGE_BYTES", 0)
    large = surveyed(folder, definitions)
    assert large.problems == found.problems
    assert breaches_csv(large.breaches) == breaches_csv(found.breaches)


DEALS = """\
deal_id,at,amount,stage,account_id,owner
1,2025-01-02,10,Won,A,kim@example.com
2,2025-01-03,20,Lst,A,
3,2025-01-04,30,Won,X,
4,2025-01-05,40,Won,B,lee
"""


def put(folder: Folder) -> Folder:
    """Four deals, of which one has a wrong stage, one a wrong account, two no owner."""
    return folder.put({"deals.csv": DEALS, "accounts.csv": "account_id\nA\nB\n"})


@pytest.mark.parametrize(
    ("rule", "levels"),
    [
        ("{accepted: {stage: [Won, Lost]}}", ["error"]),
        ("{accepted: {stage: [Won, Lost]}, allow: 25%}", []),
        ("{accepted: {stage: [Won, Lost]}, allow: 24.9%}", ["error"]),
        ("{accepted: {stage: [Won, Lost]}, level: warn}", ["warning"]),
        ("{accepted: {stage: [Won, Lost]}, report: false}", []),
        ("{reference: {account_id: accounts}}", []),
        ("{reference: {account_id: accounts}, report: true}", ["error"]),
        ("{pattern: {stage: Won|Lost}}", []),
        ("{unique: stage, report: true}", ["error"]),
        ("{outliers: amount, report: true}", []),
        ("{freshness: {warn: 1d, error: 5000d}}", ["warning"]),
        ("{freshness: {warn: 5000d}}", []),
    ],
)
def test_reports_run_what_costs_little_or_is_asked_for(
    folder: Folder, rule: str, levels: list[str]
) -> None:
    told = put(folder).tell(of_deals(rule), now=NOW, grain="day")
    assert [one.level for one in told.problems] == levels
    assert told.value("won", "2025-01-05") == 40


def test_a_report_says_on_top_what_broke_and_is_written_whole(folder: Folder) -> None:
    rules = ("{accepted: {stage: [Won, Lost]}}", "{required: owner, level: warn, allow: 10%}")
    told = put(folder).tell(of_deals(*rules), grain="day", periods=2)
    broken = "deals: stage is not one of Won, Lost in 1 of 4 rows (25 %)"
    doubt = "deals: owner has no value in 2 of 4 rows (50 %, allowed 10 %)"
    for form in ("table", "markdown", "html"):
        page = " ".join(told.written(form).split())
        assert page.index(broken) < page.index(doubt) < page.index("EUR 40"), form
    problems = json.loads(told.written("json"))["problems"]
    assert [(one["code"], one["level"], one["message"], one["source"]) for one in problems] == [
        ("quality_accepted", "error", broken, "deals"),
        ("quality_required", "warning", doubt, "deals"),
    ]
    assert [one["line"] for one in problems] == [8, 9]
    assert problems[0]["hint"] == "first: deals.csv row 2: 'Lst'"
    assert told.value("won", "2025-01-05") == 40


def test_ids_and_addresses_are_named_in_the_rows_alone(folder: Folder) -> None:
    rules = ("{pattern: {account_id: A|B}}", "{pattern: {owner: '[a-z]+'}}")
    found = surveyed(put(folder), of_deals(*rules))
    assert [one.hint for one in found.problems] == [
        "first: deals.csv row 3",
        "first: deals.csv row 1",
    ]
    rows = breaches_csv(found.breaches).splitlines()[1:]
    assert [row.rsplit(",", 1)[1] for row in rows] == ["X", "kim@example.com"]


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("{required: [stage, stag]}", "missing_column", "deals has no column 'stag'"),
        ("{range: {owner_age: {from: 0}}}", "missing_column", "deals has no column 'owner_age'"),
        ("{lag: {warn: 1h}}", "missing_column", "deals has no column 'received_at'"),
        ("{range: {amount: {from: low}}}", "types", "'low' is not an amount of money"),
        ("{lag: {column: amount, warn: 1h}}", "types", "deals.amount is an amount of money, not a"),
    ],
)
def test_a_rule_that_disagrees_with_the_file_breaks_no_kpi(
    folder: Folder, rule: str, code: str, said: str
) -> None:
    told = put(folder).tell(of_deals(rule), grain="day", periods=1)
    assert told.value("won", "2025-01-05") == 40
    (one,) = told.problems
    assert (one.code, one.level, one.place and one.place.line) == (code, "error", 8)
    assert said in one.message
    assert (code, said in one.message) in [
        (other.code, said in other.message) for other in surveyed(folder, of_deals(rule)).problems
    ]


# Mondays to Sundays of 2025, the first on 6 January; 20 and 2 rows on weekdays and on weekends.
def days(changed: dict[str, int], weeks: int = 10) -> str:
    """A file with as many rows on each day."""
    rows = ["at"]
    for number in range(7 * weeks):
        day = date(2025, 1, 6) + timedelta(days=number)
        usual = 2 if day.weekday() > 4 else 20 + number % 3
        rows += [day.isoformat()] * changed.get(day.isoformat(), usual)
    return "\n".join([*rows, ""])


@pytest.mark.parametrize(
    ("rule", "changed", "weeks", "found"),
    [
        ("volume: day", {}, 10, []),
        ("volume: day", {"2025-03-12": 0}, 10, ["0 rows in 2025-03-12, where the 9 Wednesdays"]),
        ("volume: day", {"2025-03-12": 15}, 10, []),
        ("volume: day", {"2025-03-15": 60}, 10, ["60 rows in 2025-03-15, where the 9 Saturdays"]),
        ("volume: day", {"2025-03-05": 0}, 10, []),
        ("{volume: {per: day, newest: 14}}", {"2025-03-05": 0}, 10, ["0 rows in 2025-03-05"]),
        ("volume: day", {"2025-01-29": 0}, 4, []),
        ("{volume: {per: day, least: 3}}", {"2025-01-29": 0}, 4, ["the 3 Wednesdays before have"]),
        ("volume: week", {"2025-03-12": 0}, 10, []),
        (
            "{volume: {per: week, times: 2}}",
            {"2025-03-12": 0},
            10,
            ["in 2025-W11, where the 9 weeks"],
        ),
        ("{volume: {per: week, past: 4, times: 2}}", {"2025-03-12": 0}, 10, ["the 4 weeks before"]),
    ],
)
def test_volume(
    folder: Folder, rule: str, changed: dict[str, int], weeks: int, found: list[str]
) -> None:
    folder.put({"visits.csv": days(changed, weeks)})
    definitions = f"sources:\n  visits: {{path: visits.csv, time: at, quality: [{rule}]}}\n"
    told = surveyed(folder, definitions)
    assert len(told.problems) == len(found), told.problems
    assert all(said in one.message for said, one in zip(found, told.problems, strict=True))


@pytest.mark.parametrize("file", ["deal_id\n1\n", "", b"\xff\xfe\x00", None])
def test_a_file_that_cannot_be_read_is_a_problem_and_no_fault(
    folder: Folder, file: str | bytes | None
) -> None:
    put(folder)
    if file is None:
        (folder.path / "deals.csv").unlink()
    else:
        folder.put({"deals.csv": file})
    definitions = of_deals("{required: stage}", "{volume: day}", "{freshness: {warn: 1h}}")
    found = surveyed(folder, definitions)
    assert found.breaches == ()
    told = folder.tell(definitions.removeprefix("version: 1\n"), now=NOW)
    assert "error" in {one.level for one in told.problems}


def test_numbers_of_a_parquet_file_are_the_texts_that_people_write(folder: Folder) -> None:
    frame = pl.DataFrame({"at": [TODAY] * 2, "amount": [1.5, 2.0], "code": [7, 12]})
    put(folder).put({"deals.parquet": frame})
    definitions = of_deals(
        "{pattern: {code: '\\d', amount: '\\d\\.\\d'}}", "{range: {code: {to: 5}}}"
    )
    found = surveyed(folder, definitions.replace("deals.csv", "deals.parquet"))
    rows = [row.split(",")[4:] for row in breaches_csv(found.breaches).splitlines()[1:]]
    assert rows == [
        ["2", "code", "12"],
        ["2", "amount", "2"],
        ["1", "code", "7"],
        ["2", "code", "12"],
    ]


@pytest.mark.parametrize(
    ("rule", "want"),
    [("{range: {stage: {from: 3}}}", "number"), ("{lag: {column: stage, error: 2h}}", "time")],
)
def test_a_rule_of_a_column_of_another_type_breaks_no_kpi(
    folder: Folder, rule: str, want: str
) -> None:
    folder.put({"deals.csv": "closed,stage,amount\n2025-01-03,Won,5\n2025-02-04,Lost,7\n"})
    deals = f"sources:\n  deals:\n    path: deals.csv\n    time: closed\n    quality: [{rule}]\n"
    kpis = "kpis:\n  worth: {kind: sum, of: amount, source: deals, grain: month}\n"
    outcome = folder.tell(deals + kpis, now=NOW)
    (problem,) = outcome.problems
    assert "stage is" in problem.message
    assert want in problem.message
    assert problem.place is not None
    assert problem.place.line == 6
    results = run(open_book(folder.path / FILE, {}), Request(), TODAY).results
    assert [one.value for one in results if one.label == "2025-01"] == [5]
    told = surveyed(folder, deals)
    assert [one.message for one in told.problems] == [problem.message]
