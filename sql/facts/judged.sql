-- comment: 校验用：正在审核的文件
-- purpose: The files the facts are about. In the warehouse all that were ever received; while a round is judged only those of the round, so that judging costs no more with every month (minsheng/validation/facts.py).
-- grain: submission_id
with

submission as (
    select submission_id,
    from raw.submission
),

final as (
    select submission_id,
    from submission
)

select * from final
