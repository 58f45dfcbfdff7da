"""How long it takes: published curves, medians beside SQL, and who is still waiting."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import log, sqrt
from pathlib import Path
from statistics import mean, median
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run_files, run_folder

from kpicli.engine.evidence import evidence_of
from kpicli.engine.focus import focus_on
from kpicli.errors import DefinitionError
from kpicli.flow import open_book, rows_behind
from kpicli.planning.question import Question
from kpicli.reports.evidence import write_sums
from kpicli.results import Outcome, Result

SAMPLE = Path(__file__).parents[2] / "sample_data"
START = date(2025, 1, 1)

BOOK = """
version: 1
timezone: Europe/Berlin
sources:
  cases: {{path: cases.csv, key: case, start: began, quiet: 10y}}
kpis:
  wait:
    kind: time_to
    entity: case
    from: {{source: cases}}
    to: {{source: cases, where: how = 'over', time: ended}}
    grain: year
    {keys}
"""


def waits(
    folder: Path, cases: list[tuple[int, str]], keys: str = "lost: how = 'left'"
) -> dict[str | None, Result]:
    """The parts of a KPI over cases of so many days, all begun on one day; how: over, left, on."""
    lines = [
        f"{number},{START},{START + timedelta(days=days) if how != 'on' else ''},{how}"
        for number, (days, how) in enumerate(cases)
    ]
    files = {
        "kpi_definitions.yaml": BOOK.format(keys=keys),
        "cases.csv": "\n".join(["case,began,ended,how", *lines]),
    }
    outcome = run_files(folder, files, as_of=date(2027, 1, 1), periods=2)
    assert outcome.problems == ()
    return {one.part: one for one in outcome.results if one.label == "2025"}


def over(*days: int) -> list[tuple[int, str]]:
    return [(each, "over") for each in days]


def left(*days: int) -> list[tuple[int, str]]:
    return [(each, "left") for each in days]


# Weeks in remission of children with leukaemia, Freireich and others 1963; the textbooks' medians.
TREATED = [
    *over(6, 6, 6, 7, 10, 13, 16, 22, 23),
    *left(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
]
PLACEBO = over(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)


# With the limits that Venables and Ripley print for the band of ln(-ln S): 13 and none, 4 and 11.
@pytest.mark.parametrize(("weeks", "expected"), [(TREATED, (23, 13, None)), (PLACEBO, (8, 4, 11))])
def test_remission_of_leukaemia_as_published(
    weeks: list[tuple[int, str]], expected: tuple[float, float, float | None], tmp_path: Path
) -> None:
    found = waits(tmp_path, weeks)[None]
    assert ((found.value, found.low, found.high), found.n) == (expected, 21)


@pytest.mark.parametrize(
    ("cases", "expected", "reason"),
    [
        (over(1, 2, 3), 2, None),
        # One half waits from day 2 to day 7: the middle, as of any four numbers.
        (over(1, 2, 7, 9), 4.5, None),
        # 3/4, then of two left one: 3/8 at day 3.
        ([*over(1), *left(2), *over(3), *over(9)], 3, None),
        # One half waits from day 2 on, and nobody knows how long: it has been reached.
        ([*over(1, 2), *left(3, 4)], 2, None),
        ([*over(1), *left(2, 3)], None, "not_reached"),
        (left(1, 2), None, "not_reached"),
        # Who leaves on the day on which another arrives was there until then.
        ([*over(5), *left(5)], 5, None),
        (over(0, 0, 4), 0, None),
        ([], None, "no_rows"),
    ],
)
def test_where_the_curve_falls_to_one_half(
    cases: list[tuple[int, str]], expected: float | None, reason: str | None, tmp_path: Path
) -> None:
    found = waits(tmp_path, cases)[None]
    assert (found.value, found.reason) == (expected, reason)


def test_the_lost_may_wait_to_the_end(tmp_path: Path) -> None:
    """With two of five lost early, half of all are there later, or never."""
    cases = [*over(10, 20, 30), *left(1, 2)]
    assert waits(tmp_path, cases)[None].value == 20
    everyone = waits(tmp_path, cases, "by_day: 20")
    assert everyone[None].value == 30
    assert everyone["share by day 20"].value == 0.4


def test_the_parts_know_only_who_got_there(tmp_path: Path) -> None:
    cases = [*over(1, 2, 3, 10), *left(4), (0, "on")]
    found = waits(tmp_path, cases, "lost: how = 'left', by_day: 3".replace(", ", "\n    "))
    assert list(found) == [None, "plain median", "plain mean", "share by day 3"]
    assert (found["plain median"].value, found["plain median"].n) == (2.5, 4)
    assert (found["plain mean"].value, found["plain mean"].n) == (4, 4)
    share = found["share by day 3"]
    assert (share.numerator, share.denominator, share.reason) == (3, 6, None)


def test_shares_by_several_days(tmp_path: Path) -> None:
    """Each is that of the day alone: with hours, over the night the clock changes, by split."""
    rows = [
        "2025-03-29 12:00,ann,start,a", "2025-03-30 12:00,ann,goal,b",
        "2025-03-29 12:00,bob,start,b", "2025-03-31 12:00,bob,goal,a",
        "2025-03-29 12:00,cid,start,a", "2025-03-30 12:01,cid,goal,a",
        "2025-03-30 20:00,dan,start,b", "2025-04-01 19:00,eve,seen,b",
    ]  # fmt: skip
    keys = "kind: time_to, entity: who, population: seen, grain: month, by: [device]"
    steps = ", ".join(
        f"{step}: {{source: acts, where: what = '{what}'}}"
        for step, what in (("from", "start"), ("to", "goal"))
    )
    kpis = "".join(
        f"  k{at}: {{{keys}, {steps}, by_day: {days}}}\n"
        for at, days in enumerate(("[1, 2]", "1", "2"))
    )
    files = {
        "kpi_definitions.yaml": "version: 1\ntimezone: Europe/Berlin\n"
        f"sources: {{acts: {{path: acts.csv, time: at}}}}\nkpis:\n{kpis}",
        "acts.csv": "\n".join(["at,who,what,device", *rows]) + "\n",
    }
    outcome = run_files(tmp_path, files, as_of=date(2025, 4, 2))
    told = {
        (one.kpi, one.part, one.by.get("device")): (one.numerator, one.denominator)
        for one in outcome.results
        if one.part and one.part.startswith("share") and one.label == "2025-03"
    }
    assert told["k0", "share by day 1", None] == (1, 4)
    assert told["k0", "share by day 2", None] == (3, 4)
    for name, day in (("k1", 1), ("k2", 2)):
        for device in (None, "a", "b"):
            part = f"share by day {day}"
            assert told["k0", part, device] == told[name, part, device]


def test_the_share_is_of_those_old_enough(tmp_path: Path) -> None:
    """At exactly seven days it counts, to the second; who may still get there is immature."""
    found = run_files(
        tmp_path,
        {
            "kpi_definitions.yaml": """
version: 1
timezone: Europe/Berlin
sources:
  people: {path: people.csv, key: who, start: born, quiet: 1y}
  acts: {path: acts.csv, time: at, quiet: 1y}
kpis:
  first:
    {kind: time_to, entity: who, from: {source: people}, to: {source: acts}, by_day: 7}
""",
            # The clock goes forward on 30 March: seven local days of 167 hours.
            "people.csv": """who,born
ann,2025-03-25 10:00:00
bob,2025-03-25 10:00:00
cid,2025-03-30 10:00:00
dan,2025-03-31 10:00:00
""",
            "acts.csv": """who,at
ann,2025-03-01 10:00:00
ann,2025-04-01 10:00:00
bob,2025-04-01 10:00:01
dan,2025-04-02 10:00:00
""",
        },
        as_of=date(2025, 4, 7),
        periods=1,
        grain="month",
    )
    by_part = {one.part: one for one in found.results}
    share = by_part["share by day 7"]
    assert (share.numerator, share.denominator, dict(share.left_out)) == (1, 3, {"immature": 1})
    # 167 hours, and one second more; Dan's two days; Cid waits.
    assert by_part["plain median"].value == pytest.approx(167 / 24)
    assert by_part[None].value == pytest.approx(167 / 24 + 0.5 / 86400)


@pytest.mark.parametrize(("unit", "expected"), [("days", 0.25), ("hours", 6), ("minutes", 360)])
def test_units(unit: str, expected: float, tmp_path: Path) -> None:
    files = {
        "kpi_definitions.yaml": BOOK.format(keys=f"unit: {unit}"),
        "cases.csv": "case,began,ended,how\n1,2025-01-01 06:00,2025-01-01 12:00,over\n",
    }
    outcome = run_files(tmp_path, files, as_of=date(2026, 1, 1), periods=1)
    assert outcome.results[0].value == expected
    assert outcome.kpis[0].unit == unit


def test_the_rows_say_who_still_waits(tmp_path: Path) -> None:
    waits(tmp_path, [*over(1, 2, 4), (0, "on")])
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    asked = Question("wait", period="2025", as_of=date(2026, 1, 1))
    (found,) = evidence_of(focus_on(book, asked, date(2027, 1, 1)))
    rows = found.frame.select("entity", "numerator", "observed").sort("entity").rows()
    # Open since 1 January, read to 31 December.
    assert rows == [("0", 1, 1), ("1", 2, 1), ("2", 4, 1), ("3", 364, 0)]
    assert found.running == 1


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("unit: months", "write days, hours or minutes"),
        ("{dated_by: goal, by_day: 3}", "dated_by: goal knows only who got there"),
        ("{dated_by: goal, lost: how = 'left'}", "dated_by: goal knows only who got there"),
        ("by_day: -1", "greater than or equal to 0"),
    ],
)
def test_what_does_not_fit_together_is_refused(keys: str, message: str, tmp_path: Path) -> None:
    written = keys.strip("{}").replace(", ", "\n    ")
    with pytest.raises(DefinitionError) as wrong:
        waits(tmp_path, over(1), written)
    assert message in " ".join(one.message for one in wrong.value.problems)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_where_nobody_waits_it_is_the_plain_median(days: list[int], tmp_path: Path) -> None:
    found = waits(tmp_path, over(*days))
    assert found[None].value == found["plain median"].value == median(days)
    assert found["plain mean"].value == pytest.approx(mean(days))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cases=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["over", "left"])), min_size=1, max_size=20
    )
)
def test_it_is_what_the_product_of_shares_says(
    cases: list[tuple[int, str]], tmp_path: Path
) -> None:
    found = waits(tmp_path, cases)[None]
    assert found.value == by_hand(cases)
    assert (found.low, found.high) == band_by_hand(cases)
    if found.value is not None:
        assert found.low is None or found.low <= found.value
        assert found.high is None or found.value <= found.high


def by_hand(cases: list[tuple[int, str]]) -> float | None:
    """Kaplan and Meier's product, in whole numbers: one half is exactly one half."""
    waiting, out_of, reached = 1, 1, None
    for day in sorted({day for day, how in cases if how == "over"}):
        at_risk = sum(each >= day for each, _ in cases)
        ended = sum(case == (day, "over") for case in cases)
        waiting, out_of = waiting * (at_risk - ended), out_of * at_risk
        if 2 * waiting < out_of:
            return day if reached is None else (reached + day) / 2
        if 2 * waiting == out_of:
            reached = day
    return reached


def band_by_hand(cases: list[tuple[int, str]]) -> tuple[float | None, float | None]:
    """When ln(-ln S), give or take 1.96 of Greenwood's errors, meets that of one half."""
    waiting, spread, low, high = 1.0, 0.0, None, None
    for day in sorted({day for day, how in cases if how == "over"}):
        at_risk = sum(each >= day for each, _ in cases)
        ended = sum(case == (day, "over") for case in cases)
        if at_risk == ended:
            break
        waiting *= 1 - ended / at_risk
        spread += ended / (at_risk * (at_risk - ended))
        error = 1.959964 * sqrt(spread) / -log(waiting)
        middle = log(-log(waiting))
        if low is None and middle + error >= log(log(2)):
            low = day
        if high is None and middle - error > log(log(2)):
            high = day
    return low, high


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
  deals:
    path: {SAMPLE.as_posix()}/deals.csv
    key: deal_id
    start: created
    end: close_date
    dates: DD.MM.YYYY
    quiet: 1mo
kpis:
  alert:
    kind: time_to
    entity: user_id
    from: {{source: users}}
    to: {{source: events, where: event_name = 'alert_created'}}
    unit: hours
    by_day: 7
    grain: month
  cycle:
    kind: time_to
    entity: deal_id
    from: {{source: deals}}
    to: {{source: deals, where: is_won, time: close_date}}
    lost: is_closed and not is_won
    by_day: 60
    grain: quarter
  closed:
    kind: time_to
    entity: deal_id
    from: {{source: deals}}
    to: {{source: deals, where: is_closed, time: close_date}}
    window: 6mo
    grain: quarter
  won:
    kind: time_to
    entity: deal_id
    from: {{source: deals}}
    to: {{source: deals, where: is_won, time: close_date}}
    dated_by: goal
    grain: quarter
"""
TABLES = """
create table users as
  select user_id, cast(created_at as timestamptz) as born from
  read_csv('{sample}/users.csv', header = true, all_varchar = true);
create table alerts as
  select distinct_id as user_id, (timestamp at time zone 'UTC') as moment
  from read_parquet('{sample}/events/*.parquet') where event = 'alert_created';
create table deals as
  select "Deal ID" as deal, strptime(Created, '%d.%m.%Y')::date as born,
    try_strptime("Close Date", '%d.%m.%Y')::date as closed,
    "Is Won" = 'Yes' as won
  from read_csv('{sample}/deals.csv', header = true, all_varchar = true)
  where "Deal ID" is not null;
create table alert as
  select date_trunc('month', born at time zone 'Europe/Berlin')::date as period,
    epoch_us(coalesce(moment, timestamptz '2025-09-29 00:00:00 Europe/Berlin')) as stop,
    (stop - epoch_us(born)) / 3600e6 as took, moment is not null as observed,
    moment at time zone 'Europe/Berlin' <= born at time zone 'Europe/Berlin' + interval 7 days
      as early,
    born at time zone 'Europe/Berlin' + interval 7 days < timestamp '2025-09-29' as grown
  from users left join (
    select u.user_id, min(moment) as moment from users u join alerts a
    on a.user_id = u.user_id and moment >= born group by u.user_id
  ) using (user_id);
create table cycle as
  select date_trunc('quarter', born)::date as period, won and closed is not null as observed,
    coalesce(closed, date '2025-09-28') - born as took, closed - born <= 60 as early,
    born + 60 < date '2025-09-29' as grown
  from deals;
create table all_deals as
  select period, closed is not null as observed,
    coalesce(closed, date '2025-09-28') - born as took, null as early, null as grown
  from deals, (select unnest(generate_series(date '2023-10-01', date '2025-04-01',
    interval 3 months))::date as period)
  where born >= period - interval 3 months and born < period + interval 3 months;
create table won as
  select date_trunc('quarter', closed)::date as period, true as observed, closed - born as took,
    null as early, null as grown
  from deals where won and closed is not null;
"""
# The product of the shares that stay, as a sum of logarithms.
MEDIAN = """
with curve as (
  select period, took, sum(ln(greatest(stays, 1e-300))) over (partition by period order by took)
    as waits
  from (
    select period, took, 1 - sum(observed::int) / any_value(at_risk) as stays from (
      select *, count(*) over (partition by period order by took desc) as at_risk from {table}
    ) group by period, took having bool_or(observed)
  )
)
select period, min(took) filter (where waits <= ln(0.5) + 1e-9),
  min(took) filter (where waits < ln(0.5) - 1e-9),
  max(waits) filter (where waits <= ln(0.5) + 1e-9) >= ln(0.5) - 1e-9
from curve group by period
"""
PARTS = """
select period, median(took) filter (where observed), avg(took) filter (where observed),
  count(*) filter (where observed and early and grown) / nullif(count(*) filter (where grown), 0)
from {table} group by period
"""
NAMES = {"alert": "alert", "cycle": "cycle", "closed": "all_deals", "won": "won"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("time_to")
    (folder / "kpi_definitions.yaml").write_text(SAMPLE_BOOK, encoding="utf-8")
    return run_folder(folder, periods=6)


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    base = duckdb.connect()
    for statement in TABLES.replace("{sample}", SAMPLE.as_posix()).split(";")[:-1]:
        base.execute(statement)
    yield base
    base.close()


@pytest.mark.parametrize("name", ["alert", "cycle", "closed"])
def test_medians_are_those_of_sql(
    name: str, sample: Outcome, tables: duckdb.DuckDBPyConnection
) -> None:
    expected = {}
    for period, reached, passed, rests in tables.execute(
        MEDIAN.format(table=NAMES[name])
    ).fetchall():
        expected[period] = (reached + passed) / 2 if rests and passed is not None else reached
    told = values_of(sample, name, None)
    assert len([value for value in told.values() if value is not None]) >= 3
    assert told == {period: pytest.approx(expected.get(period)) for period in told}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("alert", ("plain median", "plain mean", "share by day 7")),
        ("cycle", ("plain median", "plain mean", "share by day 60")),
        ("closed", ("plain median", "plain mean")),
        ("won", (None, "plain mean")),
    ],
)
def test_parts_are_those_of_sql(
    name: str, parts: tuple[str | None, ...], sample: Outcome, tables: duckdb.DuckDBPyConnection
) -> None:
    found = tables.execute(PARTS.format(table=NAMES[name])).fetchall()
    for place, part in enumerate(parts, start=1):
        told = values_of(sample, name, part)
        assert any(told.values())
        expected: dict[Any, Any] = {row[0]: row[place] for row in found}
        assert told == {period: pytest.approx(expected[period]) for period in told}


def values_of(outcome: Outcome, kpi: str, part: str | None) -> dict[date | None, float | None]:
    return {one.start: one.value for one in outcome.results if (one.kpi, one.part) == (kpi, part)}


def test_a_share_among_durations_is_a_ratio(tmp_path: Path) -> None:
    """Days are the KPI's unit; its share is printed as one, in CSV and beside its rows."""
    found = waits(tmp_path, [*over(1, 2, 4), (0, "on")], "by_day: 2")
    units = {part: one.unit for part, one in found.items()}
    assert units == {
        None: None,
        "plain median": None,
        "plain mean": None,
        "share by day 2": "ratio",
    }
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    asked = Question("wait", period="2025", part="share by day 2", as_of=date(2026, 1, 1))
    outcome, (rows,) = rows_behind(book, asked, date(2027, 1, 1))
    assert outcome.kpis[0].unit == "ratio"
    assert write_sums(rows) == "4 rows: Σ numerator 2 ÷ Σ denominator 4 = 50 %"


def test_the_rows_are_said_to_be_running(tmp_path: Path) -> None:
    waits(tmp_path, [*over(1, 2, 4), (0, "on")])
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    asked = Question("wait", period="2025", as_of=date(2026, 1, 1))
    _, (rows,) = rows_behind(book, asked, date(2027, 1, 1))
    assert write_sums(rows) == "4 rows, 1 still running: half take longer than 3 days"
