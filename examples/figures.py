"""What each unit truly has to report: made-up numbers that follow the scenario, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from examples.scenario import Numbers, Scenario
from minsheng.core.period import Period
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations
from minsheng.template.month import Earlier

Values = dict[str, Decimal | str]


@dataclass(frozen=True)
class Figures:
    """The true numbers behind all workbooks."""

    plan: Plan
    scenario: Scenario

    def report(self, indicator: Indicator, period: str) -> Values:
        """One row of 填报."""
        index = self.scenario.periods.index(period)
        words = self.scenario.words.get(indicator.code, {})
        values: Values = {field: texts[index] for field, texts in words.items() if texts[index]}
        series = self.scenario.figures[indicator.code]
        if indicator.is_per_member:
            return values
        if isinstance(series, dict):
            return values | {field: numbers[index] for field, numbers in series.items()}
        if "month" not in indicator.fields_owed:
            return values | _marked({"cumulative": series[index]}, series[index])
        return values | _flow(series, index)

    def members(self, indicator: Indicator, period: str) -> Mapping[str, Decimal]:
        """The rows of 明细 by member code."""
        series = self.scenario.figures[indicator.code]
        index = self.scenario.periods.index(period)
        return {member: numbers[index] for member, numbers in series.items()} if isinstance(series, dict) else {}

    def contribution(self, owed: Obligation, period: str) -> Values:
        """One row of 配合事项; a note on the item when no numbers are asked for."""
        draw = drawn(owed.unit_code, owed.item_code, period)
        note = {"progress": self.scenario.notes[draw % len(self.scenario.notes)]}
        if owed.indicator_code is None:
            return dict(note)
        months = tuple(self._added(owed, month) for month in self.scenario.periods)
        return dict(note) | _flow(months, self.scenario.periods.index(period))

    def earlier(self, period: str) -> Earlier:
        """What stands at the end of the month before; nothing in the first month."""
        index = self.scenario.periods.index(period)
        if index == 0:
            return Earlier()
        before = self.scenario.periods[index - 1]
        reports = {indicator.code: self.report(indicator, before) for indicator in self.plan.indicators}
        return Earlier(
            {code: Decimal(values["cumulative"]) for code, values in reports.items() if "cumulative" in values},
            {code: self._share(code, values) for code, values in reports.items() if "numerator" in values},
            {
                (owed.unit_code, owed.indicator_code): Decimal(self.contribution(owed, before)["cumulative"])
                for owed in obligations(self.plan, Period.parse(before))
                if owed.role == "contribution" and owed.indicator_code
            },
        )

    def _share(self, code: str, values: Values) -> tuple[Decimal, Decimal]:
        indicator = next(each for each in self.plan.indicators if each.code == code)
        fixed = indicator.fixed_denominator
        return Decimal(values["numerator"]), fixed.value if fixed else Decimal(values["denominator"])

    def _added(self, owed: Obligation, period: str) -> Decimal:
        """What a supporting unit adds in a month; parts are drawn smaller than their wholes."""
        share = self.scenario.contributions[owed.indicator_code or ""]
        is_absent = self.scenario.is_missing(period, owed.unit_code)
        if is_absent or (share.by is not None and owed.unit_code not in share.by):
            return Decimal(0)
        return Decimal(drawn(owed.unit_code, owed.item_code, period) % 100 * share.most // 100)


def drawn(*names: str) -> int:
    """A number drawn from names instead of chance."""
    return int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:4])


def _flow(months: Numbers, index: int) -> Values:
    values: Values = {"month": months[index], "cumulative": sum(months[: index + 1], Decimal(0))}
    return _marked(values, months[index])


def _marked(values: Values, number: Decimal) -> Values:
    return values | ({} if number else {"zero_report": "是"})
