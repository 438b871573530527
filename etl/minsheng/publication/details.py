"""What a revision says of an indicator beside its figures: words, contributions, places, versions and cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from minsheng.publication.revisions import Revision, open_revision
from minsheng.warehouse.connection import Connection, Row, rows_of

TEXTS = """
    select period, item_code, indicator_code, unit_code, unit_name, role, progress_text, issue_text
    from pub_unit_text_v1
    where plan_id = $plan_id
    order by period, indicator_code, role <> 'lead', unit_code, row_no
"""
_CONTRIBUTIONS = """
    select period, indicator_code, unit_code, unit_name, unit_of_measure, month_value, cumulative_value
    from pub_contribution_v1
    where plan_id = $plan_id
    order by period, indicator_code, unit_code
"""
_MEMBERS = """
    select period, indicator_code, member_code, member_name, member_value, member_target, is_target_met
    from pub_member_value_v1
    where plan_id = $plan_id
    order by period, indicator_code, member_code
"""
_VERSIONS = """
    select
        period, indicator_code, revision_no, previous_value, actual_value, change_note, is_correction, reason,
        known_from
    from pub_indicator_correction_v1
    where plan_id = $plan_id
    order by period, indicator_code, revision_no
"""
_CELLS = """
    select
        period, indicator_code, revision_no, submission_id, file_name, sha256, received_at, sheet_name, cell_ref,
        member_code, field, raw_text
    from pub_figure_cell_v1
    where plan_id = $plan_id
    order by period, indicator_code, revision_no, sheet_name, length(cell_ref), cell_ref
"""


@dataclass(frozen=True)
class Details:
    """Rows of one indicator over all months, oldest first; all empty in a revision that does not tell them yet."""

    texts: tuple[Row, ...] = ()
    contributions: tuple[Row, ...] = ()
    members: tuple[Row, ...] = ()
    versions: tuple[Row, ...] = ()
    cells: tuple[Row, ...] = ()


def read_details(revision: Revision, plan_id: str) -> dict[str, Details]:
    """The details of a plan's indicators, by indicator code; an indicator of which nothing is told is not there."""
    with open_revision(revision) as connection:
        found = [told(connection, query, plan_id) for query in (TEXTS, _CONTRIBUTIONS, _MEMBERS, _VERSIONS, _CELLS)]
    codes = {row["indicator_code"] for rows in found for row in rows if row["indicator_code"]}
    return {code: Details(*(_of(rows, code) for rows in found)) for code in codes}


def told(connection: Connection, query: str, plan_id: str) -> list[Row]:
    """What a table says of a plan; nothing where a revision of an earlier version has no such table."""
    table = query.split("from ")[1].split()[0]
    known = connection.execute("select 1 from duckdb_tables() where table_name = ?", [table]).fetchone()
    return rows_of(connection, query, {"plan_id": plan_id}) if known else []


def _of(rows: Iterable[Row], code: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row["indicator_code"] == code)
