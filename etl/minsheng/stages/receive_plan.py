"""receive_plan: land a plan folder that is not the one last received. Opens no month, judges no report."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from minsheng.core.errors import BusyError, DamagedError, UserError
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome, StageResult
from minsheng.landing import openings, receipts
from minsheng.landing.editions import edition_at, editions, keep_files, land_edition
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.examination import Examined, examine
from minsheng.warehouse.ledger import keep

log = logging.getLogger(__name__)
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def receive_plan(run: Run) -> StageResult:
    """Land each plan of the county whose files are not those last received; it is in force from ``run.as_of`` on.

    No-op for a plan that is known. One that would change what was published, and no erratum says why, is ``failed``
    and not taken: the county goes on by the edition before. A run of a moment before the last edition takes none, and
    one of a moment at which something was received already puts it off: the plan of a moment that has passed stays.
    """
    examined = {plan.plan_id: _examine(run, plan) for plan in run.county.plans}
    with open_warehouse(run.home.warehouse):  # nobody else numbers an edition meanwhile
        outcomes = tuple(_receive(run, plan, examined[plan.plan_id]) for plan in run.county.plans)
    return keep(run, StageResult("receive_plan", outcomes))


def _examine(run: Run, plan: Plan) -> Examined | UserError:
    try:
        return examine(run.home, plan, run.as_of)
    except (BusyError, DamagedError):
        raise
    except UserError as error:
        return error


def _receive(run: Run, plan: Plan, examined: Examined | UserError) -> Outcome:
    received = editions(run.home, plan.plan_id)
    if not received:
        edition = land_edition(run.home, plan, _beginning(run.home, plan.plan_id, run.as_of))
        return Outcome(plan.plan_id, "landed", f"第 {edition.number} 版", len(edition.files))
    if plan.sha256 == received[-1].sha256:
        keep_files(run.home, plan)  # anew, what was lost of it
    if plan.sha256 == received[-1].sha256 or run.as_of < received[-1].received_at:
        in_force = edition_at(run.home, plan.plan_id, run.as_of) or received[0]
        return Outcome(plan.plan_id, "known", f"第 {in_force.number} 版", len(in_force.files))
    if run.as_of <= _last_moment(run.home, plan.plan_id):
        return Outcome(plan.plan_id, "postponed", "这一时点收到的文件已按上一版核对，新的一版留待以后的运行")
    if isinstance(examined, UserError):
        log.error("%s", examined)
        return Outcome(plan.plan_id, "failed", str(examined))
    edition = land_edition(run.home, plan, run.as_of, examined.corrections)
    return Outcome(plan.plan_id, "landed", f"第 {edition.number} 版", len(edition.files))


def _last_moment(home: Home, plan_id: str) -> datetime:
    """The last moment at which anything was done by the plan; what came then keeps its edition, also when recovered."""
    opened = (opening.opened_at for opening in openings(home, plan_id))
    received = (receipt.received_at for receipt in receipts(home, plan_id))
    return max([_LONG_AGO, *opened, *received])


def _beginning(home: Home, plan_id: str, as_of: datetime) -> datetime:
    """Since when the first edition counts: in a home of before plans were received, since anything was done by it."""
    opened = (opening.opened_at for opening in openings(home, plan_id))
    received = (receipt.received_at for receipt in receipts(home, plan_id))
    return min([as_of, *opened, *received])
