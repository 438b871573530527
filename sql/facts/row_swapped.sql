-- comment: 校验用：填到了另一行的数
-- purpose: Every line whose numbers do not follow from its last month, and would if they had changed places with another line's.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- swapped_row_no: 与哪一行对调后两行都与上月对得上；空：没有这样的行
-- swapped_name: 那一行的指标
-- is_first_of_swapped: 是否两行中靠上的一行；空：没有这样的行
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        indicator_code,
        month_value,
        cumulative_value,
    from facts.row
),

planned as (
    select
        submission_id,
        sheet_name,
        row_no,
        indicator_name,
    from facts.row_plan
),

history as (
    select
        submission_id,
        sheet_name,
        row_no,
        prior_level,
    from facts.row_history
    where expected_cumulative is not null and cumulative_difference <> 0
),

astray as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        line.section,
        planned.indicator_name,
        line.month_value,
        line.cumulative_value,
        history.prior_level,
    from line
    inner join planned
        on
            line.submission_id = planned.submission_id
            and line.sheet_name = planned.sheet_name
            and line.row_no = planned.row_no
    inner join history
        on
            line.submission_id = history.submission_id
            and line.sheet_name = history.sheet_name
            and line.row_no = history.row_no
),

swapped as (
    select
        astray.submission_id,
        astray.sheet_name,
        astray.row_no,
        min(other.row_no) as swapped_row_no,
    from astray
    inner join astray as other
        on
            astray.submission_id = other.submission_id
            and astray.sheet_name = other.sheet_name
            and astray.section = other.section
            and astray.row_no <> other.row_no
            and astray.prior_level + other.month_value = other.cumulative_value
            and other.prior_level + astray.month_value = astray.cumulative_value
    group by astray.submission_id, astray.sheet_name, astray.row_no
),

final as (
    select
        swapped.submission_id,
        swapped.sheet_name,
        swapped.row_no,
        swapped.swapped_row_no,
        other.indicator_name as swapped_name,
        swapped.row_no < swapped.swapped_row_no as is_first_of_swapped,
    from swapped
    inner join astray as other
        on
            swapped.submission_id = other.submission_id
            and swapped.sheet_name = other.sheet_name
            and swapped.swapped_row_no = other.row_no
)

select * from final
