"""What landing no longer has: told as a fault of ours, and taken again from the inbox where it still lies there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from minsheng.core.outcome import Outcome
from minsheng.landing import all_receipts, damaged_receipts, is_whole, keep_content, plans
from minsheng.plan.run import Run
from minsheng.warehouse.connection import open_warehouse

log = logging.getLogger(__name__)
_REMEDY = "从备份恢复，见 minsheng verify"


def received_before(run: Run) -> dict[str, datetime]:
    """Every submission the warehouse knows, and when it was received; the warehouse is begun before anything lands."""
    with open_warehouse(run.home.warehouse) as connection:
        return dict(connection.execute("select submission_id, received_at from raw.submission").fetchall())


def kept_contents(run: Run) -> dict[str, str]:
    """The hashes of all files whose bytes have been kept, and the plan for which they were."""
    return {one.sha256: one.plan_id for one in all_receipts(run.home) if one.withheld is None}


def keep_whole(run: Run, plan_id: str, content: bytes) -> bool:
    """Keep the bytes of a file anew if those we had are lost or damaged; False if there was nothing to mend."""
    is_lost = not is_whole(run.home, plan_id, sha256(content).hexdigest())
    if is_lost:
        keep_content(run.home, plan_id, content)
    return is_lost


def lost_receipts(run: Run, known: Mapping[str, datetime]) -> list[Outcome]:
    """Receipts that are damaged, one by one, and in one outcome those that are gone: all of them ``failed``.

    ``known``: the submissions of the warehouse, which have had one.
    """
    damaged = [one for plan_id in plans(run.home) for one in damaged_receipts(run.home, plan_id)]
    for one in damaged:
        log.error("%s", one)
    names = [Path(one.where).stem for one in damaged]
    told = [Outcome(name, "failed", f"原件区的收据 {name} 已损坏，不是报送单位的问题；{_REMEDY}") for name in names]
    landed = {one.submission_id for one in all_receipts(run.home)}
    if gone := sorted(known.keys() - landed - set(names)):
        words = f"原件区缺少 {len(gone)} 份收据（如 {gone[0]}），数据仓库中有；{_REMEDY}"
        told.append(Outcome("receipts", "failed", words, len(gone)))
    return told
