"""Recurring revenue of the sample in SQL: a ledger by account, and what is asked of it."""

# What each account pays at a month's end (c), a month (o) and a year (y) before, and since when.
LEDGER = """
    create or replace temp table ledger as
    with months as (select last_day(d)::date as day from (select unnest(generate_series(
            date '2022-08-01', date '2025-08-01', interval 1 month)) as d)),
        paid as (select account_id, first, till, monthly from bills where status <> 'trial'),
        held as (select day, account_id, sum(monthly) as m from months join paid
            on first <= day and (till is null or till > day) group by all having m > 0),
        since as (select account_id, min(first) as since from paid
            where monthly > 0 and (till is null or till > first) group by 1)
    select day, account_id, since, coalesce(c.m, 0) as c, coalesce(o.m, 0) as o,
        coalesce(y.m, 0) as y
    from months cross join since left join held c using (day, account_id)
        left join held o on o.account_id = since.account_id and o.day = last_day(months.day - 31)
        left join held y on y.account_id = since.account_id
            and y.day = last_day(months.day - interval 1 year)
"""
OLD = "since < date_trunc('month', day)"
ASKED = {
    "mrr": "sum(c)",
    "arr": "12 * sum(c)",
    "customers": "count(*) filter (c > 0)",
    "arpa": "sum(c) / count(*) filter (c > 0)",
    "new_mrr": f"sum(if(o = 0 and not {OLD}, c, 0))",
    "expansion_mrr": "sum(if(o > 0 and c > o + 1e-9, c - o, 0))",
    "contraction_mrr": "sum(if(c > 0 and c < o - 1e-9, o - c, 0))",
    "churned_mrr": "sum(if(c = 0, o, 0))",
    "reactivation_mrr": f"sum(if(o = 0 and {OLD}, c, 0))",
    "new_paying_customers": f"count(*) filter (o = 0 and c > 0 and not {OLD})",
    "churned_customers": "count(*) filter (o > 0 and c = 0)",
    "nrr": "sum(if(y > 0, c, 0)) / sum(y)",
    "grr": "sum(least(c, y)) / sum(y)",
    "logo_churn": "count(*) filter (o > 0 and c = 0) / count(*) filter (o > 0)",
    "revenue_churn": "sum(greatest(o - c, 0)) / sum(o)",
    "expanded_accounts": "count(*) filter (o > 0 and c > o + 1e-9) / count(*) filter (o > 0)",
}
ASKED |= {
    "net_new_mrr": "sum(c) - sum(o)",
    "quick_ratio": "sum(greatest(c - o, 0)) / sum(greatest(o - c, 0))",
}
# By month and, where accounts stand in plans, by plan: start, n, d and the plan.
ORACLES = {
    name: f"select date_trunc('month', day)::date as start, {question} as n, 1 as d,"  # noqa: S608
    " plan as part from ledger join accounts using (account_id)"
    " group by grouping sets ((1), (1, 4))"
    for name, question in ASKED.items()
}

TERMS = """
    create or replace temp table terms_due as
    with yearly as (select * from bills where status <> 'trial' and interval = 'year'
            and monthly > 0),
        broken as (select *, first is distinct from lag(till) over (
                partition by account_id, product order by first) as begins from yearly),
        runs as (select *, sum(begins::int) over (partition by account_id, product
                order by first) as run from broken),
        spans as (select account_id, product, run, min(first) as since,
                max(coalesce(till, date '2100-01-01')) as until from runs group by all),
        dates as (select account_id, product, since, until,
                unnest([(since + to_years(k))::date for k in range(1, 9)]) as due from spans)
    select *, exists (from bills b where b.account_id = dates.account_id and monthly > 0
            and status <> 'trial' and first <= due and (till > due or till is null)) as renewed
    from dates
"""
ORACLES |= {
    "renewal_rate": """
        select date_trunc('quarter', due)::date as start,
            count(distinct account_id) filter (renewed) as n, count(distinct account_id) as d
        from terms_due where due <= until and due < '2025-09-29' group by 1""",
    "renewals_due": """
        select start, sum(monthly) as n, 1 as d from spans join bills b
            on first <= day and (till > day or till is null)
        where grain = 'month' and status <> 'trial' and interval = 'year'
            and exists (from terms_due t where t.account_id = b.account_id
                and t.product = b.product and since <= day and until > day
                and due > day and due <= day + 90 and due <= until)
        group by 1""",
}
