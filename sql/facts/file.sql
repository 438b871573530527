-- comment: 校验用：文件
-- purpose: One row per file received: what it says of itself beside what is known of its sender and its month.
-- grain: submission_id
-- scope: file
-- reading: 能否作为报送表读取，ok 为能
-- has_form: 表中各数能否校验：找到了报送表，列与数对得上；因个人信息没有保存的，看保留的数
-- places: 有几张填报表时各张的名称，csv 各列对不齐时有关的行
-- content_kind: 文件内容的格式：xlsx, xls, xlsb, ods, csv；空：没有读
-- kind_label: 不是工作簿的，是什么文件；空：是工作簿，或看不出是什么
-- kind_remedy: 不是工作簿的，请单位怎样做
-- file_suffix: 文件名的后缀
-- is_true_suffix: 后缀是否与内容相符
-- unit_name: 报送单位的名称：报送文件夹所属的单位，接续单位代报的为被接续的单位；空：方案中没有这个单位
-- sender_name: 报送文件夹所属单位的名称；方案中没有这个单位的，为报送文件夹的名称
-- is_known_unit: 报送文件夹是否属于方案中的单位
-- form_unit: 表内单位名称原文；各表不一的，取最不规范的写法
-- has_unit: 表内是否写了能识别的单位名称或编码
-- named_unit_code: 表内单位名称所指的单位
-- coded_unit_code: 表内单位编码
-- stated_unit_name: 表内所写单位（编码优先）的规范名称
-- code_reading: 单位编码：ok 方案中有，unknown 方案中没有，empty 没有填写
-- name_reading: 单位名称写法：ok 规范，alias 别名，former_name 曾用名，unknown 不认识；各表不一的，取最不规范的写法
-- is_own_file: 表内单位是否就是报送单位
-- is_one_unit: 表内各处单位名称、编码是否一致
-- form_period: 表内报送期原文
-- period: 表内报送期
-- judged_period: 各行各数按哪个月校验：报送期；读不出时，为文件名中的月份，或收到时唯一已过完、没有定稿、本单位还没有接收的月份；空：不知道是哪个月
-- is_placed: 是否知道这个月要本单位报什么：有报送表，月份已开放，是本单位的
-- judged_as: 报送期读不出时，怎样校验其余各项
-- is_period_loose: 报送期是否没有写年份，或写成“1-5月”的样子
-- rules_period: 按哪个月的规则校验：judged_period，不知道时为收到的月份
-- period_status: open 已开放，future 未到，not_open 未开放，other_year 不属于本方案年度，unknown 读不出
-- is_one_period: 各表的报送期是否一致
-- file_period: 文件名中的月份
-- is_period_of_name: 文件名中的月份与表内是否一致
-- has_version: 表内是否有模板版本
-- template_version: 表内模板版本
-- version_reading: 模板版本写法：ok 原样，normalised 被改成了日期等写法，empty 没有填写
-- form_version: 报送期应使用的模板版本
-- is_accepted_version: 模板版本是否可用：这个月现行的，或此前下发过的
-- delivery_order: 同一次收到的文件按它排先后
-- received_at: 收到时间
-- due_at: 截止时间
-- freeze_at: 通报定稿时间
-- timing: on_time 按时，late 迟报，supplementary 补报
-- has_accepted: 本单位本月是否已有接收的版本
-- content_count: 同一次收到的本单位本月的不同文件有几份；空：报送期读不出
-- last_file_name: 其中排在最后的一份：先看是否按更正报送，再看文件名（数字按大小），各份都合格时以它为准
-- unsigned_fields: 填报人、审核人两项中没有填写的有几项
with

compared as (
    select submission_id,
    from facts.compared
),

submission as (
    select
        submission_id,
        plan_id,
        coalesce(for_unit_code, unit_code) as unit_code,
        unit_code as sender_code,
        file_name,
        delivery_order,
        sha256,
        received_at,
        reading,
        form_unit,
        form_period,
        period,
        strftime(received_at, '%Y-%m') as received_month,
        template_version,
    from raw.submission
),

cell as (
    select
        submission_id,
        section,
        sheet_name,
        cell_ref,
        field,
        reading,
        raw_text,
        text_value,
    from raw.cell
    where
        section in ('header', 'file', 'signature', 'heading')
        and submission_id in (select compared.submission_id from compared)
),

plan as (
    select
        plan_id,
        plan_year,
    from raw.plan
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
        from_period,
        to_period,
    from staging.stg_unit_name
),

period as (
    select
        plan_id,
        period,
        freeze_at,
        opened_at,
    from raw.period
),

arrival as (
    select
        submission_id,
        due_at,
        timing,
    from staging.stg_submission
),

accepted as (
    select
        plan_id,
        unit_code,
        period,
    from staging.stg_version
    where is_current
),

file_kind as (
    select
        kind_code,
        kind_label,
        kind_remedy,
    from staging.stg_file_kind
),

told as (
    select
        submission_id,
        max(case when field = 'unit_name' then text_value end) as named_unit_code,
        max(case when field = 'unit_code' then text_value end) as coded_unit_code,
        max(case when field = 'unit_code' then reading end) as code_reading,
        max(case when field = 'template_version' then reading end) as version_reading,
        max(case when field = 'form_version' then text_value end) as form_version,
        coalesce(max(case when field = 'accepted_version' then text_value end), '') as accepted_version,
        coalesce(bool_or(field = 'period' and reading = 'loose'), false) as is_period_loose,
        max(case when field = 'file_period' then text_value end) as file_period,
        max(case when field = 'places' then text_value end) as places,
        max(case when field = 'content_kind' then text_value end) as content_kind,
        max(case when field = 'content_kind' then raw_text end) as file_suffix,
        max(case when field = 'content_kind' then reading end) as suffix_reading,
        count(distinct case when field in ('unit_name', 'unit_code') then text_value end) as unit_count,
        count(distinct case when field = 'period' then text_value end) as period_count,
    from cell
    group by submission_id
),

naming as (
    select
        submission_id,
        reading,
        raw_text,
        row_number() over (
            partition by submission_id
            order by
                case reading
                    when 'unknown' then 1
                    when 'former_name' then 2
                    when 'alias' then 3
                    when 'ok' then 4
                    else 5
                end,
                sheet_name,
                cell_ref
        ) as severity_no,
    from cell
    where field = 'unit_name'
),

together as (
    select
        plan_id,
        unit_code,
        period,
        received_at,
        count(distinct sha256) as content_count,
        arg_max(file_name, concat(coalesce(delivery_order, ''), '/', file_name)) as last_file_name,
    from submission
    where period is not null and reading = 'ok'
    group by plan_id, unit_code, period, received_at
),

formed as (
    select distinct submission_id,
    from cell
    where section = 'heading'
),

unnamed as (
    select
        submission.submission_id,
        period.period,
        period.period = told.file_period as is_in_name,
        period.period < submission.received_month
        and period.freeze_at > submission.received_at
        and accepted.period is null as is_awaited,
    from compared
    inner join submission
        on compared.submission_id = submission.submission_id
    inner join formed
        on submission.submission_id = formed.submission_id
    inner join told
        on submission.submission_id = told.submission_id
    inner join period
        on
            submission.plan_id = period.plan_id
            and submission.received_at >= period.opened_at
    left join accepted
        on
            submission.plan_id = accepted.plan_id
            and submission.unit_code = accepted.unit_code
            and period.period = accepted.period
    where submission.period is null
),

likely as (
    select
        submission_id,
        coalesce(
            max(case when is_in_name then period end),
            case when count(case when is_awaited then 1 end) = 1 then max(case when is_awaited then period end) end
        ) as period,
    from unnamed
    group by submission_id
),

judged_by as (
    select
        submission.submission_id,
        coalesce(submission.period, likely.period) as period,
        coalesce(submission.period, likely.period, submission.received_month) as rules_period,
        submission.reading = 'ok' or formed.submission_id is not null as has_form,
    from compared
    inner join submission
        on compared.submission_id = submission.submission_id
    left join formed
        on submission.submission_id = formed.submission_id
    left join likely
        on submission.submission_id = likely.submission_id
),

signed as (
    select
        submission_id,
        count(distinct field) as signed_fields,
    from cell
    where section = 'signature' and field in ('reporter', 'reviewer') and reading = 'ok'
    group by submission_id
),

final as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.unit_code,
        submission.file_name,
        submission.delivery_order,
        submission.received_at,
        submission.reading,
        judged_by.has_form,
        coalesce(told.places, '位置不明') as places,
        told.content_kind,
        file_kind.kind_label,
        file_kind.kind_remedy,
        coalesce(told.file_suffix, '（无）') as file_suffix,
        told.suffix_reading = 'ok' as is_true_suffix,
        unit.unit_name,
        coalesce(sender.unit_name, submission.sender_code) as sender_name,
        unit.unit_name is not null as is_known_unit,
        coalesce(naming.raw_text, submission.form_unit) as form_unit,
        coalesce(told.coded_unit_code, told.named_unit_code) is not null as has_unit,
        told.named_unit_code,
        told.coded_unit_code,
        stated.unit_name as stated_unit_name,
        naming.reading as name_reading,
        told.code_reading,
        coalesce(told.coded_unit_code, told.named_unit_code) = submission.unit_code as is_own_file,
        told.unit_count <= 1 as is_one_unit,
        submission.form_period,
        submission.period,
        coalesce(told.is_period_loose, false) as is_period_loose,
        judged_by.period as judged_period,
        judged_by.rules_period,
        case
            when submission.period is not null then null
            when judged_by.period is null
                then '因此没有校验本月该报哪些行，没有与年度目标、以前月份的数相比；改正后重新报送时一并校验'
            else concat('其余各项先按 ', judged_by.period, ' 校验，不是这个月的，重新报送时按写明的月份校验')
        end as judged_as,
        judged_by.has_form
        and coalesce(told.coded_unit_code, told.named_unit_code) = submission.unit_code
        and (period.period is not null or (submission.period is null and judged_by.period is not null)) as is_placed,
        case
            when submission.period is null then 'unknown'
            when period.period is not null then 'open'
            when cast(substr(submission.period, 1, 4) as integer) <> plan.plan_year then 'other_year'
            when submission.period > substr(cast(submission.received_at as varchar), 1, 7) then 'future'
            else 'not_open'
        end as period_status,
        told.period_count <= 1 as is_one_period,
        told.file_period,
        told.file_period = submission.period as is_period_of_name,
        submission.template_version is not null as has_version,
        submission.template_version,
        told.version_reading,
        told.form_version,
        submission.template_version in (told.form_version, told.accepted_version) as is_accepted_version,
        arrival.due_at,
        period.freeze_at,
        arrival.timing,
        accepted.period is not null as has_accepted,
        together.content_count,
        together.last_file_name,
        2 - coalesce(signed.signed_fields, 0) as unsigned_fields,
    from compared
    inner join submission
        on compared.submission_id = submission.submission_id
    inner join judged_by
        on submission.submission_id = judged_by.submission_id
    left join plan
        on submission.plan_id = plan.plan_id
    left join told
        on submission.submission_id = told.submission_id
    left join file_kind
        on submission.reading = file_kind.kind_code
    left join naming
        on
            submission.submission_id = naming.submission_id
            and naming.severity_no = 1
    left join arrival
        on submission.submission_id = arrival.submission_id
    left join together
        on
            submission.plan_id = together.plan_id
            and submission.unit_code = together.unit_code
            and submission.period = together.period
            and submission.received_at = together.received_at
    left join signed
        on submission.submission_id = signed.submission_id
    left join unit
        on
            submission.plan_id = unit.plan_id
            and submission.unit_code = unit.unit_code
            and judged_by.rules_period >= coalesce(unit.from_period, '0000-01')
            and judged_by.rules_period < coalesce(unit.to_period, '9999-12')
    left join unit as sender
        on
            submission.plan_id = sender.plan_id
            and submission.sender_code = sender.unit_code
            and judged_by.rules_period >= coalesce(sender.from_period, '0000-01')
            and judged_by.rules_period < coalesce(sender.to_period, '9999-12')
    left join unit as stated
        on
            submission.plan_id = stated.plan_id
            and coalesce(told.coded_unit_code, told.named_unit_code) = stated.unit_code
            and judged_by.rules_period >= coalesce(stated.from_period, '0000-01')
            and judged_by.rules_period < coalesce(stated.to_period, '9999-12')
    left join period
        on
            submission.plan_id = period.plan_id
            and submission.period = period.period
    left join accepted
        on
            submission.plan_id = accepted.plan_id
            and submission.unit_code = accepted.unit_code
            and submission.period = accepted.period
)

select * from final
