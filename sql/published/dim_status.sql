-- comment: 完成状态与亮灯
-- fact: dimension
-- purpose: For BI: the closed vocabulary of completion statuses, in their order, each with its light.
-- grain: status_code
with

final as (
    select
        status_code,
        status_no,
        status_label,
        light,
    from star.dim_status
)

select * from final
