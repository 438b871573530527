"""What the documented queries must answer on the example county, computed from its script and never by SQL."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from examples.figures import Figures
from examples.scenario import Scenario
from minsheng.core.period import Period
from minsheng.plan.calendar import freeze_at
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.plan.obligations import obligations
from minsheng.words.chinese import chinese
from tests.spec import reference

_WHOLE = Fraction(1)


@dataclass(frozen=True)
class Arrival:
    """One accepted file."""

    received_at: datetime
    is_late: bool


@dataclass(frozen=True)
class Truth:
    """The example county: its plan, what its units truly have to report, and which of their files were accepted."""

    plan: Plan
    scenario: Scenario
    files: tuple[dict[str, Any], ...]

    @property
    def as_of(self) -> datetime:
        """The moment of the last delivery."""
        return max(self._moment(file) for file in self.files)

    @cached_property
    def accepted(self) -> dict[tuple[str, str], Arrival]:
        """The first accepted file of a month and unit."""
        found: dict[tuple[str, str], Arrival] = {}
        for file in sorted(self.files, key=lambda file: str(file["delivery"])):
            if file["verdict"] == "accepted":
                arrival = Arrival(self._moment(file), bool(file["is_late"]))
                found.setdefault((file["period"], file["unit"]), arrival)
        return found

    def _moment(self, file: dict[str, Any]) -> datetime:
        return datetime.strptime(file["delivery"], "%Y-%m-%dT%H%M").replace(tzinfo=ZoneInfo(self.plan.timezone))

    def reported(self, period: str) -> list[Indicator]:
        """The indicators whose lead unit has an accepted report for the month."""
        return [each for each in self.plan.indicators if (period, each.lead_unit) in self.accepted]

    def judgement(self, indicator: Indicator, period: str) -> reference.Judgement:
        """What the plain reference says of an indicator in a month."""
        promise, month = self._promise(indicator, period), Period.parse(period).month
        if (period, indicator.lead_unit) not in self.accepted:
            return reference.judge_silence(promise, month, 0, (None, None))
        return reference.judge(promise, month, *self.value(indicator, period))

    def value(self, indicator: Indicator, period: str) -> tuple[Fraction, Fraction]:
        """The true value as a quotient; what is no rate is divided by 1."""
        if indicator.is_per_member:
            numbers = list(Figures(self.plan, self.scenario).members(indicator, period).values())
            served = sum(number >= (indicator.member_target or 0) for number in numbers)
            is_share = indicator.kind == "coverage"
            return (Fraction(served), Fraction(len(numbers))) if is_share else (Fraction(min(numbers)), _WHOLE)
        said = Figures(self.plan, self.scenario).report(indicator, period)
        if "numerator" not in said:
            return Fraction(Decimal(said["cumulative"])), _WHOLE
        fixed = indicator.fixed_denominator
        denominator = fixed.value if fixed else Decimal(said["denominator"])
        is_share = indicator.unit_of_measure == "%"
        return Fraction(Decimal(said["numerator"])), Fraction(denominator) if is_share else _WHOLE

    def _promise(self, indicator: Indicator, period: str) -> reference.Promise:
        last_year = {each.month: each.value for each in indicator.last_year}
        target = indicator.target_for(period).value
        register = {each.code: each for each in self.plan.registers}.get(indicator.register_code or "")
        return reference.Promise(
            kind=indicator.kind,
            comparator=indicator.comparator,
            progress_basis=indicator.progress_basis,
            polarity=indicator.polarity,
            target=_fraction(last_year.get(Period.parse(period).month) if indicator.kind == "trend" else target),
            base=_fraction(indicator.base_value),
            nodes=tuple((node.due_date.month, Fraction(node.value)) for node in indicator.nodes),
            is_register_missing=register is not None and register.members is None,
            may_fall=indicator.may_fall,
            deadline_month=indicator.deadline.date.month,
            thresholds={name: Fraction(value) for name, value in self.plan.thresholds.model_dump().items()},
        )

    # One answer for each documented query, under its title.

    def lights(self, period: str) -> list[tuple[object, ...]]:
        """How many indicators of each item have which light."""
        names = {indicator.code: item.name for item in self.plan.items for indicator in item.indicators}
        lights = {str(code): word for code, word in chinese().light.items()}
        judged = ((each.code, self.judgement(each, period).status) for each in self.plan.indicators)
        counted = Counter((names[code], lights[reference.LIGHTS[status]]) for code, status in judged)
        return [(*key, count) for key, count in counted.items()]

    def behind(self, period: str) -> list[tuple[object, ...]]:
        """The indicators that are yellow or red, with completion and gap, the widest gap first."""
        units = {unit.code: unit.name for unit in self.plan.units}
        found = []
        for each in self.plan.indicators:
            judged = self.judgement(each, period)
            if reference.LIGHTS[judged.status] in ("red", "yellow"):
                assert judged.completion is not None and judged.gap is not None
                row = (each.code, each.name, units[each.lead_unit], float(judged.completion), float(judged.gap))
                found.append(row)
        return [*sorted(found, key=lambda row: row[-1])]

    def known(self, period: str) -> list[tuple[object, ...]]:
        """What the month's figures are believed to be: nothing of it has been corrected."""
        return [
            (each.code, 1, _quotient(*self.value(each, period)), self.accepted[period, each.lead_unit].received_at)
            for each in self.reported(period)
        ]

    def corrected(self) -> list[tuple[object, ...]]:
        """The corrections of the script: the figure after is the true one, the one before was told by the reason."""
        indicators = {each.code: each for each in self.plan.indicators}
        rows: list[tuple[object, ...]] = []
        for one in self.scenario.corrections:
            after = _quotient(*self.value(indicators[one.indicator], one.period))
            too_many = int("".join(filter(str.isdigit, one.reason)))
            moment = self._moment({"delivery": one.delivery})
            rows.append((one.period, one.indicator, after + too_many, after, moment, one.reason))
        return rows

    def silent(self) -> list[tuple[object, ...]]:
        """The units that owed a report and of which no file for the month came at all."""
        came = {(file["period"], file["unit"]) for file in self.files}
        names = {unit.code: unit.name for unit in self.plan.units}
        owed = ((period, code) for period in self.scenario.periods for code in self._owing(period))
        return [(period, code, names[code]) for period, code in owed if (period, code) not in came]

    def punctuality(self) -> list[tuple[object, ...]]:
        """Of each unit: months due, on time, late, missing at the freeze, of these supplied later, and still owed."""
        names = {unit.code: unit.name for unit in self.plan.units}
        units = {code for period in self.scenario.periods for code in self._owing(period)}
        return [(names[code], *self._kept(code)) for code in units]

    def _kept(self, code: str) -> tuple[int, ...]:
        due = [period for period in self.scenario.periods if code in self._owing(period)]
        timing = Counter(self._timing(period, code) for period in due)
        missing = timing["supplementary"] + timing["missing"]
        return len(due), timing["on_time"], timing["late"], missing, timing["supplementary"], timing["overdue"]

    def _timing(self, period: str, code: str) -> str:
        arrival = self.accepted.get((period, code))
        freeze = freeze_at(self.plan, Period.parse(period))
        if arrival is None:
            return "missing" if freeze <= self.as_of else "overdue"
        if arrival.received_at > freeze:
            return "supplementary"
        return "late" if arrival.is_late else "on_time"

    def _owing(self, period: str) -> set[str]:
        return {owed.unit_code for owed in obligations(self.plan, Period.parse(period)) if owed.is_required}

    def ratios(self, period: str) -> list[tuple[object, ...]]:
        """Each rate to the end of the month; null where its unit did not report."""
        reported = self.reported(period)
        return [
            (period, each.code, _quotient(*self.value(each, period)) if each in reported else None)
            for each in self.plan.indicators
            if each.kind == "ratio"
        ]


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _quotient(numerator: Fraction, denominator: Fraction) -> float:
    return float(numerator / denominator)
