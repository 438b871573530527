-- comment: 责任单位（每单位一行，用最新名称；含方案中没有的报送者，邮件的其他收件人为 NONE）
-- fact: dimension
-- purpose: For BI: every unit once, under its newest name, every sender the plan does not know, and NONE for other receivers of mails, so that a join loses no row.
-- grain: plan_id, unit_code
-- nulls: valid_to null: still there. successor_* null: nobody has taken over. full_name, valid_from null: the plan does not know it.
with

final as (
    select
        plan_id,
        unit_code,
        unit_name,
        full_name,
        unit_type,
        valid_from,
        valid_to,
        successor_unit_code,
        successor_unit_name,
        is_in_plan,
    from marts.unit
)

select * from final
