"""For every KPI of kpi_definitions.yaml: the same question in SQL, asked of the files as text.

Each query gives start, n, d and, for a split, its value: one row per period, worth n / d. `spans`
are the weeks and months whose last day, `day`, a balance looks at.
"""

# ruff: noqa: S608

VIEWS = """
    create view insiders as select account_id from accounts where email_domain = 'acme.com';
    create view fakes as select user_id from users
        where is_test = 'true' or account_id in (from insiders);
    create view hits as select * replace (
            (received_at at time zone 'UTC') at time zone 'Europe/Berlin' as received_at)
        from (select distinct * exclude (month, filename) from events)
        where account_id is distinct from 'A0001' and account_id is distinct from 'A0002'
            and coalesce(distinct_id, '') not in (from fakes);
    create view fx as select currency, day::date as day, rate::double as rate from rates;
    create view closed as select *, try_strptime("Close Date", '%d.%m.%Y')::date as closed_on,
        strptime(Created, '%d.%m.%Y')::date as made_on, try_cast(Amount as double) as told
        from deals where coalesce("Account ID", '') not in (from insiders);
    create view pipeline as select d.*,
        told * case Currency when 'EUR' then 1 else (select rate from fx
            where fx.currency = d.Currency and day <= made_on order by day desc limit 1) end as eur
        from closed d;
    create view bills as select s.* exclude ("start"), "start"::date as first, "end"::date as till,
        amount::double * (1 - coalesce(discount::double, 0)) / if(interval = 'year', 12, 1)
        * case currency when 'EUR' then 1 else (select rate from fx
            where fx.currency = s.currency and day <= s."start"::date
            order by day desc limit 1) end as monthly
        from subscriptions s where account_id not in (from insiders);
    create view handed as select *, mql_at::timestamp as handed_at from leads
        where coalesce(account_id, '') not in (from insiders) and accepted is not null;
    create view paid as select s.*, "month"::date as booked,
        amount::double * case currency when 'EUR' then 1 else (select rate from fx
            where fx.currency = s.currency and day <= s."month"::date
            order by day desc limit 1) end as eur
        from spend s;
    create view replies as select * exclude (answered_at, score),
        answered_at::timestamptz at time zone 'Europe/Berlin' as answered_at,
        try_cast(score as int) as score
        from (select distinct * exclude (line) from answers)
        where account_id not in (from insiders) and respondent_id not in (from fakes);
    create view newest as select * from replies where survey = 'nps' and score is not null
        qualify row_number() over (partition by respondent_id, cycle
            order by answered_at desc) = 1;
    create view asked as select *, sent_at::timestamptz at time zone 'Europe/Berlin' as sent
        from invitations where respondent_id not in (from fakes);
    create view cases as select * replace (
            opened_at::timestamptz at time zone 'Europe/Berlin' as opened_at,
            try_cast(solved_at as timestamptz) at time zone 'Europe/Berlin' as solved_at),
        date_diff('microsecond', opened_at::timestamptz, first_reply_at::timestamptz) / 3.6e9
            as wait,
        date_diff('microsecond', opened_at::timestamptz, try_cast(solved_at as timestamptz)) / 3.6e9
            as took
        from tickets where account_id not in (from insiders) and requester_id not in (from fakes);
    create view spans as
        select unnest(generate_series(date '2023-10-02', date '2025-09-22', interval 7 day))::date
            as start, (start + interval 6 day)::date as day, 'week' as grain
        union all select unnest(generate_series(date '2023-10-01', date '2025-08-01',
            interval 1 month))::date as start, last_day(start) as day, 'month' as grain;
"""

WON = "\"Is Won\" = 'Yes'"
NEW = "\"Type\" = 'New Business'"
NPS = "100.0 * (count(*) filter (score >= 9) - count(*) filter (score <= 6))"

ORACLES = {
    "leads_created": """
        select date_trunc('week', try_cast(created_at as timestamp)) as start, count(*) as n, 1 as d
        from leads where coalesce(account_id, '') not in (from insiders) group by 1""",
    "sales_accepted_rate": """
        select date_trunc('month', handed_at) as start, count(*) filter (accepted = 'yes') as n,
            count(*) as d
        from handed group by 1""",
    "email_ctr": """
        select date_trunc('week', sent_at::timestamp) as start, sum(clicks::int) as n,
            sum(delivered::int) as d
        from emails group by 1""",
    "marketing_spend": """
        select date_trunc('month', booked) as start, sum(eur) as n, 1 as d from paid group by 1""",
    "win_rate": f"""
        select date_trunc('month', closed_on) as start, count(*) filter ({WON}) as n, count(*) as d
        from closed where "Is Closed" = 'Yes' and {NEW} group by 1""",
    "win_rate_by_source": f"""
        select date_trunc('quarter', closed_on) as start, count(*) filter ({WON}) as n,
            count(*) as d, "Lead Source" as part
        from closed where "Is Closed" = 'Yes' and {NEW} group by grouping sets ((1), (1, 4))""",
    "revenue_won": f"""
        select date_trunc('month', closed_on) as start, sum(eur) as n, 1 as d
        from pipeline where {WON} group by 1""",
    "average_deal_size": f"""
        select date_trunc('month', closed_on) as start, sum(eur) as n, count(eur) as d,
            "Type" as part
        from pipeline where {WON} group by grouping sets ((1), (1, 4))""",
    "deals_created": """
        select date_trunc('month', made_on) as start, count(*) as n, 1 as d, "Type" as part
        from closed group by grouping sets ((1), (1, 4))""",
    "open_deals": """
        select start, count(*) as n, 1 as d from spans join closed
            on made_on <= day and (closed_on > day or "Close Date" is null)
        where grain = 'week' group by 1""",
    "open_pipeline": """
        select date '2025-09-28' as start, sum(eur) as n, 1 as d
        from pipeline where "Is Closed" = 'No'""",
    "weighted_pipeline": """
        select date '2025-09-28' as start, sum(eur * rtrim(Probability, '%')::double / 100) as n,
            1 as d
        from pipeline where "Is Closed" = 'No'""",
    "cac": f"""
        select start, n, d from
            (select date_trunc('month', booked) as start, sum(eur) as n from paid group by 1)
            join (select date_trunc('month', closed_on) as start, count(*) as d
                from closed where {WON} and {NEW} group by 1) using (start)""",
    "error_rate": """
        select date_trunc('week', happened) as start, count(*) filter (event = 'error_shown') as n,
            count(*) as d
        from hits group by 1""",
    "arrival_lag": """
        select date_trunc('week', happened) as start, quantile_cont(
                date_diff('microsecond', happened, received_at) / 6e7, 0.95) as n, 1 as d
        from hits group by 1""",
    "win_rate_all": f"""
        select date_trunc('month', closed_on) as start, count(*) filter ({WON}) as n, count(*) as d
        from closed where "Is Closed" = 'Yes' group by 1""",
    "average_sales_cycle": f"""
        select date_trunc('month', closed_on) as start, sum(closed_on - made_on) as n,
            count(*) as d
        from closed where {WON} group by 1""",
    "pipeline_velocity": f"""
        select start, open * amount * rate / cycle as n, 1 as d from
            (select start, count(*) as open from spans join closed
                on made_on <= day and (closed_on > day or "Close Date" is null)
                where grain = 'month' group by 1)
            join (select date_trunc('month', closed_on) as start,
                    count(*) filter ({WON}) / count(*) filter ("Is Closed" = 'Yes') as rate,
                    avg(eur) filter ({WON}) as amount,
                    avg(closed_on - made_on) filter ({WON}) as cycle
                from pipeline group by 1) using (start)""",
    "nps": f"""
        select date_trunc('month', answered_at) as start, {NPS} as n, count(score) as d
        from newest group by 1""",
    "nps_by_plan": f"""
        select date_trunc('quarter', answered_at) as start, {NPS} as n, count(score) as d,
            plan as part
        from newest join accounts using (account_id)
        group by grouping sets ((1), (1, 4))""",
    "csat": """
        select date_trunc('month', answered_at) as start, count(*) filter (score >= 4) as n,
            count(score) as d
        from replies where survey = 'csat' group by 1""",
    "first_reply_in_time": """
        select date_trunc('week', opened_at) as start, count(*) filter (wait <= 4) as n,
            count(wait) as d
        from cases group by 1""",
    "resolution_time": """
        select date_trunc('week', solved_at) as start, median(took) as n, 1 as d
        from cases group by 1""",
    "tickets_opened": """
        select date_trunc('month', opened_at) as start, count(*) as n, 1 as d
        from cases group by 1""",
    "nps_response_rate": """
        select start, n, d from
            (select date_trunc('quarter', answered_at) as start, count(*) as n
                from replies where survey = 'nps' group by 1)
            join (select date_trunc('quarter', sent) as start, count(*) as d
                from asked where survey = 'nps' group by 1) using (start)""",
    "referrals": """
        select date_trunc('month', invited_at::timestamptz at time zone 'Europe/Berlin') as start,
            count(*) as n, 1 as d
        from referrals where referrer_id not in (from fakes) group by 1""",
}
