"""All of a home, in the order in which one thing is made from another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from minsheng.core.errors import DamagedError
from minsheng.core.home import Home, Installation
from minsheng.core.layout import enter_home, require_new
from minsheng.verify.handed_out import verify_pages, verify_templates
from minsheng.verify.hurt import Hurt, at
from minsheng.verify.landing import verify_landing
from minsheng.verify.outbox import verify_outbox
from minsheng.verify.publication import verify_publication
from minsheng.verify.remembered import Remembered, remember
from minsheng.verify.warehouse import verify_warehouse


def verify(installation: Installation, counties: Iterable[str]) -> list[Hurt]:
    """Everything that is lost or damaged of these counties, and of what is published of all together.

    Reads every byte and changes none. Raises BusyError while somebody writes a warehouse.
    """
    return [
        *(replace(hurt, where=f"{county}/{hurt.where}") for county in counties for hurt in _of(installation, county)),
        *verify_publication(installation, Remembered()),
    ]


def _of(installation: Installation, county: str) -> list[Hurt]:
    try:
        return verify_home(enter_home(installation, county))
    except DamagedError:
        return [Hurt("home_lost", ".", "本县的数据目录不见了，或是空的，而它以前建立过")]


def verify_home(home: Home) -> list[Hurt]:
    """Everything that is lost or damaged in a county's home."""
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
