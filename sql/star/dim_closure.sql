-- comment: 维度：销号
-- purpose: What the supervising office has closed: a person's act that no rule computes. It shows from its month on, wherever the indicator is done.
-- grain: plan_id, indicator_code
with

final as (
    select
        plan_id,
        indicator_code,
        closed_on,
        substring(cast(closed_on as varchar), 1, 7) as closed_period,
        office,
        document_no,
        evidence,
    from raw.closure
)

select * from final
