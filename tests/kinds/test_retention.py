"""Who came back: every option beside SQL written by hand, and the days on which calendars trip."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run_files, run_folder

from kpicli.engine.estimates import wilson
from kpicli.errors import DefinitionError, RequestError
from kpicli.flow import open_book, rows_behind
from kpicli.planning.question import Question
from kpicli.results import Outcome

SAMPLE = Path(__file__).parents[2] / "sample_data"
Cells = dict[tuple[date, int], tuple[float, float]]

SAMPLE_BOOK = f"""
version: 1
timezone: Europe/Berlin
sources:
  events:
    path: {SAMPLE.as_posix()}/events/*.parquet
    time: timestamp
    columns: {{event_name: event, user_id: distinct_id}}
    zone: UTC
    unique: event_id
  users: {{path: {SAMPLE.as_posix()}/users.csv, key: user_id, start: created_at, end: deleted_at}}
kpis:
  on: {{kind: retention, entity: user_id, source: events, ages: 8}}
  on_or_after: {{kind: retention, entity: user_id, source: events, mode: on_or_after, ages: 8}}
  on_or_after_three:
    {{kind: retention, entity: user_id, source: events, mode: on_or_after, at_least: 3, ages: 8}}
  bracket:
    {{kind: retention, entity: user_id, source: events, mode: bracket, brackets: [0, 1, 3, 7]}}
  twice: {{kind: retention, entity: user_id, source: events, at_least: 2, ages: 8}}
  every: {{kind: retention, entity: user_id, source: events, starts: every, ages: 8}}
  rolling: {{kind: retention, entity: user_id, source: events, clock: rolling, ages: 8}}
  in_days:
    {{kind: retention, entity: user_id, source: events, age_in: day, at_age: 7, ages: 8}}
  in_hours:
    kind: retention
    entity: user_id
    from: {{source: users}}
    to: {{source: events}}
    age_in: hour
    mode: bracket
    brackets: [0, 1, 24, 48]
  alike:
    {{kind: retention, entity: user_id, source: events, same: platform, by: [platform], ages: 8}}
  every_alike:
    {{kind: retention, entity: user_id, source: events, same: platform, starts: every, ages: 8}}
  signed_up:
    kind: retention
    entity: user_id
    from: {{source: users}}
    to: {{source: events, where: event_name = 'alert_created'}}
    ages: 8
  signed_up_rolling:
    kind: retention
    entity: user_id
    from: {{source: users}}
    to: {{source: events, where: event_name = 'alert_created'}}
    clock: rolling
    ages: 8
"""

# Sunday 28 September 2025 is the last day of the files: week 39 is whole, 22 to 28 September.
TABLES = """
create table acts as
  select distinct event_id, distinct_id as who, event, platform,
    timestamp at time zone 'UTC' as moment,
    cast(timestamp at time zone 'UTC' at time zone 'Europe/Berlin' as date) as day
  from read_parquet('{sample}/events/*.parquet') where distinct_id is not null;
create table sign_ups as
  select user_id as who, cast(created_at as timestamptz) as moment,
    cast(cast(created_at as timestamptz) at time zone 'Europe/Berlin' as date) as day,
    date_trunc('week', day)::date as cohort
  from read_csv('{sample}/users.csv', header = true, all_varchar = true);
create table first_acts as
  select who, min(moment) as moment, min(day) as day, date_trunc('week', min(day))::date as cohort
  from acts where who in (select who from sign_ups) group by who;
create table every_acts as
  select who, min(moment) as moment, min(day) as day, date_trunc('week', acts.day)::date as cohort
  from acts where who in (select who from sign_ups) group by who, cohort
  having cohort >= date '2025-06-01';
create table alerts as select * from acts where event = 'alert_created';
create table alike_acts as
  select distinct a.who, a.day, s.cohort as shown from acts a join (
    select who, platform, date_trunc('week', day)::date as cohort, min(day) as since
    from acts group by all
  ) s on s.who = a.who and s.platform = a.platform and a.day >= s.since;
create table ages as select unnest(range(0, 9))::int as age;
"""
MEMBERS = "select m.*, age from {members} m, ages where cohort + 7 * age + 7 <= date '2025-09-29'"
CELLS = """
select cohort, age, sum((n >= {least})::int), count(*) from (
  select m.who, m.cohort, m.age, count(a.day) filter (where {inside}) as n
  from ({members}) m left join {acts} a on a.who = m.who and a.day >= m.day
  group by all
) group by all
"""
WEEK = "date_diff('day', m.cohort, date_trunc('week', a.day)::date) // 7"
OWN = "cast(floor(date_diff('microsecond', m.moment, a.moment) / (7 * 86400e6)) as bigint)"
ROLLING = (
    "select m.*, age from {members} m, ages where epoch_us(m.moment) + (age + 1) * 604800000000"
    " <= epoch_us(timestamptz '2025-09-29 00:00:00 Europe/Berlin')"
)
BRACKETS = (
    "select m.*, first as age, last from {members} m, "
    "(values (0, 0), (1, 2), (3, 6)) b(first, last) "
    "where cohort + 7 * last + 7 <= date '2025-09-29'"
)


IN_DAYS = "select m.*, age from {members} m, ages where m.day + age + 1 <= date '2025-09-29'"
IN_HOURS = (
    "select m.*, first as age, last from {members} m, (values (0, 0), (1, 23), (24, 47)) "
    "b(first, last) where epoch_us(m.moment) + (last + 1) * 3600000000"
    " <= epoch_us(timestamptz '2025-09-29 00:00:00 Europe/Berlin')"
)
HOUR = "cast(floor(date_diff('microsecond', m.moment, a.moment) / 3600e6) as bigint)"


def _query(
    members: str, inside: str, acts: str = "acts", least: int = 1, spread: str = MEMBERS
) -> str:
    told = spread.format(members=members)
    return CELLS.format(members=told, inside=inside, acts=acts, least=least)


ORACLES = {
    "on": _query("first_acts", f"{WEEK} = m.age"),
    "on_or_after": _query("first_acts", f"{WEEK} >= m.age"),
    "on_or_after_three": _query("first_acts", f"{WEEK} >= m.age", least=3),
    "bracket": _query("first_acts", f"{WEEK} between m.age and m.last", spread=BRACKETS),
    "twice": _query("first_acts", f"{WEEK} = m.age", least=2),
    "every": _query("every_acts", f"{WEEK} = m.age"),
    "rolling": _query("first_acts", f"{OWN} = m.age", spread=ROLLING),
    "in_days": _query("first_acts", "a.day = m.day + m.age", spread=IN_DAYS),
    "in_hours": _query(
        "sign_ups", f"a.moment >= m.moment and {HOUR} between m.age and m.last", spread=IN_HOURS
    ),
    "alike": _query("first_acts", f"a.shown = m.cohort and {WEEK} = m.age", "alike_acts"),
    "every_alike": _query("every_acts", f"a.shown = m.cohort and {WEEK} = m.age", "alike_acts"),
    "signed_up": _query("sign_ups", f"{WEEK} = m.age", "alerts"),
    "signed_up_rolling": _query(
        "sign_ups", f"a.moment >= m.moment and {OWN} = m.age", "alerts", spread=ROLLING
    ),
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("retention")
    (folder / "kpi_definitions.yaml").write_text(SAMPLE_BOOK, encoding="utf-8")
    return run_folder(folder, grain="week", periods=12)


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    base = duckdb.connect()
    for statement in TABLES.format(sample=SAMPLE.as_posix()).split(";")[:-1]:
        base.execute(statement)
    yield base
    base.close()


@pytest.mark.parametrize("name", ORACLES)
def test_the_grid_is_what_sql_finds_in_the_sample(
    name: str, sample: Outcome, tables: duckdb.DuckDBPyConnection
) -> None:
    found = tables.execute(ORACLES[name]).fetchall()
    expected = {(cohort, age): (came, size) for cohort, age, came, size in found}
    told = cells_of(sample, name)
    assert len(told) > 20
    assert told == {place: expected[place] for place in told}
    first = min(cohort for cohort, _ in told)
    assert set(told) == {place for place in expected if place[0] >= first}


@pytest.mark.parametrize("name", ORACLES)
def test_the_mean_is_that_of_the_cohorts_old_enough(name: str, sample: Outcome) -> None:
    cells = cells_of(sample, name)
    means = [one for one in sample.results if one.kpi == name and one.part == "mean" and not one.by]
    assert means
    for mean in means:
        of_age = [cell for (_, age), cell in cells.items() if age == mean.age]
        sums = (sum(came for came, _ in of_age), sum(size for _, size in of_age))
        assert (mean.numerator, mean.denominator) == sums
        assert mean.value == pytest.approx(sums[0] / sums[1])
        # Of recurring cohorts one user stands in several: no draws of their own.
        assert (mean.low, mean.high) == ((None, None) if "every" in name else wilson(*sums))


@pytest.mark.parametrize("platform", ["android", "ios", "web"])
def test_a_group_is_who_first_of_all_started_there(
    platform: str, sample: Outcome, tables: duckdb.DuckDBPyConnection
) -> None:
    """Who came on another platform before is in no cohort of this one."""
    mine = "create or replace table mine as select * from acts where platform = $1"
    tables.execute(mine, [platform])
    tables.execute("""create or replace table first_mine as
        select distinct who, f.day, f.cohort from first_acts f join mine using (who, moment)""")
    found = tables.execute(_query("first_mine", f"{WEEK} = m.age", "mine")).fetchall()
    told = cells_of(sample, "alike", {"platform": platform})
    assert len(told) > 20
    expected = {(cohort, age): (came, size) for cohort, age, came, size in found}
    assert told == {place: expected[place] for place in told}


def cells_of(outcome: Outcome, kpi: str, by: dict[str, str] | None = None) -> Cells:
    """Numerator and denominator by cohort and age, of what has a value."""
    return {
        (one.start, one.age): (one.numerator, one.denominator)
        for one in outcome.results
        if one.kpi == kpi and one.part is None and one.by == (by or {})
        if one.start and one.age is not None
        if one.numerator is not None and one.denominator is not None
    }


def grid(folder: Path, keys: str, rows: str, **request: Any) -> dict[tuple[str, int], str]:
    """The cells of one KPI over one file of time and user, as "2/3" or the reason."""
    kpi = f"kind: retention, entity: user, source: acts, population: seen, {keys}"
    book = f"""
version: 1
timezone: Europe/Berlin
sources: {{acts: {{path: acts.csv, time: at, types: {{amount: money}}, quiet: 12mo}}}}
kpis: {{kept: {{{kpi}}}}}
"""
    outcome = run_files(folder, {"kpi_definitions.yaml": book, "acts.csv": rows}, **request)
    assert outcome.problems == ()
    return {
        (one.label or "", one.age): _cell(one.numerator, one.denominator, one.reason)
        for one in outcome.results
        if one.age is not None and one.part is None
    }


def _cell(numerator: float | None, denominator: float | None, reason: str | None) -> str:
    if numerator is None or denominator is None:
        return str(reason)
    return f"{numerator:g}/{denominator:g}"


MIDNIGHT = """at,user
2025-06-02 23:45,ann
2025-06-03 00:01,ann
2025-06-05 12:00,bob
"""


@pytest.mark.parametrize(
    ("clock", "cells"), [("calendar", ("1/1", "1/1")), ("rolling", ("1/1", "0/1"))]
)
def test_a_sign_up_before_midnight(clock: str, cells: tuple[str, str], tmp_path: Path) -> None:
    found = grid(tmp_path, f"clock: {clock}, grain: day, ages: 1", MIDNIGHT)
    assert (found["2025-06-02", 0], found["2025-06-02", 1]) == cells


@pytest.mark.parametrize(
    ("keys", "start", "back", "ages"),
    [
        # The clock goes forward on 30 March: half past twelve comes 23 and a half hours after noon.
        ("clock: rolling", "2025-03-29T12:00+01:00", "2025-03-30T12:30+02:00", [0]),
        ("clock: calendar", "2025-03-29T12:00+01:00", "2025-03-30T12:30+02:00", [1]),
        ("age_in: hour", "2025-03-30T01:30+01:00", "2025-03-30T03:30+02:00", [1]),
        # It goes back on 26 October: half past eleven comes after 24 and a half.
        ("clock: rolling", "2025-10-25T12:00+02:00", "2025-10-26T11:30+01:00", [1]),
        ("clock: calendar", "2025-10-25T00:30+02:00", "2025-10-26T23:30+01:00", [1]),
        ("age_in: hour", "2025-10-26T02:30+02:00", "2025-10-26T02:30+01:00", [1]),
        # At exactly 24 hours the second day has begun; a second before it has not.
        ("clock: rolling", "2025-06-02T12:00:00+02:00", "2025-06-03T12:00:00+02:00", [1]),
        ("clock: rolling", "2025-06-02T12:00:00+02:00", "2025-06-03T11:59:59+02:00", [0]),
    ],
)
def test_the_nights_the_clock_changes(
    keys: str, start: str, back: str, ages: list[int], tmp_path: Path
) -> None:
    rows = f"at,user\n{start},ann\n{back},ann\n2025-12-20T00:00+01:00,bob\n"
    found = grid(tmp_path, f"{keys}, grain: day, ages: 3", rows, periods=300)
    told = {age: found[start[:10], age] for age in range(4)}
    assert told == {age: "1/1" if age in (0, *ages) else "0/1" for age in range(4)}


@pytest.mark.parametrize(
    ("keys", "cells"),
    [
        # Ann starts on the web and is back by phone; Bob's second start is his phone's.
        ("grain: week, ages: 1", ("2/2", "2/2")),
        ("grain: week, ages: 1, same: device", ("2/2", "1/2")),
        ("grain: week, ages: 1, same: device, clock: rolling", ("2/2", "1/2")),
        ("grain: week, ages: 1, same: device, mode: on_or_after", ("2/2", "1/2")),
        ("grain: week, ages: 1, same: device, of: amount", ("30/30", "5/30")),
    ],
)
def test_back_with_the_same(keys: str, cells: tuple[str, str], tmp_path: Path) -> None:
    rows = """at,user,device,amount
2025-06-02 10:00,ann,web,10
2025-06-02 10:00,bob,web,10
2025-06-04 10:00,bob,phone,10
2025-06-10 10:00,ann,phone,5
2025-06-11 10:00,bob,phone,5
2025-06-30 10:00,bob,,5
"""
    found = grid(tmp_path, keys, rows)
    assert (found["2025-W23", 0], found["2025-W23", 1]) == cells


FIRST_STARTS = """at,user,device
2025-06-02 10:00,ann,web
2025-06-02 10:00,bob,
2025-06-03 10:00,eve,web
2025-06-03 10:00,eve,phone
2025-06-09 10:00,ann,phone
2025-06-09 10:00,bob,phone
2025-06-09 11:00,eve,web
2025-06-16 10:00,ann,phone
2025-06-16 10:00,bob,phone
2025-06-29 10:00,dan,phone
"""


@pytest.mark.parametrize("device", [None, "web", "phone", "(none)"])
@pytest.mark.parametrize("alone", [False, True])
def test_a_cohort_is_that_of_the_first_start_whatever_it_showed(
    device: str | None, alone: bool, tmp_path: Path
) -> None:
    """Ann came by phone later, Bob first showed nothing; Eve showed both at once."""
    only = {"for_": {"device": device}} if alone and device else {}
    keys = "kind: retention, entity: user, source: acts, population: seen, grain: week, ages: 1"
    book = f"""
version: 1
sources: {{acts: {{path: acts.csv, time: at}}}}
kpis:
  kept: {{{keys}, by: [device]}}
  alike: {{{keys}, same: device, by: [device]}}
"""
    files = {"kpi_definitions.yaml": book, "acts.csv": FIRST_STARTS}
    outcome = run_files(tmp_path, files, **only)
    cells = {
        None: (("3/3", "1/2 1 unknown"), "1/1"),
        "web": (("2/2", "1/2"), None),
        "phone": (("1/1", "0/1"), "1/1"),
        "(none)": (("1/1", "no_rows 1 unknown"), None),
    }
    by = {"device": device} if device and not alone else {}
    told = {
        (one.kpi, one.label): _cell(one.numerator, one.denominator, one.reason)
        + "".join(f" {rows} {why}" for why, rows in one.left_out.items())
        for one in outcome.results
        if one.age == 1 and one.part is None and one.by == by
    }
    (kept, alike), _ = cells[device]
    assert (told["kept", "2025-W23"], told["alike", "2025-W23"]) == (kept, alike)
    assert told.get(("kept", "2025-W24"), "no_rows") == "no_rows"


def test_groups_of_a_grid_stand_as_in_the_cut(tmp_path: Path) -> None:
    book = """
version: 1
sources:
  people: {path: people.csv, key: user, start: born}
segments: {size: {of: people.seats, from: {small: 0, large: 10}}}
kpis: {kept: {kind: retention, entity: user, source: people, by: [size], grain: week, ages: 1}}
"""
    rows = (
        "user,born,seats\nann,2025-06-02,20\nbob,2025-06-03,1\ncid,2025-06-04,\ndan,2025-06-15,1\n"
    )
    outcome = run_files(tmp_path, {"kpi_definitions.yaml": book, "people.csv": rows})
    aged = [one.by.get("size") for one in outcome.results if one.age == 0]
    assert list(dict.fromkeys(aged)) == [None, "small", "large", "(none)"]


def test_dates_have_no_hours(tmp_path: Path) -> None:
    book = """
version: 1
sources: {acts: {path: acts.csv, time: at}}
kpis: {kept: {kind: retention, entity: user, source: acts, population: seen, age_in: hour}}
"""
    files = {"kpi_definitions.yaml": book, "acts.csv": "at,user\n2025-06-02,ann\n"}
    (problem,) = run_files(tmp_path, files).problems
    assert (problem.code, problem.hint) == ("no_hours", "write age_in: day")


def test_the_members_behind_a_cell(tmp_path: Path) -> None:
    rows = (
        "at,user\n2025-01-06,ann\n2025-01-07,bob\n2025-01-14,ann\n2025-01-21,bob\n2025-02-02,cid\n"
    )
    grid(tmp_path, "grain: week, ages: 2", rows)
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    for age, who in ((1, "ann"), (2, "bob")):
        outcome, (found,) = rows_behind(
            book, Question("kept", "2025-W02", age=age), date(2026, 1, 1)
        )
        assert (outcome.results[0].age, outcome.results[0].value) == (age, 0.5)
        came = {one["entity"]: one["numerator"] for one in found.records()}
        assert came == {name: int(name == who) for name in ("ann", "bob")}
    with pytest.raises(RequestError, match="kept has no age 3") as wrong:
        rows_behind(book, Question("kept", "2025-W02", age=3), date(2026, 1, 1))
    assert wrong.value.problems[0].hint == "it has 0 to 2"
    with pytest.raises(RequestError, match="kept has no part 'mean'") as wrong:
        rows_behind(book, Question("kept", part="mean", age=1), date(2026, 1, 1))
    assert "--age name a cell" in str(wrong.value.problems[0].hint)


def test_a_day_of_23_hours_is_a_day_of_dates(tmp_path: Path) -> None:
    """The clock went forward on 30 March 2025: 7 days after the 24th are 167 hours."""
    rows = "at,user\n2025-03-24,ann\n2025-03-31,ann\n2025-04-13,ann\n"
    found = grid(tmp_path, "clock: rolling, grain: week, ages: 2", rows)
    assert [found["2025-W13", age] for age in (0, 1, 2)] == ["1/1", "1/1", "1/1"]


def test_on_the_rolling_clock_every_member_is_old_enough_alone(tmp_path: Path) -> None:
    rows = "at,user\n2025-06-02 08:00,ann\n2025-06-02 20:00,bob\n2025-06-04 12:00,cid\n"
    found = grid(tmp_path, "clock: rolling, grain: day, ages: 2", rows, as_of=date(2025, 6, 5))
    assert found["2025-06-02", 1] == "0/2"
    # The third day of both ends after midnight; only the calendar's has passed.
    assert found["2025-06-02", 2] == "immature"
    assert found["2025-06-04", 0] == "immature"


def test_week_53_has_its_own_next_week(tmp_path: Path) -> None:
    rows = "at,user\n2020-12-31,ann\n2021-01-04,ann\n2021-01-12,bob\n2021-01-17,bob\n"
    found = grid(tmp_path, "grain: week, ages: 1", rows)
    assert found["2020-W53", 1] == "1/1"
    assert found["2021-W01", 0] == "no_rows"
    assert found["2021-W02", 1] == "immature"


def test_nobody_is_no_zero(tmp_path: Path) -> None:
    rows = "at,user\n2025-01-06,ann\n2025-01-20,bob\n2025-02-02,bob\n"
    found = grid(tmp_path, "grain: week, ages: 1", rows)
    assert found["2025-W03", 1] == "no_rows"
    assert found["2025-W02", 1] == "0/1"


def test_money_is_that_of_age_0(tmp_path: Path) -> None:
    rows = """at,user,amount
2025-01-05,ann,100.00
2025-01-20,ann,20.00
2025-02-01,ann,60.00
2025-01-09,bob,30.00
2025-03-31,bob,90.00
2025-02-11,cid,0.00
2025-03-12,cid,5.00
"""
    found = grid(tmp_path, "grain: month, ages: 2, of: amount", rows)
    assert [found["2025-01", age] for age in (0, 1, 2)] == ["150/150", "60/150", "90/150"]
    assert found["2025-02", 1] == "5/0"
    assert found["2025-02", 2] == "immature"
    outcome = run_folder(tmp_path)
    means = {one.age: one for one in outcome.results if one.part == "mean"}
    # Cid's 5 came from nothing: with what January brought they are the money of both cohorts.
    assert [(means[age].numerator, means[age].denominator) for age in (1, 2)] == [
        (65, 150), (90, 150),
    ]  # fmt: skip
    assert means[1].label == "2025-01..2025-02"


def test_what_came_before_the_start_is_no_return(tmp_path: Path) -> None:
    files = {
        "kpi_definitions.yaml": """
version: 1
sources:
  people: {path: people.csv, key: user, start: born, quiet: 12mo}
  acts: {path: acts.csv, time: at}
kpis:
  kept: {kind: retention, entity: user, from: {source: people}, to: {source: acts}, grain: week}
""",
        "people.csv": "user,born\nann,2025-01-08 12:00\nbob,2025-01-08 12:00\n",
        # Ann came on Monday, before she was there; Bob on the morning of his day.
        "acts.csv": "user,at\nann,2025-01-06 09:00\nbob,2025-01-08 09:00\neve,2025-01-19\n",
    }
    outcome = run_files(tmp_path, files)
    (cell,) = [one for one in outcome.results if (one.label, one.age) == ("2025-W02", 0)]
    assert (cell.numerator, cell.denominator) == (1, 2)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("mode: bracket", "mode: bracket and brackets: go together"),
        ("brackets: [0, 1]", "mode: bracket and brackets: go together"),
        ("mode: bracket, brackets: [3, 1]", "ages that rise"),
        ("mode: bracket, brackets: [4, 8]", "at_age: 1 is in none of the brackets"),
        ("of: amount, mode: on_or_after", "counts the money of one period"),
        ("of: amount, at_least: 2", "counts the money of one period"),
        ("to: {source: acts}", "one of source: (with did:) and to:"),
        ("at_least: 0", "greater than or equal to 1"),
        ("age_in: hour, clock: calendar", "age_in: hour runs from each start"),
        (
            "from: {source: acts}, to: {source: acts, lasting: end_inclusive}, age_in: day",
            "one of source: (with did:) and to:",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(keys: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as wrong:
        grid(tmp_path, keys, "at,user\n")
    assert message in " ".join(one.message for one in wrong.value.problems)


ACTS = st.lists(st.tuples(st.integers(0, 55), st.sampled_from("abcd")), min_size=1, max_size=30)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS, order=st.randoms())
def test_laws(acts: list[tuple[int, str]], order: Any, tmp_path: Path) -> None:
    """Everybody is there at age 0, more are back some day than that week; rows have no order."""
    days = [(date.fromordinal(date(2025, 1, 6).toordinal() + day), who) for day, who in acts]
    rows = [f"{day},{who}" for day, who in days]
    shuffled = [*rows, *rows]
    order.shuffle(shuffled)
    request: dict[str, Any] = {"as_of": date(2025, 3, 3), "periods": 8}
    plain = grid(tmp_path, "grain: week, ages: 7", "\n".join(["at,user", *rows]), **request)
    twice = grid(tmp_path, "grain: week, ages: 7", "\n".join(["at,user", *shuffled]), **request)
    kept = grid(
        tmp_path,
        "grain: week, ages: 7, mode: on_or_after",
        "\n".join(["at,user", *rows]),
        **request,
    )
    assert plain == twice
    for (label, age), cell in plain.items():
        if "/" in cell:
            came, size = cell.split("/")
            assert age or came == size
            assert int(kept[label, age].split("/")[0]) >= int(came)
