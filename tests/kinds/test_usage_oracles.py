"""Usage over entities, every option at least once, beside SQL written from the definitions.

Each query gives, per week s and group g, a numerator n and a denominator d; null is "no ratio".
"""

# ruff: noqa: S608

from datetime import date

import duckdb
import pytest
from made_events import BOOK, tables, write_events
from running import DEFINITIONS, run_files

from kpicli.results import Outcome

Cells = dict[tuple[date, str], tuple[float, float | None]]
SEEDS = (1, 2, 3)
WHO = "entity: user_id, source: events"
OF = {"": "''", "platform": "coalesce(p, '(none)')", "plan": "coalesce(plan, '(none)')"}


def per_head(what: str, window: str = "one", where: str = "true", by: str = "") -> str:
    """A row per week, group and person with rows in the window: x."""
    return f"""
        select s, {OF[by]} as g, u, {what} as x
        from {window} join (select * from hits join people using (u)) on day >= ws and day < f
        where {where} group by all"""


def heads(inner: str) -> str:
    return f"select s, g, count(*) as n, null as d from ({inner}) group by all"


def mean(inner: str, below: str = "count(*)") -> str:
    return f"select s, g, sum(x) as n, {below} as d from ({inner}) group by all"


def there(window: str) -> str:
    """Everyone who is there for the whole window."""
    return f"""{window} join people
        on not fake and came <= ws and (went is null or went >= f)"""


ACTIVE = {
    "active": ("", heads(per_head("1"))),
    "active, did": ("did: event = 'b'", heads(per_head("1", where="e = 'b'"))),
    "active, twice": (
        "at_least: 2",
        heads(f"select * from ({per_head('count(*)')}) where x >= 2"),
    ),
    "active, window": ("window: 14d", heads(per_head("1", "two"))),
    "active, platform": ("by: [platform]", heads(per_head("1", by="platform"))),
    "active, plan": ("by: [users.plan]", heads(per_head("1", by="plan"))),
    "active, above": (
        "above: 75",
        heads(
            f"select * from ({per_head('count(*)')}) "
            "qualify x > quantile_cont(x, 0.75) over (partition by s)"
        ),
    ),
    "active, seen": (
        "population: seen",
        """select s, '' as g, count(distinct u) as n, null as d
           from one join rows on day >= ws and day < f left join people using (u)
           where fake is not true group by all""",
    ),
}
STICKY = {
    "stickiness": ("", mean(per_head("count(distinct day)"), "count(*) * 7")),
    "stickiness, window": (
        "window: 14d",
        mean(per_head("count(distinct day)", "two"), "count(*) * 14"),
    ),
    "stickiness, week": (
        "of: week, window: 2w",
        mean(per_head("count(distinct (f - 1 - day) // 7)", "two"), "count(*) * 2"),
    ),
    "stickiness, days": (
        "days: [monday, friday], window: 14d",
        mean(
            per_head("count(distinct day)", "two", "isodow(day) in (1, 5)"),
            "count(*) * 4",
        ),
    ),
    "stickiness, platform": (
        "by: [platform], did: event <> 'c'",
        mean(per_head("count(distinct day)", where="e <> 'c'", by="platform"), "count(*) * 7"),
    ),
}
EVERYONE = f"""
    select s, '' as g, u, count(distinct (f - 1 - day) // 7) as x
    from {there("two")} left join hits using (u)
    where day >= ws and day < f group by all
    union all select s, '', u, 0 from {there("two")}"""
# Each one's active days y, and the days that they were there, in two weeks.
OWN = """
    select s, '' as g, life.u, own, count(distinct day) as y, count(distinct day) / own as x
    from (select s, u, greatest(ws, came) as since, least(f, coalesce(went, f)) as upto,
            least(f, coalesce(went, f)) - greatest(ws, came) as own
        from two join people on not fake) life
    left join hits on hits.u = life.u and day >= since and day < upto
    where own > 0 group by s, life.u, own"""
FREQUENCY = {
    "frequency": ("", mean(per_head("count(*)"))),
    "frequency, plan": ("by: [users.plan]", mean(per_head("count(*)", by="plan"))),
    "frequency, days": ("measure: days", mean(per_head("count(distinct day)"))),
    "frequency, weeks": (
        "measure: weeks, window: 14d",
        mean(per_head("count(distinct (f - 1 - day) // 7)", "two"), "count(*) * 2"),
    ),
    "frequency, everyone": (
        "measure: weeks, window: 14d, among: everyone",
        f"select s, g, sum(x) as n, count(distinct u) * 2 as d from ({EVERYONE}) group by all",
    ),
    "frequency, per day": (
        "measure: actions_per_day",
        mean(per_head("count(*)"), "sum(y)").replace(
            "count(*) as x", "count(*) as x, count(distinct day) as y"
        ),
    ),
    "frequency, per day, heads": (
        "measure: actions_per_day, estimator: mean_of_ratios",
        mean(per_head("count(*) / count(distinct day)")),
    ),
    "frequency, participation": (
        "measure: participation, window: 14d",
        mean(f"select * from ({OWN}) where x > 0"),
    ),
    "frequency, participation, everyone": (
        "measure: participation, window: 14d, among: everyone",
        mean(OWN),
    ),
    "frequency, participation, pooled": (
        "measure: participation, window: 14d, among: everyone, estimator: ratio_of_sums",
        f"select s, g, sum(y) as n, sum(own) as d from ({OWN}) group by all",
    ),
    "frequency, distinct": (
        "measure: distinct, distinct: event",
        mean(per_head("count(distinct e)")),
    ),
    "frequency, available seen": (
        "measure: distinct, distinct: event, available: seen, window: 14d",
        mean(
            f"""select * from ({per_head("count(distinct e)", "two")})
                join (select s, count(distinct e) as shown
                    from two join rows on day >= ws and day < f left join people using (u)
                    where fake is not true group by s) using (s)""",
            "sum(shown)",
        ),
    ),
    "frequency, available": (
        "measure: distinct, distinct: event, available: 5, by: [platform]",
        mean(per_head("count(distinct e)", by="platform"), "count(*) * 5"),
    ),
}
KINDS = {"active": ACTIVE, "stickiness": STICKY, "frequency": FREQUENCY}
CASES = [(kind, name) for kind, cases in KINDS.items() for name in cases]


@pytest.fixture(scope="module", params=SEEDS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Outcome, duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("made")
    write_events(folder, request.param)
    kpis = "".join(
        f"  {name!r}: {{kind: {kind}, {WHO}, {KINDS[kind][name][0]}}}\n" for kind, name in CASES
    )
    return run_files(folder, {DEFINITIONS: BOOK + kpis}, periods=6), tables(folder)


@pytest.mark.parametrize(("kind", "name"), CASES, ids=[name for _, name in CASES])
def test_numbers(kind: str, name: str, world: tuple[Outcome, duckdb.DuckDBPyConnection]) -> None:
    outcome, base = world
    query = KINDS[kind][name][1]
    expected = _cells(base, query)
    if "by:" in KINDS[kind][name][0]:
        expected |= _cells(base, query.replace(OF["platform"], "''").replace(OF["plan"], "''"))
    assert _told(outcome, name) == expected
    assert expected
    assert outcome.problems == ()


def _cells(base: duckdb.DuckDBPyConnection, query: str) -> Cells:
    return {(s, g): (round(n, 9), d) for s, g, n, d in base.execute(query).fetchall()}


def _told(outcome: Outcome, name: str) -> Cells:
    """The weeks with rows: those without are 0 where people are counted, null where not."""
    found: Cells = {}
    for one in outcome.results:
        if one.kpi == name and one.part is None and one.start:
            if one.n:
                told = (one.value or 0, None) if one.denominator is None else None
                group = "".join(one.by.values())
                found[one.start, group] = told or (round(one.numerator or 0, 9), one.denominator)
            else:
                assert one.value in (0, None)
    return found
