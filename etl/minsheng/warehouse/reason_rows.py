"""The reasons for no data as rows of the warehouse (docs/adr/0035)."""

from __future__ import annotations

from minsheng.plan.reasons import no_data_reasons
from minsheng.warehouse.connection import Connection, append

_TABLE = "raw.no_data_reason"


def write_reasons(connection: Connection) -> None:
    """Make the table say what ``expectations/reasons.yaml`` says; no-op if it already does."""
    wanted = [
        {
            "no_data_reason_code": reason.code,
            "no_data_reason_no": number,
            "no_data_reason_label": reason.label,
            "goes_with": reason.goes_with,
            "counts_against": reason.counts_against,
        }
        for number, reason in enumerate(no_data_reasons().reasons, start=1)
    ]
    known = connection.execute(f"select * from {_TABLE} order by no_data_reason_no").fetchall()
    if known != [tuple(row.values()) for row in wanted]:
        connection.execute(f"delete from {_TABLE}")
        append(connection, _TABLE, wanted)
