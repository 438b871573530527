-- comment: 单位报送与完成评分（报得全不全、按不按时、有没有错；牵头单位另有完成得分）
-- fact: snapshot
-- adds: 应报、已报、问题数可跨单位、月份相加；得分、名次、比率不可相加
-- purpose: For BI: how completely, timely and cleanly each unit reported, and the score of lead units.
-- grain: plan_id, period, unit_code
-- nulls: score, rank_no null: the unit leads no indicator that can be judged. completeness_ratio null: nothing was required. faults_per_file null: no file was judged.
-- units: score and completeness_ratio from 0 to 1.
with

scorecard as (
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
),

period as (
    select
        plan_id,
        period,
        period_start,
        is_latest_due,
    from marts.period_status
),

final as (
    select
        scorecard.plan_id,
        scorecard.period,
        period.period_start,
        scorecard.unit_code,
        scorecard.unit_name,
        scorecard.role,
        scorecard.is_required,
        scorecard.submission_status,
        scorecard.owed_count,
        scorecard.reported_count,
        scorecard.completeness_ratio,
        scorecard.is_late,
        scorecard.is_first_pass,
        scorecard.revision_count,
        scorecard.corrected_count,
        scorecard.reject_count,
        scorecard.warn_count,
        scorecard.indicator_count,
        scorecard.scored_count,
        scorecard.score,
        scorecard.rank_no,
        scorecard.file_count,
        scorecard.faults_per_file,
        scorecard.timing,
        period.is_latest_due,
    from scorecard
    inner join period
        on
            scorecard.plan_id = period.plan_id
            and scorecard.period = period.period
)

select * from final
