-- comment: 单位报送质量（年内截至本期）
-- purpose: Of every unit that must report, how many of the months so far came in time and passed at once, and its place by that; apart from the ranking by completion.
-- grain: plan_id, period, unit_code
-- nulls: on_time_ratio, timeliness_rank_no null: no month has been due yet. first_pass_ratio null: nothing was judged yet.
-- units: counts of months of the plan year up to the period. A month counts as due once its due hour has passed or its report has been accepted; it is missing if nothing was accepted when it was frozen, also when it was supplied later (supplementary), and overdue until then. A month that we opened only after its freeze counts for nobody. Equal ratios share a place and the next one is skipped.
with

submission as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        submission_status,
        is_due,
        timing,
        is_missed,
        is_first_pass,
        is_excused,
    from marts.submission_status
    where is_required
),

month as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        case when (is_due or submission_status = 'accepted') and not is_excused then 1 else 0 end as is_owed,
        case when timing = 'on_time' then 1 else 0 end as is_on_time,
        case when timing = 'late' then 1 else 0 end as is_late,
        case when timing = 'supplementary' and not is_excused then 1 else 0 end as is_supplementary,
        case when is_missed then 1 else 0 end as is_missed,
        case when is_first_pass is not null then 1 else 0 end as is_judged,
        case when is_first_pass then 1 else 0 end as is_first_pass,
    from submission
),

so_far as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        sum(is_owed) over year_so_far as due_month_count,
        sum(is_on_time) over year_so_far as on_time_month_count,
        sum(is_late) over year_so_far as late_month_count,
        sum(is_supplementary) over year_so_far as supplementary_month_count,
        sum(is_missed) over year_so_far as missing_month_count,
        sum(is_judged) over year_so_far as judged_month_count,
        sum(is_first_pass) over year_so_far as first_pass_month_count,
    from month
    window year_so_far as (partition by plan_id, unit_code order by period)
),

measured as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        due_month_count,
        on_time_month_count,
        late_month_count,
        supplementary_month_count,
        missing_month_count,
        judged_month_count,
        first_pass_month_count,
        case
            when due_month_count > 0 then cast(on_time_month_count as double) / due_month_count
        end as on_time_ratio,
    from so_far
),

final as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        cast(due_month_count as integer) as due_month_count,
        cast(on_time_month_count as integer) as on_time_month_count,
        cast(late_month_count as integer) as late_month_count,
        cast(supplementary_month_count as integer) as supplementary_month_count,
        cast(missing_month_count as integer) as missing_month_count,
        cast(
            due_month_count - on_time_month_count - late_month_count - missing_month_count as integer
        ) as overdue_month_count,
        on_time_ratio,
        cast(judged_month_count as integer) as judged_month_count,
        cast(first_pass_month_count as integer) as first_pass_month_count,
        case
            when judged_month_count > 0 then cast(first_pass_month_count as double) / judged_month_count
        end as first_pass_ratio,
        case
            when due_month_count > 0
                then rank() over (partition by plan_id, period order by on_time_ratio desc nulls last)
        end as timeliness_rank_no,
    from measured
)

select * from final
