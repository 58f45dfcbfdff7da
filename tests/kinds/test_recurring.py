"""Recurring money against SQL written by hand, the vendors' own examples, and what goes wrong."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run_files
from subscribed import (
    AS_OF,
    FIRST,
    HEADER,
    MONTHS,
    MOVED,
    SOURCE,
    Row,
    monthly,
    run,
    table,
    told,
    written,
)

from kpicli.engine.evidence import evidence_of
from kpicli.engine.focus import focus_on
from kpicli.errors import DefinitionError
from kpicli.flow import open_book
from kpicli.planning.question import Question
from kpicli.results import Outcome

MEASURES = (
    *("mrr", "arr", "arpa", "customers", "new", "expansion", "contraction", "churn"),
    *("reactivation", "nrr", "grr", "logo_churn", "logo_retention", "revenue_churn"),
    *("net_revenue_churn", "expanded", "upsell", "net_new"),
)


# ---- The same question in SQL, written from the definitions ------------------------------------

ORACLE = """
    create temp table snapshots as
    with spans as (
        select p, (date '{first}' + p * interval {step})::date as a,
            (date '{first}' + (p + 1) * interval {step})::date as b
            from range(-14, {periods}) t(p)),
    paid as (
        select account_id, "start"::date as s,
            "end"::date + if('{boundary}' = 'end_exclusive', 0, 1) as e,
            round(amount::double * (1 - coalesce(discount::double, 0)) / interval_count::int
                * case "interval" when 'day' then 365.0 / 12 when 'week' then 52.0 / 12
                    when 'month' then 1 when 'quarter' then 1.0 / 3 when 'year' then 1.0 / 12 end
                * 10000)::bigint as m
        from read_csv('{file}', header = true, all_varchar = true)
        where coalesce(status, '') not in ('trialing', 'paused') and "start"::date < date '{as_of}')
    select p, a, account_id, sum(m) as m,
        (select min(s) from paid f where f.account_id = h.account_id and f.m > 0
            and (f.e is null or f.e > f.s)) as since
    from spans join paid h
        on s < b and (e is null or e > if('{boundary}' = 'any_day', a, b - 1))
    group by all;
    create temp table pairs as
    select * from (
        select coalesce(n.p, o.p + {back}) as p, coalesce(n.account_id, o.account_id) as who,
            coalesce(o.m, 0) as o, coalesce(n.m, 0) as c, coalesce(n.since, o.since) as since
        from snapshots n full join snapshots o
            on n.account_id = o.account_id and n.p = o.p + {back})
    where p between 0 and {periods} - 1
"""
# Told of opening o, closing c and the first paid day, before the period (old) or not.
OLD = "since < (date '{first}' + p * interval {step})::date"
ASKED = {
    "mrr": "sum(c) / 1e4",
    "arr": "sum(c) * 12 / 1e4",
    "arpa": "sum(c) / 1e4 / nullif(count(*) filter (c > 0), 0)",
    "customers": "count(*) filter (c > 0)",
    "new": "sum(if(o = 0 and c > 0 and not OLD, c, 0)) / 1e4",
    "expansion": "sum(if(o > 0 and c > o, c - o, 0)) / 1e4",
    "contraction": "sum(if(c > 0 and c < o, o - c, 0)) / 1e4",
    "churn": "sum(if(o > 0 and c = 0, o, 0)) / 1e4",
    "reactivation": "sum(if(o = 0 and c > 0 and OLD, c, 0)) / 1e4",
    "net_new": "sum(c - o) / 1e4",
    "nrr": "sum(if(o > 0, c, 0)) / nullif(sum(o), 0)",
    "grr": "sum(least(o, c)) / nullif(sum(o), 0)",
    "logo_churn": "count(*) filter (o > 0 and c = 0) / nullif(count(*) filter (o > 0), 0)",
    "logo_retention": "count(*) filter (o > 0 and c > 0) / nullif(count(*) filter (o > 0), 0)",
    "revenue_churn": "sum(greatest(o - c, 0)) / nullif(sum(o), 0)",
    "net_revenue_churn": """(sum(greatest(o - c, 0)) - sum(if(o > 0, greatest(c - o, 0), 0))
        - sum(if(o = 0 and c > 0 and OLD, c, 0))) / nullif(sum(o), 0)""",
    "expanded": "count(*) filter (o > 0 and c > o) / nullif(count(*) filter (o > 0), 0)",
    "upsell": "sum(if(o > 0, greatest(c - o, 0), 0)) / nullif(sum(o), 0)",
}
_FULL = (*HEADER, "interval_count", "discount", "status")


def generated(seed: int) -> list[Row]:
    """Subscriptions of 60 accounts: gaps, several at once, ends on any day and open ones."""
    chance = random.Random(seed)
    rows: list[Row] = [(0, "first", FIRST, None, "10.00", "month", 1, None, "active")]
    for number in range(1, 241):
        start = FIRST + timedelta(days=chance.randrange(730))
        end = start + timedelta(days=chance.choice([0, 1, 20, 31, 90, 200, 365]))
        rows.append(
            (
                number,
                f"A{chance.randrange(60):02}",
                start,
                None if chance.random() < 0.2 else end,
                f"{chance.randrange(0, 500_000) / 100:.2f}",
                chance.choice(["day", "week", "month", "quarter", "year"]),
                chance.choice([1, 1, 1, 2, 6]),
                chance.choice([None, None, "0.1", "0.333", "1"]),
                chance.choice([None, "active", "past_due", "canceled", "trialing", "paused"]),
            )
        )
    return rows


def by_sql(folder: Path, measure: str, boundary: str, step: str, periods: int) -> list[Any]:
    """The measure of every period by SQL; of the first one only what stands at its end."""
    back = {"1 month": 12, "3 month": 4}[step] if measure in ("nrr", "grr") else 1
    names = {
        "first": FIRST,
        "as_of": AS_OF,
        "step": step,
        "periods": periods,
        "boundary": boundary,
        "back": back,
        "file": (folder / "subscriptions.csv").as_posix(),
    }
    with duckdb.connect() as base:
        for statement in ORACLE.format(**names).split(";"):
            base.execute(statement)
        asked = ASKED[measure].replace("OLD", OLD.format(**names))
        found = dict(base.execute(f"select p, {asked} from pairs group by p").fetchall())  # noqa: S608
    balance = measure in ("mrr", "arr", "arpa", "customers")
    unknown = 0 if balance else back
    return [None if p < unknown else found.get(p) for p in range(periods)]


@pytest.mark.parametrize("boundary", ["end_exclusive", "end_inclusive", "any_day"])
@pytest.mark.parametrize(
    ("grain", "step", "periods"), [("month", "1 month", 24), ("quarter", "3 month", 8)]
)
def test_every_measure_is_what_sql_says(
    tmp_path: Path, boundary: str, grain: str, step: str, periods: int
) -> None:
    keys = f", boundary: {boundary}, inactive: [trialing, Paused]"
    outcome = run(tmp_path, generated(7), keys, MEASURES, _FULL, grain=grain, periods=periods)
    assert outcome.problems == ()
    for name in MEASURES:
        expected = by_sql(tmp_path, name, boundary, step, periods)
        assert list(told(outcome, name).values()) == pytest.approx(expected, abs=1e-9), name


def test_the_movement_method_adds_up_the_ledger_of_the_window(tmp_path: Path) -> None:
    rows = generated(11)
    ledger = run(tmp_path / "ledger", rows, "", ("mrr",), _FULL)
    parts = {part: told(ledger, "mrr", part) for part in MOVED}
    mrr = list(told(ledger, "mrr").values())
    for name, counted in (("nrr", MOVED[1:]), ("grr", ("contraction", "churn"))):
        outcome = run(tmp_path / name, rows, ", method: movements", (name,), _FULL)
        found = list(told(outcome, name).values())
        assert found[:12] == [None] * 12
        for at in range(12, MONTHS):
            moved = [list(parts[part].values())[at - 11 : at + 1] for part in counted]
            base = mrr[at - 12] or 0
            expected = (base + sum(value or 0 for values in moved for value in values)) / base
            assert found[at] == pytest.approx(expected)


# ---- What goes wrong elsewhere ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "movements"),
    [
        ([0, 100, 0, 0, 100], ["", "new", "churn", "", "reactivation"]),
        ([100, 0, 0, 100, 100], ["opening", "churn", "", "reactivation", ""]),
        ([0, 100, 150, 120, 120], ["", "new", "expansion", "contraction", ""]),
        ([100, 100, 100, 100, 0], ["opening", "", "", "", "churn"]),
    ],
)
def test_months_of_one_customer(tmp_path: Path, amounts: list[int], movements: list[str]) -> None:
    others = monthly("other", [70, 70, 70, 70, 70])
    outcome = run(tmp_path, [*others, *monthly("a", amounts)], as_of=date(2024, 6, 1), periods=5)
    named = {part: told(outcome, "mrr", part) for part in MOVED}
    for at, expected in enumerate(movements):
        label = f"2024-0{at + 1}"
        found = [part for part in MOVED if named[part][label]]
        assert found == ([expected] if expected not in ("", "opening") else []), label
    opening = told(outcome, "mrr", "opening")
    assert opening["2024-01"] == 70 + amounts[0]


def test_new_is_told_by_all_history_not_by_the_months_shown(tmp_path: Path) -> None:
    rows = [*monthly("a", [100, 0, 0, 0, 0, 100]), *monthly("b", [1] * 6)]
    outcome = run(tmp_path, rows, names=("new", "reactivation"), as_of=date(2024, 7, 1), periods=1)
    assert told(outcome, "new") == {"2024-06": 0}
    assert told(outcome, "reactivation") == {"2024-06": 100}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("a", 1, 1, None)], [100, 100, 100], id="only plan without end stays"),
        pytest.param(
            [("a", 1, 1, (1, 20)), ("a", 1, 5, None)], [100, 100, 100], id="older plan closed"
        ),
        pytest.param([("a", 1, 1, (2, 29))], [100, 0, 0], id="ends on the month's last day"),
        pytest.param([("a", 1, 1, (3, 1))], [100, 100, 0], id="ends on the first day after"),
        pytest.param([("a", 1, 31, (1, 31))], [0, 0, 0], id="ends on its first day"),
        pytest.param([("a", 1, 1, (9, 1))], [100, 100, 100], id="end still to come"),
    ],
)
def test_ends(tmp_path: Path, rows: list[Row], expected: list[int]) -> None:
    told_rows = [
        (at, who, date(2024, month, day), end and date(2024, *end), 100, "month")
        for at, (who, month, day, end) in enumerate(rows)
    ]
    outcome = run(tmp_path, told_rows, as_of=date(2024, 4, 1), periods=3)
    assert list(told(outcome, "mrr").values()) == expected


def test_one_of_two_plans_less_is_contraction(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "a", date(2024, 1, 1), None, 100, "month"),
        (2, "a", date(2024, 1, 1), date(2024, 2, 10), 40, "month"),
    ]
    names = ("contraction", "churn", "logo_churn", "revenue_churn")
    outcome = run(tmp_path, rows, names=names, as_of=date(2024, 3, 1), periods=1)
    assert [told(outcome, name)["2024-02"] for name in names] == [40, 0, 0, 40 / 140]


def test_another_currency_is_no_churn(tmp_path: Path) -> None:
    header = (*HEADER, "currency")
    rows: list[Row] = [
        (1, "a", date(2024, 1, 1), date(2024, 2, 10), 100, "month", "EUR"),
        (2, "a", date(2024, 2, 10), None, 125, "month", "USD"),
    ]
    source = SOURCE.replace(
        "    quiet: 9y", "    quiet: 9y\n    currency_column: currency\n"
        "    rates: {source: rates, on: start}\n  rates: {path: rates.csv, time: day, quiet: 9y}"
    )  # fmt: skip
    files = {
        "kpi_definitions.yaml": written("", ("mrr",), source),
        "subscriptions.csv": table(rows, header),
        "rates.csv": "day,currency,rate\n2024-01-01,USD,0.8\n2024-02-20,USD,0.9\n",
    }
    outcome = run_files(tmp_path, files, as_of=date(2024, 4, 1), periods=3)
    assert list(told(outcome, "mrr").values()) == [100, 100, 100]
    assert [told(outcome, "mrr", part)["2024-02"] for part in MOVED] == [0, 0, 0, 0, 0]


def test_the_first_grain_of_a_file_is_opening_where_it_says_when_it_begins(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "a", date(2022, 5, 1), None, 100, "month"),
        (2, "b", date(2022, 5, 1), date(2022, 8, 1), 100, "month"),
        (3, "b", date(2024, 2, 1), None, 10, "month"),
        (4, "c", date(2024, 1, 9), None, 7, "month"),
    ]
    source = SOURCE.replace("    quiet: 9y", "    quiet: 9y\n    history_starts: 2024-01-01")
    files = {
        "kpi_definitions.yaml": written("", ("mrr", "logo_churn"), source),
        "subscriptions.csv": table(rows),
    }
    outcome = run_files(tmp_path, files, as_of=date(2024, 3, 1), periods=3)
    assert told(outcome, "mrr") == {"2023-12": None, "2024-01": 107, "2024-02": 117}
    assert told(outcome, "mrr", "opening") == {"2023-12": None, "2024-01": 107, "2024-02": 107}
    assert told(outcome, "mrr", "new") == {"2023-12": None, "2024-01": None, "2024-02": 0}
    assert told(outcome, "mrr", "reactivation")["2024-02"] == 10
    assert told(outcome, "logo_churn") == {"2023-12": None, "2024-01": None, "2024-02": 0}


def test_nothing_is_not_a_number(tmp_path: Path) -> None:
    rows = [*monthly("a", [100, 100])]
    names = ("mrr", "customers", "arpa", "nrr", "logo_churn", "churn")
    outcome = run(
        tmp_path, rows, ", where: id is not null", names, as_of=date(2024, 6, 1), periods=1
    )
    reasons = {one.kpi: (one.value, one.reason) for one in outcome.results if one.part is None}
    assert reasons == {
        "mrr": (0, None),
        "customers": (0, None),
        "arpa": (None, "no_rows"),
        "nrr": (None, "no_rows"),
        "logo_churn": (None, "no_rows"),
        "churn": (0, None),
    }


def test_what_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "a", date(2024, 1, 1), None, 100, "month"),
        (2, "b", date(2024, 1, 1), None, "ask", "month"),
        (3, "c", date(2024, 1, 1), None, None, "month"),
        (4, "d", date(2024, 1, 1), None, 10, None),
        (5, None, date(2024, 1, 1), None, 10, "month"),
    ]
    source = SOURCE.replace("    quiet: 9y", "    quiet: 9y\n    skip_bad_rows: 50%")
    files = {"kpi_definitions.yaml": written("", source=source), "subscriptions.csv": table(rows)}
    outcome = run_files(tmp_path, files, as_of=date(2024, 2, 1), periods=1)
    (record,) = [one for one in outcome.results if one.part is None]
    assert (record.value, record.n) == (100, 1)
    assert record.left_out == {"unknown": 3, "unparsable": 1}


# ---- Other rows, other intervals ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "count", "expected"),
    [
        ("day", 1, 365 / 12), ("week", 1, 52 / 12), ("weekly", 2, 26 / 12), ("Month", 1, 1),
        ("month", 6, 1 / 6), ("quarter", 1, 1 / 3), ("annual", 1, 1 / 12), ("years", 2, 1 / 24),
    ],
)  # fmt: skip
def test_a_month_of_an_interval(tmp_path: Path, interval: str, count: int, expected: float) -> None:
    row = (1, "a", date(2024, 1, 1), None, 1000, interval, count)
    header = (*HEADER, "interval_count")
    outcome = run(tmp_path, [row], header=header, as_of=date(2024, 2, 1), periods=1)
    assert told(outcome, "mrr")["2024-01"] == round(1000 * expected, 4)


@pytest.mark.parametrize(
    ("keys", "column", "cell", "message"),
    [
        ("", "interval", "fortnight", "nobody knows how long an interval of 'fortnight' is"),
        ("", "discount", "20", "discounts run from 20 to 20, and 1 is the whole price"),
        ("", "interval_count", "0", "an interval_count of 0"),
        (", discount: rebate", "discount", "0.1", "subscriptions has no column 'rebate'"),
    ],
)
def test_what_no_month_can_be_made_of_is_an_error(
    tmp_path: Path, keys: str, column: str, cell: str, message: str
) -> None:
    row = {"id": 1, "account_id": "a", "start": date(2024, 1, 1), "end": None, "amount": 9,
           "interval": "month", column: cell}  # fmt: skip
    outcome = run(tmp_path, [tuple(row.values())], keys, header=tuple(row))
    assert any(message in problem.message for problem in outcome.problems)
    assert {one.value for one in outcome.results} == {None}


def test_a_share_read_as_money_is_an_error(tmp_path: Path) -> None:
    row = (1, "a", date(2024, 1, 1), None, 100, "month", 0.25)
    files = {
        "kpi_definitions.yaml": written("").replace("    types: {discount: number}\n", ""),
        "subscriptions.csv": table([row], (*HEADER, "discount")),
    }
    outcome = run_files(tmp_path, files)
    (problem,) = outcome.problems
    assert problem.message == "subscriptions: discounts are read as money, and none is above 1.00"


def test_a_discount_in_money_is_taken_off_each_interval(tmp_path: Path) -> None:
    row = (1, "a", date(2024, 1, 1), None, 1200, "year", 120)
    files = {
        "kpi_definitions.yaml": written("").replace("{discount: number}", "{discount: money}"),
        "subscriptions.csv": table([row], (*HEADER, "discount")),
    }
    outcome = run_files(tmp_path, files, as_of=date(2024, 2, 1), periods=1)
    assert told(outcome, "mrr") == {"2024-01": 90}


def test_small_discounts_that_are_declared_as_money_are_money(tmp_path: Path) -> None:
    row = (1, "a", date(2024, 1, 1), None, 10, "month", 0.25)
    files = {
        "kpi_definitions.yaml": written("").replace("{discount: number}", "{discount: money}"),
        "subscriptions.csv": table([row], (*HEADER, "discount")),
    }
    assert told(run_files(tmp_path, files, as_of=date(2024, 2, 1), periods=1), "mrr") == {
        "2024-01": 9.75
    }


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("measure: mrr, window: 12mo", "window is for nrr and grr; mrr is told per period"),
        ("measure: nrr, of: customers", "of is for movements and renewals_due; nrr is what it is"),
        ("measure: logo_churn, method: movements", "method is for nrr and grr, not for logo_churn"),
        (
            "measure: mrr, time: start",
            "time is for snapshots; a subscription has a start and an end",
        ),
        ("measure: nmrr", "nmrr"),
    ],
)
def test_keys_that_do_not_fit(tmp_path: Path, keys: str, message: str) -> None:
    kpi = f"kind: recurring, source: subscriptions, entity: a, population: seen, {keys}"
    with pytest.raises(DefinitionError) as wrong:
        run_files(tmp_path, {"kpi_definitions.yaml": f"{SOURCE}kpis:\n  x: {{{kpi}}}\n"})
    assert message in str(wrong.value)


def test_monthly_snapshots(tmp_path: Path) -> None:
    yaml = """
version: 1
grain: month
sources: {months: {path: months.csv, time: month, quiet: 1mo}}
kpis:
  mrr: {kind: recurring, source: months, rows: snapshots, entity: account_id, population: seen,
        measure: mrr, amount: mrr}
"""
    rows: list[Row] = [("2024-01-31", "z", 5), ("2024-05-31", "z", 5)]
    rows += [(f"2024-0{at}-15", "a", 100) for at in (2, 5)]
    files = {
        "kpi_definitions.yaml": yaml,
        "months.csv": table(rows, ("month", "account_id", "mrr")),
    }
    outcome = run_files(tmp_path, files, periods=5)
    assert list(told(outcome, "mrr").values()) == [5, 100, 0, 0, 105]
    assert list(told(outcome, "mrr", "new").values()) == [None, 100, 0, 0, 0]
    assert list(told(outcome, "mrr", "churn").values()) == [None, -5, -100, 0, 0]
    assert list(told(outcome, "mrr", "reactivation").values()) == [None, 0, 0, 0, 105]


@pytest.mark.parametrize(
    ("start", "end", "amount", "expected"),
    [
        ("2024-01-01", "2025-01-01", 1200, 100),
        ("2024-01-15", "2024-04-15", 300, 100),
        ("2024-01-31", "2024-02-29", 100, 100),
        # Ten days of January.
        ("2024-01-20", "2024-01-30", 10, 31),
    ],
)
def test_invoices_are_spread_over_their_service(
    tmp_path: Path, start: str, end: str, amount: int, expected: float
) -> None:
    yaml = """
version: 1
grain: day
sources: {invoices: {path: invoices.csv, time: issued_at, quiet: 1y}}
kpis:
  mrr: {kind: recurring, source: invoices, rows: invoices, entity: account_id, population: seen,
        measure: mrr, amount: amount - tax}
"""
    header = (
        "invoice_id",
        "issued_at",
        "account_id",
        "amount",
        "tax",
        "service_start",
        "service_end",
    )
    row = (1, start, "a", amount + 19, 19, start, end)
    files = {"kpi_definitions.yaml": yaml, "invoices.csv": table([row], header)}
    last = date.fromisoformat(end)
    outcome = run_files(tmp_path, files, as_of=last + timedelta(days=1), periods=2)
    assert list(told(outcome, "mrr").values()) == [expected, 0]


def test_segments_are_the_customers(tmp_path: Path) -> None:
    yaml = """
version: 1
grain: month
sources:
  accounts: {path: accounts.csv, key: account_id, start: signed_up, quiet: 1y}
  subscriptions: {path: subscriptions.csv, start: start, end: end, quiet: 1y}
exclude: [{source: accounts, where: "email_domain = 'acme.com'", reason: employees}]
segments: {size: accounts.size}
kpis:
  mrr: {kind: recurring, source: subscriptions, entity: account_id, measure: mrr, by: [size]}
"""
    accounts = [("a", "2023-01-01", "x.de", "big"), ("b", "2023-01-01", "acme.com", "big"),
                ("c", "2023-01-01", "y.de", None)]  # fmt: skip
    rows: list[Row] = [
        (at, who, date(2024, 1, 1), None, 100 * (at + 1), "month")
        for at, who in enumerate(("a", "b", "c", "nobody"))
    ]
    files = {
        "kpi_definitions.yaml": yaml,
        "accounts.csv": table(accounts, ("account_id", "signed_up", "email_domain", "size")),
        "subscriptions.csv": table(rows),
    }
    outcome = run_files(tmp_path, files, as_of=date(2024, 2, 1), periods=1)
    found = {
        one.by.get("size"): (one.value, dict(one.left_out))
        for one in outcome.results
        if one.part is None
    }
    assert found == {
        None: (800, {"excluded": 1}), "big": (100, {"excluded": 1}), "(none)": (700, {}),
    }  # fmt: skip


def test_the_currency_is_that_of_the_money_not_of_the_list(tmp_path: Path) -> None:
    source = SOURCE.replace("    quiet: 9y", "    quiet: 9y\n    currency: USD")
    source += "  accounts: {path: accounts.csv, key: account_id, start: signed_up, quiet: 9y}\n"
    rows: list[Row] = [(1, "a", date(2024, 1, 1), None, 100, "month")]
    files = {
        "kpi_definitions.yaml": written("", source=source).replace(", population: seen", ""),
        "accounts.csv": "account_id,signed_up\na,2023-01-01\n",
        "subscriptions.csv": table(rows),
    }
    outcome = run_files(tmp_path, files, as_of=date(2024, 2, 1), periods=1)
    assert [card.unit for card in outcome.kpis] == ["money:USD"]
    assert told(outcome, "mrr") == {"2024-01": 100}


# ---- The vendors' worked examples -----------------------------------------------------------


def test_chartmogul_201244842_movements(tmp_path: Path) -> None:
    """Four yearly seats for 2,000, two monthly ones for 60, cancelled one after the other."""
    rows: list[Row] = [
        (0, "z", date(2023, 1, 1), None, 1, "month"),
        (1, "a", date(2023, 2, 10), date(2024, 2, 10), 2000, "year"),
        (2, "a", date(2023, 4, 10), date(2023, 9, 10), 60, "month"),
        (3, "a", date(2024, 5, 1), None, 60, "month"),
    ]
    outcome = run(tmp_path, rows, as_of=date(2024, 7, 1), periods=18)
    moved = [
        (label, part, round(value, 2))
        for part in MOVED
        for label, value in told(outcome, "mrr", part).items()
        if value
    ]
    assert sorted(moved) == [
        ("2023-02", "new", 166.67),
        ("2023-04", "expansion", 60),
        ("2023-09", "contraction", -60),
        ("2024-02", "churn", -166.67),
        ("2024-05", "reactivation", 60),
    ]


def test_chartmogul_203359341_gross_and_net_churn(tmp_path: Path) -> None:
    """Of 100 at the start 10 churn, 10 contract and 10 expand: gross 20 %, net 10 %."""
    rows = [*monthly("left", [10]), *monthly("less", [40, 30]), *monthly("more", [50, 60])]
    names = ("revenue_churn", "net_revenue_churn")
    outcome = run(tmp_path, rows, names=names, as_of=date(2024, 3, 1), periods=1)
    assert [told(outcome, name)["2024-02"] for name in names] == [0.2, 0.1]


def test_chartmogul_4414075567250_net_churn_may_be_negative(tmp_path: Path) -> None:
    """From 100 to 120, of which 10 are new: −10 %."""
    rows = [*monthly("old", [100, 110]), *monthly("new", [0, 10])]
    outcome = run(tmp_path, rows, names=("net_revenue_churn",), as_of=date(2024, 3, 1), periods=1)
    assert told(outcome, "net_revenue_churn")["2024-02"] == -0.1


@pytest.mark.parametrize("keys", ["net_revenue_churn", "nrr, method: movements, window: 1mo"])
def test_n_counts_who_could_churn(keys: str, tmp_path: Path) -> None:
    """Of 100 at the start 20 churn; 30 come back, which count and were not there."""
    rows = [*monthly("old", [80, 80]), *monthly("left", [20]), *monthly("back", [0, 30])]
    rows.append(("first", "back", date(2023, 6, 1), date(2023, 7, 1), 30, "month"))
    name = keys.partition(",")[0]
    book = written("").replace("measure: mrr", f"measure: {keys}").replace("  mrr:", f"  {name}:")
    files = {"kpi_definitions.yaml": book, "subscriptions.csv": table(rows)}
    (found,) = run_files(tmp_path, files, as_of=date(2024, 3, 1), periods=1).results
    value = {"net_revenue_churn": -0.1, "nrr": 1.1}[name]
    assert (found.value, found.denominator, found.n) == (value, 100, 2)


@pytest.mark.parametrize("method", ["cohort", "movements"])
@pytest.mark.parametrize(
    ("start", "moved", "nrr", "grr"),
    [
        pytest.param(100_000, (12_000, 5_000, 8_000), 0.99, 0.87, id="metrickittools.com"),
        pytest.param(100_000, (18_000, 8_000, 3_000), 1.07, 0.89, id="formulacraft.in"),
        pytest.param(100, (15, 3, 5), 1.07, 0.92, id="pitchkit.net"),
    ],
)
def test_vendors_net_and_gross_retention(
    tmp_path: Path, method: str, start: int, moved: tuple[int, int, int], nrr: float, grr: float
) -> None:
    more, less, gone = moved
    rest = start - gone - less - 1
    rows = [
        *monthly("gone", [gone]), *monthly("less", [less + 1, 1]),
        *monthly("more", [rest, rest + more]), *monthly("new", [0, 777]),
    ]  # fmt: skip
    keys = f", window: 1mo, method: {method}"
    outcome = run(tmp_path, rows, keys, ("nrr", "grr"), as_of=date(2024, 3, 1), periods=1)
    assert told(outcome, "nrr")["2024-02"] == pytest.approx(nrr)
    assert told(outcome, "grr")["2024-02"] == pytest.approx(grr)


def test_stripe_billing_analytics_glossary(tmp_path: Path) -> None:
    """100 at 100 a month and 50 at 600 a year are 12,500; trials and unpaid ones do not count."""
    header = (*HEADER, "status")
    start = date(2024, 1, 1)
    rows: list[Row] = [
        (f"m{at}", f"m{at}", start, None, 100, "month", "active") for at in range(100)
    ]
    rows += [(f"y{at}", f"y{at}", start, None, 600, "year", "past_due") for at in range(50)]
    rows += [(one, one, start, None, 100, "month", one) for one in ("trialing", "unpaid")]
    outcome = run(tmp_path, rows, names=("mrr", "customers", "arr"), header=header,
                  as_of=date(2024, 2, 1), periods=1)  # fmt: skip
    assert told(outcome, "mrr") == {"2024-01": 12_500}
    assert told(outcome, "arr") == {"2024-01": 150_000}
    assert told(outcome, "customers") == {"2024-01": 150}


# ---- Laws ---------------------------------------------------------------------------------------

_ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 400),
        st.one_of(st.none(), st.integers(0, 200)),
        st.integers(1, 9_999),
        st.sampled_from(["month", "year", "week"]),
    ),
    min_size=1,
    max_size=12,
)
_LAWS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_LAWS
@given(_ROWS, st.randoms(use_true_random=False))
def test_laws(tmp_path: Path, drawn: list[Row], chance: random.Random) -> None:
    """The ledger closes and goes on where it ended; GRR is at most NRR and 1; order is nothing."""
    rows = [
        (at, who, FIRST + timedelta(days=start), lasts and FIRST + timedelta(days=start + lasts),
         cents / 100, interval)
        for at, (who, start, lasts, cents, interval) in enumerate(drawn)
    ]  # fmt: skip
    outcome = _laws_run(tmp_path, rows)
    mrr = told(outcome, "mrr")
    labels = list(mrr)
    parts = {part: told(outcome, "mrr", part) for part in ("opening", *MOVED)}
    for at, label in enumerate(labels):
        if mrr[label] is None:
            continue
        added = sum(round((parts[part][label] or 0) * 10_000) for part in parts)
        assert added == round((mrr[label] or 0) * 10_000)
        if at and mrr[labels[at - 1]] is not None:
            assert parts["opening"][label] == mrr[labels[at - 1]]
        nrr, grr = told(outcome, "nrr")[label], told(outcome, "grr")[label]
        assert nrr is None or grr is None or grr <= min(nrr, 1)
        assert 0 <= (told(outcome, "logo_churn")[label] or 0) <= 1
    chance.shuffle(rows)
    assert _laws_run(tmp_path, rows).results == outcome.results


def _laws_run(folder: Path, rows: list[Row]) -> Outcome:
    one = written("", ("mrr", "logo_churn"))
    windowed = written(", window: 3mo", ("nrr", "grr"), "").removeprefix("kpis:\n")
    files = {"kpi_definitions.yaml": one + windowed, "subscriptions.csv": table(rows)}
    return run_files(folder, files, as_of=AS_OF, periods=MONTHS)


def test_the_ledger_can_be_exported(tmp_path: Path) -> None:
    """From the opening of every customer by its movement to its closing."""
    rows = [*monthly("z", [5, 5]), *monthly("less", [40, 30]), *monthly("new", [0, 7])]
    files = {"kpi_definitions.yaml": written("", ("net_new",)), "subscriptions.csv": table(rows)}
    run_files(tmp_path, files, as_of=date(2024, 3, 1), periods=1)
    book = open_book(tmp_path / "kpi_definitions.yaml", {})
    question = Question("net_new", period="2024-02", as_of=date(2024, 3, 1))
    (evidence,) = evidence_of(focus_on(book, question, date(2026, 1, 1)))
    names = ("entity", "opening", "movement", "numerator", "closing")
    found = sorted(tuple(one[name] for name in names) for one in evidence.records())
    assert found == [
        ("less", 40, "contraction", -10, 30), ("new", 0, "new", 7, 7), ("z", 5, "kept", 0, 5),
    ]  # fmt: skip
