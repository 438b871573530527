"""Make ``examples/lushan-2022/`` anew from ``scenario.yaml``: ``python -m examples.make_examples``.

The same scenario, plan and form give the same files. Nothing here is a real figure.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import yaml

from examples.figures import Figures, drawn
from examples.filling import Filler, handed_out
from examples.scenario import Correction, Makeup, Moment, Planted, Scenario, load_scenario
from minsheng.core.codes import Verdict
from minsheng.core.declarations import ROOT
from minsheng.core.files import atomic_write
from minsheng.core.period import Period
from minsheng.mail.saving import workbook_bytes
from minsheng.plan.calendar import due_at
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations
from minsheng.template.month import month_forms

HERE = Path(__file__).parent
_TABLE_BEGIN, _TABLE_END = "<!-- planted: begin -->", "<!-- planted: end -->"
_NAMES = (
    "{short}{year}年{month}月民生实事报表.xlsx",
    "附件-{month}月.xlsx",
    "{short}民生实事{month}月.xlsx",
    "{period} {unit}.xlsx",
    "民生实事月报（{short}）{month}月份.xlsx",
)


@dataclass(frozen=True)
class Parcel:
    """One file as it arrives: when, from whom, for which month, and what should become of it."""

    delivery: str
    unit_code: str
    period: str
    file_name: str
    verdict: Verdict
    filled_on: str
    is_late: bool = False
    planted: Planted | None = None
    correction: Correction | None = None


@dataclass(frozen=True)
class Maker:
    """Everything the files are made from."""

    plan: Plan
    scenario: Scenario

    def parcels(self) -> list[Parcel]:
        """Every file of every delivery, in order of arrival."""
        monthly = [parcel for period in self.scenario.periods for parcel in self._month(period)]
        return sorted([*monthly, *self._later()], key=lambda parcel: (parcel.delivery, parcel.unit_code, parcel.period))

    def write(self, parcel: Parcel, root: Path) -> None:
        """Make one file below ``root``."""
        path = root / parcel.delivery / parcel.unit_code / parcel.file_name
        figures = Figures(self.plan, self.scenario)
        planted = parcel.planted
        handed_to = (planted.handed_to if planted else None) or parcel.unit_code
        month = month_forms(self.plan, parcel.period, figures.earlier(parcel.period))
        workbook = handed_out(month, handed_to)
        filler = Filler(workbook, month.form)
        filler.fill(self.plan, figures, self._owed(parcel), parcel.period, parcel.filled_on)
        if planted:
            filler.spoil(planted)
        if parcel.correction:
            filler.correct(parcel.correction.indicator, parcel.correction.reason)
        written_on = datetime.combine(Period.parse(parcel.period).first_day, time())
        atomic_write(path, workbook_bytes(workbook, written_on))
        if planted and planted.truncate:
            path.write_bytes(path.read_bytes()[:4096])

    def _month(self, period: str) -> Iterator[Parcel]:
        owing = {duty.unit_code for duty in obligations(self.plan, Period.parse(period)) if duty.is_required}
        for unit_code in sorted(owing.union(self.scenario.note_only.get(period, ()))):
            if not self.scenario.is_missing(period, unit_code):
                yield from self._unit_month(period, unit_code)

    def _unit_month(self, period: str, unit_code: str) -> Iterator[Parcel]:
        """The first file of a unit, and the one that puts a rejected first file right."""
        is_late = unit_code in self.scenario.late.get(period, ())
        planted = self.scenario.planted_in(period, unit_code)
        delivery = self._delivery(period, self.scenario.afterwards if is_late else self.scenario.in_time)
        verdict: Verdict = planted.verdict if planted else "accepted"
        name = self._name(period, unit_code)
        first = Parcel(delivery, unit_code, period, name, verdict, delivery[:10], is_late, planted)
        yield first
        if planted and planted.verdict == "rejected" and planted.is_put_right:
            yield self._after(first, "（修改后）", "accepted")
        for duplicate in self.scenario.duplicates:
            if (duplicate.period, duplicate.unit) == (period, unit_code):
                yield replace(self._after(first, "(1)", "duplicate"), filled_on=first.filled_on)

    def _later(self) -> Iterator[Parcel]:
        """What arrives outside the two deliveries of a month."""
        for makeup in self.scenario.makeups:
            name = self._name(makeup.period, makeup.unit, "（补报）")
            yield self._parcel(makeup, name)
        for correction in self.scenario.corrections:
            name = self._name(correction.period, correction.unit, "（更正）")
            yield replace(self._parcel(correction, name), is_late=False, correction=correction)

    @staticmethod
    def _parcel(makeup: Makeup, name: str) -> Parcel:
        day = makeup.delivery[:10]
        return Parcel(makeup.delivery, makeup.unit, makeup.period, name, "accepted", day, is_late=True)

    def _after(self, first: Parcel, mark: str, verdict: Verdict) -> Parcel:
        delivery = self._delivery(first.period, self.scenario.afterwards)
        name = self._name(first.period, first.unit_code, mark)
        return Parcel(delivery, first.unit_code, first.period, name, verdict, delivery[:10], is_late=True)

    def _delivery(self, period: str, moment: Moment) -> str:
        day = due_at(self.plan, Period.parse(period)).date() + timedelta(days=moment.days)
        return f"{datetime.combine(day, moment.hour):%Y-%m-%dT%H%M}"

    def _name(self, period: str, unit_code: str, mark: str = "") -> str:
        """A file name as this unit's clerk writes it every month."""
        when = Period.parse(period)
        pattern = _NAMES[drawn(unit_code) % len(_NAMES)].replace(".xlsx", f"{mark}.xlsx")
        short = self.plan.unit(unit_code).short_name
        return pattern.format(short=short, year=when.year, month=when.month, period=period, unit=unit_code)

    def _owed(self, parcel: Parcel) -> tuple[Obligation, ...]:
        duties = obligations(self.plan, Period.parse(parcel.period))
        return tuple(duty for duty in duties if duty.unit_code == parcel.unit_code)


def make(root: Path) -> list[Parcel]:
    """Write all files and ``expected.yaml`` below ``root``, which is emptied first."""
    scenario = load_scenario(HERE / "scenario.yaml")
    maker = Maker(load_plan(ROOT / "plans" / scenario.plan), scenario)
    parcels = maker.parcels()
    shutil.rmtree(root, ignore_errors=True)
    for parcel in parcels:
        maker.write(parcel, root)
    (root / "expected.yaml").write_text(expected(parcels), encoding="utf-8")
    return parcels


def expected(parcels: Iterable[Parcel]) -> str:
    """What should become of each file, as YAML."""
    rows = [
        {
            "delivery": parcel.delivery,
            "unit": parcel.unit_code,
            "file": parcel.file_name,
            "period": parcel.period,
            "verdict": parcel.verdict,
            "is_late": parcel.is_late,
        }
        for parcel in parcels
    ]
    head = "# Made by examples/make_examples.py: every file of the deliveries, in order of arrival.\n"
    return head + yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)


def planted_table(parcels: Iterable[Parcel]) -> str:
    """The table of README.md: every file that is not simply in order."""
    head = (
        "| Delivery 送达 | Unit 单位 | File 文件 | What is wrong 问题 | Verdict 结论 | Rule 规则 |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "".join(_table_row(parcel) for parcel in parcels if _remark(parcel))


def with_table(readme: str, parcels: Iterable[Parcel]) -> str:
    """The README with its table made anew."""
    before, _, rest = readme.partition(_TABLE_BEGIN)
    return f"{before}{_TABLE_BEGIN}\n{planted_table(parcels)}{_TABLE_END}{rest.partition(_TABLE_END)[2]}"


def _table_row(parcel: Parcel) -> str:
    what, rule = _remark(parcel) or ("", "")
    cells = (parcel.delivery, parcel.unit_code, parcel.file_name, what, parcel.verdict, rule)
    return f"| {' | '.join(cells)} |\n"


def _remark(parcel: Parcel) -> tuple[str, str] | None:
    if parcel.planted:
        return f"{parcel.planted.zh}<br>{parcel.planted.en}", parcel.planted.rule
    if parcel.correction:
        return f"更正：{parcel.correction.reason}<br>correction of an accepted report", "correction with reason"
    if parcel.verdict == "duplicate":
        return "同一文件换名重报<br>the same bytes under another name", "duplicate"
    if "补报" in parcel.file_name:
        return "定稿后补报<br>a missing month supplied after the freeze", "late"
    return None


def main() -> None:
    """Rewrite the committed examples."""
    parcels = make(HERE / "lushan-2022")
    readme = HERE / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8"), parcels), encoding="utf-8")
    sys.stdout.write(f"{len(parcels)} files in {len({parcel.delivery for parcel in parcels})} deliveries\n")


if __name__ == "__main__":
    main()
