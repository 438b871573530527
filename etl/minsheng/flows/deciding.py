"""Decisions of people: a rule switched off and on again, a month's due hour extended and no longer (docs/adr/0038)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from minsheng.core.codes import DecisionKind
from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.landing.decisions import Decision, decisions, land_decision
from minsheng.plan.calendar import due_at, freeze_at, require_in_plan
from minsheng.plan.models import Plan
from minsheng.validation.rules import load_rules


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
    """A month for one unit, or for every unit (``unit_code`` null)."""

    period: Period
    unit_code: str | None = None

    @property
    def title(self) -> str:
        """As it stands in messages."""
        return f"{self.period} {self.unit_code or '各单位'}"


def extend(home: Home, plan: Plan, month: MonthOfUnits, until: datetime, said: Said) -> int:
    """Give a unit, or every unit, longer to report a month; gives the decision's number.

    Raises UserError for an hour that is not after the due hour, or after the freeze: what comes then is supplementary.
    """
    _require(plan, month)
    due, freeze = due_at(plan, month.period), freeze_at(plan, month.period)
    if not due < until <= freeze:
        raise UserError("extension_outside", "--until", until=until, due=due, freeze=freeze)
    return _land(home, plan, month, replace(said.decision("extended"), until_at=until))


def end_extension(home: Home, plan: Plan, month: MonthOfUnits, said: Said) -> int:
    """Take an extension back; raises UserError where there is none that holds."""
    _require(plan, month)
    last = [one.kind for one in decisions(home, plan.plan_id) if _is_of(one, month)][-1:]
    if last != ["extended"]:
        raise UserError("decision_idle", month.title, state="没有延期", what="取消")
    return _land(home, plan, month, said.decision("extension_ended"))


def _land(home: Home, plan: Plan, month: MonthOfUnits, decision: Decision) -> int:
    about = replace(decision, period=str(month.period), unit_code=month.unit_code)
    return land_decision(home, plan.plan_id, about)


def _is_of(decision: Decision, month: MonthOfUnits) -> bool:
    return (decision.period, decision.unit_code) == (str(month.period), month.unit_code)


def _require(plan: Plan, month: MonthOfUnits) -> None:
    require_in_plan(plan, month.period)
    known = [unit.code for unit in plan.units]
    if month.unit_code is not None and month.unit_code not in known:
        raise UserError("unit_unknown", "--unit", unit=month.unit_code, known=known)
