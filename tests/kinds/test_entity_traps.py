"""Days on which calendars trip, people who never appear, and definitions that cannot be meant."""

from itertools import pairwise
from pathlib import Path

import pytest
from made_events import BOOK, write_events
from running import DEFINITIONS, run_files

from kpicli.errors import DefinitionError
from kpicli.results import Outcome, Result

GOAL = "to: {source: events, where: event = 'goal'}"
FROM = f"kind: conversion, entity: user_id, from: {{source: users}}, {GOAL}"
LISTS = """
version: 1
timezone: Europe/Berlin
sources:
  users: {path: users.csv, key: user_id, start: created_at, quiet: 2y}
  events: {path: events.csv, time: timestamp, quiet: 2y}
kpis:
"""


def run_one(folder: Path, kpi: str, users: str, events: str, **request: object) -> list[Result]:
    files = {
        DEFINITIONS: f"{LISTS}  k: {{{kpi}}}\n",
        "users.csv": f"user_id,created_at\n{users}",
        "events.csv": f"timestamp,user_id,event,platform\n{events}",
    }
    outcome = run_files(folder, files, **{"periods": 60, **request})
    assert outcome.problems == ()
    return [one for one in outcome.results if one.kpi == "k" and one.part is None]


def at(results: list[Result], label: str) -> Result:
    return next(one for one in results if one.label == label and not one.by)


@pytest.mark.parametrize(
    ("start", "goal", "within", "edge", "told"),
    [
        # Seven local days later at the same clock time: 168 hours, but for the clock's nights.
        ("2025-02-03T10:00:00+01:00", "2025-02-10T10:00:00+01:00", "7d", "inclusive", 1),
        ("2025-02-03T10:00:00+01:00", "2025-02-10T10:00:00+01:00", "7d", "exclusive", 0),
        ("2025-02-03T10:00:00+01:00", "2025-02-10T10:00:01+01:00", "7d", "inclusive", 0),
        ("2025-03-24T10:00:00+01:00", "2025-03-31T10:00:00+02:00", "7d", "inclusive", 1),
        ("2025-03-24T10:00:00+01:00", "2025-03-31T10:00:01+02:00", "7d", "inclusive", 0),
        ("2025-03-24T10:00:00+01:00", "2025-03-31T11:00:00+02:00", "168h", "inclusive", 1),
        ("2025-10-20T10:00:00+02:00", "2025-10-27T10:00:00+01:00", "7d", "inclusive", 1),
        ("2025-10-20T10:00:00+02:00", "2025-10-27T10:00:00+01:00", "168h", "inclusive", 0),
        # 02:30 is skipped on 30 March: an hour later. It comes twice on 26 October: the first.
        ("2025-03-23T02:30:00+01:00", "2025-03-30T03:30:00+02:00", "7d", "inclusive", 1),
        ("2025-03-23T02:30:00+01:00", "2025-03-30T03:30:01+02:00", "7d", "inclusive", 0),
        ("2025-10-19T02:30:00+02:00", "2025-10-26T02:30:00+02:00", "7d", "inclusive", 1),
        ("2025-10-19T02:30:00+02:00", "2025-10-26T02:30:00+01:00", "7d", "inclusive", 0),
        # A month from the 31st ends on the last of the next.
        ("2025-01-31T10:00:00+01:00", "2025-02-28T10:00:00+01:00", "1mo", "inclusive", 1),
        ("2025-01-31T10:00:00+01:00", "2025-02-28T10:00:01+01:00", "1mo", "inclusive", 0),
        # At the start's own instant it is reached, before it is not.
        ("2025-02-03T10:00:00+01:00", "2025-02-03T10:00:00+01:00", "7d", "inclusive", 1),
        ("2025-02-03T10:00:00+01:00", "2025-02-03T09:59:59+01:00", "7d", "inclusive", 0),
    ],
)
def test_within(start: str, goal: str, within: str, edge: str, told: int, tmp_path: Path) -> None:
    kpi = f"{FROM}, within: {within}, window_edge: {edge}, grain: year"
    events = f"{goal},ann,goal,web\n2026-01-01T12:00:00+01:00,bob,login,web\n"
    results = run_one(tmp_path, kpi, f"ann,{start}\n", events)
    found = at(results, "2025")
    assert (found.numerator, found.denominator) == (told, 1)


@pytest.mark.parametrize(
    ("goal", "edge", "told", "last"),
    [
        ("2025-02-10", "inclusive", 1, "2025-02-11"),
        ("2025-02-10", "exclusive", 0, "2025-02-11"),
        ("2025-02-09", "exclusive", 1, "2025-02-10"),
        # On the seventh day itself a goal may still come.
        ("2025-02-09", "inclusive", None, "2025-02-09"),
        ("2025-02-09", "exclusive", 1, "2025-02-09"),
    ],
)
def test_dates_alone(goal: str, edge: str, told: int | None, last: str, tmp_path: Path) -> None:
    kpi = f"{FROM}, within: 7d, window_edge: {edge}, grain: day"
    events = f"2025-01-01,bob,login,web\n{goal},ann,goal,web\n{last},bob,login,web\n"
    found = at(run_one(tmp_path, kpi, "ann,2025-02-03\n", events), "2025-02-03")
    assert found.value == told
    assert (found.reason, dict(found.left_out)) == (
        ("immature", {"immature": 1}) if told is None else (None, {})
    )


def test_a_sign_up_late_in_the_evening_is_of_that_day(tmp_path: Path) -> None:
    events = (
        "2025-01-01T12:00:00+01:00,bob,login,web\n"
        "2025-02-03T00:01:00+01:00,ann,login,web\n"
        "2025-02-09T12:00:00+01:00,bob,login,web\n"
    )
    kpi = f"{FROM.replace('goal', 'login')}, within: 1d, grain: day"
    results = run_one(tmp_path, kpi, "ann,2025-02-02T22:45:00Z\n", events)
    assert at(results, "2025-02-02").numerator == 1
    active = "kind: active, entity: user_id, source: events, grain: day"
    results = run_one(tmp_path, active, "ann,2025-02-02T22:45:00Z\nbob,2025-01-01\n", events)
    assert [at(results, f"2025-02-0{day}").value for day in (3, 4)] == [1, 0]


def test_week_53(tmp_path: Path) -> None:
    events = "".join(
        f"{day}T12:00:00+01:00,{who},login,web\n"
        for day, who in (
            ("2020-12-21", "bob"),
            ("2021-01-01", "ann"),
            ("2021-01-03", "bob"),
            ("2021-01-10", "ann"),
        )
    )
    kpi = "kind: lifecycle, entity: user_id, source: events"
    users = "ann,2020-12-30\nbob,2020-01-01\n"
    files = {
        DEFINITIONS: f"{LISTS}  k: {{{kpi}}}\n",
        "users.csv": f"user_id,created_at\n{users}",
        "events.csv": f"timestamp,user_id,event,platform\n{events}",
    }
    told = run_files(tmp_path, files, periods=4).results
    states = {
        (one.label, one.part): one.value for one in told if one.label in ("2020-W53", "2021-W01")
    }
    assert states == {
        ("2020-W53", None): 2,
        ("2020-W53", "new"): 1,
        ("2020-W53", "returning"): 1,
        ("2020-W53", "resurrected"): 0,
        ("2020-W53", "dormant"): 0,
        ("2021-W01", None): 1,
        ("2021-W01", "new"): 0,
        ("2021-W01", "returning"): 1,
        ("2021-W01", "resurrected"): 0,
        ("2021-W01", "dormant"): 1,
    }


ADOPTION = "kind: adoption, entity: user_id, source: events, did: event = 'goal'"


def test_nobody_eligible_is_no_rate(tmp_path: Path) -> None:
    events = "2025-02-04,ann,goal,web\n2025-02-09,ann,login,web\n"
    results = run_one(
        tmp_path, f"{ADOPTION}, eligible: user_id = 'zoe'", "ann,2025-01-01\n", events
    )
    found = at(results, "2025-W06")
    assert (found.value, found.n, found.reason) == (None, 0, "no_rows")
    assert found.left_out == {"ineligible": 1}


def test_whoever_never_appears_counts_as_not(tmp_path: Path) -> None:
    events = "2025-02-04,ann,goal,web\n2025-02-09,ann,login,web\n"
    users = "ann,2025-01-01\nbob,2025-01-01\ncid,2025-02-03\ndee,2025-02-04\n"
    found = at(run_one(tmp_path, ADOPTION, users, events), "2025-W06")
    assert (found.numerator, found.denominator) == (1, 3)
    assert found.left_out == {"immature": 1}


def test_nobody_active_is_a_zero_and_no_rate(tmp_path: Path) -> None:
    events = "2025-02-03,ann,login,web\n2025-02-17,ann,login,web\n2025-02-23,ann,login,web\n"
    for kind, told in (("active", 0), ("stickiness", None), ("frequency", None)):
        kpi = f"kind: {kind}, entity: user_id, source: events"
        assert at(run_one(tmp_path, kpi, "ann,2025-01-01\n", events), "2025-W07").value == told


def test_a_running_window_is_of_the_days_read(tmp_path: Path) -> None:
    events = "2025-02-03,ann,login,web\n2025-02-10,ann,login,web\n2025-02-11,ann,login,web\n"
    kpi = "kind: stickiness, entity: user_id, source: events"
    results = run_one(tmp_path, kpi, "ann,2025-01-01\n", events, include_partial=True)
    running = at(results, "2025-W07")
    assert (running.numerator, running.denominator, running.complete) == (2, 2, False)


TWO_WAYS = """2025-02-03T10:00:00+01:00,ann,login,web
2025-02-04T10:00:00+01:00,ann,login,ios
2025-02-05T10:00:00+01:00,bob,login,web
2025-02-09T10:00:00+01:00,bob,login,tv
"""
PEOPLE = "ann,2025-01-01\nbob,2025-01-01\n"
ACTIVE = "kind: active, entity: user_id, source: events"


def test_who_shows_two_values_counts_in_both(tmp_path: Path) -> None:
    results = run_one(tmp_path, f"{ACTIVE}, by: [platform]", PEOPLE, TWO_WAYS)
    told = {"".join(one.by.values()): one.value for one in results if one.label == "2025-W06"}
    assert told == {"": 2, "ios": 1, "tv": 1, "web": 2}


def test_the_rest_is_counted_once(tmp_path: Path) -> None:
    results = run_one(tmp_path, f"{ACTIVE}, by: [platform], top: 1", PEOPLE, TWO_WAYS)
    told = {"".join(one.by.values()): one.value for one in results if one.label == "2025-W06"}
    assert told == {"": 2, "web": 2, "(other)": 2}


def test_a_value_that_is_asked_for_is_that_of_the_split(tmp_path: Path) -> None:
    for kpi in (ACTIVE, "kind: stickiness, entity: user_id, source: events"):
        results = run_one(tmp_path, kpi, PEOPLE, TWO_WAYS, for_={"platform": "ios"})
        split = run_one(tmp_path, f"{kpi}, by: [platform]", PEOPLE, TWO_WAYS)
        ios = next(
            one for one in split if one.by == {"platform": "ios"} and one.label == "2025-W06"
        )
        asked = at(results, "2025-W06")
        assert (asked.value, asked.n) == (ios.value, ios.n)


def test_a_further_condition_is_asked_of_the_rows(tmp_path: Path) -> None:
    results = run_one(tmp_path, ACTIVE, PEOPLE, TWO_WAYS, where="platform = 'ios'")
    assert at(results, "2025-W06").value == 1


def test_a_column_of_the_rows_does_not_split_everyone(tmp_path: Path) -> None:
    files = {
        DEFINITIONS: f"{LISTS}  k: {{{ADOPTION}, by: [platform]}}\n",
        "users.csv": f"user_id,created_at\n{PEOPLE}",
        "events.csv": f"timestamp,user_id,event,platform\n{TWO_WAYS}",
    }
    problem = run_files(tmp_path, files).problems[0]
    assert problem.code == "several_values"
    assert problem.message == (
        "platform is a column of events, of which one of users may show several values; "
        "k counts each of users once"
    )


def test_without_a_list_nobody_knows_who_could(tmp_path: Path) -> None:
    kpi = "  k: {kind: active, entity: visitor, source: events}\n"
    with pytest.raises(DefinitionError) as wrong:
        run_files(tmp_path, {DEFINITIONS: LISTS + kpi})
    problem = wrong.value.problems[0]
    assert problem.code == "no_population"
    assert "population: seen" in str(problem.hint)


def test_every_output_says_of_whom(tmp_path: Path) -> None:
    files = {
        DEFINITIONS: f"{LISTS}  k: {{{ACTIVE}, population: seen}}\n",
        "users.csv": f"user_id,created_at\n{PEOPLE}",
        "events.csv": f"timestamp,user_id,event,platform\n{TWO_WAYS}",
    }
    card = run_files(tmp_path, files).kpis[0]
    assert card.caveats == ("Of users seen in events: no source lists them",)
    assert card.counts == "users"


@pytest.mark.parametrize(
    ("kpi", "told"),
    [
        (f"{ACTIVE}, window: 24h", "made of whole days"),
        (f"{ACTIVE}, at_least: 0", "greater than or equal to 1"),
        ("kind: stickiness, entity: user_id, source: events, of: week", "whole weeks"),
        ("kind: stickiness, entity: user_id, source: events, of: week, window: 1mo", "whole weeks"),
        ("kind: stickiness, entity: user_id, source: events, days: [moonday]", "monday"),
        ("kind: frequency, entity: user_id, source: events, measure: distinct", "go together"),
        ("kind: frequency, entity: user_id, source: events, distinct: event", "go together"),
        ("kind: frequency, entity: user_id, source: events, available: 3", "distinct"),
        ("kind: frequency, entity: user_id, source: events, measure: weeks", "whole weeks"),
        (
            "kind: frequency, entity: user_id, source: events, among: everyone, population: seen",
            "lists them",
        ),
        (f"{ADOPTION}, population: seen, eligible: platform = 'web'", "list of everyone"),
        (f"{ADOPTION}, since_release: 1 June", "2026-01-31"),
        ("kind: lifecycle, entity: user_id, source: events, population: seen, new_by: created",
         "lists everyone"),
        (f"{FROM}, within: soon", "28d"),
        ("kind: funnel, entity: user_id, within: 7d, steps: [{source: users}]", "at least 2"),
        ("kind: funnel, entity: user_id, within: 7d, order: any, window_from: previous, "
         "steps: [{source: users}, {source: events}]", "no previous step"),
        ("kind: funnel, entity: user_id, within: 7d, order: any, "
         "steps: [{source: events}, {source: events}]", "alike"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(kpi: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as wrong:
        run_files(tmp_path, {DEFINITIONS: f"{LISTS}  k: {{{kpi}}}\n"})
    (problem,) = wrong.value.problems
    assert told in f"{problem.message} {problem.hint}"


def test_states_add_up(tmp_path: Path) -> None:
    """New, returning and resurrected are the active; those of a week return or go dormant."""
    write_events(tmp_path, 7, events=300)
    kpi = "  k: {kind: lifecycle, entity: user_id, source: events, by: [users.plan]}\n"
    told = _by_part(run_files(tmp_path, {DEFINITIONS: BOOK + kpi}, periods=6))
    weeks = sorted({week for _, week, _ in told})
    groups = {group for _, _, group in told}
    assert len(groups) == 4
    for before, week in pairwise(weeks):
        for group in groups:
            active = told["", week, group]
            states = [told[state, week, group] for state in ("new", "returning", "resurrected")]
            assert sum(states) == active
            stayed = told["returning", week, group] + told["dormant", week, group]
            assert stayed == told["", before, group]


def _by_part(outcome: Outcome) -> dict[tuple[str, str, str], float]:
    return {
        (one.part or "", one.label or "", "".join(one.by.values())): one.value or 0
        for one in outcome.results
    }


LEADS = """
version: 1
sources:
  leads: {path: leads.csv, key: lead_id, start: came, refers_to: {deals: opportunity}, quiet: 1y}
  deals: {path: deals.csv, key: deal_id, start: opened, quiet: 1y}
kpis:
  sold:
    kind: funnel
    entity: lead_id
    within: 60d
    grain: month
    steps:
      - {source: leads}
      - {source: leads, time: deals.opened}
      - {source: leads, where: deals.is_won, time: deals.closed}
"""


def test_a_lead_is_followed_into_its_deal(tmp_path: Path) -> None:
    """Three become deals, one of them is won in time, another after its sixty days."""
    deals = "d1,2025-01-10,2025-02-01,true\nd2,2025-01-20,,false\nd3,2025-01-20,2025-03-06,true\n"
    files = {
        DEFINITIONS: LEADS,
        "leads.csv": "lead_id,came,opportunity\nl1,2025-01-02,d1\nl2,2025-01-03,\n"
        "l3,2025-01-04,d2\nl4,2025-01-04,d3\n",
        "deals.csv": f"deal_id,opened,closed,is_won\n{deals}d9,2025-06-20,,false\n",
    }
    outcome = run_files(tmp_path, files, periods=6)
    assert outcome.problems == ()
    told = {
        one.part: (one.numerator, one.denominator)
        for one in outcome.results
        if one.label == "2025-01"
    }
    assert told["step 2"] == (3, 4)
    assert told[None] == told["step 3"] == (1, 4)
    assert told["step 3 from previous"] == (1, 3)
