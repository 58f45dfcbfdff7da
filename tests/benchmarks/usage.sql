-- The KPIs of usage.yaml by hand, one query each: week, plan, region, value.
-- Beside them stand events (a view), users and weeks (w, a Monday).

-- wau
select date_trunc('week', event_time)::date as w, plan, region, count(distinct user_id)::double
from events where event_time >= date '2025-06-23'
group by grouping sets ((w), (w, plan), (w, region));

-- mau
with there as (
    select distinct user_id, plan, region, event_time::date as d
    from events where event_time >= date '2025-06-02')
select w, plan, region, count(distinct user_id)::double
from there join weeks on d < w + 7 and d >= w - 21
group by grouping sets ((w), (w, plan), (w, region));

-- active_accounts
select date_trunc('week', event_time)::date as w, plan, region, count(distinct account_id)::double
from events where event_time >= date '2025-06-23'
group by grouping sets ((w), (w, plan), (w, region));

-- stickiness
with there as (
    select distinct user_id, plan, region, event_time::date as d
    from events where event_time >= date '2025-06-02')
select w, plan, region, count(*) / (count(distinct user_id) * 28.0)
from there join weeks on d < w + 7 and d >= w - 21
group by grouping sets ((w), (w, plan), (w, region));

-- adoption
with used as (
    select distinct user_id, w
    from (select distinct user_id, event_time::date as d from events
          where event_name = 'report_created' and event_time >= date '2025-06-02')
    join weeks on d < w + 7 and d >= w - 21)
select w, plan, region, count(used.user_id) / count(*)
from users join weeks on created_at <= w - 21 left join used using (user_id, w)
group by grouping sets ((w), (w, plan), (w, region));

-- new_adoption
with firsts as (
    select user_id, min(event_time)::date as f from events
    where event_name = 'report_exported' group by user_id)
select w, plan, region, count(f) filter (f < w + 7) / count(*)
from users join weeks on created_at <= w - 21 left join firsts using (user_id)
where f is null or f >= w - 21
group by grouping sets ((w), (w, plan), (w, region));

-- frequency
select date_trunc('week', event_time)::date as w, plan, region, count(*) / count(distinct user_id)
from events where event_time >= date '2025-06-23' and event_name <> 'error'
group by grouping sets ((w), (w, plan), (w, region));

-- conversion
with firsts as (
    select user_id, any_value(plan) as plan, any_value(region) as region, min(event_time) as a
    from events where event_name = 'login' group by user_id
    having a >= date '2025-06-23' and a + interval 7 day < date '2025-09-22'),
goals as (
    select distinct user_id from firsts join events using (user_id)
    where event_name = 'report_created' and event_time >= date '2025-06-23'
        and event_time between a and a + interval 7 day)
select date_trunc('week', a)::date as w, plan, region, count(goals.user_id) / count(*)
from firsts left join goals using (user_id)
group by grouping sets ((w), (w, plan), (w, region));

-- retention
with firsts as (
    select user_id, any_value(plan) as plan, any_value(region) as region,
        date_trunc('week', min(event_time))::date as w
    from events where event_name = 'login' group by user_id
    having w between date '2025-06-23' and date '2025-08-18'),
back as (
    select distinct user_id, date_trunc('week', event_time)::date - 28 as w
    from events where event_name = 'report_created' and event_time >= date '2025-07-21')
select w, plan, region, count(back.user_id) / count(*)
from firsts left join back using (user_id, w)
group by grouping sets ((w), (w, plan), (w, region));

-- error_rate
select date_trunc('week', event_time)::date as w, plan, region,
    count(*) filter (event_name = 'error') / count(*)
from events where event_time >= date '2025-06-23'
group by grouping sets ((w), (w, plan), (w, region));
