-- comment: 校验用：应报的行
-- purpose: The spine: every line owed by the sender of a readable file of its own for an open month, and whether it is there.
-- grain: submission_id, section, item_code, indicator_code, member_code
-- scope: owed
-- rules_period: 按哪个月的规则校验：报送期，读不出时为收到的月份
-- section: report 填报，contribution 配合事项，detail 明细
-- is_required: 是否必报（配合说明可报可不报）
-- member_name: 明细中应有的名录成员
-- line_count: 文件中这一行出现几次
-- has_table: 文件中有没有找到这张表和它的列名
-- is_one_sheet: 文件是否只能存下一张表（csv）
-- is_first: 是否这张表必报（或可不报）各行的第一行，整张表的问题只在这一行说
with

judged as (
    select submission_id,
    from facts.judged
),

file as (
    select
        submission_id,
        plan_id,
        unit_code,
        unit_name,
        period,
        rules_period,
        content_kind,
    from facts.file
    where reading = 'ok' and period_status = 'open' and is_own_file
),

obligation as (
    select
        plan_id,
        period,
        unit_code,
        case when role = 'lead' then 'report' else 'contribution' end as section,
        item_code,
        indicator_code,
        is_required,
    from raw.obligation
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
        register_code,
        register_scope,
    from raw.indicator
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

missing_table as (
    select
        submission_id,
        field as section,
    from raw.cell
    where section = 'file' and reading = 'no_table'
),

line as (
    select
        submission_id,
        section,
        item_code,
        indicator_code,
        member_code,
    from facts.line
),

owed as (
    select
        plan_id,
        period,
        unit_code,
        section,
        item_code,
        indicator_code,
        cast(null as varchar) as member_code,
        cast(null as varchar) as member_name,
        is_required,
    from obligation
    union all
    select
        obligation.plan_id,
        obligation.period,
        obligation.unit_code,
        'detail' as section,
        obligation.item_code,
        obligation.indicator_code,
        register_member.member_code,
        register_member.member_name,
        obligation.is_required,
    from obligation
    inner join indicator
        on
            obligation.plan_id = indicator.plan_id
            and obligation.indicator_code = indicator.indicator_code
    inner join register_member
        on
            indicator.plan_id = register_member.plan_id
            and indicator.register_code = register_member.register_code
            and obligation.period >= coalesce(register_member.from_period, '0000-01')
            and obligation.period < coalesce(register_member.to_period, '9999-12')
    where obligation.section = 'report' and indicator.register_scope is not null
),

final as (
    select
        file.submission_id,
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        owed.section,
        case owed.section when 'report' then '填报' when 'detail' then '明细' else '配合事项' end as sheet_name,
        owed.item_code,
        owed.indicator_code,
        max(indicator.indicator_name) as indicator_name,
        owed.member_code,
        owed.member_name,
        owed.is_required,
        count(line.submission_id) as line_count,
        count(missing_table.submission_id) = 0 as has_table,
        max(file.content_kind) = 'csv' as is_one_sheet,
        row_number() over (
            partition by file.submission_id, owed.section, owed.is_required
            order by owed.item_code, owed.indicator_code, owed.member_code
        ) = 1 as is_first,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join owed
        on
            file.plan_id = owed.plan_id
            and file.period = owed.period
            and file.unit_code = owed.unit_code
    left join indicator
        on
            owed.plan_id = indicator.plan_id
            and owed.indicator_code = indicator.indicator_code
    left join missing_table
        on
            file.submission_id = missing_table.submission_id
            and owed.section = missing_table.section
    left join line
        on
            file.submission_id = line.submission_id
            and owed.section = line.section
            and coalesce(owed.indicator_code, owed.item_code) = coalesce(line.indicator_code, line.item_code)
            and coalesce(owed.member_code, '') = coalesce(line.member_code, '')
    group by
        file.submission_id,
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        owed.section,
        owed.item_code,
        owed.indicator_code,
        owed.member_code,
        owed.member_name,
        owed.is_required
)

select * from final
