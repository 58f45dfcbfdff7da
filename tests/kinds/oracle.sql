-- The exports as LANGUAGE.md says they are to be read, written down once for all queries.
-- {folder} is where they lie.

create macro local_day(instant) as (instant::timestamptz at time zone 'Europe/Berlin')::date;
create macro by_day(d) as strftime(d, '%Y-%m-%d');
create macro by_week(d) as strftime(d, '%G-W%V');
create macro by_sunday(d) as strftime(d - dayofweek(d)::int, '%Y-%m-%d') || '/7d';
create macro by_month(d) as strftime(d, '%Y-%m');
create macro by_quarter(d) as year(d) || '-Q' || quarter(d);
create macro by_year(d) as year(d)::varchar;

create table regions as
select region_id, nullif(name, '') as name
from read_csv('{folder}/regions.csv', all_varchar = true);

create table accounts as
select
    a.account_id,
    nullif(a.plan, '') as plan,
    try_cast(nullif(a.employees, '') as int) as employees,
    a.email_domain = 'acme.com' as excluded,
    coalesce(r.name, '(none)') as region
from read_csv('{folder}/accounts.csv', all_varchar = true) a
left join regions r using (region_id);

create table users as
select
    u.user_id,
    a.account_id,
    a.plan,
    a.employees,
    coalesce(a.region, '(none)') as region,
    coalesce(a.excluded, false) or coalesce(u.is_test = 'yes', false) as excluded
from read_csv('{folder}/users.csv', all_varchar = true) u
left join accounts a on a.account_id = u.account_id;

create table rates as
select day::date as day, upper(currency) as currency, rate::double as rate
from read_csv('{folder}/rates.csv', all_varchar = true);

-- Rows alike in every column are one; of rows that share the key within a day the newest stays.
create table orders_once as
select * from (
    select distinct * exclude (filename) from (
        select * from read_csv(
            ['{folder}/orders/1.csv', '{folder}/orders/2.csv'],
            all_varchar = true, union_by_name = true, filename = true
        )
    )
)
qualify row_number() over (
    partition by order_id, local_day(nullif(placed_at, '')) order by changed desc
) = 1;

create table orders_typed as
select
    order_id,
    nullif(placed_at, '')::timestamptz as placed_at,
    local_day(nullif(placed_at, '')) as day,
    nullif(user_id, '') as user_id,
    nullif(amount, '') as amount_text,
    try_cast(nullif(amount, '') as decimal(18, 4)) as amount_as_written,
    nullif(upper(trim(currency)), '') as currency,
    nullif(pieces, '')::double as pieces,
    nullif(weight, '')::double as weight,
    nullif(status, '') as status,
    coalesce(nullif(device, ''), '(none)') as device,
    city,
    nullif(paid_on, '')::date as paid_on,
    nullif(delivered, '')::double as delivered,
    nullif(clicks, '')::double as clicks
from orders_once;

create table orders as
select
    o.*,
    o.amount_as_written * case when o.currency = 'EUR' then 1 else r.rate end as amount,
    u.account_id,
    coalesce(u.plan, '(none)') as plan,
    u.employees,
    coalesce(u.region, '(none)') as region,
    coalesce(u.excluded, false) as excluded
from orders_typed o
asof left join rates r on o.currency = r.currency and o.day >= r.day
left join users u on u.user_id = o.user_id;

create table answers as
select
    local_day(x.answered_at at time zone 'UTC') as day,
    x.score,
    x.survey,
    coalesce(a.plan, '(none)') as plan,
    coalesce(a.excluded, false) as excluded
from read_parquet('{folder}/answers.parquet') x
left join accounts a using (account_id);

create table subscriptions as
select
    nullif(s.begins, '')::date as begins,
    nullif(s.ends, '')::date as ends,
    nullif(s.fee, '')::decimal(18, 4) as fee,
    nullif(s.status, '') as status,
    s.account_id,
    coalesce(a.plan, '(none)') as plan,
    coalesce(a.excluded, false) as excluded
from read_csv('{folder}/subscriptions.csv', all_varchar = true) s
left join accounts a using (account_id);

-- Clocks in Berlin; between two of them elapsed hours are counted in UTC.
create table tickets as
select
    t.opened::timestamp::date as day,
    nullif(t.solved, '')::timestamp::date as solved_day,
    (
        epoch(nullif(t.solved, '')::timestamp at time zone 'Europe/Berlin')
        - epoch(t.opened::timestamp at time zone 'Europe/Berlin')
    ) / 3600 as hours,
    coalesce(a.plan, '(none)') as plan,
    coalesce(a.excluded, false) as excluded
from read_csv('{folder}/tickets.csv', all_varchar = true) t
left join accounts a using (account_id);

create table stock as
select
    coalesce(nullif(shelf, ''), '(none)') as shelf,
    nullif(price, '')::decimal(18, 4) as price,
    nullif(quantity, '')::double as quantity,
    nullif(sold_out, '')::boolean as sold_out
from read_csv('{folder}/stock.csv', all_varchar = true);

create table month_ends as
select by_month(d::date) as label, (d + interval 1 month - interval 1 day)::date as last_day
from generate_series(date '2019-01-01', date '2021-04-01', interval 1 month) t(d);

create table week_ends as
select by_week(d::date) as label, (d + interval 6 day)::date as last_day
from generate_series(date '2019-01-07', date '2021-04-19', interval 7 day) t(d);
