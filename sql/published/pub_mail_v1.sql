-- comment: 发出的邮件（不含地址和正文，去向以本次发布时所知为准）
-- fact: accumulating
-- adds: 邮件数（行数）可跨任何分组相加
-- purpose: For BI: every mail to a unit and what became of it, as far as was known when this revision was made; no address, no text.
-- grain: mail_id
-- plans: together
-- nulls: period null: the files answered name none, or the mail concerns no month. sent_at null: not sent yet. refused_at null: not refused.
with

mail as (
    select
        plan_id,
        period,
        mail_id,
        unit_code,
        case
            when unit_code like 'superior-%' then substring(unit_code, 10)
            when unit_code like 'signer-%' then substring(unit_code, 8)
            else unit_code
        end as concerned_code,
        case
            when unit_code like 'superior-%' then '的主管部门'
            when unit_code like 'signer-%' then '审签人'
            else ''
        end as relation,
        mail_kind,
        submission_count,
        queued_at,
        sent_at,
        refused_at,
    from star.fct_mail
),

opened as (
    select
        plan_id,
        period,
        period_start,
    from marts.period_status
),

named as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from star.dim_unit_name
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
    from marts.unit
),

final as (
    select
        mail.plan_id,
        mail.period,
        opened.period_start,
        mail.mail_id,
        mail.mail_kind,
        mail.unit_code,
        coalesce(
            named.unit_name,
            unit.unit_name,
            case mail.unit_code
                when 'STRANGER' then '不认识的来信人'
                when 'data-team' then '数据组'
                when 'supervision-office' then '督查部门'
                when 'leaders' then '县领导'
                else mail.concerned_code
            end
        ) || mail.relation as unit_name,
        mail.submission_count,
        mail.queued_at,
        mail.sent_at,
        mail.refused_at,
        coalesce(opened.period, '0000-00') as period_key,
        case when mail.relation = '' and unit.unit_code is not null then unit.unit_code else 'NONE' end as unit_key,
    from mail
    left join opened
        on
            mail.plan_id = opened.plan_id
            and mail.period = opened.period
    left join named
        on
            mail.plan_id = named.plan_id
            and mail.period = named.period
            and mail.concerned_code = named.unit_code
    left join unit
        on
            mail.plan_id = unit.plan_id
            and mail.concerned_code = unit.unit_code
)

select * from final
