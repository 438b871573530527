-- comment: 校验用：以前报的数
-- purpose: For every line, what the indicator's last accepted month of the same year says, whichever unit reported it (of a contribution the unit's own), and for how many months nothing has changed. Lines without such a month are left out.
-- grain: submission_id, sheet_name, row_no
-- nulls: prior_level null: no level is asked for; prior_numerator, prior_denominator null: no ratio is.
with

before as (
    select
        submission_id,
        sheet_name,
        row_no,
        accepted_period as prior_period,
        level_value as prior_level,
        numerator as prior_numerator,
        denominator as prior_denominator,
        is_other_standing as is_different,
        row_number() over (
            partition by submission_id, sheet_name, row_no
            order by accepted_period desc
        ) as recency,
    from facts.history
    where
        accepted_period < period
        and (level_value is not null or numerator is not null)
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        max(case when recency = 1 then prior_period end) as prior_period,
        max(case when recency = 1 then prior_level end) as prior_level,
        max(case when recency = 1 then prior_numerator end) as prior_numerator,
        max(case when recency = 1 then prior_denominator end) as prior_denominator,
        coalesce(min(case when is_different then recency end), count(*) + 1) - 1 as unchanged_months,
    from before
    group by submission_id, sheet_name, row_no
)

select * from final
