"""A plan as rows of the warehouse's ``raw`` tables, a table at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from minsheng.core.period import Period
from minsheng.plan.dated import in_force
from minsheng.plan.models import Plan
from minsheng.plan.obligations import obligations
from minsheng.plan.sizes import size_limit
from minsheng.warehouse.plan_spans import spans

PlanRow = dict[str, object]

# The plan's year, and half a year in which its last months may still be corrected.
_LEAD_MONTHS = 18


def _plan_rows(plan: Plan) -> Iterator[PlanRow]:
    yield {
        "plan_title": plan.title,
        "document_no": plan.document_no,
        "issuer": plan.issuer,
        "plan_year": plan.year,
        "county_code": plan.county_code,
        "county_name": plan.county_name,
        "prefecture_name": plan.prefecture_name,
        "province_name": plan.province_name,
        "timezone": plan.timezone,
        "plan_sha256": plan.sha256,
        "signed_from": plan.signed_from,
    }


def _threshold_rows(plan: Plan) -> Iterator[PlanRow]:
    for span in spans(plan.changes, "thresholds"):
        yield span.row | in_force(plan, plan.changes, span.month).thresholds.model_dump()


def _item_rows(plan: Plan) -> Iterator[PlanRow]:
    for item in plan.items:
        yield {
            "item_code": item.code,
            "item_no": item.number,
            "item_name": item.name,
            "takes_contributions": item.takes_contributions,
        }


def _role_rows(plan: Plan) -> Iterator[PlanRow]:
    for item in plan.items:
        for role, units in (("lead", item.lead_units), ("support", item.supporting_units)):
            for unit_code in units:
                yield {"item_code": item.code, "unit_code": unit_code, "role": role}


def _lead_rows(plan: Plan) -> Iterator[PlanRow]:
    months = (Period(plan.year + number // 12, number % 12 + 1) for number in range(_LEAD_MONTHS))
    for month in months:
        for owed in obligations(plan, month):
            if owed.role == "lead":
                yield {"period": str(month), "indicator_code": owed.indicator_code, "unit_code": owed.unit_code}


def _indicator_rows(plan: Plan) -> Iterator[PlanRow]:
    ordered = [(item, indicator) for item in plan.items for indicator in item.indicators]
    for number, (item, indicator) in enumerate(ordered, start=1):
        yield {
            "indicator_code": indicator.code,
            "item_code": item.code,
            "indicator_no": number,
            "indicator_name": indicator.name,
            "kind": indicator.kind,
            "comparator": indicator.comparator,
            "polarity": indicator.polarity,
            "unit_of_measure": indicator.unit_of_measure,
            "value_type": indicator.value_type,
            "progress_basis": indicator.progress_basis,
            "register_code": indicator.register_code,
            "register_scope": indicator.register_scope,
            "is_month_ratio": indicator.ratio_of == "month",
            "takes_contributions": indicator.takes_contributions,
            "may_fall": indicator.may_fall,
            "max_ratio_reject": indicator.max_ratio_reject,
            "max_ratio_warn": indicator.max_ratio_warn,
            "provincial_task_code": indicator.provincial_task,
            "definition": indicator.definition,
        }


def _version_rows(plan: Plan) -> Iterator[PlanRow]:
    keys = ("lead_unit", "member_target", "fixed_denominator", "base_value", "deadline")
    for indicator in plan.indicators:
        for span in spans(indicator.changes, *keys):
            said = indicator.at(span.month)
            yield span.row | {
                "indicator_code": indicator.code,
                "lead_unit_code": said.lead_unit,
                "member_target": said.member_target,
                "fixed_denominator": said.fixed_denominator.value if said.fixed_denominator else None,
                "base_value": said.base_value,
                "deadline_date": said.deadline.date,
            }


def _size_rows(plan: Plan) -> Iterator[PlanRow]:
    for indicator in plan.indicators:
        yield {"indicator_code": indicator.code} | vars(size_limit(plan, indicator))


def _target_rows(plan: Plan) -> Iterator[PlanRow]:
    for indicator in plan.indicators:
        for target in indicator.targets:
            yield {
                "indicator_code": indicator.code,
                "valid_from": target.valid_from,
                "target_value": target.value,
                "as_written": target.as_written,
                "document_no": target.document_no,
            }


def _relation_rows(plan: Plan) -> Iterator[PlanRow]:
    for indicator in plan.indicators:
        for relation in indicator.relations:
            for other in relation.of:
                yield {
                    "indicator_code": indicator.code,
                    "relation_type": relation.type,
                    "other_indicator_code": other,
                    "severity": relation.severity,
                }


def _node_rows(plan: Plan) -> Iterator[PlanRow]:
    for indicator in plan.indicators:
        for span in spans(indicator.changes, "nodes"):
            for node in indicator.at(span.month).nodes:
                said = {"due_date": node.due_date, "node_value": node.value, "note": node.note}
                yield span.row | {"indicator_code": indicator.code} | said


def _last_year_rows(plan: Plan) -> Iterator[PlanRow]:
    for indicator in plan.indicators:
        for span in spans(indicator.changes, "last_year"):
            for base in indicator.at(span.month).last_year:
                said = {"month_no": base.month, "cumulative_value": base.value}
                yield span.row | {"indicator_code": indicator.code} | said


def _opening_rows(plan: Plan) -> Iterator[PlanRow]:
    for value in plan.opening:
        section = "contribution" if value.unit else "detail" if value.member else "report"
        about = {"indicator_code": value.indicator, "contributor_code": value.unit or "lead", "basis": value.basis}
        said = {"level_value": value.value, "numerator": value.numerator, "denominator": value.denominator}
        row: PlanRow = {"section": section, "period": value.period, "member_code": value.member}
        yield row | about | said


def _unit_rows(plan: Plan) -> Iterator[PlanRow]:
    for unit in plan.units:
        names = [(unit.valid_from, unit.name, unit.full_name)]
        names += [(later.valid_from, later.name, later.full_name) for later in unit.later_names]
        ends = [begins - timedelta(days=1) for begins, *_ in names[1:]]
        for (begins, name, full_name), ends_on in zip(names, [*ends, unit.valid_to], strict=True):
            key: PlanRow = {"unit_code": unit.code, "unit_type": unit.type, "successor_unit_code": unit.successor}
            yield key | {"unit_name": name, "full_name": full_name, "valid_from": begins, "valid_to": ends_on}


def _register_rows(plan: Plan) -> Iterator[PlanRow]:
    for register in plan.registers:
        yield {
            "register_code": register.code,
            "register_name": register.name,
            "is_known": register.members is not None,
            "known_from": register.known_from,
            "as_of_date": register.as_of,
        }


def _member_rows(plan: Plan) -> Iterator[PlanRow]:
    for register in plan.registers:
        for member in register.members or ():
            yield {
                "register_code": register.code,
                "member_code": member.code,
                "member_name": member.name,
                "from_period": member.valid_from,
                "to_period": str(Period.parse(member.valid_to).next) if member.valid_to else None,
                "document_no": member.document_no,
            }


def _waiver_rows(plan: Plan) -> Iterator[PlanRow]:
    for waiver in plan.waivers:
        columns = {"rule": "rule_code", "unit": "unit_code", "indicator": "indicator_code"}
        yield {columns.get(key, key): value for key, value in waiver.model_dump().items()}


def _closure_rows(plan: Plan) -> Iterator[PlanRow]:
    for closure in plan.closures:
        said = closure.model_dump()
        yield {"indicator_code": said.pop("indicator")} | said


# Each raw table that a plan fills, by its name, and what it is filled with.
PLAN_TABLES: dict[str, Callable[[Plan], Iterator[PlanRow]]] = {
    "plan": _plan_rows,
    "threshold": _threshold_rows,
    "item": _item_rows,
    "unit_role": _role_rows,
    "lead": _lead_rows,
    "indicator": _indicator_rows,
    "indicator_version": _version_rows,
    "size_limit": _size_rows,
    "target": _target_rows,
    "relation": _relation_rows,
    "node": _node_rows,
    "last_year": _last_year_rows,
    "opening": _opening_rows,
    "unit": _unit_rows,
    "register": _register_rows,
    "register_member": _member_rows,
    "waiver": _waiver_rows,
    "closure": _closure_rows,
}
