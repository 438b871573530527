"""Signatures that the data team enters for a unit, as on paper, and those that are taken back (docs/adr/0044)."""

from __future__ import annotations

from dataclasses import replace

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.flows.deciding import MonthOfUnits, Said
from minsheng.landing.decisions import Decision, decisions_at, land_decision
from minsheng.plan.calendar import freeze_at
from minsheng.plan.models import Plan
from minsheng.warehouse.connection import open_warehouse, transaction
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.signing import Signer, sign, unsigned_reports
from minsheng.words.display import moment


def sign_for(home: Home, plan: Plan, month: MonthOfUnits, said: Said) -> int:
    """Enter the signature that ``said.by`` gave otherwise; gives the decision's number.

    Raises UserError where no report of the unit waits for one, or the month is closed: its accepted figures stay.
    """
    assert month.unit_code
    signer = Signer(month.unit_code, said.by, said.reason, said.at, said.document_no)
    with open_warehouse(home.warehouse) as connection:
        with transaction(connection):
            state_decisions(connection, home, [plan.plan_id], said.at)
        waiting = unsigned_reports(connection, [plan.plan_id], month.unit_code)
        asked = [one.submission_id for one in waiting if one.period == str(month.period)]
        signing = sign(connection, home, asked[0], signer) if asked else None
    if signing and signing.result == "closed":
        raise UserError("signature_of_closed", month.title)
    if not signing or signing.number is None:
        raise UserError("signature_not_asked", month.title)
    return signing.number


def end_signature(home: Home, plan: Plan, month: MonthOfUnits, said: Said) -> int:
    """Take a signature back; gives the decision's number.

    Raises UserError where none holds, or the month is frozen: what was published then stays.
    """
    if said.at > (freeze := freeze_at(plan, month.period)):
        raise UserError("signature_after_freeze", month.title, freeze=moment(freeze))
    held = _signed(home, plan, month, said)
    if not held:
        raise UserError("decision_idle", month.title, state="没有审签", what="撤回")
    return _land(home, plan, said.decision("signature_withdrawn"), month, held[-1].submission_id)


def _signed(home: Home, plan: Plan, month: MonthOfUnits, said: Said) -> list[Decision]:
    """The signatures of the unit's month that hold, oldest first."""
    held: dict[str | None, Decision] = {}
    for one in decisions_at(home, plan.plan_id, said.at):
        if (one.period, one.unit_code) == (str(month.period), month.unit_code):
            if one.kind == "signed":
                held[one.submission_id] = one
            elif one.kind == "signature_withdrawn":
                held.pop(one.submission_id, None)
    return [*held.values()]


def _land(home: Home, plan: Plan, decision: Decision, month: MonthOfUnits, submission_id: str | None) -> int:
    about = replace(decision, period=str(month.period), unit_code=month.unit_code, submission_id=submission_id)
    return land_decision(home, plan.plan_id, about)
