"""What of a plan has changed in the course of its year, as leaders read it: each change with its month and document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from minsheng.core.period import Period
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Erratum, Plan, Thresholds
from minsheng.plan.units import Register, Unit
from minsheng.words import display

_LIGHTS = (
    "亮灯的界线改为：差距不低于 {ahead_pp} 个百分点为超序时，低于 {green_floor_pp} 为滞后，"
    "低于 {red_floor_pp} 为严重滞后；比率低于目标不超过 {rate_yellow_pp} 个百分点为滞后"
)


@dataclass(frozen=True)
class Amendment:
    """One change: from which month on it counts, what is otherwise, and by which document (null: none is named)."""

    period: str
    text: str
    document_no: str | None


def amendments(plan: Plan, period: str) -> list[Amendment]:
    """Every change that counts in the month or before, oldest first, and every erratum of the plan; none: empty."""
    dated = [*_of_plan(plan), *_of_items(plan), *_of_registers(plan), *_of_units(plan)]
    begun = sorted((one for one in dated if one.period <= period), key=lambda one: one.period)
    return [*begun, *(_erratum(one) for one in plan.errata)]


def _of_plan(plan: Plan) -> Iterator[Amendment]:
    for change in plan.changes:
        if change.thresholds:
            yield Amendment(change.valid_from, _lights(change.thresholds), change.document_no)


def _lights(thresholds: Thresholds) -> str:
    lights = thresholds.model_dump() | {"rate_yellow_pp": abs(thresholds.rate_yellow_pp)}
    return _LIGHTS.format(**{name: display.quantity(value) for name, value in lights.items()})


def _of_items(plan: Plan) -> Iterator[Amendment]:
    names = {unit.code: unit.name for unit in plan.units}
    for item in plan.items:
        for change in item.changes:
            supporters = "、".join(names[code] for code in change.supporting_units or ())
            yield Amendment(change.valid_from, f"{item.code} {item.name}：配合单位改为{supporters}", change.document_no)
        for indicator in item.indicators:
            yield from _targets(indicator)
            yield from _of_indicator(indicator, names)


def _targets(indicator: Indicator) -> Iterator[Amendment]:
    first, *later = indicator.targets
    before = first
    for target in later:
        old, new = (display.measured(each.value, indicator.unit_of_measure) for each in (before, target))
        yield Amendment(target.valid_from, f"{_name(indicator)}：目标由 {old} 调整为 {new}", target.document_no)
        before = target


def _of_indicator(indicator: Indicator, names: dict[str, str]) -> Iterator[Amendment]:
    for change in indicator.changes:
        said = {
            "牵头单位改为{}": change.lead_unit and names[change.lead_unit],
            "期限改为 {}": change.deadline and change.deadline.date,
            "分母改为 {}": change.fixed_denominator and display.quantity(change.fixed_denominator.value),
            "每处的目标改为 {}": change.member_target and display.quantity(change.member_target),
            "上年末基数改为 {}": change.base_value and display.quantity(change.base_value),
            "上年同期数重新核定": change.last_year,
            "时间节点重新确定": change.nodes,
        }
        told = "，".join(words.format(value) for words, value in said.items() if value is not None)
        yield Amendment(change.valid_from, f"{_name(indicator)}：{told}", change.document_no)


def _of_registers(plan: Plan) -> Iterator[Amendment]:
    for register in plan.registers:
        yield from _members(register)


def _members(register: Register) -> Iterator[Amendment]:
    for member in register.members or ():
        if member.valid_from:
            yield Amendment(member.valid_from, f"{register.name}增加{member.name}", member.document_no)
        if member.valid_to:
            after = str(Period.parse(member.valid_to).next)
            yield Amendment(after, f"{register.name}减去{member.name}", member.document_no)


def _of_units(plan: Plan) -> Iterator[Amendment]:
    """Mergers and new names in the plan's year."""
    names = {unit.code: unit.name for unit in plan.units}
    for unit in plan.units:
        yield from (one for one in _of_unit(unit, names) if one.period.startswith(str(plan.year)))


def _of_unit(unit: Unit, names: dict[str, str]) -> Iterator[Amendment]:
    for later in unit.later_names:
        yield Amendment(f"{later.valid_from:%Y-%m}", f"{unit.name}更名为{later.name}", None)
    if unit.valid_to:
        heir = f"，所承担的报送由{names[unit.successor]}承接" if unit.successor else ""
        gone = unit.valid_to + timedelta(days=1)
        yield Amendment(f"{gone:%Y-%m}", f"{unit.name}至 {unit.valid_to} 撤销{heir}", None)


def _erratum(erratum: Erratum) -> Amendment:
    span = f"{display.month_name(erratum.valid_from)}至{display.month_name(erratum.valid_to)}"
    text = f"勘误 {erratum.code}（{erratum.decided_on} 决定，更正{span}的判定）：{erratum.reason}"
    return Amendment(erratum.valid_from, text, erratum.document_no)


def _name(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.name}"
