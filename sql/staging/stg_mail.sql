-- comment: 待写的邮件
-- purpose: The mails, and whether each can be written out: a receipt tells how the figures stand, so it waits until they have been built. Where nothing was ever built there is nothing to wait for.
-- grain: mail_id
-- nulls: as in raw.mail.
with

mail as (
    select
        mail_id,
        plan_id,
        unit_code,
        period,
        kind,
        subject,
        queued_at,
        sent_at,
        refused_at,
    from raw.mail
),

built as (
    select
        plan_id,
        as_of,
    from raw.as_of
),

final as (
    select
        mail.mail_id,
        mail.plan_id,
        mail.unit_code,
        mail.period,
        mail.kind,
        mail.subject,
        mail.queued_at,
        mail.sent_at,
        mail.refused_at,
        not coalesce(mail.kind = 'receipt' and mail.queued_at > built.as_of, false) as is_ready,
    from mail
    left join built
        on mail.plan_id = built.plan_id
)

select * from final
