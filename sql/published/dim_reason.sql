-- comment: 亮灯原因（无需说明的为 NONE）
-- fact: dimension
-- purpose: For BI: the closed vocabulary of why a light is grey, yellow or red, and NONE where there is nothing to explain.
-- grain: reason_code
with

final as (
    select
        reason_code,
        reason_no,
        reason_label,
    from star.dim_reason
    union all
    select
        'NONE' as reason_code,
        0 as reason_no,
        '无需说明' as reason_label,
)

select * from final
