-- comment: 校验用：配合单位所报的数
-- purpose: For every line of a lead unit, the sum of what supporting units reported of the indicator up to its month: of each unit the latest cumulative value that was accepted before, or came with the same delivery. What was rejected counts for nothing.
-- grain: submission_id, sheet_name, row_no
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
        judged_period as period,
        received_at,
        file_name,
        delivery_order,
    from facts.file
    where is_placed
),

submission as (
    select
        submission_id,
        verdict,
    from staging.stg_submission
    -- what is sure to be refused adds nothing to what others are held against
    where verdict = 'accepted' or (verdict is null and reading = 'ok' and period is not null)
),

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        indicator_code,
        cumulative_value,
    from facts.line
),

contribution as (
    select
        file.plan_id,
        file.unit_code,
        file.period,
        file.received_at,
        file.file_name,
        file.delivery_order,
        submission.verdict,
        line.submission_id,
        line.indicator_code,
        line.cumulative_value,
    from submission
    inner join file
        on submission.submission_id = file.submission_id
    inner join line
        on submission.submission_id = line.submission_id
    where line.section = 'contribution' and line.cumulative_value is not null
),

latest as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        contribution.cumulative_value,
        row_number() over (
            partition by line.submission_id, line.sheet_name, line.row_no, contribution.unit_code
            order by
                contribution.period desc,
                contribution.received_at desc,
                contribution.delivery_order desc,
                contribution.file_name desc,
                contribution.submission_id desc
        ) as recency,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join line
        on file.submission_id = line.submission_id
    inner join contribution
        on
            file.plan_id = contribution.plan_id
            and line.indicator_code = contribution.indicator_code
            and file.period >= contribution.period
            and (
                (contribution.verdict = 'accepted' and file.received_at >= contribution.received_at)
                or (contribution.verdict is null and file.received_at = contribution.received_at)
            )
    where line.section = 'report'
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        count(*) as contributor_count,
        sum(cumulative_value) as contributed_total,
    from latest
    where recency = 1
    group by submission_id, sheet_name, row_no
)

select * from final
