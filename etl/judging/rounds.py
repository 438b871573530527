"""In which order files are judged: each after everything it is held against, as many at once as that allows."""

from __future__ import annotations

from collections.abc import Sequence

from etl.landing import Receipt
from etl.warehouse.connection import Connection

Submission = tuple[Receipt, str | None]


def next_round(connection: Connection, plan_id: str, but: Sequence[str] = ()) -> list[Submission]:
    """Of the earliest delivery not yet judged, one file of every unit, with the month it names.

    A delivery is judged before the next, and a unit's files in it one after the other: each is held
    against what had been accepted when its turn came, from its own unit and from others. The turn of
    a file is its arrival or, if it had to wait for its month, the moment that was opened. ``but``: units passed over.
    """
    rows = connection.execute(
        """
        with turn as (
            select unjudged.*, greatest(received_at, opened_at) as turn_at
            from staging.stg_unjudged as unjudged
            -- A file that names a month to come was told so at once: the opening of that month is nothing to it.
            left join raw.period as opened
                on
                    unjudged.plan_id = opened.plan_id
                    and unjudged.period = opened.period
                    and opened.period <= strftime(received_at, '%Y-%m')
            where unjudged.plan_id = ? and not is_waiting and not list_contains(?, unit_code)
        )

        select submission_id, plan_id, unit_code, file_name, sha256, byte_count, received_at, period
        from turn
        qualify rank() over (order by turn_at, received_at) = 1 and row_number() over (
            partition by unit_code
            order by turn_at, received_at, period nulls last, file_name, submission_id
        ) = 1
        order by unit_code
        """,
        [plan_id, list(but)],
    ).fetchall()
    return [(Receipt(*row[:-1]), row[-1]) for row in rows]
