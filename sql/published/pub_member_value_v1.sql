-- comment: 名录成员数值（街道、乡镇等）
-- fact: snapshot
-- adds: 同一指标的成员数值可在一期之内跨成员相加，不可跨月份相加
-- purpose: For BI: the value of each member of a register (a street, a town) in a period, of the file that took effect last.
-- grain: plan_id, period, indicator_code, member_code
-- nulls: member_target, is_target_met null: no target for each member.
-- units: member_value and member_target in the indicator's unit_of_measure; a member without a row counts 0.
with

submission as (
    select
        submission_id,
        effect_no,
    from star.fct_submission
    where version_no is not null
),

member_value as (
    select
        submission_id,
        indicator_code,
        member_code,
        plan_id,
        period,
        member_value,
        is_target_met,
    from star.fct_member_value
),

ordered as (
    select
        member_value.plan_id,
        member_value.period,
        member_value.indicator_code,
        member_value.member_code,
        member_value.member_value,
        member_value.is_target_met,
        member_value.submission_id,
        rank() over (
            partition by member_value.plan_id, member_value.period, member_value.indicator_code
            order by submission.effect_no desc
        ) as recency_no,
    from member_value
    inner join submission
        on member_value.submission_id = submission.submission_id
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
        register_code,
    from star.dim_indicator
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
        member_name,
        from_period,
        to_period,
    from star.dim_register_member
),

final as (
    select
        ordered.plan_id,
        ordered.period,
        cast(ordered.period || '-01' as date) as period_start,
        ordered.indicator_code,
        indicator.indicator_name,
        ordered.member_code,
        member.member_name,
        ordered.member_value,
        version.member_target,
        ordered.is_target_met,
        ordered.submission_id,
    from ordered
    inner join indicator
        on
            ordered.plan_id = indicator.plan_id
            and ordered.indicator_code = indicator.indicator_code
    left join version
        on
            ordered.plan_id = version.plan_id
            and ordered.indicator_code = version.indicator_code
            and ordered.period >= coalesce(version.from_period, '0000-01')
            and ordered.period < coalesce(version.to_period, '9999-12')
    left join member
        on
            indicator.plan_id = member.plan_id
            and indicator.register_code = member.register_code
            and ordered.member_code = member.member_code
            and ordered.period >= coalesce(member.from_period, '0000-01')
            and ordered.period < coalesce(member.to_period, '9999-12')
    where ordered.recency_no = 1
)

select * from final
