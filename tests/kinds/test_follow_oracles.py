"""What entities do one after the other, every option at least once, beside SQL by definition.

Each query gives, per part and week s (and group g), a numerator n and a denominator d. Sequences
are asked for with `exists`, whatever way the program finds them.
"""

# ruff: noqa: S608

from datetime import date
from pathlib import Path

import duckdb
import pytest
from made_events import BOOK, tables, write_events
from running import DEFINITIONS, run_files

from kpicli.results import Outcome

Cells = dict[tuple[str, date, str], tuple[float, float | None]]
SEEDS = (1, 2, 3, 4)
WHO = "entity: user_id, source: events"
READ = "'2025-04-14'::timestamptz"


def later(ts: str, days: int = 7) -> str:
    """The same clock time so many days later."""
    return f"(({ts})::timestamp + interval {days} day)::timestamptz"


# ---- adoption


def adoption(least: int = 1, window: str = "one", plan: str = "true", base: str = "true",
             since: str = "2000-01-01") -> str:  # fmt: skip
    """used, new, ever and of_active by week, from everyone who is there all the time."""
    return f"""
        with w as (select s, f, greatest(ws, date '{since}') as ws from {window}
                where f > date '{since}'),
            done as (select * from hits where e = 'a' and day >= date '{since}'),
            kth as (select u, min(day) as k from (select u, day, row_number()
                over (partition by u order by ts) as r from done) where r >= {least} group by u),
            crowd as (select s, ws, f, u, k,
                    (select count(*) from done where done.u = people.u and day >= ws and day < f)
                        >= {least} as used,
                    exists (from hits where hits.u = people.u and day >= ws and day < f
                        and {base}) as seen
                from w join people on not fake and came <= ws and (went is null or went >= f)
                    and {plan}
                left join kth using (u))
        select 'used', s, '', count(*) filter (used), count(*) from crowd group by all
        union all select 'new', s, '', count(*) filter (k < f), count(*) from crowd
            where k is null or k >= ws group by all
        union all select 'ever', s, '', count(*) filter (k < f), count(*) from crowd group by all
        union all select 'of_active', s, '', count(*) filter (used), count(*) from crowd
            where seen group by all"""


USE = "did: event = 'a'"
ADOPTION = {
    "used": (USE, adoption()),
    "used, twice": (f"{USE}, at_least: 2, window: 14d", adoption(2, "two")),
    "used, plan": (f"{USE}, eligible: plan = 'pro'", adoption(plan="plan = 'pro'")),
    "used, active": (f"{USE}, active: event = 'b'", adoption(base="e = 'b'")),
    "used, release": (
        f"{USE}, since_release: 2025-03-20, window: 14d",
        adoption(window="two", since="2025-03-20"),
    ),
}

# ---- lifecycle


STATES = """select state, s, '', count(*), null from t group by all
    union all select '', s, '', count(*), null from v where now group by all"""
# Of those who came, came back or went: who came or came back.
GROWTH = """select '', s, '', count(*) filter (state <> 'dormant'), count(*)
    from t where state <> 'returning' group by all
    union all select state, s, '', count(*), null from t group by all"""


def lifecycle(window: str = "one", back: int = 7, new: str = "", told: str = STATES) -> str:
    """The states of who was active in a window or in the one before it."""
    new = (
        new
        or "came >= date '2025-03-03' and not exists (from hits h where h.u = v.u \
        and h.day < ws)"
    )
    return f"""
        with v as (select s, ws, f, u, came,
                exists (from hits where hits.u = people.u and day >= ws and day < f) as now,
                exists (from hits where hits.u = people.u and day >= ws - {back} and day < ws)
                    as before
            from {window} cross join people where not fake),
        t as (select s, case when not now then 'dormant' when before then 'returning'
                when {new} then 'new' else 'resurrected' end as state, now
            from v where (now or before) and ws - {back} >= date '2025-03-03')
        {told}"""


LIFECYCLE = {
    "lifecycle": ("", lifecycle()),
    "lifecycle, window": ("window: 14d", lifecycle("two", 14)),
    "lifecycle, growth": ("measure: growth, window: 14d", lifecycle("two", 14, told=GROWTH)),
    "lifecycle, created": ("new_by: created", lifecycle(new="came >= ws")),
}

# ---- conversion


def starts(how: str, where: str, group: str = "''") -> str:
    """Starts among the rows: u, ts, s (the week) and g."""
    first = {
        "first": f"partition by u, {group}",
        "every": f"partition by u, {group}, date_trunc('week', day)",
        "each": "partition by id",
        "instant": "partition by u, ts",
    }[how]
    return f"""(select u, ts, date_trunc('week', day)::date as s, {group} as g, p
        from hits join people using (u) where {where}
        qualify row_number() over ({first} order by ts) = 1)"""


def converted(begin: str, goal: str, until: str, early: str = "<=", young: str = "<") -> str:
    """Of the starts whose time is over, those with a goal."""
    return f"""
        select '', s, g, count(*) filter (exists (
            from hits h where h.u = b.u and {goal} and h.ts {early} {until})), count(*)
        from {begin} as b where {until} {young} {READ} group by all"""


SIGN_UP = "(select u, born as ts, date_trunc('week', came)::date as s, '' as g from people \
    where not fake)"
FROM_USERS = "entity: user_id, from: {source: users}, to: {source: events, where: event = 'a'}"
A_TO_B = "entity: user_id, from: {source: events, where: event = 'a'}, \
to: {source: events, where: event = 'b'}, within: 7d"
AGAIN = "entity: user_id, from: {source: events, where: event = 'a'}, \
to: {source: events, where: event = 'a'}, within: 7d, starts: every"
B = "h.e = 'b' and h.ts >= b.ts"
UNTIL = later("b.ts")
CONVERSION = {
    "days": (f"{FROM_USERS}, within: 7d", converted(SIGN_UP, "h.e = 'a' and h.ts >= b.ts", UNTIL)),
    "exclusive": (
        f"{FROM_USERS}, within: 7d, window_edge: exclusive",
        converted(SIGN_UP, "h.e = 'a' and h.ts >= b.ts", UNTIL, "<", "<="),
    ),
    "hours": (
        f"{FROM_USERS}, within: 168h",
        converted(SIGN_UP, "h.e = 'a' and h.ts >= b.ts", "b.ts + interval 168 hour"),
    ),
    "months": (
        f"{FROM_USERS}, within: 1mo",
        converted(
            SIGN_UP,
            "h.e = 'a' and h.ts >= b.ts",
            "(b.ts::timestamp + interval 1 month)::timestamptz",
        ),
    ),
    "ever": (
        f"{FROM_USERS}, within: ever",
        converted(
            SIGN_UP,
            "h.e = 'a' and h.ts >= b.ts",
            "date '2025-04-13'::timestamptz + interval 23 hour",
            young="<=",
        ),
    ),
    "first": (A_TO_B, converted(starts("first", "e = 'a'"), B, UNTIL)),
    "every": (f"{A_TO_B}, starts: every", converted(starts("every", "e = 'a'"), B, UNTIL)),
    "each": (f"{A_TO_B}, starts: each", converted(starts("each", "e = 'a'"), B, UNTIL)),
    "nearest": (
        f"{A_TO_B}, starts: nearest",
        converted(
            starts("instant", "e = 'a'"),
            f"{B} and not exists (from hits n where n.u = b.u and n.e = 'a' and n.ts > b.ts \
                and n.ts <= h.ts)",
            UNTIL,
        ),
    ),
    "later": (
        f"{A_TO_B}, at_once: false",
        converted(starts("first", "e = 'a'"), "h.e = 'b' and h.ts > b.ts", UNTIL),
    ),
    "again": (AGAIN, converted(starts("every", "e = 'a'"), "h.e = 'a' and h.ts > b.ts", UNTIL)),
    "same": (
        f"{A_TO_B}, same: platform",
        converted(
            starts("first", "e = 'a' and p is not null"),
            f"{B} and exists (from hits o where o.u = b.u and o.p = h.p and o.e = 'a' \
                and o.ts >= b.ts and o.ts <= h.ts)",
            UNTIL,
        ),
    ),
    "same, every": (
        f"{A_TO_B}, same: platform, starts: every",
        converted(
            starts("every", "e = 'a' and p is not null"),
            f"{B} and exists (from hits o where o.u = b.u and o.p = h.p and o.e = 'a' \
                and o.ts >= b.ts and o.ts <= h.ts)",
            UNTIL,
        ),
    ),
    "by plan": (
        f"{A_TO_B}, by: [users.plan]",
        converted(starts("first", "e = 'a'", "coalesce(plan, '(none)')"), B, UNTIL),
    ),
    "by platform": (
        f"{A_TO_B}, by: [platform]",
        converted(starts("first", "e = 'a'", "coalesce(p, '(none)')"), B, UNTIL),
    ),
}

# ---- funnel


def funnel(
    begin: str, reached: list[str], over: str = UNTIL, early: str = "<", all_of_them: str = ""
) -> str:
    """Every step from the first and from the one before; all of them; the steps done."""
    told = ", ".join(f"exists ({one}) as r{place}" for place, one in enumerate(reached, 2))
    last = len(reached) + 1
    every = " and ".join(f"r{place}" for place in range(2, last + 1))
    if all_of_them:
        told, every = f"{told}, exists ({all_of_them}) as every", "every"
    parts = [f"select '', s, g, count(*) filter ({every}), count(*) from t group by all"]
    for place in range(2, last + 1):
        before = "true" if place == 2 else f"r{place - 1}"
        ways = ((f"step {place}", "true"), (f"step {place} from previous", before))
        parts += [
            f"select '{part}', s, g, count(*) filter (r{place}), count(*) from t where {among} \
            group by all"
            for part, among in ways
        ]
    done = " + ".join(f"sum(r{place}::int)" for place in range(2, last + 1))
    parts.append(f"select 'steps done', s, g, {done}, count(*) * {last - 1} from t group by all")
    return f"""with t as (select s, g, {told} from {begin} as b where {over} {early} {READ})
        {" union all ".join(parts)}"""


def steps(*names: str) -> str:
    listed = ", ".join(f"{{source: events, where: event = '{name}'}}" for name in names)
    return f"entity: user_id, within: 7d, steps: [{listed}]"


def between(one: str, other: str) -> str:
    """No row of anybody's own lies between two instants."""
    return f"not exists (from hits n where n.u = b.u and n.ts > {one} and n.ts < {other})"


H2 = "from hits h where h.u = b.u and h.e = '{}' and h.ts >= b.ts"
H3 = "from hits h, hits i where h.u = b.u and i.u = b.u and h.e = '{}' and i.e = '{}' \
and h.ts >= b.ts and i.ts >= h.ts"
IN = f" and h.ts <= {UNTIL}"
IN3 = f" and i.ts <= {UNTIL}"
ABC = (H2.format("b"), H3.format("b", "c"))
# One of the platforms is shown at a first step, too, no earlier than the first of all.
O2 = "from hits o, hits h where o.u = b.u and h.u = b.u and o.p = h.p and o.e = 'a' \
and h.e = 'b' and o.ts >= b.ts and h.ts >= o.ts"
O3 = f"from hits i, {O2.removeprefix('from ')} and i.u = b.u and i.e = 'c' and i.p = o.p \
and i.ts >= h.ts"
OWN = (O2, O3)
FUNNEL = {
    "ordered": (
        steps("a", "b", "c"),
        funnel(starts("first", "e = 'a'"), [ABC[0] + IN, ABC[1] + IN3]),
    ),
    "every start": (
        f"{steps('a', 'b', 'c')}, starts: every",
        funnel(starts("every", "e = 'a'"), [ABC[0] + IN, ABC[1] + IN3]),
    ),
    "exclusive": (
        f"{steps('a', 'b', 'c')}, window_edge: exclusive",
        funnel(
            starts("first", "e = 'a'"),
            [ABC[0] + IN.replace("<=", "<"), ABC[1] + IN3.replace("<=", "<")],
            early="<=",
        ),
    ),
    "once more": (
        f"{steps('a', 'b', 'a')}, starts: every",
        funnel(
            starts("every", "e = 'a'"),
            [ABC[0] + IN, H3.format("b", "a") + " and i.ts > b.ts" + IN3],
        ),
    ),
    "three times": (
        steps("a", "a", "a"),
        funnel(
            starts("first", "e = 'a'"),
            [
                H2.format("a") + " and h.ts > b.ts" + IN,
                H3.format("a", "a") + " and h.ts > b.ts and i.ts > h.ts" + IN3,
            ],
        ),
    ),
    "previous": (
        f"{steps('a', 'b', 'c')}, window_from: previous",
        funnel(
            starts("first", "e = 'a'"),
            [ABC[0] + IN, ABC[1] + IN + f" and i.ts <= {later('h.ts')}"],
            later("b.ts", 14),
        ),
    ),
    "any": (
        f"{steps('a', 'b', 'c')}, order: any",
        funnel(starts("first", "e = 'a'"), [H2.format("b") + IN, H2.format("c") + IN]),
    ),
    "strict": (
        f"{steps('a', 'b', 'c')}, order: strict, starts: every",
        funnel(
            starts("every", "e = 'a'"),
            [
                f"{ABC[0]}{IN} and {between('b.ts', 'h.ts')}",
                f"{ABC[1]}{IN3} and {between('b.ts', 'h.ts')} and {between('h.ts', 'i.ts')}",
            ],
        ),
    ),
    "strict, previous": (
        f"{steps('a', 'b', 'a')}, order: strict, window_from: previous, starts: every",
        funnel(
            starts("every", "e = 'a'"),
            [
                f"{ABC[0]}{IN} and {between('b.ts', 'h.ts')}",
                f"{H3.format('b', 'a')} and i.ts > b.ts{IN} and i.ts <= {later('h.ts')} \
                and {between('b.ts', 'h.ts')} and {between('h.ts', 'i.ts')}",
            ],
            later("b.ts", 14),
        ),
    ),
    "same": (
        f"{steps('a', 'b', 'c')}, same: platform",
        funnel(starts("first", "e = 'a' and p is not null"), [OWN[0] + IN, OWN[1] + IN3]),
    ),
    "same, any, every": (
        f"{steps('a', 'b', 'c')}, same: platform, order: any, starts: every",
        funnel(
            starts("every", "e = 'a' and p is not null"),
            [OWN[0] + IN, OWN[0].replace("'b'", "'c'") + IN],
            all_of_them=f"from hits i, {O2.removeprefix('from ')} and i.u = b.u and i.e = 'c' \
                and i.p = o.p and i.ts >= o.ts{IN}{IN3}",
        ),
    ),
    "same, strict, every": (
        f"{steps('a', 'b')}, same: platform, order: strict, starts: every",
        funnel(
            starts("every", "e = 'a' and p is not null"),
            [
                f"{OWN[0]}{IN} and not exists (from hits n where n.u = b.u and n.p = o.p \
                and n.ts > o.ts and n.ts < h.ts) and not exists (from hits n where n.u = b.u \
                and n.p = o.p and n.e = 'a' and n.ts >= b.ts and n.ts < o.ts)"
            ],
        ),
    ),
    "same, previous": (
        f"{steps('a', 'b')}, same: platform, window_from: previous",
        funnel(
            starts("first", "e = 'a' and p is not null"),
            [
                f"{OWN[0]} and o.ts <= {UNTIL} and h.ts <= {later('o.ts')} \
                and not exists (from hits n where n.u = b.u and n.p = o.p and n.e = 'a' \
                and n.ts >= b.ts and n.ts < o.ts)"
            ],
            later("b.ts", 14),
        ),
    ),
    "funnel, platform": (
        f"{steps('a', 'b', 'c')}, by: [platform]",
        funnel(starts("first", "e = 'a'", "coalesce(p, '(none)')"), [ABC[0] + IN, ABC[1] + IN3]),
    ),
}

KINDS = {
    "adoption": (f"{WHO}, ", ADOPTION),
    "lifecycle": (f"{WHO}, ", LIFECYCLE),
    "conversion": ("", CONVERSION),
    "funnel": ("", FUNNEL),
}
CASES = [(kind, name) for kind, (_, cases) in KINDS.items() for name in cases]


@pytest.fixture(scope="module", params=SEEDS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Outcome, duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("made")
    write_events(folder, request.param, users=14, events=420)
    kpis = "".join(
        f"  '{kind} {name}': {{kind: {kind}, {KINDS[kind][0]}{KINDS[kind][1][name][0]}}}\n"
        for kind, name in CASES
    )
    return run_files(folder, {DEFINITIONS: BOOK + kpis}, periods=6), tables(folder)


@pytest.mark.parametrize(("kind", "name"), CASES, ids=[" ".join(case) for case in CASES])
def test_numbers(kind: str, name: str, world: tuple[Outcome, duckdb.DuckDBPyConnection]) -> None:
    outcome, base = world
    written, query = KINDS[kind][1][name]
    expected = _cells(base, query)
    for group in ("coalesce(p, '(none)')", "coalesce(plan, '(none)')"):
        if group in query and "by:" in written:
            expected |= _cells(base, query.replace(group, "''"))
    assert _told(outcome, f"{kind} {name}", expected) == expected
    assert any(n for n, _ in expected.values())
    assert outcome.problems == ()


def _cells(base: duckdb.DuckDBPyConnection, query: str) -> Cells:
    return {
        (part, s, g): (n, d)
        for part, s, g, n, d in base.execute(query).fetchall()
        if s >= date(2025, 3, 3)
    }


def _told(outcome: Outcome, name: str, expected: Cells) -> Cells:
    """The weeks in which anybody counts; of a headline that repeats a part the part."""
    found: Cells = {}
    parts = {part for part, _, _ in expected}
    for one in outcome.results:
        if one.kpi == name and (one.part or "") in parts and one.start and one.n:
            told = (one.numerator or 0, one.denominator)
            found[one.part or "", one.start, "".join(one.by.values())] = told
    return found


@pytest.mark.parametrize("measure", ["used", "new", "ever", "of_active"])
def test_the_headline_of_adoption_is_its_measure(measure: str, tmp_path: Path) -> None:
    write_events(tmp_path, 1)
    kpi = f"  k: {{kind: adoption, {WHO}, {USE}, measure: {measure}, window: 14d}}\n"
    kpi += kpi.replace("k:", "l:").replace(
        "{", f"{{title: 'Reports, {measure.replace('_', ' ')}', "
    )
    outcome = run_files(tmp_path, {DEFINITIONS: BOOK + kpi}, periods=3)
    headline = [(one.label, one.value, one.n) for one in outcome.results if one.part is None]
    part = [(one.label, one.value, one.n) for one in outcome.results if one.part == measure]
    assert headline == part
    word = measure.replace("_", " ")
    assert [card.title for card in outcome.kpis] == [f"K ({word})", f"Reports, {word}"]
    assert measure in outcome.kpis[0].definition
