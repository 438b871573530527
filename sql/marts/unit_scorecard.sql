-- comment: 单位报送与完成评分
-- purpose: Per unit and period how completely, timely and cleanly it reported; for lead units also the mean completion and its place.
-- grain: plan_id, period, unit_code
-- nulls: score, rank_no null: the unit leads no indicator that can be judged, or none is due yet. completeness_ratio null: nothing was required, or all of it excused. faults_per_file null: no file was judged.
-- units: completeness_ratio is over what was owed less what was excused (a reason for no data that does not count against the unit). score is the mean over judged indicators of completion, each counted as 1 at most; not reported counts 0 once it is due, or 1 where an earlier report says done at the end, before that it is left out like what has no basis. Equal scores share a place and the next one is skipped.
with

submission as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        role,
        is_required,
        submission_status,
        is_late,
        timing,
        is_first_pass,
        revision_count,
        reject_count,
        warn_count,
        file_count,
    from marts.submission_status
),

obligation as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
    from star.fct_obligation
    where is_required and indicator_code is not null
),

excused as (
    select distinct
        plan_id,
        period,
        unit_code,
        indicator_code,
    from star.fct_no_data
    where not counts_against
),

contribution as (
    select distinct
        plan_id,
        period,
        unit_code,
        indicator_code,
    from star.fct_contribution
    where is_current and cumulative_value is not null
),

completion as (
    select
        plan_id,
        period,
        indicator_code,
        lead_unit_code,
        revision_no,
    from marts.indicator_completion
),

score as (
    select
        plan_id,
        period,
        lead_unit_code,
        is_corrected,
        scored_ratio,
    from marts.indicator_score
),

reported as (
    select
        plan_id,
        period,
        lead_unit_code as unit_code,
        indicator_code,
    from completion
    where revision_no is not null
    union all
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
    from contribution
),

completeness as (
    select
        obligation.plan_id,
        obligation.period,
        obligation.unit_code,
        count(*) as owed_count,
        count(reported.indicator_code) as reported_count,
        count(case when reported.indicator_code is null then excused.indicator_code end) as excused_count,
    from obligation
    left join excused
        on
            obligation.plan_id = excused.plan_id
            and obligation.period = excused.period
            and obligation.unit_code = excused.unit_code
            and obligation.indicator_code = excused.indicator_code
    left join reported
        on
            obligation.plan_id = reported.plan_id
            and obligation.period = reported.period
            and obligation.unit_code = reported.unit_code
            and obligation.indicator_code = reported.indicator_code
    group by obligation.plan_id, obligation.period, obligation.unit_code
),

achievement as (
    select
        plan_id,
        period,
        lead_unit_code as unit_code,
        count(*) as indicator_count,
        count(case when is_corrected then 1 end) as corrected_count,
        count(scored_ratio) as scored_count,
        cast(sum(scored_ratio) as double) / count(scored_ratio) as score,
    from score
    group by plan_id, period, lead_unit_code
),

place as (
    select
        plan_id,
        period,
        unit_code,
        rank() over (partition by plan_id, period order by round(score, 9) desc) as rank_no,
    from achievement
    where scored_count > 0
),

final as (
    select
        submission.plan_id,
        submission.period,
        submission.unit_code,
        submission.unit_name,
        submission.role,
        submission.is_required,
        submission.submission_status,
        coalesce(completeness.owed_count, 0) as owed_count,
        coalesce(completeness.reported_count, 0) as reported_count,
        cast(completeness.reported_count as double)
        / nullif(completeness.owed_count - completeness.excused_count, 0) as completeness_ratio,
        submission.is_late,
        submission.timing,
        submission.is_first_pass,
        submission.revision_count,
        coalesce(achievement.corrected_count, 0) as corrected_count,
        submission.reject_count,
        submission.warn_count,
        coalesce(achievement.indicator_count, 0) as indicator_count,
        coalesce(achievement.scored_count, 0) as scored_count,
        case when achievement.scored_count > 0 then achievement.score end as score,
        place.rank_no,
        submission.file_count,
        cast(submission.reject_count as double) / nullif(submission.file_count, 0) as faults_per_file,
    from submission
    left join completeness
        on
            submission.plan_id = completeness.plan_id
            and submission.period = completeness.period
            and submission.unit_code = completeness.unit_code
    left join achievement
        on
            submission.plan_id = achievement.plan_id
            and submission.period = achievement.period
            and submission.unit_code = achievement.unit_code
    left join place
        on
            submission.plan_id = place.plan_id
            and submission.period = place.period
            and submission.unit_code = place.unit_code
)

select * from final
