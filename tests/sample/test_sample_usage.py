"""Usage, adoption and conversions of the sample, beside SQL written by hand over the same files."""

# ruff: noqa: S608

import os
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from sample_truths import OUTSIDERS, SAMPLE, SOURCES
from usage_oracles import VIEWS

from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

Cells = dict[tuple[date, str], tuple[float, float | None]]
READ = "timestamp '2025-09-29'"
WHO = "entity: user_id, source: events"
MQL = "from: {source: leads, time: mql_at}, to: {source: leads, time: sql_at}"
TRIAL = """from: {source: subscriptions, where: status = 'trial', time: trial_start},
    to: {source: subscriptions, where: status <> 'trial' and amount > 0, time: start}"""

BOOK = f"""
{SOURCES}  leads:
    path: {SAMPLE.as_posix()}/leads.csv
    key: lead_id
    time: created_at
    refers_to: {{accounts: account_id}}
  subscriptions: {{path: {SAMPLE.as_posix()}/subscriptions.csv, start: start, end: end}}
  referrals:
    path: {SAMPLE.as_posix()}/referrals.csv
    time: invited_at
    refers_to: {{users: referrer_id}}
  experiments:
    path: {SAMPLE.as_posix()}/experiments.csv
    time: exposed_at
    quiet: 1y
    refers_to: {{users: unit_id}}
{OUTSIDERS}kpis:
  wau: {{kind: active, {WHO}, by: [plan, platform]}}
  mau: {{kind: active, {WHO}, grain: month}}
  active_accounts: {{kind: active, entity: account_id, source: events, window: 28d}}
  referrers: {{kind: active, entity: user_id, source: referrals, grain: month}}
  stickiness: {{kind: stickiness, {WHO}, window: 28d}}
  actions: {{kind: frequency, {WHO}, did: event_name <> 'login', window: 28d}}
  login_weeks:
    kind: frequency
    entity: user_id
    source: events
    did: event_name = 'login'
    measure: weeks
    window: 28d
    among: everyone
  adoption:
    kind: adoption
    entity: user_id
    source: events
    did: event_name = 'report_created'
    eligible: accounts.plan in ('pro', 'enterprise')
    window: 28d
    since_release: 2025-03-03
    by: [plan]
  activation:
    kind: conversion
    entity: user_id
    from: {{source: users}}
    to: {{source: events, where: event_name = 'alert_created'}}
    within: 7d
    grain: month
  this_week:
    kind: conversion
    entity: user_id
    from: {{source: users}}
    to: {{source: events, where: event_name = 'alert_created'}}
    within: 7d
  checklist:
    kind: conversion
    entity: user_id
    from: {{source: experiments, where: experiment = 'activation_checklist'}}
    to: {{source: events, where: event_name = 'alert_created'}}
    within: 7d
    grain: month
    by: [variant]
  mql_to_sql: {{kind: conversion, entity: lead_id, {MQL}, within: 30d, grain: month, by: [source]}}
  trial_to_paid: {{kind: conversion, entity: account_id, {TRIAL}, within: 30d, grain: month}}
"""

IN_BACK = "join acts on day >= ws and day < f"
THERE = "join members on came <= ws and (went is null or went >= f)"
ORACLES = {
    "wau": """select s, '' as g, count(distinct distinct_id) as n, null as d
        from weeks join acts on day >= s and day < f group by all""",
    "wau by plan": """select s, plan, count(distinct distinct_id), null
        from weeks join acts on day >= s and day < f group by all""",
    "wau by platform": """select s, platform, count(distinct distinct_id), null
        from weeks join acts on day >= s and day < f group by all""",
    "mau": """select date_trunc('month', day)::date, '', count(distinct distinct_id), null
        from acts group by all""",
    "active_accounts": """select s, '', count(distinct account_id), null from weeks join
        (select distinct on (event_id) account_id, happened::date as day, distinct_id from events
            where account_id in (select account_id from accounts)
            and account_id not in (from staff)
            and distinct_id not in (select user_id from users where is_test = 'true'))
        on day >= ws and day < f group by all""",
    "referrers": """select date_trunc('month', invited_at::timestamptz at time zone 'Europe/Berlin')
        ::date, '', count(distinct referrer_id), null
        from referrals where referrer_id in (select user_id from members) group by all""",
    "stickiness": f"""select s, '', count(distinct (distinct_id, day)),
        count(distinct distinct_id) * 28 from weeks {IN_BACK} group by all""",
    "actions": f"""select s, '', count(*), count(distinct distinct_id)
        from weeks {IN_BACK} where event <> 'login' group by all""",
    "login_weeks": f"""select s, '', count(distinct (user_id, (f - 1 - day) // 7)),
            4 * any_value(every)
        from (select s, f, ws, user_id, count(*) over (partition by s) as every from weeks {THERE})
        left join (select distinct_id as user_id, day from acts where event = 'login') a
            using (user_id)
        where day >= ws and day < f group by all""",
    "activation": f"""select date_trunc('month', born)::date, '',
            count(*) filter (exists (from acts where distinct_id = user_id
                and event = 'alert_created' and happened >= born
                and happened <= born + interval 7 day)), count(*)
        from members where born + interval 7 day < {READ} group by all""",
    "mql_to_sql": f"""select date_trunc('month', mql_at::timestamp)::date, '',
            count(*) filter (sql_at::timestamp between mql_at::timestamp
                and mql_at::timestamp + interval 30 day), count(*)
        from leads where mql_at is not null and coalesce(account_id, '') not in (from staff)
            and mql_at::timestamp + interval 30 day < {READ} group by all""",
    "trial_to_paid": f"""select date_trunc('month', t)::date, '', count(*) filter (exists (
            from subscriptions p where p.account_id = b.account_id and status <> 'trial'
                and amount::double > 0 and p."start"::date between t and t + 30)), count(*)
        from (select account_id, min(trial_start::date) as t from subscriptions
            where status = 'trial' and account_id not in (from staff) group by 1) b
        where t + 30 < {READ} group by all""",
}
ORACLES |= {
    "mql_to_sql by source": ORACLES["mql_to_sql"].replace("''", "source", 1),
    "adoption": f"""select s, '', count(distinct distinct_id), any_value(every) from
        (select s, f, greatest(ws, date '2025-03-03') as ws, user_id,
            count(*) over (partition by s) as every
            from weeks {THERE} where plan in ('pro', 'enterprise'))
        left join (select distinct_id, day from acts where event = 'report_created')
            on distinct_id = user_id and day >= ws and day < f group by all""",
}
ORACLES["adoption by plan"] = (
    ORACLES["adoption"]
    .replace("''", "plan", 1)
    .replace("user_id,", "user_id, plan,", 1)
    .replace("partition by s", "partition by s, plan")
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    file = tmp_path_factory.mktemp("usage") / "kpi.yaml"
    file.write_text(BOOK, encoding="utf-8")
    return run(open_book(file, os.environ), Request(), date(2026, 1, 1))


@pytest.fixture(scope="module")
def files(sample: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    own = sample.cursor()
    for statement in VIEWS.split(";")[:-1]:
        own.execute(statement.replace("create view", "create or replace temp view"))
    yield own
    own.close()


@pytest.mark.parametrize("name", ORACLES)
def test_numbers(name: str, outcome: Outcome, files: duckdb.DuckDBPyConnection) -> None:
    kpi, _, split = name.partition(" by ")
    told = dict(_told(outcome, kpi, split))
    found = files.execute(ORACLES[name]).fetchall()
    expected = {(s, g or "(none)" if split else ""): (n, d) for s, g, n, d in found}
    assert len(told) >= 13
    assert told == {key: expected[key] for key in told}


def _told(
    outcome: Outcome, kpi: str, split: str
) -> Iterator[tuple[tuple[date, str], tuple[float | None, float | None]]]:
    for one in outcome.results:
        here = one.kpi == kpi and one.part is None and "".join(one.by) == split
        if here and one.start and one.n:
            yield (one.start, "".join(one.by.values())), (one.numerator, one.denominator)


def test_nothing_is_wrong(outcome: Outcome) -> None:
    assert outcome.problems == ()


def test_who_is_too_young(outcome: Outcome, files: duckdb.DuckDBPyConnection) -> None:
    """Who came in the newest week has failed no more than converted."""
    query = "select count(*) from members where came >= '2025-09-22'"
    young = files.execute(query).fetchall()[0][0]
    last = [one for one in outcome.results if one.kpi == "this_week"][-1]
    assert (last.label, last.value, last.reason) == ("2025-W39", None, "immature")
    assert last.left_out["immature"] == young


@pytest.mark.parametrize(
    ("variant", "reached", "of"), [("treatment", 152, 304), ("control", 104, 298)]
)
def test_the_planted_activation_is_found(
    variant: str, reached: int, of: int, outcome: Outcome, files: duckdb.DuckDBPyConnection
) -> None:
    """TRUTHS.md, checklist: its counts leave out the few who stand in both arms."""
    told = [one for one in outcome.results if one.kpi == "checklist"]
    mine = [one for one in told if one.by == {"variant": variant}]
    both = files.execute("""select count(*), count(*) filter (exists (from acts
            where distinct_id = u and event = 'alert_created' and happened between t
            and t + interval 7 day))
        from (select unit_id as u, min(exposed_at::timestamptz at time zone 'Europe/Berlin') as t
            from experiments join members on unit_id = user_id
            where experiment = 'activation_checklist' group by 1
            having count(distinct variant) = 2)""").fetchall()[0]
    assert sum(one.n for one in mine) == of + both[0]
    assert sum(one.numerator or 0 for one in mine) == reached + both[1]
