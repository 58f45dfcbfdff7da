"""What hand-written SQL says of each KPI of oracle.yaml, and how it is held against results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest
from running import group_of

from kpicli.results import Result

SNAPSHOT = "'snapshot'"


@dataclass(frozen=True)
class Case:
    """What SQL says of a KPI.

    rows: the rows that count, one per contribution. label: the period of a row. by: per segment
    its value. known: first and last day of which something is known; of a group without rows
    then holds empty, elsewhere nothing is known.
    """

    kpi: str
    value: str
    rows: str
    label: str
    by: Mapping[str, str] = field(default_factory=dict)
    empty: float | None = None
    n: str | None = "count(*)"
    part: str | None = None
    dated: str = "select min(day), max(day) from orders where day < '2021-05-01'"

    def sql(self) -> str:
        """One row per period and group that has rows: label, by, value, n."""
        queries = [self._query("''")]
        for name, value in self.by.items():
            told = " || '; ' || ".join(
                f"'{one}=' || {of}"
                for one, of in zip(name.split("+"), value.split(" + "), strict=True)
            )
            queries.append(self._query(told))
        return " union all ".join(queries)

    def _query(self, by: str) -> str:
        columns = f"{self.label} as label, {by} as by, ({self.value})::double as value"
        return f"(select {columns}, {self.n or 'null'} as n from {self.rows} group by 1, 2)"  # noqa: S608


def week(day: str = "day") -> str:
    return f"by_week({day})"


def month(day: str = "day") -> str:
    return f"by_month({day})"


def quarter(day: str = "day") -> str:
    return f"by_quarter({day})"


PLAN = {"plan": "plan"}
SIZE = """case when employees >= 1000 then 'enterprise' when employees >= 50 then 'mid'
    when employees >= 0 then 'small' else '(none)' end"""
LARGE = (
    "case when employees >= 1000 then 'large' when employees < 1000 then 'other' else '(none)' end"
)
# Where neither the condition nor the value can be told, nothing is known; else the row is out.
PAID_OR_NOTHING = "(status in ('paid', 'corrected') or status is null and amount is null)"
COUNTED = "orders where not excluded and day is not null"
OF_TICKETS = "select min(day), max(day) from tickets"
OF_ANSWERS = "select min(day), max(day) from answers where day < '2021-05-01'"
OF_SUBSCRIPTIONS = "select min(begins), max(begins) from subscriptions"
OPEN = "begins <= last_day and (ends is null or ends > last_day) and not excluded"
OPEN_MONTHS = f"subscriptions join month_ends on {OPEN}"
VOTE = "case when score >= 9 then 1 when score >= 7 then 0 else -1 end"
VOTES = "answers where survey = 'nps' and score is not null and not excluded"


def top(count: int) -> str:
    """A city's name, or (other) where it is not among the largest of the periods shown."""
    largest = f"""select city from {COUNTED} and day < '2021-04-01'
        group by 1 order by count(*) desc, city limit {count}"""  # noqa: S608
    return f"case when city in ({largest}) then city else '(other)' end"


CASES = (
    Case("orders_by_day", "count(*)", COUNTED, "by_day(day)", empty=0),
    Case(
        "orders_by_week",
        "count(*)",
        COUNTED,
        week(),
        PLAN | {"region": "region", "device": "device"},
        0,
    ),
    Case(
        "orders_by_month",
        "count(*)",
        COUNTED,
        month(),
        {"size": SIZE, "large": LARGE, "large+device": f"{LARGE} + device"},
        0,
    ),
    Case("orders_by_quarter", "count(*)", COUNTED, quarter(), empty=0),
    Case("orders_by_year", "count(*)", COUNTED, "by_year(day)", empty=0),
    Case("paid", "count(*)", f"{COUNTED} and status = 'paid'", month(), empty=0),
    Case(
        "paid_by_payment",
        "count(*)",
        "orders where not excluded and paid_on is not null and status in ('paid', 'corrected')",
        week("paid_on"),
        empty=0,
        dated="select min(paid_on), date '2021-04-30' from orders",
    ),
    Case(
        "buyers",
        "count(distinct user_id)",
        f"{COUNTED} and user_id is not null",
        month(),
        PLAN | {"device": "device"},
        0,
        n="count(distinct user_id)",
    ),
    Case(
        "accounts_buying",
        "count(distinct account_id)",
        f"{COUNTED} and account_id is not null",
        quarter(),
        empty=0,
        n="count(distinct account_id)",
    ),
    Case("cities", "count(*)", COUNTED, quarter(), {"city": top(12)}, 0),
    Case("three_cities", "count(*)", COUNTED, quarter(), {"city": top(3)}, 0),
    Case(
        "revenue",
        "sum(amount)",
        f"{COUNTED} and {PAID_OR_NOTHING}",
        month(),
        PLAN | {"region": "region"},
        0,
        n="count(amount)",
    ),
    Case(
        "turnover", "sum(amount * pieces)", f"{COUNTED} and amount * pieces is not null", quarter()
    ),
    Case(
        "net",
        "sum(case when status = 'returned' then -amount else amount end)",
        f"{COUNTED} and amount is not null",
        quarter(),
    ),
    Case(
        "weight",
        "sum(weight)",
        COUNTED,
        week(),
        {"device": "device"},
        0,
        n="count(weight)",
    ),
    Case("order_value", "avg(amount)", f"{COUNTED} and amount is not null", month(), PLAN),
    Case("pieces_per_order", "avg(coalesce(pieces, 0))", COUNTED, week()),
    Case(
        "hours_to_solve",
        "avg(hours)",
        "tickets where hours is not null and not excluded",
        week(),
        PLAN,
        dated=OF_TICKETS,
    ),
    Case("median_value", "median(amount)", f"{COUNTED} and amount is not null", quarter(), PLAN),
    Case(
        "hours_p90",
        "quantile_cont(hours, 0.9)",
        "tickets where hours is not null and not excluded",
        month("solved_day"),
        dated=OF_TICKETS,
    ),
    Case("lightest", "min(weight)", f"{COUNTED} and weight is not null", month()),
    Case("heaviest", "max(weight)", f"{COUNTED} and weight is not null", month()),
    Case(
        "paid_share",
        "avg((status = 'paid')::int)",
        f"{COUNTED} and pieces > 0 and status is not null",
        week(),
        PLAN | {"large": LARGE},
    ),
    Case(
        "paid_share_of_money",
        "sum(case when status = 'paid' then amount else 0 end) / sum(amount)",
        f"{COUNTED} and status is not null and amount is not null",
        month(),
    ),
    Case(
        "click_rate",
        "sum(clicks) / nullif(sum(delivered), 0)",
        f"{COUNTED} and clicks is not null and delivered is not null",
        week(),
        {"device": "device"},
    ),
    Case(
        "returns",
        "sum(coalesce((status = 'returned')::int, 0)) / count(*)",
        COUNTED,
        month(),
        PLAN,
    ),
    Case(
        "value_per_buyer",
        "sum(amount) / count(distinct user_id)",
        COUNTED,
        month(),
        n="count(distinct user_id)",
    ),
    Case(
        "tickets_per_order",
        "count(*) filter (what = 'ticket') / nullif(count(*) filter (what = 'order'), 0)",
        """(select 'ticket' as what, day, plan from tickets where not excluded union all
            select 'order', paid_on, plan from orders where not excluded and status = 'paid'
            and paid_on is not null)""",
        month(),
        PLAN,
        n="count(*) filter (what = 'order')",
        dated=OF_TICKETS,
    ),
    Case(
        "fee_per_ticket",
        "sum(fee) / nullif(count(*) filter (what = 'ticket'), 0)",
        """(select 'fee' as what, begins as day, fee from subscriptions
            where not excluded and fee is not null union all
            select 'ticket', solved_day, null from tickets where not excluded)""",
        quarter(),
        n="count(*) filter (what = 'ticket')",
        dated=OF_TICKETS,
    ),
    Case("nps", f"100 * avg({VOTE})", VOTES, month(), PLAN, dated=OF_ANSWERS),
    *(
        Case(
            "nps", f"100 * avg(({inside})::int)", VOTES, month(), PLAN, part=part, dated=OF_ANSWERS
        )
        for part, inside in {
            "promoters": "score >= 9",
            "passives": "score between 7 and 8",
            "detractors": "score <= 6",
        }.items()
    ),
    Case("subscribed", "count(*)", OPEN_MONTHS, month("last_day"), PLAN, 0, dated=OF_SUBSCRIPTIONS),
    Case(
        "fees",
        "sum(fee)",
        f"{OPEN_MONTHS} and fee is not null",
        month("last_day"),
        dated=OF_SUBSCRIPTIONS,
    ),
    Case(
        "fees_of_weeks",
        "sum(fee * 2)",
        f"""(select s.*, employees, e.label, e.last_day from subscriptions s
            join accounts using (account_id) cross join week_ends e)
            where {OPEN} and fee is not null and employees > 10""",  # noqa: S608
        week("last_day"),
        dated=OF_SUBSCRIPTIONS,
    ),
    Case(
        "live_claimed",
        "count(*)",
        f"{OPEN_MONTHS} and status = 'live'",
        month("last_day"),
        empty=0,
        dated=OF_SUBSCRIPTIONS,
    ),
    Case(
        "live",
        "count(*)",
        f"{OPEN_MONTHS} and status = 'live' and last_day = '2021-04-30'",
        month("last_day"),
        dated=OF_SUBSCRIPTIONS,
    ),
    Case(
        "unpaid",
        "count(*)",
        """orders join month_ends on day <= last_day and (paid_on is null or paid_on > last_day)
        and not excluded""",
        month("last_day"),
        empty=0,
    ),
    Case(
        "revenue_per_buyer",
        """coalesce(sum(amount) filter (status in ('paid', 'corrected')), 0)
        / nullif(count(distinct user_id), 0)""",
        COUNTED,
        month(),
        PLAN,
        n=None,
    ),
    Case(
        "growth",
        "sum(amount) / lag(sum(amount), 3) over (order by by_month(day)) - 1",
        f"{COUNTED} and status in ('paid', 'corrected') and amount is not null",
        month(),
        n=None,
    ),
    Case("items", "count(*)", "stock", SNAPSHOT, {"shelf": "shelf"}, 0, dated=""),
    Case(
        "sold_out",
        "avg(sold_out::int)",
        "stock where sold_out is not null",
        SNAPSHOT,
        {"shelf": "shelf"},
        dated="",
    ),
    Case(
        "worth",
        "sum(price * quantity)",
        "stock where price * quantity is not null",
        SNAPSHOT,
        dated="",
    ),
    Case("median_price", "median(price)", "stock where price is not null", SNAPSHOT, dated=""),
)


def _rows(database: duckdb.DuckDBPyConnection, case: Case) -> list[tuple[Any, ...]]:
    return database.execute(case.sql()).fetchall()


def compare(results: Sequence[Result], case: Case, database: duckdb.DuckDBPyConnection) -> None:
    """Every record against SQL: values, n, no group missing; nothing where nothing is known."""
    told = {(label, by): (value, n) for label, by, value, n in _rows(database, case)}
    found = {(str(one.label), group_of(one)): one for one in results}
    labels = {label for label, _ in found}
    missing = {key for key in told if key[0] in labels} - set(found)
    assert not missing
    assert any(one.value is not None for one in results)
    known = _known(database, case)
    for (label, by), result in found.items():
        inside = known is None or known[0] <= label <= known[1]
        value, n = told.get((label, by), (case.empty if inside else None, 0))
        near = None if value is None else pytest.approx(value, rel=1e-12)
        assert (label, by, result.value) == (label, by, near)
        assert case.n is None or result.n == n, (label, by)


def _known(database: duckdb.DuckDBPyConnection, case: Case) -> tuple[str, str] | None:
    """The labels of the first and last period of which something is known."""
    if not case.dated:
        return None
    first, last = database.execute(case.dated).fetchall()[0]
    macro = case.label.partition("(")[0]
    row = database.execute(f"select {macro}(?::date), {macro}(?::date)", [first, last]).fetchone()
    assert row is not None
    return row[0], row[1]
