-- comment: 事实：名录成员数值
-- purpose: What an accepted file says of each member the register had in its month, one row per member whether it was reported or not.
-- grain: submission_id, indicator_code, member_code
-- nulls: a member without a reported value counts as 0: what nobody reports is not there.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
    from star.fct_submission
    where version_no is not null
),

indicator as (
    select
        plan_id,
        indicator_code,
        register_code,
    from star.dim_indicator
    where register_scope is not null
),

version as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        member_target,
    from star.dim_indicator_version
),

member as (
    select
        plan_id,
        register_code,
        member_code,
        from_period,
        to_period,
    from star.dim_register_member
),

detail as (
    select
        submission_id,
        indicator_code,
        member_code,
        max(member_value) as member_value,
    from staging.stg_detail
    where member_value is not null
    group by submission_id, indicator_code, member_code
),

reported as (
    select distinct
        submission_id,
        indicator_code,
    from detail
),

final as (
    select
        submission.submission_id,
        indicator.indicator_code,
        member.member_code,
        submission.plan_id,
        submission.period,
        coalesce(detail.member_value, 0) as member_value,
        coalesce(detail.member_value, 0) >= version.member_target as is_target_met,
    from submission
    inner join reported
        on submission.submission_id = reported.submission_id
    inner join indicator
        on
            submission.plan_id = indicator.plan_id
            and reported.indicator_code = indicator.indicator_code
    inner join version
        on
            submission.plan_id = version.plan_id
            and reported.indicator_code = version.indicator_code
            and submission.period >= coalesce(version.from_period, '0000-01')
            and submission.period < coalesce(version.to_period, '9999-12')
    inner join member
        on
            indicator.plan_id = member.plan_id
            and indicator.register_code = member.register_code
            and submission.period >= coalesce(member.from_period, '0000-01')
            and submission.period < coalesce(member.to_period, '9999-12')
    left join detail
        on
            reported.submission_id = detail.submission_id
            and reported.indicator_code = detail.indicator_code
            and member.member_code = detail.member_code
)

select * from final
