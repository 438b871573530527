"""Addresses that our mails do not reach, kept where whoever looks after the contacts can ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from minsheng.source.messages import Bounce
from minsheng.warehouse.connection import Connection, append


def mark_bounced(connection: Connection, bounces: Iterable[Bounce], moment: datetime) -> None:
    """Note the last report about each address, inside the caller's transaction."""
    last = {one.address: one for one in bounces}
    connection.execute("delete from raw.bounce where list_contains(?, address)", [list(last)])
    rows = ({"address": one.address, "reason": one.reason, "bounced_at": moment} for one in last.values())
    append(connection, "raw.bounce", rows)
