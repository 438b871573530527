-- comment: 数据质量
-- purpose: How often each unit broke each rule in a period, when that was first seen and when it was put right.
-- grain: plan_id, period, unit_code, rule_code, severity
-- nulls: period null: the files named none; any later accepted file of the unit answers those. resolved_at null: no later file without the fault has been accepted; only what was refused is then open, a warning asks for nothing.
-- unit_name: the unit's name in the period, its newest where there is no period; of a sender the plan does not know the folder's own name.
-- units: finding_count counts faults, submission_count the files they stood in.
with

finding as (
    select
        plan_id,
        period,
        unit_code,
        rule_code,
        severity,
        submission_id,
        received_at,
    from star.fct_finding
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
        row_number() over (partition by plan_id, unit_code order by valid_from desc) as newest_no,
    from star.dim_unit
),

named as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from star.dim_unit_name
),

accepted as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        received_at,
    from star.fct_submission
    where verdict = 'accepted'
),

fault as (
    select
        plan_id,
        period,
        unit_code,
        rule_code,
        severity,
        count(*) as finding_count,
        count(distinct submission_id) as submission_count,
        min(received_at) as opened_at,
        max(received_at) as last_seen_at,
    from finding
    group by plan_id, period, unit_code, rule_code, severity
),

repeated as (
    select distinct
        submission_id,
        rule_code,
        severity,
    from finding
),

-- files that come in one run came at one moment: the accepted one without the fault answers the other
answered as (
    select
        fault.plan_id,
        fault.period,
        fault.unit_code,
        fault.rule_code,
        fault.severity,
        fault.finding_count,
        fault.submission_count,
        fault.opened_at,
        min(case when repeated.submission_id is null then accepted.received_at end) as resolved_at,
    from fault
    left join accepted
        on
            fault.plan_id = accepted.plan_id
            and fault.unit_code = accepted.unit_code
            and (fault.period is null or fault.period = accepted.period)
            and fault.last_seen_at <= accepted.received_at
    left join repeated
        on
            accepted.submission_id = repeated.submission_id
            and fault.rule_code = repeated.rule_code
            and fault.severity = repeated.severity
    group by
        fault.plan_id,
        fault.period,
        fault.unit_code,
        fault.rule_code,
        fault.severity,
        fault.finding_count,
        fault.submission_count,
        fault.opened_at
),

final as (
    select
        answered.plan_id,
        answered.period,
        answered.unit_code,
        answered.rule_code,
        answered.severity,
        answered.finding_count,
        answered.submission_count,
        answered.opened_at,
        answered.resolved_at,
        answered.severity = 'reject' and answered.resolved_at is null as is_open,
        coalesce(named.unit_name, unit.unit_name, answered.unit_code) as unit_name,
    from answered
    left join named
        on
            answered.plan_id = named.plan_id
            and answered.period = named.period
            and answered.unit_code = named.unit_code
    left join unit
        on
            answered.plan_id = unit.plan_id
            and answered.unit_code = unit.unit_code
            and unit.newest_no = 1
)

select * from final
