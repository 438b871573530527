-- comment: 校验用：现行数值所在的文件
-- purpose: Which accepted file says what counts of an indicator for a month: the last one with a line of it, whichever unit sent it, for an indicator has one history. Contributions are each supporting unit's own.
-- grain: plan_id, period, section, indicator_code, contributor_code
-- section: report 填报，contribution 配合事项，detail 明细
-- contributor_code: 配合事项为报送单位；填报和明细不论哪个单位报的，为 lead
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

entitlement as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
    from staging.stg_entitlement
),

line as (
    select distinct
        submission_id,
        section,
        indicator_code,
    from raw.cell
    where section in ('report', 'contribution', 'detail') and indicator_code is not null
),

-- places count if their unit owes the indicator, or beside its line in 填报, by which the right to report it is judged
spoken as (
    select
        line.submission_id,
        line.section,
        line.indicator_code,
    from line
    inner join version
        on line.submission_id = version.submission_id
    left join line as heading
        on
            line.submission_id = heading.submission_id
            and line.indicator_code = heading.indicator_code
            and heading.section = 'report'
    left join entitlement
        on
            version.plan_id = entitlement.plan_id
            and version.period = entitlement.period
            and version.unit_code = entitlement.unit_code
            and line.indicator_code = entitlement.indicator_code
    where line.section <> 'detail' or coalesce(heading.indicator_code, entitlement.indicator_code) is not null
),

said as (
    select
        version.plan_id,
        version.period,
        spoken.section,
        spoken.indicator_code,
        case when spoken.section = 'contribution' then version.unit_code else 'lead' end as contributor_code,
        version.unit_code,
        version.submission_id,
        version.effect_no,
    from version
    inner join spoken
        on version.submission_id = spoken.submission_id
),

ranked as (
    select
        plan_id,
        period,
        section,
        indicator_code,
        contributor_code,
        unit_code,
        submission_id,
        row_number() over (
            partition by plan_id, period, section, indicator_code, contributor_code
            order by effect_no desc
        ) as recency,
    from said
),

final as (
    select
        plan_id,
        period,
        section,
        indicator_code,
        contributor_code,
        unit_code,
        submission_id,
    from ranked
    where recency = 1
)

select * from final
