-- comment: 维度：名录成员
-- purpose: The members of the registers the county has given.
-- grain: plan_id, register_code, member_code
with

register as (
    select
        plan_id,
        register_code,
        register_name,
        as_of_date,
    from raw.register
    where is_known
),

member as (
    select
        plan_id,
        register_code,
        member_code,
        member_name,
    from raw.register_member
),

final as (
    select
        member.plan_id,
        member.register_code,
        member.member_code,
        member.member_name,
        register.register_name,
        register.as_of_date,
    from member
    inner join register
        on
            member.plan_id = register.plan_id
            and member.register_code = register.register_code
)

select * from final
