-- comment: 校验用：月份是否已经关闭
-- purpose: Every line of a month that was closed before its file came, and whether its figure was reopened.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- closed_at: 这个月何时关闭；空：收到时还没有关闭
-- is_shut: 收到时这个月已经关闭，这个指标也没有重新开放
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        plan_id,
        unit_code,
        period,
        indicator_code,
    from facts.row
),

file as (
    select
        submission_id,
        received_at,
    from facts.file
),

closed as (
    select
        plan_id,
        period,
        closed_at,
    from staging.stg_month_closed
),

reopened as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        reopened_at,
        until_at,
    from staging.stg_reopening
),

final as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        closed.closed_at,
        reopened.until_at is null as is_shut,
    from line
    inner join file
        on line.submission_id = file.submission_id
    inner join closed
        on
            line.plan_id = closed.plan_id
            and line.period = closed.period
            and file.received_at > closed.closed_at
    left join reopened
        on
            line.plan_id = reopened.plan_id
            and line.period = reopened.period
            and line.unit_code = reopened.unit_code
            and line.indicator_code = reopened.indicator_code
            and file.received_at > reopened.reopened_at
            and file.received_at <= reopened.until_at
)

select * from final
