-- comment: 各月的牵头单位
-- purpose: Who leads each indicator from month to month by the plan, mergers followed; beyond the plan's year as well, for whoever then corrects its months. Who owes what was opened stands in raw.obligation.
-- grain: plan_id, period, indicator_code
create table if not exists raw.lead (
    plan_id varchar,
    period varchar,
    indicator_code varchar,
    unit_code varchar
);
