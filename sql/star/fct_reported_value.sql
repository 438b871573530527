-- comment: 事实：每次接收的指标数值
-- purpose: The values of every accepted report of an indicator, of whoever owed it or, having led it since, put it into 填报 (who may was judged then); also those that change nothing: from the form row, or added up over a register. effect_no: the order in which the reports of a month took effect, of whichever unit.
-- grain: submission_id, indicator_code
-- nulls: values a kind of indicator does not use are null, also when the unit has written them. denominator 0: sent so; nothing is divided by it.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        effect_no,
        accepted_at,
    from star.fct_submission
    where version_no is not null
),

obligation as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
    from star.fct_obligation
    where role = 'lead'
),

indicator as (
    select
        plan_id,
        indicator_code,
        kind,
        is_rate,
        register_scope,
    from star.dim_indicator
),

version as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        fixed_denominator,
    from star.dim_indicator_version
),

form_row as (
    select
        submission_id,
        indicator_code,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        is_zero_report,
        is_correction,
        correction_reason,
        progress_text,
        issue_text,
    from staging.stg_report
    where section = 'report'
),

register_total as (
    select
        submission_id,
        indicator_code,
        cast(sum(case when is_target_met then 1 else 0 end) as decimal(24, 6)) as covered_count,
        cast(count(*) as decimal(24, 6)) as member_count,
        cast(min(member_value) as decimal(24, 6)) as lowest_value,
        cast(sum(member_value) as decimal(24, 6)) as total_value,
    from star.fct_member_value
    group by submission_id, indicator_code
),

reported as (
    select
        submission.submission_id,
        obligation.indicator_code,
    from submission
    inner join obligation
        on
            submission.plan_id = obligation.plan_id
            and submission.period = obligation.period
            and submission.unit_code = obligation.unit_code
    union
    select
        submission_id,
        indicator_code,
    from form_row
),

counted as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        submission.effect_no,
        submission.accepted_at,
        indicator.indicator_code,
        indicator.kind,
        indicator.is_rate,
        indicator.register_scope,
        version.fixed_denominator,
    from submission
    inner join reported
        on submission.submission_id = reported.submission_id
    inner join indicator
        on
            submission.plan_id = indicator.plan_id
            and reported.indicator_code = indicator.indicator_code
    left join version
        on
            submission.plan_id = version.plan_id
            and reported.indicator_code = version.indicator_code
            and submission.period >= coalesce(version.from_period, '0000-01')
            and submission.period < coalesce(version.to_period, '9999-12')
),

measured as (
    select
        counted.submission_id,
        counted.plan_id,
        counted.period,
        counted.unit_code,
        counted.effect_no,
        counted.accepted_at,
        counted.indicator_code,
        counted.kind,
        counted.is_rate,
        case
            when counted.register_scope is null and counted.kind in ('flow', 'milestone', 'trend')
                then form_row.month_value
        end as month_value,
        case
            when counted.kind in ('ratio', 'coverage') then null
            when counted.register_scope is null then form_row.cumulative_value
            when counted.register_scope = 'county_total' then register_total.total_value
            else register_total.lowest_value
        end as cumulative_value,
        case
            when counted.kind not in ('ratio', 'coverage') then null
            when counted.register_scope is null then form_row.numerator
            when counted.kind = 'coverage' then register_total.covered_count
        end as numerator,
        case
            when counted.kind not in ('ratio', 'coverage') then null
            when counted.register_scope is null and form_row.numerator is not null
                then coalesce(counted.fixed_denominator, form_row.denominator)
            when counted.kind = 'coverage' then register_total.member_count
        end as denominator,
        coalesce(form_row.is_zero_report, false) as is_zero_report,
        coalesce(form_row.is_correction, false) as is_correction,
        form_row.correction_reason,
        form_row.progress_text,
        form_row.issue_text,
    from counted
    left join form_row
        on
            counted.submission_id = form_row.submission_id
            and counted.indicator_code = form_row.indicator_code
    left join register_total
        on
            counted.submission_id = register_total.submission_id
            and counted.indicator_code = register_total.indicator_code
),

final as (
    select
        submission_id,
        indicator_code,
        plan_id,
        period,
        unit_code,
        effect_no,
        accepted_at,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        case when kind in ('ratio', 'coverage') then numerator else cumulative_value end as actual_numerator,
        case when is_rate then denominator else cast(1 as decimal(24, 6)) end as actual_denominator,
        is_zero_report,
        is_correction,
        correction_reason,
        progress_text,
        issue_text,
    from measured
    where coalesce(month_value, cumulative_value, numerator) is not null
)

select * from final
