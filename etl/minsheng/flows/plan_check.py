"""A plan held against its own text: every quotation must stand there, every unit list must be the one quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from minsheng.core.codes import Comparator, Kind
from minsheng.core.contracts import read_document, read_text, refuse
from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.core.text import unspaced
from minsheng.landing.editions import Correction
from minsheng.plan.calendar import due_at, periods
from minsheng.plan.folder import GUIDE, WAIVERS
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.loader import load_named_plan
from minsheng.plan.models import Plan
from minsheng.validation.rules import load_rules
from minsheng.warehouse.examination import examine
from minsheng.warehouse.plan_effect import Effect
from minsheng.warehouse.sqlfiles import dictionary
from minsheng.words.chinese import chinese

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True)
class PlanSummary:
    """What a sound plan holds, for a person who has just edited it."""

    plan_id: str
    title: str
    sha256: str
    item_count: int
    indicator_count: int
    unit_count: int
    quotation_count: int
    kind_counts: dict[Kind, int]
    comparator_counts: dict[Comparator, int]
    unknown_registers: tuple[str, ...]
    open_readings: tuple[str, ...]
    waivers: tuple[str, ...]
    due_times: tuple[tuple[Period, datetime], ...]

    def lines(self) -> tuple[str, ...]:
        """The summary as text, a line a fact."""
        return (
            f"{self.plan_id}  {self.title}",
            f"{self.item_count} 个项目，{self.indicator_count} 项指标，{self.unit_count} 个单位",
            f"{self.quotation_count} 处引文与方案原文相符",
            f"指标类型：{_counts_in_words(self.kind_counts, chinese().kind)}",
            f"比较方式：{_counts_in_words(self.comparator_counts, chinese().comparator)}",
            f"尚未提供的名录：{'、'.join(self.unknown_registers) or '无'}",
            f"待县里确认的口径：{len(self.open_readings)} 处",
            f"豁免：{'、'.join(self.waivers) or '无'}",
            *(f"{period} 截止 {due:%Y-%m-%d %H:%M}（{_WEEKDAYS[due.weekday()]}）" for period, due in self.due_times),
            f"sha256 {self.sha256}",
        )


def check_plan(folder: Path) -> PlanSummary:
    """Load a plan and hold it against its text; raises one UserError that lists every fault."""
    plan = load_named_plan(folder)
    text = unspaced(read_text(folder, plan.text, GUIDE))
    refuse(folder, [*_text_faults(plan, text), *_waiver_faults(plan, folder)])
    return _summary(plan)


def check_followed(plan: Plan, home: Home, as_of: datetime) -> tuple[str, ...]:
    """What taking the plan as the next edition would change of published months, a line each.

    Raises UserError when it may not be taken, see ``minsheng.warehouse.examination``.
    """
    examined = examine(home, plan, as_of)
    if examined.last is None:
        return ("与最近收到的一版相同，或还没有收到过",)
    told = [*map(_corrected, examined.corrections), *map(_begun, examined.begun)]
    return (f"可以接在第 {examined.last.number} 版之后：改变已发布的内容 {len(told)} 处", *told)


def _corrected(one: Correction) -> str:
    label = dictionary()[one.column_name].label
    return (
        f"  {one.period} {one.indicator_code} {label} {one.value_before} → {one.value_after}（勘误 {one.erratum_code}）"
    )


def _begun(one: Effect) -> str:
    return f"  {one.period} {one.indicator_code} {one.label} {one.value_before} → {one.value_after}（尚未定稿）"


def _summary(plan: Plan) -> PlanSummary:
    return PlanSummary(
        plan_id=plan.plan_id,
        title=plan.title,
        sha256=plan.sha256,
        item_count=len(plan.items),
        indicator_count=len(plan.indicators),
        unit_count=len(plan.units),
        quotation_count=sum(len(list(_quotations(item))) for item in plan.items),
        kind_counts=dict(Counter(indicator.kind for indicator in plan.indicators)),
        comparator_counts=dict(Counter(indicator.comparator for indicator in plan.indicators)),
        unknown_registers=tuple(register.name for register in plan.registers if register.members is None),
        open_readings=tuple(reading.code for reading in plan.readings if reading.ask),
        waivers=tuple(f"{waiver.unit} {waiver.rule}（至 {waiver.expires_on}）" for waiver in plan.waivers),
        due_times=tuple((period, due_at(plan, period)) for period in periods(plan)),
    )


def _text_faults(plan: Plan, text: str) -> Iterator[UserError]:
    for item in plan.items:
        for key, quotation in _quotations(item):
            if unspaced(quotation) not in text:
                where = f"items/{item.code}.yaml（{key}）"
                yield UserError("quotation_not_in_text", where, quotation=quotation, text=plan.text)
        yield from _unit_list_faults(plan, item)
        for indicator in item.indicators:
            yield from _wording_faults(item, indicator)


def _waiver_faults(plan: Plan, folder: Path) -> Iterator[UserError]:
    """A waiver must name a rule, and one that may be waived."""
    if not plan.waivers:
        return
    document = read_document(folder, WAIVERS, GUIDE)
    rules = {rule.code: rule for rule in load_rules(RULES).rules}
    for index, waiver in enumerate(plan.waivers):
        rule = rules.get(waiver.rule)
        if rule is None:
            yield document.fault((index, "rule"), "waiver_rule_unknown", rule=waiver.rule)
        elif not rule.waivable:
            known = [other.code for other in rules.values() if other.waivable]
            yield document.fault((index, "rule"), "waiver_rule_firm", rule=rule.code, title=rule.title, known=known)


def _quotations(item: Item) -> Iterator[tuple[str, str]]:
    yield "name", item.name
    yield "quote", item.quote
    yield "lead_units_quote", item.lead_units_quote
    yield "responsible_units_quote", item.responsible_units_quote
    yield from (("tasks_without_number", task) for task in item.tasks_without_number)
    yield from ((f"{indicator.code} quote", indicator.quote) for indicator in item.indicators)


def _unit_list_faults(plan: Plan, item: Item) -> Iterator[UserError]:
    """The codes must be the quoted names, one by one and in their order."""
    lists = (
        ("lead_units", item.lead_units_quote, item.lead_units),
        ("supporting_units", item.responsible_units_quote, item.supporting_units),
    )
    for key, quotation, codes in lists:
        quoted = [unspaced(name) for name in quotation.split("、")]
        listed = [unspaced(plan.unit(code).name) for code in codes]
        if quoted != listed:
            missing = [name for name in quoted if name not in listed]
            surplus = [name for name in listed if name not in quoted]
            where = f"items/{item.code}.yaml（{key}）"
            yield UserError("units_not_as_quoted", where, missing=missing, surplus=surplus)


def _wording_faults(item: Item, indicator: Indicator) -> Iterator[UserError]:
    """The plan's own words for target and deadline; later target versions quote another document."""
    target, quotation = indicator.targets[0], unspaced(item.quote)
    wordings = (
        ("as_written", target.as_written),
        ("comparator_word", target.comparator_word),
        ("deadline phrase", indicator.deadline.phrase or ""),
    )
    for key, wording in wordings:
        if not all(unspaced(piece) in quotation for piece in wording.split("…")):
            where = f"items/{item.code}.yaml（{indicator.code} {key}）"
            yield UserError("words_not_in_quote", where, words=wording)


def _counts_in_words(counts: Mapping[Any, int], words: Mapping[Any, str]) -> str:
    return "、".join(f"{words[code]} {count}" for code, count in counts.items())
