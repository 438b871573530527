-- comment: 指标前瞻与原因（为何亮灯、按此速度年底到哪里）
-- purpose: For BI: why each light is grey, yellow or red, since when, and where the pace of the last three months leads.
-- grain: plan_id, period, indicator_code
-- nulls: no_data_reason_label null: the unit gave no reason for a missing number. reason_code null: nothing to explain. behind_since null: not behind. timing null: nothing accepted. last_behind_since null: judged this month, or not behind when last judged. closed_on, closing_* null: not closed. Paces and forecasts null: not judged along the year, already met, or too little is known.
-- units: ratios from 0 to 1 (above 1 when exceeded); paces in unit_of_measure per month.
with

final as (
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
)

select * from final
