"""Decisions of people: of a rule, or of a month and what may still be reported of it (docs/adr/0038)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from minsheng.core.codes import DecisionKind
from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.landing.decisions import Decision, decisions, land_decision
from minsheng.plan.calendar import due_at, freeze_at, periods, require_in_plan
from minsheng.plan.models import Plan
from minsheng.plan.obligations import obligations
from minsheng.validation.rules import load_rules
from minsheng.words.chinese import chinese
from minsheng.words.display import moment

_OPPOSITES: Mapping[DecisionKind, DecisionKind] = {
    "extended": "extension_ended",
    "closed": "closing_ended",
    "reopened": "reopening_ended",
}


@dataclass(frozen=True)
class Said:
    """Who decides, when and why, and by which document, if there is one."""

    at: datetime
    by: str
    reason: str
    document_no: str | None = None

    def decision(self, kind: DecisionKind) -> Decision:
        """The decision, as yet about nothing."""
        return Decision(kind, self.at, self.by, self.reason, self.document_no)


def switch_rule(home: Home, plan: Plan, rule_code: str, said: Said, *, off: bool) -> int:
    """Switch a rule off, or on again; gives the decision's number.

    Raises UserError for a rule there is not, or one that is switched so already.
    """
    known = [rule.code for rule in load_rules(RULES).rules]
    if rule_code not in known:
        raise UserError("rule_unknown", "--rule", rule=rule_code, folder=RULES, known=known)
    last = [one.kind for one in decisions(home, plan.plan_id) if one.rule_code == rule_code][-1:]
    if off == (last == ["rule_off"]):
        state, what = ("已经停用", "停用") if off else ("没有停用", "恢复")
        raise UserError("decision_idle", f"规则 {rule_code}", state=state, what=what)
    decision = replace(said.decision("rule_off" if off else "rule_on"), rule_code=rule_code)
    return land_decision(home, plan.plan_id, decision)


@dataclass(frozen=True)
class MonthOfUnits:
    """A month for one unit, or for every unit (``unit_code`` null); ``indicator_code``: one figure of the unit."""

    period: Period
    unit_code: str | None = None
    indicator_code: str | None = None

    @property
    def title(self) -> str:
        """As it stands in messages."""
        return " ".join(filter(None, (str(self.period), self.unit_code or "各单位", self.indicator_code)))

    def is_meant(self, decision: Decision) -> bool:
        """Whether a decision is about this month, unit and figure."""
        meant = (str(self.period), self.unit_code, self.indicator_code)
        return meant == (decision.period, decision.unit_code, decision.indicator_code)


def extend(home: Home, plan: Plan, month: MonthOfUnits, until: datetime, said: Said) -> int:
    """Give a unit, or every unit, longer to report a month; gives the decision's number.

    Raises UserError for an hour that is not after the due hour, or after the freeze: what comes then is supplementary;
    and for a month that is frozen: who was late in it was told so.
    """
    _require(plan, month)
    _require_unfrozen(plan, month, said)
    due, freeze = due_at(plan, month.period), freeze_at(plan, month.period)
    if not due < until <= freeze:
        raise UserError("extension_outside", "--until", until=moment(until), due=moment(due), freeze=moment(freeze))
    return _land(home, plan, month, replace(said.decision("extended"), until_at=until))


def end_extension(home: Home, plan: Plan, month: MonthOfUnits, said: Said) -> int:
    """Take an extension back; raises UserError where there is none that holds, or the month is frozen."""
    _require(plan, month)
    _require_unfrozen(plan, month, said)
    _require_held(home, plan, month, "extended", "取消")
    return _land(home, plan, month, said.decision("extension_ended"))


def close(home: Home, plan: Plan, period: Period, said: Said) -> int:
    """Declare a month closed: accepted figures are not changed any more; gives the decision's number.

    Raises UserError for a month that is not frozen yet, or closed already.
    """
    month = MonthOfUnits(period)
    _require(plan, month)
    if said.at <= (freeze := freeze_at(plan, period)):
        raise UserError("closing_before_freeze", str(period), freeze=moment(freeze))
    if _last_kind(home, plan, month, "closed", "closing_ended") == "closed":
        raise UserError("decision_idle", month.title, state="已经关闭", what="关闭")
    return _land(home, plan, month, said.decision("closed"))


def end_closing(home: Home, plan: Plan, period: Period, said: Said) -> int:
    """Take the closing of a month back; raises UserError where it is not closed."""
    month = MonthOfUnits(period)
    _require(plan, month)
    _require_held(home, plan, month, "closed", "取消")
    return _land(home, plan, month, said.decision("closing_ended"))


def reopen(home: Home, plan: Plan, month: MonthOfUnits, until: datetime, said: Said) -> int:
    """Let a unit change one figure of a closed month until an hour; gives the decision's number.

    Raises UserError for an hour that is over, a unit that does not report the figure, or a month that is not closed.
    """
    _require(plan, month)
    _require_entitled(plan, month)
    if until <= said.at:
        raise UserError("reopening_over", "--until", until=moment(until), moment=moment(said.at))
    _require_held(home, plan, MonthOfUnits(month.period), "closed", "重新开放")
    return _land(home, plan, month, replace(said.decision("reopened"), until_at=until))


def end_reopening(home: Home, plan: Plan, month: MonthOfUnits, said: Said) -> int:
    """Take a reopening back before its hour; raises UserError where there is none."""
    _require(plan, month)
    _require_held(home, plan, month, "reopened", "取消")
    return _land(home, plan, month, said.decision("reopening_ended"))


def _last_kind(home: Home, plan: Plan, month: MonthOfUnits, *kinds: DecisionKind) -> DecisionKind | None:
    found = [one.kind for one in decisions(home, plan.plan_id) if one.kind in kinds and month.is_meant(one)]
    return found[-1] if found else None


def _require_held(home: Home, plan: Plan, month: MonthOfUnits, kind: DecisionKind, what: str) -> None:
    """Raises UserError unless a decision of this kind holds."""
    if _last_kind(home, plan, month, kind, _OPPOSITES[kind]) != kind:
        raise UserError("decision_idle", month.title, state=f"没有{chinese().decision_kind[kind]}", what=what)


def _land(home: Home, plan: Plan, month: MonthOfUnits, decision: Decision) -> int:
    about = replace(decision, period=str(month.period), unit_code=month.unit_code, indicator_code=month.indicator_code)
    return land_decision(home, plan.plan_id, about)


def _require(plan: Plan, month: MonthOfUnits) -> None:
    require_in_plan(plan, month.period)
    known = [unit.code for unit in plan.units]
    if month.unit_code is not None and month.unit_code not in known:
        raise UserError("unit_unknown", "--unit", unit=month.unit_code, known=known)
    indicators = [indicator.code for indicator in plan.indicators]
    if month.indicator_code is not None and month.indicator_code not in indicators:
        raise UserError("indicator_unknown_here", "--indicator", indicator=month.indicator_code, known=indicators)


def _require_unfrozen(plan: Plan, month: MonthOfUnits, said: Said) -> None:
    if said.at > (freeze := freeze_at(plan, month.period)):
        raise UserError("extension_after_freeze", month.title, freeze=moment(freeze))


def _require_entitled(plan: Plan, month: MonthOfUnits) -> None:
    """Raises UserError unless the unit leads the indicator in the month, or since, as ``staging.stg_entitlement``."""
    since = (period for period in periods(plan) if period >= month.period)
    owed = (duty for period in since for duty in obligations(plan, period) if duty.role == "lead")
    known = sorted({duty.unit_code for duty in owed if duty.indicator_code == month.indicator_code})
    unit, indicator = month.unit_code, month.indicator_code
    if unit not in known:
        raise UserError("indicator_of_others", "--unit", unit=unit, indicator=indicator, known=known)
