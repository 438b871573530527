-- comment: 校验用：名录对这一行的规定
-- purpose: Every line beside the register it counts: how many there are, and for a line of 明细 the member it names.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- register_name: 应对照的名录；空：不需要或名录尚未提供
-- register_size: 分子、分母所数的名录共有多少个；空：没有名录，或名录尚未提供
-- is_known_member: 名录中有没有这个编码
-- register_member_name: 名录中的规范名称；空：名录中没有
-- is_member_named_right: 名录编码与名称是否相符
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        plan_id,
        rules_period,
        section,
        indicator_code,
        member_code,
        written_member_name,
    from facts.row
),

indicator as (
    select
        plan_id,
        indicator_code,
        register_code,
        register_scope,
    from raw.indicator
),

register as (
    select
        plan_id,
        register_code,
        register_name,
        known_from,
    from raw.register
    where is_known
),

register_member as (
    select
        plan_id,
        register_code,
        member_code,
        member_name,
        from_period,
        to_period,
    from raw.register_member
),

rules_month as (
    select distinct
        plan_id,
        rules_period,
    from line
),

register_count as (
    select
        rules_month.plan_id,
        rules_month.rules_period,
        register_member.register_code,
        count(*) as register_size,
    from rules_month
    inner join register_member
        on
            rules_month.plan_id = register_member.plan_id
            and rules_month.rules_period >= coalesce(register_member.from_period, '0000-01')
            and rules_month.rules_period < coalesce(register_member.to_period, '9999-12')
    group by rules_month.plan_id, rules_month.rules_period, register_member.register_code
),

final as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        register.register_name,
        case when line.section = 'report' and indicator.register_scope is null then register_count.register_size end
            as register_size,
        register_member.member_name is not null as is_known_member,
        register_member.member_name as register_member_name,
        register_member.member_name = line.written_member_name as is_member_named_right,
    from line
    left join indicator
        on
            line.plan_id = indicator.plan_id
            and line.indicator_code = indicator.indicator_code
    left join register
        on
            indicator.plan_id = register.plan_id
            and indicator.register_code = register.register_code
            and line.rules_period >= coalesce(register.known_from, '0000-01')
    left join register_count
        on
            register.plan_id = register_count.plan_id
            and register.register_code = register_count.register_code
            and line.rules_period = register_count.rules_period
    left join register_member
        on
            register.plan_id = register_member.plan_id
            and register.register_code = register_member.register_code
            and line.member_code = register_member.member_code
            and line.section = 'detail'
            and line.rules_period >= coalesce(register_member.from_period, '0000-01')
            and line.rules_period < coalesce(register_member.to_period, '9999-12')
)

select * from final
