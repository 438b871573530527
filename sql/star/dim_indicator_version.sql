-- comment: 维度：指标的规定（按版本）
-- purpose: What of an indicator may change in the course of the year, in dated versions: who leads, by when, and what it is judged by.
-- grain: plan_id, indicator_code, indicator_version_no
-- nulls: from_period null: ever since. to_period null: still. document_no null: the plan itself. fixed_denominator, base_value, member_target null: not given.
-- units: to_period is the first period no longer served.
with

final as (
    select
        plan_id,
        indicator_code,
        row_number() over (
            partition by plan_id, indicator_code order by from_period nulls first
        ) as indicator_version_no,
        from_period,
        to_period,
        document_no,
        lead_unit_code,
        member_target,
        fixed_denominator,
        base_value,
        deadline_date,
        substring(cast(deadline_date as varchar), 1, 7) as deadline_period,
    from raw.indicator_version
)

select * from final
