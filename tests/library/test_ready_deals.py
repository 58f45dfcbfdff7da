"""Ready definitions of deals, leads and costs: published velocities, the sample beside SQL."""

# ruff: noqa: S608

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from kpicli.errors import DefinitionError
from kpicli.flow import open_book, run
from kpicli.planning.request import Request
from kpicli.results import Outcome

SAMPLE = Path(__file__).parents[2] / "sample_data"
READ = date(2025, 9, 29)
FEBRUARY = date(2025, 2, 1)


def outcome_of(folder: Path, book: dict[str, Any], files: dict[str, str], **asked: Any) -> Outcome:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    file = folder / "kpi.yaml"
    file.write_text(yaml.safe_dump({"version": 1, **book}, sort_keys=False), encoding="utf-8")
    found = run(open_book(file, {}), Request(**asked), READ)
    assert found.problems == ()
    return found


# ---- velocity, each from its page: open deals, mean value, win rate, days, money a day

PUBLISHED = {
    "prospectengine": (50, 25_000, 0.25, 60, 5208.33),
    "nrev": (50, 10_000, 0.20, 30, 3333.33),
    "theprimecalculator": (50, 10_000, 0.25, 30, 4166.67),
}


def closed_deals(value: int, rate: float, days: int) -> list[str]:
    """Twenty deals closed in January, won at the rate: half a tenth off the value to each side."""
    created, closed = date(2025, 1, 20) - timedelta(days=days), date(2025, 1, 20)
    won = round(20 * rate)
    amounts = [value + (value // 20) * (1 if place % 2 else -1) for place in range(won)]
    amounts[-1] += value * won - sum(amounts)
    rows = [f"{created},{closed},yes,yes,{amount}" for amount in amounts]
    return rows + [f"{created},{closed},yes,no,0"] * (20 - won)


@pytest.mark.parametrize("page", PUBLISHED)
def test_pipeline_velocity_as_published(page: str, tmp_path: Path) -> None:
    count, value, rate, days, expected = PUBLISHED[page]
    rows = closed_deals(value, rate, days) + ["2025-01-05,,no,no,1"] * count
    listed = "\n".join(f"D{place},{row}" for place, row in enumerate(rows))
    book = {
        "sources": {"deals": {"path": "deals.csv", "key": "deal_id", "start": "created_at",
                              "end": "closed_at", "quiet": "1y"}},
        "kpis": {"pipeline_velocity": {"use": "pipeline_velocity"}},
    }  # fmt: skip
    files = {"deals": f"deal_id,created_at,closed_at,is_closed,is_won,amount\n{listed}\n"}
    found = outcome_of(tmp_path, book, files, periods=1, as_of=FEBRUARY)
    assert {one.part: (one.value, one.unit) for one in found.results} == {
        None: (pytest.approx(expected, abs=0.005), None),
        "open_deals": (count, "count"),
        "average_deal_size": (pytest.approx(value), "money:EUR"),
        "win_rate": (pytest.approx(rate), "ratio"),
        "average_sales_cycle": (days, "days"),
    }
    assert found.kpis[0].unit == "money:EUR/day"
    assert "win_rate: Share of the rows of deals with is_won, where is_closed" in (
        found.kpis[0].definition
    )


# ---- cost of acquisition

SPEND = """month,channel,category,amount
2024-12-01,paid,media,600
2024-12-01,,overhead,300
2025-01-01,paid,media,800
2025-01-01,content,salaries,500
2025-01-01,,overhead,200
"""
CUSTOMERS = """deal_id,created_at,closed_at,is_closed,is_won,type,channel
D1,2024-11-02,2024-12-20,yes,yes,New Business,paid
D2,2024-12-02,2025-01-10,yes,yes,New Business,paid
D3,2024-12-02,2025-01-11,yes,yes,New Business,paid
D4,2024-12-02,2025-01-12,yes,yes,New Business,
D5,2024-12-02,2025-01-13,yes,yes,Reactivation,content
D6,2024-12-02,2025-01-14,yes,no,New Business,content
"""


def test_cost_of_a_customer_by_channel_lagged_and_without_a_category(tmp_path: Path) -> None:
    """Both sides show what names no channel; who comes back is not new; the rest divides once."""
    book = {
        "sources": {
            "deals": {"path": "deals.csv", "key": "deal_id", "start": "created_at",
                      "end": "closed_at", "quiet": "1y"},
            "spend": {"path": "spend.csv", "time": "month", "quiet": "1mo"},
        },
        "kpis": {
            "cac": {"use": "cac", "by": ["channel"]},
            "cac_lagged": {"use": "cac_lagged"},
            "media": {"use": "marketing_spend", "where": "category in ('media', 'content')"},
            "media_cac": {"use": "cac", "formula": "media / new_customers"},
        },
    }  # fmt: skip
    files = {"deals": CUSTOMERS, "spend": SPEND}
    found = outcome_of(tmp_path, book, files, periods=1, as_of=FEBRUARY, grain="month")
    told = {
        (one.kpi, one.part, *one.by.values()): one.value if one.reason is None else one.reason
        for one in found.results
    }
    assert told == {
        ("cac", None): 500,
        ("cac", None, "content"): "zero_denominator",
        ("cac", None, "paid"): 400,
        ("cac", None, "(none)"): 200,
        ("cac_lagged", None): 300,
        ("cac_lagged", "marketing_spend, 1 earlier"): 900,
        ("cac_lagged", "new_customers"): 3,
        ("media", None): 800,
        ("media_cac", None): pytest.approx(800 / 3),
    }
    cards = {card.name: card.definition for card in found.kpis}
    assert "where is_won and type = 'New Business'" in cards["cac"]
    assert "where category in ('media', 'content')" in cards["media"]


# ---- the sample

STAGES = {
    "each": {"place": [1, 2, 3, 4]},
    "use": "stage_days",
    "from": {"source": "deal_stages", "where": "position = {place}"},
    "to": {"source": "deal_stages", "where": "position <> {place}"},
    "grain": "year",
}
READY = ("win_rate_created", "win_rate_of_leads", "sql_to_opportunity", "lead_to_customer",
         "webinar_conversion", "stage_conversion")  # fmt: skip
ENTERED = """(select deal_id, min(entered_at) as at from stages join deals using (deal_id)
    where position {place} and (won or not closed or stage <> now) group by deal_id)"""
QUERIES = {
    ("win_rate_created", None): """select q(created),
        count(*) filter (won and ended <= created + 90) / count(*) from deals
        where created + 90 < r() group by 1""",
    ("win_rate_created", "open"): """select q(created), count(*) filter (ended is null) / count(*)
        from deals group by 1""",
    ("win_rate_of_leads", None): """select q(ended), count(*) filter (won) / count(*)
        from leads join deals on deal_id = opportunity_id where closed group by 1""",
    ("sql_to_opportunity", None): """select q(s), count(*) filter (created between s and s + 30)
        / count(*) from (select *, sql_at::date as s from leads)
        left join deals on deal_id = opportunity_id where s + 30 < r() group by 1""",
    ("lead_to_customer", None): """select q(s), count(*) filter (won and ended between s and s + 90)
        / count(*) from (select *, begun::date as s from leads)
        left join deals on deal_id = opportunity_id where s + 90 < r() group by 1""",
    ("webinar_conversion", None): """select q(begun::date), count(*) filter (sql_at
        between begun and begun + interval 14 day) / count(*) from leads
        where source = 'webinar' and begun + interval 14 day < r() group by 1""",
    ("stage_conversion", None): f"""select q(a.at::date), count(*) filter (won and
        exists (from {ENTERED.format(place=">= 2")} b where b.deal_id = a.deal_id and b.at >= a.at
            and exists (from {ENTERED.format(place=">= 3")} c where c.deal_id = a.deal_id
                and exists (from {ENTERED.format(place=">= 4")} d where d.deal_id = a.deal_id)))
        and ended <= a.at::date + 180) / count(*)
        from {ENTERED.format(place="= 1")} a join deals using (deal_id)
        where a.at::date + 180 < r() group by 1""",
}  # fmt: skip


def sample(name: str, **keys: Any) -> dict[str, Any]:
    return {"path": str(SAMPLE / f"{name}.csv"), **keys}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    columns = {"created_at": "Created", "closed_at": "Close Date"}
    book = {
        "timezone": "Europe/Berlin",
        "sources": {
            "deals": sample("deals", key="deal_id", start="created_at", end="closed_at",
                            columns=columns, dates="DD.MM.YYYY", quiet="1mo"),
            "deal_stages": sample("deal_stages", time="entered_at", quiet="1mo"),
            "leads": sample("leads", key="lead_id", time="created_at", quiet="1mo",
                            refers_to={"deals": "opportunity_id"}),
        },
        "kpis": {name: {"use": name, "grain": "quarter"} for name in READY}
        | {"stage_days": STAGES},
    }  # fmt: skip
    return outcome_of(tmp_path_factory.mktemp("sample"), book, {}, as_of=READ, periods=8)


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("set TimeZone = 'Europe/Berlin'")
    found.execute("create macro q(day) as date_trunc('quarter', day::date)::date")
    found.execute(f"create macro r() as date '{READ}'")
    day = "try_strptime({}, '%d.%m.%Y')::date"
    found.execute(f"""create table deals as select "Deal ID" as deal_id, "Stage" as now,
        {day.format('"Created"')} as created, {day.format('"Close Date"')} as ended,
        "Is Won" = 'Yes' as won, "Is Closed" = 'Yes' as closed
        from read_csv('{SAMPLE}/deals.csv', all_varchar = true) where "Deal ID" is not null""")
    found.execute(f"create table stages as from read_csv('{SAMPLE}/deal_stages.csv')")
    found.execute(f"""create table leads as select * exclude (sql_at),
        try_cast(created_at as timestamp) as begun, try_cast(sql_at as timestamp) as sql_at
        from read_csv('{SAMPLE}/leads.csv', all_varchar = true)
        where try_cast(created_at as timestamp) is not null""")
    return found


@pytest.mark.parametrize(("name", "part"), QUERIES)
def test_the_sample_gives_what_sql_does(
    name: str, part: str | None, outcome: Outcome, database: duckdb.DuckDBPyConnection
) -> None:
    expected = dict(database.sql(QUERIES[name, part]).fetchall())
    found = {one.start: one.value for one in outcome.results
             if (one.kpi, one.part) == (name, part) and one.value is not None}  # fmt: skip
    assert len(found) >= 6
    assert found == {start: pytest.approx(expected[start]) for start in found}


def test_days_of_every_stage(outcome: Outcome, database: duckdb.DuckDBPyConnection) -> None:
    """The median of the first visit, all ended ones; what is still there ends no visit."""
    for place in (1, 2, 3, 4):
        [expected] = database.sql(f"""
            with came as (select deal_id, min(entered_at) as first from stages
                where position = {place} group by deal_id),
            went as (select deal_id, first, min(entered_at) as until from came
                join stages using (deal_id) where entered_at >= first and position <> {place}
                group by all)
            select median(epoch(until::timestamptz) - epoch(first::timestamptz)) / 86400
                from went where year(first) = 2024
            """).fetchall()
        [found] = [one.value for one in outcome.results if one.kpi == f"stage_days_{place}"
                   and one.part == "plain median" and one.label == "2024"]  # fmt: skip
        assert found == pytest.approx(expected[0], abs=1e-3)


def test_what_the_sources_lack_is_said(tmp_path: Path) -> None:
    """A ready definition says which of its columns the missing source would have."""
    (tmp_path / "deals.csv").write_text("deal_id,created_at\n", encoding="utf-8")
    text = """
version: 1
sources: {deals: {path: deals.csv, key: deal_id, start: created_at}}
kpis: {stage_days: {use: stage_days}, cac: {use: cac}}
"""
    (tmp_path / "kpi.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as wrong:
        open_book(tmp_path / "kpi.yaml", {})
    told = {one.source or one.kpi: (one.message, one.hint) for one in wrong.value.problems}
    assert told["stage_days"][0] == "there is no source 'deal_stages'"
    assert "reads deal_id, position of deal_stages" in str(told["stage_days"][1])
    assert "marketing_spend reads amount of spend" in str(told["marketing_spend"][1])
