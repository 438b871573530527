"""Decisions of people about rules: switched off, and on again (docs/adr/0038)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from minsheng.core.codes import DecisionKind
from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.landing.decisions import Decision, decisions, land_decision
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
