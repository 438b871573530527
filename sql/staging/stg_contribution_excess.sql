-- comment: 配合单位报的合计后来超过了全县数
-- purpose: The months of an indicator for which supporting units came to more than the lead unit's total, by a contribution that arrived after the lead's report: what came before or with it is told in the answer to that. What stands counts: of each supporting unit its last cumulative value up to the month.
-- grain: plan_id, period, indicator_code
-- units: all values in the indicator's unit of measure.
with

version as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        effect_no,
    from staging.stg_version
),

arrival as (
    select
        submission_id,
        accepted_at,
    from staging.stg_submission
),

line as (
    select
        submission_id,
        section,
        indicator_code,
        cumulative_value,
    from staging.stg_report
    where cumulative_value is not null
),

said as (
    select
        version.plan_id,
        version.period,
        line.indicator_code,
        line.section,
        version.unit_code,
        version.submission_id,
        arrival.accepted_at,
        line.cumulative_value,
        row_number() over (
            partition by
                version.plan_id,
                version.period,
                line.indicator_code,
                line.section,
                case when line.section = 'contribution' then version.unit_code end
            order by version.effect_no desc
        ) as recency,
    from version
    inner join arrival
        on version.submission_id = arrival.submission_id
    inner join line
        on version.submission_id = line.submission_id
),

total as (
    select
        plan_id,
        period,
        indicator_code,
        unit_code,
        submission_id,
        accepted_at,
        cumulative_value,
    from said
    where section = 'report' and recency = 1
),

latest as (
    select
        total.plan_id,
        total.period,
        total.indicator_code,
        said.accepted_at,
        said.cumulative_value,
        row_number() over (
            partition by total.plan_id, total.period, total.indicator_code, said.unit_code
            order by said.period desc
        ) as nearness,
    from total
    inner join said
        on
            total.plan_id = said.plan_id
            and total.indicator_code = said.indicator_code
            and total.period >= said.period
            and said.section = 'contribution'
            and said.recency = 1
),

contributed as (
    select
        plan_id,
        period,
        indicator_code,
        count(*) as contributor_count,
        sum(cumulative_value) as contributed_total,
        max(accepted_at) as last_contributed_at,
    from latest
    where nearness = 1
    group by plan_id, period, indicator_code
),

final as (
    select
        total.plan_id,
        total.period,
        total.indicator_code,
        total.unit_code,
        total.submission_id,
        total.cumulative_value,
        contributed.contributor_count,
        contributed.contributed_total,
        contributed.last_contributed_at,
    from total
    inner join contributed
        on
            total.plan_id = contributed.plan_id
            and total.period = contributed.period
            and total.indicator_code = contributed.indicator_code
    where
        contributed.contributed_total > total.cumulative_value
        and contributed.last_contributed_at > total.accepted_at
)

select * from final
