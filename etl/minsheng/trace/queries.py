"""What a trace asks of the publication and of the warehouse."""

from __future__ import annotations

from collections.abc import Mapping

from minsheng.warehouse.connection import Connection, Row, rows_of

FIGURE = """
    select *
    from pub_indicator_completion_v1
    where plan_id = $plan_id and period = $period and indicator_code = $indicator_code
"""
DUTY = """
    select timing
    from pub_submission_status_v1
    where plan_id = $plan_id and period = $period and unit_code = $unit_code
"""
VERSIONS = """
    select revision_no, submission_id, actual_value, known_from, known_to, reason
    from pub_indicator_history_v1
    where plan_id = $plan_id and period = $period and indicator_code = $indicator_code
    order by revision_no
"""
DUE = """
    select coalesce(max(duty.due_at), max(month.due_at)) as due_at
    from star.dim_period as month
    left join star.fct_obligation as duty
        on duty.plan_id = month.plan_id and duty.period = month.period and duty.unit_code = $unit_code
    where month.plan_id = $plan_id and month.period = $period
"""
YARDSTICK = """
    select
        coalesce(version.document_no, plan.document_no) as document_no, folder.plan_sha256,
        month.kind, month.polarity, month.is_rate, month.reference_value, month.month_no,
        register.register_name, indicator.register_scope, version.member_target, version.fixed_denominator,
        threshold.ahead_pp, threshold.green_floor_pp, threshold.red_floor_pp, threshold.rate_yellow_pp,
        threshold.node_yellow_month, threshold.node_red_month
    from marts.indicator_month as month
    inner join star.dim_indicator as indicator using (plan_id, indicator_code)
    inner join star.dim_indicator_version as version
        on version.plan_id = month.plan_id and version.indicator_code = month.indicator_code
        and month.period >= coalesce(version.from_period, '0000-01')
        and month.period < coalesce(version.to_period, '9999-12')
    inner join star.dim_threshold as threshold
        on threshold.plan_id = month.plan_id
        and month.period >= coalesce(threshold.from_period, '0000-01')
        and month.period < coalesce(threshold.to_period, '9999-12')
    inner join star.dim_plan as plan on plan.plan_id = month.plan_id
    inner join raw.plan as folder on folder.plan_id = month.plan_id
    left join raw.register as register
        on register.plan_id = month.plan_id and register.register_code = indicator.register_code
    where month.plan_id = $plan_id and month.period = $period and month.indicator_code = $indicator_code
"""
JUDGEMENT = """
    select
        actual_numerator, actual_denominator, actual_value, start_value,
        completion_numerator, completion_denominator, completion_ratio, way_numerator, way_denominator,
        is_judged_by_rate, gap_numerator, gap_denominator, gap_pp, surplus_value, is_met, ruling_code, status_code
    from marts.indicator_judgement
    where plan_id = $plan_id and period = $period and indicator_code = $indicator_code and revision_no = $revision_no
"""
VALUES = """
    select
        submission_id, month_value as month, cumulative_value as cumulative, numerator, denominator, is_correction
    from star.fct_reported_value
    where list_contains($files, submission_id) and indicator_code = $indicator_code
"""
MEMBER_VALUES = """
    select counted.member_code as code, member.member_name as name, counted.member_value as value, counted.is_target_met
    from star.fct_member_value as counted
    inner join star.dim_indicator as indicator using (plan_id, indicator_code)
    inner join star.dim_register_member as member using (plan_id, register_code, member_code)
    where counted.submission_id = $submission_id and counted.indicator_code = $indicator_code
    order by code
"""
TARGETS = """
    select
        target_value as value, as_written, document_no, coalesce(from_period, '') as valid_from,
        (from_period is null or $period >= from_period) and (to_period is null or $period < to_period) as is_in_force
    from star.dim_target
    where plan_id = $plan_id and indicator_code = $indicator_code
    order by target_version_no
"""
MEMBERS = """
    select member.member_code as code, member.member_name as name
    from star.dim_register_member as member
    inner join star.dim_indicator as indicator using (plan_id, register_code)
    where indicator.plan_id = $plan_id and indicator.indicator_code = $indicator_code
        and indicator.register_scope is not null
        and $period >= coalesce(member.from_period, '0000-01') and $period < coalesce(member.to_period, '9999-12')
    order by code
"""
EARLIER = """
    select distinct period
    from star.fct_indicator_report
    where plan_id = $plan_id and indicator_code = $indicator_code and period < $period and known_from <= $received_at
"""
_FILE = """
        submission_id, file_name, sha256, byte_count, received_at, submission.period, template_version,
        verdict, accepted_at, rules_version, counted_at, signed_at, signed_by,
        (
            select min(entry.source_name)
            from raw.source_entry as entry
            where entry.content_sha256 = submission.sha256 and entry.taken_at = submission.received_at
        ) as source_name
"""
# A file whose month cannot be read belongs where it may: to the month that was due in the days it came.
_OF_MONTH = """coalesce(
            submission.period = month.period,
            strftime(received_at, '%Y-%m') = strftime(month.due_at, '%Y-%m')
        )"""
FILES = f"""
    select {_FILE}
    from staging.stg_submission as submission
    left join staging.stg_signature as signature using (submission_id)
    inner join star.dim_period as month on month.plan_id = submission.plan_id and month.period = $period
    where submission.plan_id = $plan_id
        and (
            submission.unit_code = $unit_code
            or submission_id in (
                select reported.submission_id
                from star.fct_reported_value as reported
                where reported.plan_id = $plan_id and reported.period = $period
                    and reported.indicator_code = $indicator_code
            )
        )
        and {_OF_MONTH}
    order by received_at, file_name, submission_id
"""
RECEIVED = f"""
    select distinct coalesce(unit.unit_name, submission.unit_code) as unit_name, {_FILE}
    from staging.stg_submission as submission
    left join staging.stg_signature as signature using (submission_id)
    left join marts.unit as unit on unit.plan_id = submission.plan_id and unit.unit_code = submission.unit_code
    inner join star.dim_period as month
        on month.plan_id = submission.plan_id and list_contains($periods, month.period)
    where submission.plan_id = $plan_id and (len($senders) = 0 or list_contains($senders, submission.unit_code))
        and {_OF_MONTH}
    order by received_at, unit_name, file_name, submission_id
"""
REFUSALS = """
    select
        finding.submission_id, finding.rule_code, finding.severity, finding.sheet_name as sheet,
        finding.cell_ref as ref, finding.found, finding.message, cell.indicator_code
    from raw.finding as finding
    left join raw.cell as cell using (submission_id, sheet_name, cell_ref)
    where finding.severity = 'reject' and finding.submission_id in (
        select refused.submission_id
        from raw.verdict as refused
        where refused.verdict = 'rejected' and list_contains($files, refused.submission_id)
    )
    order by finding.submission_id, finding.finding_no
"""
DUTIES = """
    select
        period, unit_name, role, is_required, due_at, first_received_at, accepted_at, submission_status, timing,
        reject_count
    from pub_submission_status_v1
    where plan_id = $plan_id and list_contains($periods, period)
        and (len($senders) = 0 or list_contains($senders, unit_code))
    order by period, unit_code
"""
CONTRIBUTIONS = """
    select period, indicator_code, indicator_name, unit_of_measure, month_value, cumulative_value, submission_id
    from pub_contribution_v1
    where plan_id = $plan_id and list_contains($periods, period) and unit_code = $unit_code
        and coalesce(indicator_code = $indicator_code, $indicator_code is null)
    order by period, indicator_code
"""
CONTRIBUTED_CELLS = """
    select submission_id, indicator_code, string_agg(sheet_name || '!' || cell_ref, '、' order by cell_ref) as places
    from raw.cell
    where list_contains($files, submission_id) and section = 'contribution'
        and field in ('month', 'cumulative') and raw_text is not null
    group by submission_id, indicator_code
"""
# The words a unit writes freely (进展, 问题, 备注) and the signature are nobody's figure, and stay where they are.
CELLS = """
    select
        cell.submission_id, cell.section, cell.sheet_name as sheet, cell.cell_ref as ref, cell.field, cell.member_code,
        heading.raw_text as heading, cell.raw_text, cell.number_value as number, cell.text_value as text, cell.reading
    from raw.cell as cell
    left join raw.cell as heading
        on heading.submission_id = cell.submission_id and heading.sheet_name = cell.sheet_name
        and heading.field = cell.field and heading.section = 'heading'
    where list_contains($files, cell.submission_id) and cell.indicator_code = $indicator_code
        and cell.section in ('report', 'detail')
        and cell.field not in ('progress', 'issue', 'remark')
    order by cell.submission_id, cell.section desc, cell.row_no, length(cell.cell_ref), cell.cell_ref
"""
FAULTS = """
    select
        finding.submission_id, finding.rule_code, finding.severity, finding.sheet_name as sheet,
        finding.cell_ref as ref, finding.found, finding.message, cell.indicator_code
    from raw.finding as finding
    left join raw.cell as cell using (submission_id, sheet_name, cell_ref)
    where list_contains($files, finding.submission_id)
    order by finding.submission_id, finding.finding_no
"""
RULE_RESULTS = """
    select rule_code, applied_count, fired_count, unjudged_count
    from raw.rule_result
    where submission_id = $submission_id
    order by rule_code
"""
WAIVERS = """
    select rule_code, reason, document_no, expires_on
    from facts.waiver
    where submission_id = $submission_id and coalesce(indicator_code, $indicator_code) = $indicator_code
    order by rule_code
"""


def rows(connection: Connection, query: str, parameters: Mapping[str, object]) -> list[Row]:
    """The answer by column name; parameters the query does not ask for are left out."""
    asked = {name: value for name, value in parameters.items() if f"${name}" in query}
    return rows_of(connection, query, asked)
