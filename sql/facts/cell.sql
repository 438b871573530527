-- comment: 校验用：单元格
-- purpose: Every column heading found or missed, and every cell of a line, with what the indicator's kind asks for there.
-- grain: submission_id, sheet_name, section, row_no, field
-- scope: cell
-- rules_period: 按哪个月的规则校验：报送期，读不出时为收到的月份
-- section: heading 表头，report 填报，contribution 配合事项，detail 明细，total 合计行，sheet 整张表（rows、columns、sheet：隐藏之处；dates：日期从何时算起），note 表旁的说明（measure 计量单位，title_month 月份，cut_off 统计截止日，group 大列名，doubt 说数不是实际完成数的话）、多出的列（column）、重复的行（repeated）、乱码（garbled），withheld 个人信息所在之处
-- field: 列的代号
-- field_label: 列名
-- cell_ref: 单元格；空：文件中没有这一列
-- reading: 怎样读取：ok 正常，normalised 换算后读取，empty 空，其余为读不出的原因
-- raw_text: 单元格原文
-- places: 含个人信息的各单元格
-- line_units: 表旁的计量单位与各行不符时，各行的计量单位
-- noted_at: 计量单位的说明写在哪里；空：不是这样的说明
-- is_month_of_title: 标题等处写的月份与报送期是否一致；空：不是这样的说明，报送期读不出，同一月份前面的表已经写过，或文件名也是这个月（另有规则）
-- number_value: 读出的数
-- former_value: 本月已接收的版本中的数；空：本月没有接收过，或不用填
-- is_as_before: 读出的数与本月已接收的版本是否相同
-- sum_of_lines: 合计行以上各行之和
-- is_true_total: 合计与各行之和是否相符；空：不是合计行
-- register_member_name: 明细的一行在名录中的规范名称；空：不是明细，或名录中没有
-- is_whole: 读出的数是否为整数；空：没有读出数
-- value_type: integer 只能是整数，decimal 可以有小数
-- cut_off_date: 表旁写的统计截止日；空：不是这样的说明
-- is_cut_off_at_month_end: 该日是否为报送期的最后一天；空：不是这样的说明，或报送期读不出
-- shift: 这一格没有数，而这一行像是整行移了位的，从哪一列起、移了几格
-- repeated_lines: 同一指标填了不止一行的，两行各自的行号和数
-- is_excused: 这一行是否选了数字应当空着的“无数据原因”
-- no_data_reasons: “无数据原因”可以选的
-- is_asked: 这个指标是否要填这一格的数字
-- is_number: 是否数字列
-- is_choice: 是否选择列
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
        coalesce(file_period, '') as file_period,
    from facts.file
),

cell as (
    select
        submission_id,
        sheet_name,
        cell_ref,
        row_no,
        section,
        indicator_code,
        member_code,
        field,
        reading,
        raw_text,
        number_value,
        text_value,
    from raw.cell
    where section in ('heading', 'report', 'contribution', 'detail', 'total', 'sheet', 'note', 'withheld')
),

titled as (
    select
        submission_id,
        text_value as title_month,
        min(sheet_name) as first_sheet_name,
    from cell
    where section = 'note' and field = 'title_month'
    group by submission_id, text_value
),

heading as (
    select
        submission_id,
        sheet_name,
        field,
        max(text_value) as field_label,
    from cell
    where section = 'heading'
    group by submission_id, sheet_name, field
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
        unit_of_measure,
        value_type,
        register_code,
    from raw.indicator
),

register_member as (
    select
        plan_id,
        register_code,
        member_code,
        member_name,
        coalesce(from_period, '0000-01') as from_period,
        coalesce(to_period, '9999-12') as to_period,
    from raw.register_member
),

asked as (
    select
        plan_id,
        indicator_code,
        section,
        field,
    from facts.asked
),

accepted as (
    select
        plan_id,
        contributor_code,
        period,
        section,
        indicator_code,
        member_code,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        level_value,
    from facts.accepted
),

former as (
    select
        file.submission_id,
        cell.sheet_name,
        cell.cell_ref,
        case cell.field
            when 'month' then accepted.month_value
            when 'cumulative' then accepted.cumulative_value
            when 'numerator' then accepted.numerator
            when 'denominator' then accepted.denominator
            when 'value' then accepted.level_value
        end as former_value,
    from file
    inner join cell
        on file.submission_id = cell.submission_id
    inner join accepted
        on
            file.plan_id = accepted.plan_id
            and case when cell.section = 'contribution' then file.unit_code else 'lead' end = accepted.contributor_code
            and file.period = accepted.period
            and cell.section = accepted.section
            and cell.indicator_code = accepted.indicator_code
            and coalesce(cell.member_code, '') = coalesce(accepted.member_code, '')
),

excused as (
    select
        submission_id,
        sheet_name,
        row_no,
    from facts.line
    where is_excused
),

reasons as (
    select string_agg(no_data_reason_label, '、' order by no_data_reason_no) as no_data_reasons,
    from raw.no_data_reason
),

final as (
    select
        file.submission_id,
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        cell.sheet_name,
        cell.cell_ref,
        cell.row_no,
        cell.section,
        cell.indicator_code,
        indicator.indicator_name,
        indicator.unit_of_measure,
        indicator.value_type,
        cell.member_code,
        register_member.member_name as register_member_name,
        cell.field,
        case
            when cell.section = 'note' and cell.field in ('column', 'group') then cell.text_value
            else heading.field_label
        end as field_label,
        cell.reading,
        cell.raw_text,
        case when cell.section = 'withheld' then cell.text_value end as places,
        case
            when cell.section = 'note' and cell.field = 'measure' then coalesce(nullif(cell.text_value, ''), '见工作方案')
        end as line_units,
        case
            when cell.section = 'note' and cell.field = 'measure' and cell.cell_ref is null
                then '单元格以外（批注、输入提示、页眉页脚、工作表名等）'
            when cell.section = 'note' and cell.field = 'measure' then '表旁'
        end as noted_at,
        case
            when file.period <> file.file_period and file.file_period like concat('%', titled.title_month) then null
            else file.period like concat('%', titled.title_month)
        end as is_month_of_title,
        cell.number_value,
        former.former_value,
        cell.number_value = former.former_value as is_as_before,
        case when cell.section = 'total' then cast(cell.text_value as decimal(24, 6)) end as sum_of_lines,
        case
            when cell.section = 'total' then cell.number_value = cast(cell.text_value as decimal(24, 6))
        end as is_true_total,
        cell.number_value = floor(cell.number_value) as is_whole,
        case when cell.section = 'note' and cell.field = 'cut_off' then cast(cell.text_value as date) end
            as cut_off_date,
        case
            when cell.section = 'note' and cell.field = 'cut_off'
                then cast(cell.text_value as date) = last_day(cast(concat(file.period, '-01') as date))
        end as is_cut_off_at_month_end,
        case when cell.reading = 'shifted' then cell.text_value end as shift,
        case when cell.section = 'note' and cell.field = 'repeated' then cell.text_value end as repeated_lines,
        excused.row_no is not null as is_excused,
        case when cell.field = 'no_data_reason' then reasons.no_data_reasons end as no_data_reasons,
        asked.field is not null as is_asked,
        cell.section in ('report', 'contribution', 'detail')
        and cell.field in ('month', 'cumulative', 'numerator', 'denominator', 'value') as is_number,
        cell.section in ('report', 'contribution', 'detail')
        and cell.field in ('zero_report', 'correction') as is_choice,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join cell
        on file.submission_id = cell.submission_id
    left join titled
        on
            cell.submission_id = titled.submission_id
            and cell.sheet_name = titled.first_sheet_name
            and cell.field = 'title_month'
            and cell.text_value = titled.title_month
    left join former
        on
            cell.submission_id = former.submission_id
            and cell.sheet_name = former.sheet_name
            and cell.cell_ref = former.cell_ref
    cross join reasons
    left join excused
        on
            cell.submission_id = excused.submission_id
            and cell.sheet_name = excused.sheet_name
            and cell.row_no = excused.row_no
    left join heading
        on
            cell.submission_id = heading.submission_id
            and cell.sheet_name = heading.sheet_name
            and cell.field = heading.field
    left join indicator
        on
            file.plan_id = indicator.plan_id
            and cell.indicator_code = indicator.indicator_code
    left join register_member
        on
            indicator.plan_id = register_member.plan_id
            and indicator.register_code = register_member.register_code
            and cell.member_code = register_member.member_code
            and cell.section = 'detail'
            and file.rules_period >= register_member.from_period
            and file.rules_period < register_member.to_period
    left join asked
        on
            file.plan_id = asked.plan_id
            and cell.indicator_code = asked.indicator_code
            and cell.section = asked.section
            and cell.field = asked.field
)

select * from final
