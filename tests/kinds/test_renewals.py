"""Renewals: which terms ended, what goes on after them, and which end soon."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from running import run_files
from subscribed import FIRST, HEADER, SOURCE, Row, run, table, told

from kpicli.errors import DefinitionError
from kpicli.results import Outcome

RATES = ("renewal_rate", "revenue_renewal_rate")
FULL = (*HEADER, "interval_count", "product")
YEAR = ("year", 1, "suite")
BEGUN = date(2022, 3, 10)
DUE = date(2023, 3, 10)


def renewed(
    folder: Path, rows: list[Row], keys: str = "", names: tuple[str, ...] = RATES,
    **request: Any,
) -> Outcome:  # fmt: skip
    """These measures of these rows in March 2023."""
    usual = {"as_of": date(2023, 4, 1), "periods": 1}
    return run(folder, rows, keys, names, FULL, **{**usual, **request})


def line(at: int, start: date, end: date | None, amount: int, term: Any = YEAR) -> Row:
    return (at, "a", start, end, amount, *term)


@pytest.mark.parametrize(
    ("rows", "logos", "money"),
    [
        pytest.param([line(1, BEGUN, None, 1200)], 1, 1, id="goes on"),
        pytest.param([line(1, BEGUN, DUE, 1200)], 0, 0, id="ends with its term"),
        pytest.param(
            [line(1, BEGUN, DUE, 1200), line(2, DUE, None, 900)], 1, 0.75, id="goes on for less"
        ),
        pytest.param(
            [line(1, BEGUN, DUE, 1200), line(2, DUE, None, 1500)], 1, 1, id="at most as before"
        ),
        pytest.param(
            [line(1, BEGUN, DUE, 1200), line(2, DUE, None, 100, ("month", 1, "suite"))], 1, 1,
            id="goes on month by month",
        ),
        pytest.param(
            [line(1, BEGUN, DUE, 1200), line(2, DUE, None, 100, ("month", 1, "desk"))], 1, 0,
            id="another product instead",
        ),
        pytest.param(
            [line(1, BEGUN, DUE, 1200), line(2, BEGUN, None, 50, ("month", 1, "suite"))], 1, 0,
            id="what is paid beside by the month is no renewal",
        ),
        pytest.param(
            [line(1, BEGUN, date(2022, 9, 3), 1200), line(2, date(2022, 9, 3), None, 1500)], 1, 1,
            id="changed within the term, which stays",
        ),
        pytest.param(
            [line(1, BEGUN, date(2022, 9, 3), 1200), line(2, date(2022, 9, 4), None, 1500)],
            None, None, id="a gap begins another term",
        ),
        pytest.param([line(1, BEGUN, date(2023, 3, 9), 1200)], None, None, id="left before"),
        pytest.param(
            [line(1, BEGUN, None, 100, ("month", 1, "suite"))], None, None,
            id="month to month has no renewal",
        ),
        pytest.param(
            [line(1, date(2021, 3, 31), None, 900, ("quarter", 2, "suite"))], 1, 1,
            id="every half year, from the 31st",
        ),
        pytest.param([line(1, BEGUN, None, 0)], None, None, id="for nothing"),
        pytest.param(
            [line(1, date(2022, 3, 13), None, 5200, ("week", 52, "suite"))], 1, 1, id="52 weeks"
        ),
    ],
)  # fmt: skip
def test_what_is_renewed(
    tmp_path: Path, rows: list[Row], logos: float | None, money: float | None
) -> None:
    outcome = renewed(tmp_path, rows)
    assert outcome.problems == ()
    assert [told(outcome, name)["2023-03"] for name in RATES] == [logos, money]


def test_growth_counts_where_that_is_asked_for(tmp_path: Path) -> None:
    rows = [line(1, BEGUN, DUE, 1200), line(2, DUE, None, 1500)]
    outcome = renewed(tmp_path, rows, ", growth: count", RATES[1:])
    assert told(outcome, "revenue_renewal_rate")["2023-03"] == 1.25


@pytest.mark.parametrize(
    ("grace", "as_of", "expected"),
    [
        ("0d", date(2023, 4, 1), (0, {})),
        ("14d", date(2023, 4, 1), (1, {})),
        ("21d", date(2023, 4, 1), (1, {})),
        # The 22nd day after is the 1 April, which has not been read.
        ("22d", date(2023, 4, 1), (None, {"immature": 1})),
        ("22d", date(2023, 4, 2), (1, {})),
    ],
)
def test_who_comes_back_within_the_grace_has_renewed(
    tmp_path: Path, grace: str, as_of: date, expected: Any
) -> None:
    rows = [line(1, BEGUN, DUE, 1200), line(2, date(2023, 3, 24), None, 1200)]
    outcome = renewed(tmp_path, rows, f", grace: {grace}", RATES, as_of=as_of)
    for one in outcome.results:
        assert (one.value, dict(one.left_out)) == expected


def test_a_term_still_to_end_is_not_due(tmp_path: Path) -> None:
    request = {"as_of": DUE, "include_partial": True}
    outcome = renewed(tmp_path, [line(1, BEGUN, None, 1200)], "", RATES, **request)
    found = [one for one in outcome.results if one.label == "2023-03"]
    assert [(one.value, one.n, dict(one.left_out)) for one in found] == [(None, 0, {})] * 2


def test_rows_that_end_with_their_terms(tmp_path: Path) -> None:
    """Contracts paid by the month: every end is one of a term."""
    month = ("month", 1, "suite")
    rows = [line(1, BEGUN, DUE, 100, month), line(2, DUE, date(2024, 3, 10), 80, month)]
    outcome = renewed(tmp_path, rows, ", renews: end")
    assert [told(outcome, name)["2023-03"] for name in RATES] == [1, 0.8]


def test_renewals_due_in_the_days_ahead(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "a", BEGUN, None, 1200, *YEAR),
        (2, "b", date(2022, 6, 29), None, 600, *YEAR),
        (3, "c", date(2022, 6, 30), None, 600, *YEAR),
        (4, "d", BEGUN, None, 70, "month", 1, "suite"),
        (5, "e", date(2022, 5, 1), date(2023, 5, 1), 240, *YEAR),
        (6, "f", date(2022, 5, 1), date(2023, 3, 30), 240, *YEAR),
        # Two of its terms end in these 90 days.
        (7, "g", date(2023, 1, 1), None, 30, "month", 2, "suite"),
    ]
    money = renewed(tmp_path / "money", rows, "", ("renewals_due",))
    assert told(money, "renewals_due")["2023-03"] == 50 + 20 + 15
    heads = renewed(tmp_path / "heads", rows, ", of: customers", ("renewals_due",))
    assert told(heads, "renewals_due")["2023-03"] == 3
    soon = renewed(tmp_path / "soon", rows, ", ahead: 1d", ("renewals_due",))
    assert told(soon, "renewals_due")["2023-03"] == 0


def test_who_leaves_before_the_term_ends_has_nothing_to_renew(tmp_path: Path) -> None:
    """Terms of May: b and c end in April, c for a row that goes on; d ends with its term."""
    begun, april = date(2022, 5, 20), date(2023, 4, 15)
    rows: list[Row] = [
        (1, "a", begun, None, 1200, *YEAR),
        (2, "b", begun, april, 600, *YEAR),
        (3, "c", begun, april, 240, *YEAR),
        (4, "c", april, None, 480, *YEAR),
        (5, "d", begun, date(2023, 5, 20), 120, *YEAR),
        # Another product is no renewal of this one.
        (6, "e", begun, april, 360, *YEAR),
        (7, "e", april, None, 360, "year", 1, "desk"),
    ]
    outcome = renewed(tmp_path, rows, "", ("renewals_due",), as_of=date(2023, 5, 1), periods=2)
    assert told(outcome, "renewals_due") == {
        "2023-03": 100 + 20 + 10, "2023-04": 100 + 40 + 10,
    }  # fmt: skip


def test_n_counts_customers_whatever_they_pay_for(tmp_path: Path) -> None:
    """One customer with two products; its terms end on two days of March."""
    rows = [
        line(1, BEGUN, None, 1200),
        line(2, date(2022, 3, 20), date(2023, 3, 20), 600, ("year", 1, "desk")),
    ]
    found = {one.kpi: one for one in renewed(tmp_path, rows).results}
    assert [(found[name].value, found[name].n) for name in RATES] == [(1, 1), (2 / 3, 1)]


def test_renewals_due_on_the_date_of_the_account(tmp_path: Path) -> None:
    """It is true of today only: of the months before nobody knows."""
    sources = (
        SOURCE + "  accounts: {path: accounts.csv, key: account_id, start: signed_up, quiet: 9y}\n"
    )
    kpi = "{kind: recurring, source: subscriptions, entity: account_id, measure: renewals_due, " \
        "renews: accounts.renewal_date}"  # fmt: skip
    files = {
        "kpi_definitions.yaml": f"{sources}kpis:\n  due: {kpi}\n",
        "subscriptions.csv": table([line(1, BEGUN, None, 1200)], FULL),
        "accounts.csv": "account_id,signed_up,renewal_date\na,2022-01-01,2023-05-04\n",
    }
    outcome = run_files(tmp_path, files, as_of=date(2023, 4, 1), periods=2)
    assert outcome.problems == ()
    found = {one.label: (one.value, one.reason) for one in outcome.results}
    assert found == {"2023-02": (None, "current_state"), "2023-03": (100, None)}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("measure: mrr, grace: 3d", "grace is for renewal_rate and revenue_renewal_rate"),
        ("measure: renewal_rate, ahead: 3d", "ahead is for renewals_due, not for renewal_rate"),
        ("measure: renewal_rate, grace: 1mo", "grace is counted in days: write 30d"),
        ("measure: renewal_rate, rows: invoices", "renewal_rate is told from subscriptions"),
        ("measure: renewal_rate, renews: accounts.renewal_date", "tells the next renewal"),
        ("measure: renewal_rate, rates: of_period", "renewal_rate is told at the rates of the"),
    ],
)  # fmt: skip
def test_keys_that_do_not_fit(tmp_path: Path, keys: str, message: str) -> None:
    kpi = f"kind: recurring, source: subscriptions, entity: a, population: seen, {keys}"
    with pytest.raises(DefinitionError) as wrong:
        run_files(tmp_path, {"kpi_definitions.yaml": f"{SOURCE}kpis:\n  x: {{{kpi}}}\n"})
    assert message in str(wrong.value)


ORACLE = """
    create temp table paid as
    select account_id as who, coalesce(product, '') as product, "start"::date as s,
        "end"::date as e,
        case "interval" when 'month' then 1 when 'quarter' then 3 else 12 end
            * interval_count::int as months,
        round(amount::double * 10000 / months)::bigint as m
    from read_csv('{file}', header = true, all_varchar = true) where amount::double > 0
        and "start"::date < date '2024-07-01';
    create temp table runs as
    select *, sum(gap) over (
            partition by who, product, months order by s, coalesce(e, '9999-01-01')) as run
        from (select *,
            coalesce(s > max(coalesce(e, '9999-01-01')) over (
                partition by who, product, months order by s, coalesce(e, '9999-01-01')
                rows between unbounded preceding and 1 preceding), true)::int as gap
            from paid where months > 1);
    create temp table ended as
    select r.*, (a.anchor + k * r.months * interval 1 month)::date as due from runs r
        join (select who, product, months, run, min(s) as anchor from runs group by all) a
            using (who, product, months, run), range(1, 40) t(k)
        where due > s and (e is null or due <= e) and due < date '2024-07-01';
    create temp table lines as
    select who, product, due, sum(m) as due_m,
        (select coalesce(sum(m), 0) from paid p where p.who = d.who and p.product = d.product
            and s < due and (e is null or e >= due)) as before,
        (select coalesce(sum(m), 0) from paid p where p.who = d.who and p.product = d.product
            and s <= due + {grace} and (e is null or e > due + {grace})) as then_m,
        (select coalesce(sum(m), 0) from paid p where p.who = d.who
            and s <= due + {grace} and (e is null or e > due + {grace})) as at_all
    from ended d group by all;
"""
ASKED = {
    "renewal_rate": """select p, avg((at_all > 0)::int) from (select strftime(due, '%Y-%m') as p,
        who, arg_max(at_all, due) as at_all from lines group by all) group by p""",
    "revenue_renewal_rate": """select strftime(due, '%Y-%m') as p,
        sum(least(due_m, greatest(then_m - (before - due_m), 0))) / sum(due_m)
        from lines group by p""",
}


@pytest.mark.parametrize("grace", [0, 10])
def test_every_renewal_is_what_sql_says(tmp_path: Path, grace: int) -> None:
    chance = random.Random(grace)
    rows: list[Row] = []
    for at in range(260):
        start = FIRST + timedelta(days=chance.randrange(540))
        term = chance.choice([31, 90, 92, 181, 365, 365, 366, 700])
        end = None if chance.random() < 0.3 else start + timedelta(days=term)
        rows.append(
            (at, f"A{chance.randrange(40)}", start, end, chance.randrange(0, 900),
             chance.choice(["month", "quarter", "year", "year"]), chance.choice([1, 1, 2]),
             chance.choice(["p", "q", None])) )  # fmt: skip
    outcome = renewed(tmp_path, rows, f", grace: {grace}d", as_of=date(2024, 7, 1), periods=16)
    assert outcome.problems == ()
    with duckdb.connect() as base:
        file = (tmp_path / "subscriptions.csv").as_posix()
        for statement in ORACLE.format(file=file, grace=grace).split(";"):
            base.execute(statement)
        for name in RATES:
            expected = dict(base.execute(ASKED[name]).fetchall())
            found = told(outcome, name)
            mature = [label for label in found if grace == 0 or label < "2024-06"]
            assert [found[label] for label in mature] == pytest.approx(
                [expected[label] for label in mature], rel=1e-6
            )
