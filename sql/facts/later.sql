-- comment: 校验用：以后报的数
-- purpose: For every line, what the indicator's next accepted month of the same year says, whichever unit reported it (of a contribution the unit's own). Lines without such a month are left out.
-- grain: submission_id, sheet_name, row_no
-- nulls: next_level null: no level is asked for; next_month_value null: no month's number is; next_numerator, next_denominator null: no ratio is.
with

after as (
    select
        submission_id,
        sheet_name,
        row_no,
        accepted_period as next_period,
        unit_code as next_unit_code,
        month_value as next_month_value,
        level_value as next_level,
        numerator as next_numerator,
        denominator as next_denominator,
        is_correction as is_next_corrected,
        row_number() over (
            partition by submission_id, sheet_name, row_no
            order by accepted_period
        ) as nearness,
    from facts.history
    where
        accepted_period > period
        and (level_value is not null or numerator is not null)
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        next_period,
        next_unit_code,
        next_month_value,
        next_level,
        next_numerator,
        next_denominator,
        is_next_corrected,
    from after
    where nearness = 1
)

select * from final
