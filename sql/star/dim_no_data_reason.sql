-- comment: 维度：没有数的原因
-- purpose: Why a unit may have no number to report, in the order in which it chooses, and whether the month then counts against it.
-- grain: no_data_reason_code
with

final as (
    select
        no_data_reason_code,
        no_data_reason_no,
        no_data_reason_label,
        goes_with,
        counts_against,
    from raw.no_data_reason
)

select * from final
