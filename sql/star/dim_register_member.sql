-- comment: 维度：名录成员
-- purpose: The members of the registers the county has given, with the periods they count in.
-- grain: plan_id, register_code, member_code
-- nulls: from_period null: ever since. to_period, the first period no longer served, null: still.
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
        from_period,
        to_period,
        document_no,
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
        member.from_period,
        member.to_period,
        member.document_no,
    from member
    inner join register
        on
            member.plan_id = register.plan_id
            and member.register_code = register.register_code
)

select * from final
