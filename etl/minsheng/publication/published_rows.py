"""What a revision says of one plan, as rows: everything that is shown of its months to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from minsheng.publication.details import TEXTS, told
from minsheng.warehouse.connection import Connection, Row, rows_of

Key = TypeVar("Key")

_INDICATORS = """
    select completion.*, outlook.*
    from pub_indicator_completion_v1 as completion
    inner join pub_indicator_outlook_v1 as outlook using (plan_id, period, indicator_code)
    where completion.plan_id = $plan_id
    order by completion.period, completion.indicator_code
"""
_CORRECTIONS = """
    select period, indicator_code, change_note, actual_value, reason, known_from
    from pub_indicator_correction_v1
    where plan_id = $plan_id and is_correction
    order by period, indicator_code, revision_no
"""
_ERRATA = """
    select
        period, indicator_code, column_label, value_before, value_after, erratum_code, reason, document_no, known_from
    from pub_plan_erratum_v1
    where plan_id = $plan_id
    order by period, indicator_code, known_from, column_name
"""
_LAST_YEAR = """
    select period, indicator_code, last_year_value, year_on_year_ratio
    from pub_indicator_change_v1
    where plan_id = $plan_id and last_year_value is not null
"""
_UNITS = """
    select
        scorecard.*, submission.due_at, submission.first_received_at, submission.accepted_at,
        reporting.due_month_count, reporting.on_time_month_count, reporting.late_month_count,
        reporting.supplementary_month_count, reporting.missing_month_count, reporting.on_time_ratio,
        reporting.first_pass_ratio, reporting.timeliness_rank_no
    from pub_unit_scorecard_v1 as scorecard
    inner join pub_submission_status_v1 as submission using (plan_id, period, unit_code)
    left join pub_unit_reporting_v1 as reporting using (plan_id, period, unit_code)
    where scorecard.plan_id = $plan_id
    order by scorecard.period, scorecard.is_required desc, scorecard.unit_code
"""
_SHARES = """
    select period, item_code, item_name, status_code, status_label, light, indicator_count, share_ratio
    from pub_status_share_v1
    where plan_id = $plan_id
    order by period, item_code, status_no
"""
_ITEMS = """
    select *
    from pub_item_completion_v1
    where plan_id = $plan_id
    order by period, item_no
"""
_FAULTS = """
    select
        period, unit_code, unit_name, rule_code, severity, finding_count, submission_count, opened_at, resolved_at,
        is_open
    from pub_data_quality_v1
    where plan_id = $plan_id
    order by period, severity <> 'reject', severity desc, rule_code, unit_code
"""


@dataclass(frozen=True)
class PublishedRows:
    """The rows of all months: see ``Month`` for what each list holds and in which order."""

    indicators: list[Row]
    items: list[Row]
    units: list[Row]
    shares: list[Row]
    faults: list[Row]


def read_rows(connection: Connection, plan_id: str) -> PublishedRows:
    """Read them from a revision that is open."""
    queries = (_INDICATORS, _ITEMS, _UNITS, _SHARES, _FAULTS)
    found = PublishedRows(*(rows_of(connection, query, {"plan_id": plan_id}) for query in queries))
    attached = {"corrections": _CORRECTIONS, "errata": _ERRATA, "texts": TEXTS, "last_year": _LAST_YEAR}
    for name, query in attached.items():
        _attach(found.indicators, name, told(connection, query, plan_id))
    _tell_leads(found.indicators)
    return found


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """The rows by a key, in their order."""
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _attach(indicators: list[Row], name: str, told_of_them: list[Row]) -> None:
    """To each indicator and month what is told of it, under a name."""
    groups = grouped(told_of_them, _key)
    for row in indicators:
        row[name] = groups.get(_key(row), [])


def _tell_leads(indicators: list[Row]) -> None:
    """To each row since which month its unit leads, and who did before; null where nobody else has."""
    before: dict[str, Row] = {}
    for row in sorted(indicators, key=lambda row: row["period"]):
        last = before.get(row["indicator_code"])
        told = {name: last[name] if last else None for name in ("leads_since", "former_lead_unit_name")}
        if last and last["lead_unit_code"] != row["lead_unit_code"]:
            told = {"leads_since": row["period"], "former_lead_unit_name": last["lead_unit_name"]}
        row |= told
        before[row["indicator_code"]] = row


def _key(row: Row) -> tuple[str, str]:
    return row["period"], row["indicator_code"]
