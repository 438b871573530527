-- comment: 按所需月均走完余下的月份恰好达到目标；预计数是按近来速度推算的，不会小于零
-- requires: at the pace needed the target is reached when the months are over, and the forecast is the pace so far carried on, but never below zero
-- level: fail
select
    outlook.plan_id,
    outlook.period,
    outlook.indicator_code,
    outlook.pace_needed,
    outlook.pace_recent,
    outlook.forecast_value,
from published.pub_indicator_outlook_v1 as outlook
inner join published.pub_indicator_completion_v1 as completion
    on
        outlook.plan_id = completion.plan_id
        and outlook.period = completion.period
        and outlook.indicator_code = completion.indicator_code
where
    abs(
        completion.actual_value
        + outlook.pace_needed * outlook.remaining_month_count
        - cast(outlook.current_target_value as double)
    ) > 1e-9 * (1 + cast(outlook.current_target_value as double))
    or abs(
        case
            when completion.actual_value + outlook.pace_recent * outlook.remaining_month_count < 0 then 0
            else completion.actual_value + outlook.pace_recent * outlook.remaining_month_count
        end
        - outlook.forecast_value
    ) > 1e-9 * (1 + abs(outlook.forecast_value))
order by outlook.plan_id, outlook.period, outlook.indicator_code
