-- comment: 事实：邮件
-- purpose: Mails queued for units.
-- grain: mail_id
with

final as (
    select
        mail_id,
        plan_id,
        unit_code,
        kind as mail_kind,
        subject,
        queued_at,
    from raw.mail
)

select * from final
