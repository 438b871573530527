-- comment: 校验用：应报的行
-- purpose: The spine: every line owed by the unit of a readable file of its own for an open month, and whether it is there; also what it may report of that month because it has led the indicator since.
-- grain: submission_id, section, item_code, indicator_code, member_code
-- scope: owed
-- rules_period: 按哪个月的规则校验：报送期，读不出时为收到的月份
-- section: report 填报，contribution 配合事项，detail 明细
-- is_required: 是否必报（配合说明、现由本单位牵头而当月不由它报的指标，可报可不报；后者报了明细的，名录各行都要有）
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
        judged_period as period,
        rules_period,
        content_kind,
        strftime(received_at, '%Y-%m') as received_month,
    from facts.file
    where is_placed
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

entitlement as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        since_period,
    from staging.stg_entitlement
    where since_period > period
),

indicator as (
    select
        plan_id,
        item_code,
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
        sheet_name,
        section,
        item_code,
        indicator_code,
        member_code,
    from facts.line
),

-- of tables of one kind nobody knows which is to stay: a line is there if each of them has it
filled as (
    select distinct
        submission_id,
        section,
        sheet_name,
    from line
),

itemised as (
    select distinct
        submission_id,
        indicator_code,
    from line
    where section = 'detail'
),

reportable as (
    select
        plan_id,
        period,
        unit_code,
        section,
        item_code,
        indicator_code,
        is_required,
        period as since_period,
    from obligation
    union all
    select
        entitlement.plan_id,
        entitlement.period,
        entitlement.unit_code,
        'report' as section,
        indicator.item_code,
        entitlement.indicator_code,
        false as is_required,
        entitlement.since_period,
    from entitlement
    inner join indicator
        on
            entitlement.plan_id = indicator.plan_id
            and entitlement.indicator_code = indicator.indicator_code
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
        since_period,
    from reportable
    union all
    select
        reportable.plan_id,
        reportable.period,
        reportable.unit_code,
        'detail' as section,
        reportable.item_code,
        reportable.indicator_code,
        register_member.member_code,
        register_member.member_name,
        reportable.is_required,
        reportable.since_period,
    from reportable
    inner join indicator
        on
            reportable.plan_id = indicator.plan_id
            and reportable.indicator_code = indicator.indicator_code
    inner join register_member
        on
            indicator.plan_id = register_member.plan_id
            and indicator.register_code = register_member.register_code
            and reportable.period >= coalesce(register_member.from_period, '0000-01')
            and reportable.period < coalesce(register_member.to_period, '9999-12')
    where reportable.section = 'report' and indicator.register_scope is not null
),

asked as (
    select
        file.submission_id,
        file.plan_id,
        owed.section,
        owed.item_code,
        owed.indicator_code,
        owed.member_code,
        owed.member_name,
        owed.is_required or (owed.section = 'detail' and itemised.submission_id is not null) as is_required,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join owed
        on
            file.plan_id = owed.plan_id
            and file.period = owed.period
            and file.unit_code = owed.unit_code
            and greatest(file.received_month, file.period) >= owed.since_period
    left join itemised
        on
            file.submission_id = itemised.submission_id
            and owed.indicator_code = itemised.indicator_code
),

counted as (
    select
        asked.submission_id,
        asked.section,
        asked.item_code,
        asked.indicator_code,
        asked.member_code,
        filled.sheet_name,
        count(line.submission_id) as line_count,
    from asked
    left join filled
        on
            asked.submission_id = filled.submission_id
            and asked.section = filled.section
    left join line
        on
            filled.submission_id = line.submission_id
            and filled.section = line.section
            and filled.sheet_name = line.sheet_name
            and coalesce(asked.indicator_code, asked.item_code) = coalesce(line.indicator_code, line.item_code)
            and coalesce(asked.member_code, '') = coalesce(line.member_code, '')
    group by
        asked.submission_id,
        asked.section,
        asked.item_code,
        asked.indicator_code,
        asked.member_code,
        filled.sheet_name
),

final as (
    select
        file.submission_id,
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        asked.section,
        case asked.section when 'report' then '填报' when 'detail' then '明细' else '配合事项' end as sheet_name,
        asked.item_code,
        asked.indicator_code,
        max(indicator.indicator_name) as indicator_name,
        asked.member_code,
        asked.member_name,
        asked.is_required,
        coalesce(min(counted.line_count), 0) as line_count,
        count(missing_table.submission_id) = 0 as has_table,
        max(file.content_kind) = 'csv' as is_one_sheet,
        row_number() over (
            partition by file.submission_id, asked.section, asked.is_required
            order by asked.item_code, asked.indicator_code, asked.member_code
        ) = 1 as is_first,
    from asked
    inner join file
        on asked.submission_id = file.submission_id
    left join indicator
        on
            asked.plan_id = indicator.plan_id
            and asked.indicator_code = indicator.indicator_code
    left join missing_table
        on
            file.submission_id = missing_table.submission_id
            and asked.section = missing_table.section
    left join counted
        on
            asked.submission_id = counted.submission_id
            and asked.section = counted.section
            and coalesce(asked.item_code, '') = coalesce(counted.item_code, '')
            and coalesce(asked.indicator_code, '') = coalesce(counted.indicator_code, '')
            and coalesce(asked.member_code, '') = coalesce(counted.member_code, '')
    group by
        file.submission_id,
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        asked.section,
        asked.item_code,
        asked.indicator_code,
        asked.member_code,
        asked.member_name,
        asked.is_required
)

select * from final
