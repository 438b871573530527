-- comment: 事实：邮件
-- purpose: Mails queued for units, and what became of each as far as was known when this was built.
-- grain: mail_id
-- plans: together
-- unit_code: who is written to without being known is STRANGER: his address stays out.
-- nulls: period null: it answers files that name none, or concerns no month. sent_at null: not sent yet. refused_at null: not refused. refusal_reason null: no address was refused.
with

mail as (
    select
        mail_id,
        plan_id,
        unit_code,
        kind,
        subject,
        queued_at,
        sent_at,
        refused_at,
        refusal_reason,
        period,
    from raw.mail
),

answered as (
    select
        mail_id,
        count(*) as submission_count,
    from raw.verdict
    group by mail_id
),

final as (
    select
        mail.mail_id,
        mail.plan_id,
        mail.period,
        case when mail.kind = 'stranger' then 'STRANGER' else mail.unit_code end as unit_code,
        mail.kind as mail_kind,
        mail.subject,
        coalesce(answered.submission_count, 0) as submission_count,
        mail.queued_at,
        mail.sent_at,
        mail.refused_at,
        mail.refusal_reason,
    from mail
    left join answered
        on mail.mail_id = answered.mail_id
)

select * from final
