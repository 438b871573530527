-- comment: 单位报送与完成评分
-- purpose: For BI: how completely, timely and cleanly each unit reported, and the score of lead units.
-- grain: plan_id, period, unit_code
-- nulls: score, rank_no null: the unit leads no indicator that can be judged. completeness_ratio null: nothing was required. faults_per_file null: no file was judged.
-- units: score and completeness_ratio from 0 to 1.
with

final as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        role,
        is_required,
        submission_status,
        owed_count,
        reported_count,
        completeness_ratio,
        is_late,
        is_first_pass,
        revision_count,
        corrected_count,
        reject_count,
        warn_count,
        indicator_count,
        scored_count,
        score,
        rank_no,
        file_count,
        faults_per_file,
        timing,
    from marts.unit_scorecard
)

select * from final
