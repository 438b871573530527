-- comment: 指标前瞻与原因（为何亮灯、按此速度年底到哪里）
-- fact: snapshot
-- adds: 指标数（行数）可在一期之内相加；其余不可相加
-- purpose: For BI: why each light is grey, yellow or red, since when, and where the pace of the last three months leads.
-- grain: plan_id, period, indicator_code
-- nulls: no_data_reason_label null: the unit gave no reason for a missing number. reason_code null: nothing to explain. behind_since null: not behind. timing null: nothing accepted. last_behind_since null: judged this month, or not behind when last judged. closed_on, closing_* null: not closed. Paces and forecasts null: not judged along the year, already met, or too little is known.
-- units: ratios from 0 to 1 (above 1 when exceeded); paces in unit_of_measure per month.
with

outlook as (
    select
        plan_id,
        period,
        item_code,
        indicator_code,
        indicator_name,
        unit_of_measure,
        lead_unit_code,
        lead_unit_name,
        original_target_value,
        current_target_value,
        target_document_no,
        is_target_changed,
        original_completion_ratio,
        current_completion_ratio,
        status_code,
        reason_code,
        reason_label,
        is_late,
        behind_since,
        months_behind,
        remaining_month_count,
        pace_needed,
        pace_recent,
        forecast_value,
        forecast_ratio,
        forecast_basis,
        timing,
        last_behind_since,
        closed_on,
        closing_office,
        closing_document_no,
        no_data_reason_label,
    from marts.indicator_outlook
),

period as (
    select
        plan_id,
        period,
        period_start,
        is_latest_due,
    from marts.period_status
),

item as (
    select
        plan_id,
        item_code,
        item_name,
    from star.dim_item
),

status as (
    select
        status_code,
        status_label,
    from star.dim_status
),

final as (
    select
        outlook.plan_id,
        outlook.period,
        period.period_start,
        outlook.item_code,
        outlook.indicator_code,
        outlook.indicator_name,
        outlook.unit_of_measure,
        outlook.lead_unit_code,
        outlook.lead_unit_name,
        outlook.original_target_value,
        outlook.current_target_value,
        outlook.target_document_no,
        outlook.is_target_changed,
        outlook.original_completion_ratio,
        outlook.current_completion_ratio,
        outlook.status_code,
        outlook.reason_code,
        outlook.reason_label,
        outlook.is_late,
        outlook.behind_since,
        outlook.months_behind,
        outlook.remaining_month_count,
        outlook.pace_needed,
        outlook.pace_recent,
        outlook.forecast_value,
        outlook.forecast_ratio,
        outlook.forecast_basis,
        outlook.timing,
        outlook.last_behind_since,
        outlook.closed_on,
        outlook.closing_office,
        outlook.closing_document_no,
        outlook.no_data_reason_label,
        item.item_name,
        status.status_label,
        coalesce(outlook.reason_code, 'NONE') as reason_key,
        period.is_latest_due,
    from outlook
    inner join period
        on
            outlook.plan_id = period.plan_id
            and outlook.period = period.period
    inner join item
        on
            outlook.plan_id = item.plan_id
            and outlook.item_code = item.item_code
    inner join status
        on outlook.status_code = status.status_code
)

select * from final
