"""In which order files are judged: each after everything it is held against, as many at once as that allows."""

from __future__ import annotations

from etl.landing import Receipt
from etl.warehouse.connection import Connection

Submission = tuple[Receipt, str | None]


def next_round(connection: Connection, plan_id: str) -> list[Submission]:
    """Of the earliest delivery not yet judged, one file of every unit, with the month it names.

    A delivery is judged before the next, and a unit's files in it one after the other: each is held
    against what had been accepted when it came, from its own unit and from others.
    """
    rows = connection.execute(
        """
        select submission_id, plan_id, unit_code, file_name, sha256, byte_count, received_at, period
        from staging.stg_unjudged
        where plan_id = ? and not is_waiting
        qualify received_at = min(received_at) over () and row_number() over (
            partition by unit_code
            order by received_at, period nulls last, file_name, submission_id
        ) = 1
        order by unit_code
        """,
        [plan_id],
    ).fetchall()
    return [(Receipt(*row[:-1]), row[-1]) for row in rows]
