"""All of a home, in the order in which one thing is made from another."""

from __future__ import annotations

from etl.errors import DamagedError
from etl.home import Home
from etl.layout import require_new
from etl.verify.handed_out import verify_pages, verify_templates
from etl.verify.hurt import Hurt, at
from etl.verify.landing import verify_landing
from etl.verify.outbox import verify_outbox
from etl.verify.publication import verify_publication
from etl.verify.remembered import Remembered, remember
from etl.verify.warehouse import verify_warehouse


def verify(home: Home) -> list[Hurt]:
    """Everything that is lost or damaged; reads every byte of the home and changes none.

    Raises BusyError while somebody writes the warehouse.
    """
    remembered, found = _remembered(home)
    if not found:
        found += verify_warehouse(home, remembered)
    return [
        *verify_landing(home, remembered),
        *found,
        *verify_publication(home, remembered),
        *verify_outbox(home, remembered),
        *verify_templates(home, remembered),
        *verify_pages(home),
    ]


def _remembered(home: Home) -> tuple[Remembered, list[Hurt]]:
    """What the warehouse remembers, or why it does not."""
    try:
        require_new(home)
    except DamagedError:
        return Remembered(), [
            Hurt("warehouse_lost", at(home, home.warehouse), "数据仓库不见了，其余部分表明它曾经存在")
        ]
    try:
        return (remember(home) if home.warehouse.exists() else Remembered()), []
    except DamagedError:
        return Remembered(), [
            Hurt("warehouse_damaged", at(home, home.warehouse), "数据仓库打不开，或其中有读不出的部分")
        ]
