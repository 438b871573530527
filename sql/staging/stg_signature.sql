-- comment: 审签
-- purpose: The reports that the second person of their unit has confirmed, by the last decision about each: a signature holds until its opposite (docs/adr/0044).
-- grain: submission_id
with

decision as (
    select
        submission_id,
        kind,
        decided_at,
        decided_by,
        row_number() over (partition by plan_id, submission_id order by decision_no desc) as recency,
    from raw.decision
    where kind in ('signed', 'signature_withdrawn')
),

final as (
    select
        submission_id,
        decided_at as signed_at,
        decided_by as signed_by,
    from decision
    where recency = 1 and kind = 'signed'
)

select * from final
