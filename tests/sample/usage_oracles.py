"""For every KPI of kpi_definitions.yaml over entities: the same question in SQL.

Each query gives start, n, d and, for a split, its value, as those of definition_oracles do.
"""

# ruff: noqa: S608

VIEWS = """
    create view staff as select account_id from accounts where email_domain = 'acme.com';
    create view members as select u.user_id, u.account_id, plan, born, gone, born::date as came,
            gone::date as went
        from people u join accounts using (account_id)
        where is_test <> 'true' and account_id not in (from staff);
    create view acts as select e.*, happened::date as day, m.plan
        from (select distinct * exclude (month, filename) from events) e
        join members m on user_id = distinct_id
        where e.account_id is distinct from 'A0001' and e.account_id is distinct from 'A0002';
    create view weeks as select range::date as s, (range + interval 7 day)::date as f,
            (range - interval 21 day)::date as ws
        from range(date '2024-06-24', date '2025-09-29', interval 7 day);
    create view uses as select s, distinct_id, count(*) as n, count(distinct event) as kinds
        from weeks join acts on day >= s and day < f group by all;
    create view eligibles as select s, f, greatest(ws, date '2025-03-03') as ws, user_id, plan
        from weeks join members on came <= ws and (went is null or went >= f)
        where plan in ('pro', 'enterprise');
    create view births as select distinct_id, date_trunc('month', min(day))::date as born
        from acts group by 1;
    create view leadings as select *, mql_at::timestamp as a, sql_at::timestamp as b from leads
        where mql_at is not null and coalesce(account_id, '') not in (from staff)
            and mql_at::timestamp + interval 30 day < timestamp '2025-09-29';
    create view trials as select account_id, min(trial_start::date) as t from subscriptions
        where status = 'trial' and account_id not in (from staff) group by 1;
    create view firsts as select user_id, born, min(happened) as met
        from members left join acts on distinct_id = user_id and happened >= born
        where born < timestamp '2025-09-29' group by 1, 2;
    create view moves as select s, coalesce(a.distinct_id, b.distinct_id) as who,
            a.distinct_id is not null as here, b.distinct_id is not null as before
        from (select distinct s, distinct_id from weeks join acts on day >= ws and day < f) a
        full join (select distinct s, distinct_id from weeks
            join acts on day >= ws - 28 and day < ws) b using (s, distinct_id);
"""

# Kaplan and Meier's median of waits (start, t, got): the first t at which at most half wait, the
# middle to the next one where it is exactly half.
MEDIAN = """
    with waits as ({}),
        steps as (select start, t, count(*) filter (got) as d,
                sum(count(*)) over (partition by start order by t desc) as risk
            from waits group by 1, 2),
        curve as (select *, exp(sum(case when d = risk then -1e9 else ln(1 - d / risk) end)
                over (partition by start order by t)) as share from steps where d > 0)
    select start, 1 as d, (min(t) filter (share < 0.5 + 1e-9)
            + min(t) filter (share < if(half, 0.5 - 1e-9, 0.5 + 1e-9))) / 2 as n
    from curve join (select start, bool_or(abs(share - 0.5) < 1e-9) as half from curve group by 1)
        using (start)
    group by 1 having n is not null"""
ACTIVE = "from weeks join acts on day >= s and day < f"

ORACLES = {
    "weekly_active_users": f"""
        select s as start, count(distinct distinct_id) as n, 1 as d {ACTIVE} group by 1""",
    "lifecycle": f"""
        select s as start, count(distinct distinct_id) as n, 1 as d {ACTIVE} group by 1""",
    "usage_frequency": "select s as start, sum(n) as n, count(*) as d from uses group by 1",
    "usage_depth": """
        select s as start, sum(kinds) as n, 9 * count(*) as d from uses group by 1""",
    "power_users": """
        select s as start, count(*) filter (n > most) as n, 1 as d from
            (select *, quantile_cont(n, 0.9) over (partition by s) as most from uses) group by 1""",
    "active_accounts": """
        select s as start, count(distinct account_id) as n, 1 as d, a.plan as part
        from weeks join (select distinct on (event_id) account_id, happened::date as day
            from events where distinct_id not in (select user_id from users
                where is_test = 'true')) on day >= s and day < f
        join accounts a using (account_id) where account_id not in (from staff)
        group by grouping sets ((1), (1, 4))""",
    "stickiness": """
        select s as start, count(distinct (distinct_id, day)) as n,
            count(distinct distinct_id) * 20 as d
        from weeks join acts on day >= ws and day < f where isodow(day) < 6 group by 1""",
    "report_adoption": """
        select e.s as start, count(distinct distinct_id) as n, count(distinct e.user_id) as d,
            e.plan as part
        from eligibles e left join (select distinct_id, day from acts
                where event = 'report_created')
            on distinct_id = e.user_id and day >= ws and day < f
        group by grouping sets ((1), (1, 4))""",
    "activation_rate": """
        select date_trunc('week', born)::date as start, count(*) as d,
            count(*) filter (exists (from acts where distinct_id = user_id
                and event = 'alert_created' and happened between born and born + interval 7 day))
                as n
        from members where born + interval 7 day < timestamp '2025-09-29' group by 1""",
    "login_consistency": """
        select s as start,
            count(distinct if(day is null, null, (user_id, (f - 1 - day) // 7))) as n,
            4 * count(distinct user_id) as d
        from weeks join members on came <= ws and (went is null or went >= f)
        left join (select distinct_id, day from acts where event = 'login')
            on distinct_id = user_id and day >= ws and day < f group by 1""",
    "usage_growth": """
        select s as start, count(*) filter (not before) as n,
            count(*) filter (here <> before) as d from moves group by 1""",
    "user_retention": """
        select born as start, count(distinct a.distinct_id) as n, count(distinct b.distinct_id) as d
        from births b left join acts a on a.distinct_id = b.distinct_id
            and date_trunc('month', day) = born + interval 1 month
        group by 1""",
    "time_to_activation": MEDIAN.format("""
        select date_trunc('month', born)::date as start, met is not null as got,
            date_diff('microsecond', born, coalesce(met, timestamp '2025-09-29')) / 3.6e9 as t
        from firsts"""),
    "mql_to_sql": """
        select date_trunc('month', a)::date as start, count(*) as d, source as part,
            count(*) filter (b between a and a + interval 30 day) as n
        from leadings group by grouping sets ((1), (1, 3))""",
    "trial_to_paid": """
        select date_trunc('quarter', t)::date as start, count(*) as d,
            count(*) filter (exists (from subscriptions p where p.account_id = b.account_id
                and status <> 'trial' and amount::double > 0
                and p."start"::date between t and t + 21)) as n
        from trials b where t + 21 < date '2025-09-29' group by 1""",
    "sales_cycle": MEDIAN.format("""
        select date_trunc('quarter', made_on)::date as start, "Is Won" = 'Yes' as got,
            coalesce(closed_on, date '2025-09-29') - made_on as t
        from closed where made_on < date '2025-09-29'"""),
}
PARTS = (ORACLES[name] for name in ("report_adoption", "stickiness", "usage_growth"))
ADOPTED, STUCK, GROWN = PARTS
ORACLES["product_engagement_score"] = f"""
    select start, 100 * (a.n / a.d + b.n / b.d + c.n / c.d) as n, 3 as d
    from (select * from ({ADOPTED}) where part is null) a
    join ({STUCK}) b using (start) join ({GROWN}) c using (start)"""
