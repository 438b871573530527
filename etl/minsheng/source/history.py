"""How each declared source stands, by what its pulls have noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from minsheng.warehouse.connection import Connection


@dataclass(frozen=True)
class SourceHistory:
    """When a source answered last and when it delivered last; ``down_since``: the first failure after that.

    Null: never, and it is not down.
    """

    answered_at: datetime | None = None
    delivered_at: datetime | None = None
    down_since: datetime | None = None


def source_history(connection: Connection, source_name: str) -> SourceHistory:
    """What is known of a source."""
    query = """
        with visit as (
            select as_of, result, item_count
            from raw.outcome
            where stage = 'source' and input = ?
        ),

        answered as (
            select max(as_of) as last_at
            from visit
            where result = 'listed'
        )

        select
            answered.last_at,
            max(visit.as_of) filter (visit.item_count > 0),
            min(visit.as_of) filter (
                visit.result = 'down' and (answered.last_at is null or answered.last_at < visit.as_of)
            )
        from answered
        left join visit on true
        group by answered.last_at
    """
    found = connection.execute(query, [source_name]).fetchone()
    return SourceHistory(*found) if found else SourceHistory()
