-- comment: 指标前瞻与原因
-- purpose: Explains every light: why it is grey, yellow or red, since when, against which target (the first and the one in force), and where the pace leads.
-- grain: plan_id, period, indicator_code
-- nulls: no_data_reason_label null: the unit gave no reason for a missing number. reason_code null: nothing to explain. behind_since null: not behind. last_behind_since null: judged, or not behind when last judged. original_target_value null: a comparison with last year. Paces and forecasts null: see marts.indicator_pace.
-- units: ratios from 0 to 1 (above 1 when exceeded); paces in unit_of_measure per month. A month without a judgement neither ends a run of months behind nor counts in it.
with

month as (
    select
        plan_id,
        period,
        month_no,
        item_code,
        indicator_code,
        indicator_name,
        unit_of_measure,
        polarity,
        lead_unit_code,
        lead_unit_name,
        target_value,
        actual_numerator,
        actual_denominator,
        is_opened_after_freeze,
    from marts.indicator_month
),

completion as (
    select
        plan_id,
        period,
        indicator_code,
        ruling_code,
        status_code,
        submission_status,
        completion_ratio,
    from marts.indicator_completion
),

closure as (
    select
        plan_id,
        indicator_code,
        closed_on,
        office,
        document_no,
    from star.dim_closure
),

no_data as (
    select
        plan_id,
        period,
        indicator_code,
        max(no_data_reason_label) as no_data_reason_label,
        bool_or(counts_against) as counts_against,
    from star.fct_no_data
    where section = 'report'
    group by plan_id, period, indicator_code
),

submission as (
    select
        plan_id,
        period,
        unit_code,
        is_late,
        timing,
    from marts.submission_status
),

pace as (
    select
        plan_id,
        period,
        indicator_code,
        remaining_month_count,
        pace_needed,
        pace_recent,
        forecast_value,
        forecast_ratio,
        forecast_basis,
    from marts.indicator_pace
),

target as (
    select
        plan_id,
        indicator_code,
        target_version_no,
        from_period,
        to_period,
        target_value,
        document_no,
    from star.dim_target
),

ruling as (
    select
        ruling_code,
        reason_code,
    from star.dim_ruling
),

reason as (
    select
        reason_code,
        reason_label,
    from star.dim_reason
),

explained as (
    select
        month.plan_id,
        month.period,
        month.month_no,
        month.indicator_code,
        completion.status_code,
        completion.status_code in ('BEHIND', 'FAR_BEHIND', 'NOT_DONE') as is_behind,
        case
            when completion.submission_status = 'unsigned' then 'UNSIGNED'
            when completion.submission_status = 'rejected' then 'REJECTED'
            when no_data.counts_against then 'NO_DATA'
            when no_data.indicator_code is not null then 'NO_DATA_EXCUSED'
            when completion.submission_status = 'accepted' then 'NOT_FILLED'
            when month.is_opened_after_freeze then 'OPENED_AFTER_FREEZE'
            when completion.submission_status = 'missing' then 'MISSING'
            else 'NOT_DUE'
        end as absence_code,
        ruling.reason_code as judgement_code,
    from month
    inner join completion
        on
            month.plan_id = completion.plan_id
            and month.period = completion.period
            and month.indicator_code = completion.indicator_code
    inner join ruling
        on completion.ruling_code = ruling.ruling_code
    left join no_data
        on
            month.plan_id = no_data.plan_id
            and month.period = no_data.period
            and month.indicator_code = no_data.indicator_code
),

-- every month judged and found not behind begins a new stretch
stretch as (
    select
        plan_id,
        period,
        indicator_code,
        is_behind,
        status_code not in ('NOT_REPORTED', 'NO_BASIS') as is_judged,
        case when status_code = 'NOT_REPORTED' then absence_code else judgement_code end as reason_code,
        sum(case when is_behind or status_code in ('NOT_REPORTED', 'NO_BASIS') then 0 else 1 end) over (
            partition by plan_id, indicator_code order by month_no
        ) as stretch_no,
    from explained
),

run as (
    select
        plan_id,
        period,
        indicator_code,
        reason_code,
        is_behind,
        is_judged,
        min(case when is_behind then period end) over (
            partition by plan_id, indicator_code, stretch_no order by period
        ) as since_period,
        count(case when is_behind then 1 end) over (
            partition by plan_id, indicator_code, stretch_no order by period
        ) as month_count,
    from stretch
),

aimed as (
    select
        month.plan_id,
        month.period,
        month.indicator_code,
        original.target_value as original_target_value,
        in_force.document_no as target_document_no,
        coalesce(original.target_value <> month.target_value, false) as is_target_changed,
        original.target_value * month.actual_denominator as original_required_value,
    from month
    left join target as original
        on
            month.plan_id = original.plan_id
            and month.indicator_code = original.indicator_code
            and original.target_version_no = 1
    left join target as in_force
        on
            month.plan_id = in_force.plan_id
            and month.indicator_code = in_force.indicator_code
            and (in_force.from_period is null or month.period >= in_force.from_period)
            and (in_force.to_period is null or month.period < in_force.to_period)
),

final as (
    select
        month.plan_id,
        month.period,
        month.item_code,
        month.indicator_code,
        month.indicator_name,
        month.unit_of_measure,
        month.lead_unit_code,
        month.lead_unit_name,
        aimed.original_target_value,
        month.target_value as current_target_value,
        aimed.target_document_no,
        aimed.is_target_changed,
        case
            when not aimed.is_target_changed then completion.completion_ratio
            when completion.completion_ratio is null or aimed.original_required_value <= 0 then null
            when month.polarity = 'higher_better'
                then cast(month.actual_numerator as double) / cast(aimed.original_required_value as double)
            when month.actual_numerator > 0
                then cast(aimed.original_required_value as double) / cast(month.actual_numerator as double)
            else 1
        end as original_completion_ratio,
        completion.completion_ratio as current_completion_ratio,
        completion.status_code,
        run.reason_code,
        reason.reason_label,
        submission.is_late,
        submission.timing,
        case when run.is_behind then run.since_period end as behind_since,
        cast(case when run.is_behind then run.month_count end as integer) as months_behind,
        case when not run.is_judged then run.since_period end as last_behind_since,
        pace.remaining_month_count,
        pace.pace_needed,
        pace.pace_recent,
        pace.forecast_value,
        pace.forecast_ratio,
        pace.forecast_basis,
        case when completion.status_code = 'CLOSED' then closure.closed_on end as closed_on,
        case when completion.status_code = 'CLOSED' then closure.office end as closing_office,
        case when completion.status_code = 'CLOSED' then closure.document_no end as closing_document_no,
        case when completion.status_code = 'NOT_REPORTED' then no_data.no_data_reason_label end as no_data_reason_label,
    from month
    inner join completion
        on
            month.plan_id = completion.plan_id
            and month.period = completion.period
            and month.indicator_code = completion.indicator_code
    inner join aimed
        on
            month.plan_id = aimed.plan_id
            and month.period = aimed.period
            and month.indicator_code = aimed.indicator_code
    inner join run
        on
            month.plan_id = run.plan_id
            and month.period = run.period
            and month.indicator_code = run.indicator_code
    left join reason
        on run.reason_code = reason.reason_code
    left join no_data
        on
            month.plan_id = no_data.plan_id
            and month.period = no_data.period
            and month.indicator_code = no_data.indicator_code
    left join pace
        on
            month.plan_id = pace.plan_id
            and month.period = pace.period
            and month.indicator_code = pace.indicator_code
    left join closure
        on
            month.plan_id = closure.plan_id
            and month.indicator_code = closure.indicator_code
    left join submission
        on
            month.plan_id = submission.plan_id
            and month.period = submission.period
            and month.lead_unit_code = submission.unit_code
)

select * from final
